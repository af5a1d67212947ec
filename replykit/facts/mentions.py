"""What a message names in words rather than numbers: promises of the store, the goods, the customer's own name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from replykit.facts.cues import Taken, before, cues, finder
from replykit.quantities import Quantity
from replykit.quantities.numerals import HAN_NUMERAL
from replykit.quantities.vocabulary import one_of
from replykit.types import Fact, Span

_QUOTED = r"[“「『\"](?P<quote>[^”」』\"\n]{2,40})[”」』\"]"
_SHORT = 24  # an unquoted promise longer than this is a story, not a promise
_NOT_STORE = ("我", "本人", "法")  # 我说三天内退款, 食品安全法写着赔一千
_BRIEF = 12  # 说好72小时: so short, a time alone is a promise
_PARTICLES = "吧啦喇呢的了勒架㗎嘅喔哦wo"
_NAME_EDGE = r"[\s,、。.!:()「」“”]"
_QUALIFIER = re.compile(r"[A-Za-z0-9\u4e00-\u9fff]{1,7}")
_TIMED = ("date", "datetime", "time", "duration", "workdays")


def read_promises(text: str, values: list[Quantity]) -> Iterator[Fact]:
    """Yield what the store is reported to have said it would do, in quotes or in plain words."""
    taken = Taken(len(text))
    times = Taken(len(text), (value.span for value in values if value.kind in _TIMED))
    for span in [*_quoted(text), *_plain(text, times), *_fixed(text)]:
        if not taken.meets(span):
            taken.add(span)
            yield Fact("promised", span.of(text), span, "facts")


@lru_cache(maxsize=1)
def _speech() -> tuple[re.Pattern[str], re.Pattern[str]]:
    speech = one_of(cues().promised.speech)
    quoted = re.compile(rf"(?P<speech>{speech})(?:的是|的|明|住|到|了|咗|:|\s){{0,2}}{_QUOTED}")
    plain = re.compile(
        rf"(?P<speech>{speech})(?:的|了|咗|会|會|:|\s){{0,2}}(?P<words>(?:[^,、。!?;\n“”「」『』()]|(?<=[0-9]),(?=[0-9])){{2,40}})"
    )
    return quoted, plain


def _quoted(text: str) -> Iterator[Span]:
    words = cues().promised
    for match in _speech()[0].finditer(text):
        quote = match["quote"]
        firm = match["speech"] not in words.weak
        if text.endswith(_NOT_STORE, 0, match.start()):
            continue
        if (firm or finder(words.like).search(quote)) and not finder(words.unlike).search(quote):
            yield Span(*match.span("quote"))


def _plain(text: str, times: Taken) -> Iterator[Span]:
    words = cues().promised
    for match in _speech()[1].finditer(text):
        said = match["words"].split(" ")[0].rstrip(_PARTICLES)
        span = Span(match.start("words"), match.start("words") + len(said))
        firm = match["speech"] not in words.weak
        timed = times.meets(span) or bool(finder(words.later).search(said))
        if not said or len(said) > _SHORT or finder(words.unlike).search(said):
            continue
        if text.endswith(_NOT_STORE, 0, match.start()):
            continue
        if (finder(words.plain).search(said) and (firm or timed)) or (firm and timed and len(said) <= _BRIEF):
            yield span


def _fixed(text: str) -> Iterator[Span]:
    for match in finder(cues().promised.fixed).finditer(text):
        if not re.search("按|要|就|得|应|應|主张|主張|请|請", text[max(0, match.start() - 3) : match.start()]):
            yield Span(*match.span())


@lru_cache(maxsize=1)
def _products() -> re.Pattern[str]:
    words = cues().product
    latin = r"(?:(?<![A-Za-z0-9])[A-Za-z0-9]{1,12}\s?)?"
    return re.compile(rf"{latin}(?P<noun>{one_of(words.nouns)})(?!{one_of(words.not_after)})")


def read_products(text: str, taken: Taken) -> Iterator[Fact]:
    """Yield the article or service that the message is about: of those it names, the one that its words say most of."""
    best, most = None, 0
    for match in _products().finditer(text):
        span = Span(_start(text, match), match.end())
        likely = _likely(text, span, match["noun"])
        if likely > most and not taken.meets(span):
            best, most = span, likely
    if best is None:
        best = next((span for span in _bought(text) if not taken.meets(span)), None)
    if best is not None:
        yield Fact("product", best.of(text), best, "facts")


@lru_cache(maxsize=1)
def _bought_things() -> re.Pattern[str]:
    words = cues().product
    thing = rf"(?P<thing>(?![{HAN_NUMERAL}])[A-Za-z0-9\u4e00-\u9fff]{{2,8}}?(?<![了的嘅]))"
    return re.compile(
        rf"(?:{one_of(words.bought)})(?:了|咗|的|嘅)(?:[一两兩这這那嗰]?{one_of(words.measures)})?{thing}(?={one_of(words.ends)}|$)"
    )


def _bought(text: str) -> Iterator[Span]:
    """Yield what stands between a word of buying and what befell it: 买的|香薰机|坏了."""
    for match in _bought_things().finditer(text):
        if not finder(cues().product.broken).search(match["thing"]):
            yield Span(*match.span("thing"))


def _likely(text: str, span: Span, noun: str) -> int:
    """Return how much the words around a noun say that the case is about it; 0 is not enough."""
    words = cues().product
    near = before(text, span, 8)
    if near.endswith(words.not_before):
        return 0
    opening = text[max(0, span.start - 1) : span.start] in ("", "\n")
    told = bool(finder(words.before).search(near)) + text.startswith(words.after, span.end) + opening
    plain = span.of(text) == noun and noun in words.common
    return max(0, told - 1) if plain else told + 1


def _start(text: str, match: re.Match[str]) -> int:
    """Return where the name begins: 的三座位布藝梳化 takes 三座位布藝 with it, back to the word that it follows."""
    near = before(text, Span(*match.span()), 9)
    edges = list(finder(cues().product.edges).finditer(near))
    rest = near[edges[-1].end() :] if edges else ""
    if not _QUALIFIER.fullmatch(rest) or finder(cues().product.broken).search(rest):
        return match.start()
    cut = max((len(word) for word in cues().product.strip if rest.startswith(word)), default=0)
    return match.start() - len(rest) + cut


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = cues().name
    surname = f"(?:{one_of(words.double)}|[{words.surnames}])"
    full = f"{surname}[\u4e00-\u9fff]{{1,2}}"
    called = f"{surname}{one_of(words.titles)}"
    labelled = (
        rf"(?:(?:{one_of(words.labels)})[:\s「“]{{0,2}}(?={full}(?:{_NAME_EDGE}|[0-9]|$)))"  # 我是 takes titles only
    )
    own = re.compile(rf"(?:{one_of(words.before)}[:\s「“]{{0,2}}(?={called})|{labelled})(?P<name>{called}|{full})")
    closing = rf"(?:\s?{one_of(words.closings)})?(?:\s?[0-9+ -]{{8,16}})?[\s。.!]*$"
    signed = re.compile(
        rf"(?:^|{_NAME_EDGE})(?P<name>{surname}{one_of(words.titles)}|(?<=[\n。!?]){full}){closing}", re.MULTILINE
    )
    beside = re.compile(
        rf"(?<=[\s:,、])(?P<name>{surname}{one_of(words.titles)})(?=\s?(?:,?\s?(?:电话|電話|直線|手机|手機))?\s?[0-9])|(?<=[0-9]\s)(?P<name2>{surname}{one_of(words.titles)})"
    )
    return own, signed, beside


def read_names(text: str, taken: Taken) -> Iterator[Fact]:
    """Yield the customer's name: after 我是 or 联系人, beside a phone number, or signed on a line of its own."""
    staff = finder(cues().name.staff)
    seen: set[str] = set()
    for pattern in _names():
        for match in pattern.finditer(text):
            group = "name" if match["name"] else "name2"
            span = Span(*match.span(group))
            name = match[group]
            if (
                name in seen
                or name.startswith(cues().name.not_names)
                or taken.meets(span)
                or staff.search(before(text, span, 6))
            ):
                continue
            seen.add(name)
            yield Fact("name", name, span, "facts")
            return
