"""What the store is reported to have said it would do or give: its words, in quotes or plain.

How much a report must say depends on its verb. An oath (承诺, 说好) is believed as it stands; what was merely said or
is written on a page must offer something firm (免费, 包换) or something done by some time, for much is said and written
that is no promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from replykit.facts.cues import Taken, cues, finder
from replykit.prefilter import Pattern, pattern
from replykit.quantities import Quantity
from replykit.quantities.vocabulary import one_of
from replykit.types import Fact, Span

_QUOTED = r"[“「『\"‘](?P<quote>[^”」』\"’\n]{2,40})[”」』\"’]"
_WORDS = r"(?P<words>(?:[^,、。!?;\n“”「」『』‘’()]|(?<=[0-9]),(?=[0-9])){2,40})"
_SHORT = 24  # an unquoted promise longer than this is a story, not a promise
_BRIEF = 12  # 说好72小时: so short, a time alone is a promise
_PARTICLES = "吧啦喇呢的了勒架㗎嘅喔哦喎wo"
_TIMED = ("date", "datetime", "time", "duration", "workdays")


def read_promises(text: str, values: list[Quantity]) -> Iterator[Fact]:
    """Yield the promises in `text`; `values` are its quantities."""
    taken = Taken(len(text))
    for span in [*_reported(text, values), *_fixed(text)]:
        if not taken.meets(span):
            taken.add(span)
            yield Fact("promised", span.of(text), span, "facts")


def _reported(text: str, values: list[Quantity]) -> Iterator[Span]:
    if _verbs().search(text):
        times = Taken(len(text), (value.span for value in values if value.kind in _TIMED))
        days = Taken(len(text), (value.span for value in values if value.kind == "date"))
        yield from _quoted(text, times)
        yield from _plain(text, times, days)


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    words = cues().promised
    return re.compile(one_of((*words.oath, *words.booked, *words.page, *words.plan, *words.said)))


@lru_cache(maxsize=1)
def _reports() -> tuple[Pattern, re.Pattern[str]]:
    told = f"(?<![{''.join(cues().promised.not_store)}])(?P<told>{_verbs().pattern})"
    quoted = pattern(rf"{told}(?:的是|的|明|住|到|了|咗|著|着|:|\s){{0,2}}{_QUOTED}")
    plain = re.compile(rf"{told}(?:的是|的|是|了|咗|会|會|有|我|:|\s){{0,3}}{_WORDS}")
    return quoted, plain


def _quoted(text: str, times: Taken) -> Iterator[Span]:
    words = cues().promised
    for match in _reports()[0].finditer(text):
        quote, span = match["quote"], Span(*match.span("quote"))
        if finder(words.never).search(quote):
            continue
        booked = match["told"] in words.booked and times.meets(span)
        if booked or match["told"] in words.oath or _offered(quote) or _in_time(quote, span, times):
            yield span


def _offered(said: str) -> bool:
    return bool(finder(cues().promised.offers).search(said))


def _in_time(said: str, span: Span, times: Taken) -> bool:
    """Tell whether something is said to be done by some time."""
    words = cues().promised
    timed = times.meets(span) or bool(finder(words.later).search(said))
    return timed and bool(finder(words.acts).search(said)) and not finder(words.unlike).search(said)


def _plain(text: str, times: Taken, days: Taken) -> Iterator[Span]:
    words = cues().promised
    for match in _reports()[1].finditer(text):
        told, said = match["told"], _until_turn(match["words"])
        start = match.start("told" if told in words.plan else "words")
        span = Span(start, match.start("words") + len(said))
        if not 3 <= len(said) <= _SHORT or finder(words.never).search(said):
            continue
        if told in (*words.booked, *words.plan):
            given = len(said) <= _BRIEF and times.meets(span) and not days.meets(span)
        else:
            given = (told in words.oath or _offered(said)) and not finder(words.unlike).search(said)
        if given or _in_time(said, span, times):
            yield span


@lru_cache(maxsize=1)
def _turn() -> re.Pattern[str]:
    return re.compile(rf"\s|(?<=[^\s])(?:{one_of(cues().promised.turns)})|(?<=.{{4}})[的嘅](?=.)")


def _until_turn(words: str) -> str:
    """Return `words` up to where they turn to what came of it: 今天送到|的蛋糕, 三天内退款|到现在没退."""
    return _turn().split(words, maxsplit=1)[0].rstrip(_PARTICLES)


def _fixed(text: str) -> Iterator[Span]:
    for match in finder(cues().promised.fixed).finditer(text):
        if not re.search("按|要|就|得|应|應|主张|主張|请|請", text[max(0, match.start() - 3) : match.start()]):
            yield Span(*match.span())
