"""The article or service that a message is about, by its name and by what is said around it.

Names come from data/goods.toml, which also says where a name begins: 你們那個|浴室防滑墊|根本不防滑. Everything here is
matched on the simplified, lower-case form of the text (`folding.fold`), whose length is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator

from replykit import folding, tomlfile
from replykit.errors import PluginError
from replykit.facts.cues import Taken
from replykit.quantities.vocabulary import one_of
from replykit.resources import data
from replykit.types import Fact, Span

_FILE = "goods.toml"
_REACH = 12  # how far left a name is followed
_LONGEST = 9  # a name that long, or longer, has swallowed a sentence
_STOPS = re.compile(r"[;!?\n\r]")
_BARE = re.compile("[0-9]*")  # 20桶: a number alone qualifies nothing
_LATIN = re.compile("[a-z0-9]")
_MODEL = re.compile(r"(?: ?(?:mini|pro|max|air|plus|ultra|lite|oled|se|[0-9]{1,2}(?![0-9a-z.])))+(?![a-z0-9])")
_QUOTES = "“「『(《"
_SIZE = r"[0-9]+(?:\.[0-9]+)?(?:公升|升|英?[寸吋]|段|匹|公斤|kg|l|ml|w|mah|g|tb|层|座位|人|件套|k)?"

Words = Annotated[tuple[str, ...], BeforeValidator(lambda text: tuple(folding.fold(str(text)).split()))]
Role = Literal["name", "common", "head", "other"]


class _Listed(tomlfile.Strict):
    common: Words
    heads: Words
    others: Words


class _Edges(tomlfile.Strict):
    chars: Annotated[str, BeforeValidator(folding.fold)]
    words: Words
    keep: Words


class _Near(tomlfile.Strict):
    got: Words
    this: Words
    measures: Words
    after: Words
    not_before: Words
    not_after: Words


class _Unlisted(tomlfile.Strict):
    bought: Words
    ends: Words
    unsaid: Words


class Goods(tomlfile.Strict):
    """The tables of goods.toml; each says there what it is for."""

    names: dict[str, Words]
    words: _Listed
    edges: _Edges
    near: _Near
    unlisted: _Unlisted


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the text: where it stands, what its last word is by itself, and whether words before it qualify it."""

    span: Span
    role: Role
    qualified: bool


@lru_cache(maxsize=1)
def goods() -> Goods:
    """Return the shipped names. Raises PluginError E305 when the file is wrong."""
    return tomlfile.parse(data(_FILE).read_text(encoding="utf-8"), _FILE, Goods, PluginError, ("E305", "E305"))


def read_products(text: str, taken: Taken) -> Iterator[Fact]:
    """Yield the article or service that `text` is about: of those it names, the one that its words say most of."""
    folded = folding.fold(text)
    best, most = None, 0
    for name in _names(folded, taken):
        likely = _likely(folded, name)
        if likely > most:
            best, most = name.span, likely
    if best is None:
        best = next((span for span in _unlisted(folded) if not taken.meets(span)), None)
    if best is not None:
        yield Fact("product", best.of(text), best, "facts")


@lru_cache(maxsize=1)
def _roles() -> dict[str, Role]:
    listed = goods().words
    named: tuple[tuple[Words, Role], ...] = tuple((names, "name") for names in goods().names.values())
    lists: tuple[tuple[Words, Role], ...] = (
        (listed.heads, "head"),
        (listed.others, "other"),
        (listed.common, "common"),
    )
    return {word: role for words, role in (*named, *lists) for word in words}


@lru_cache(maxsize=1)
def _sizes() -> tuple[re.Pattern[str], dict[str, tuple[int, ...]]]:
    """Return what finds where a listed word may begin, and how long those are that begin with one or two characters."""
    sizes: dict[str, set[int]] = {}
    for word in _roles():
        sizes.setdefault(word[:2], set()).add(len(word))
    firsts, seconds = ("".join(sorted({re.escape(start[at:][:1]) for start in sizes})) for at in (0, 1))
    alone = "".join(sorted(re.escape(start) for start in sizes if len(start) == 1))
    starts = re.compile(f"[{firsts}](?:(?=[{seconds}])|(?<=[{alone}]))")
    return starts, {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}


def _listed(folded: str) -> Iterator[tuple[Span, Role]]:
    """Yield the listed words in `folded`, the longest at each place, none overlapping."""
    roles, (starts, sizes), past = _roles(), _sizes(), 0
    for match in starts.finditer(folded):
        at = match.start()
        if at < past:
            continue
        for size in (*sizes.get(folded[at : at + 2], ()), 1):
            role = roles.get(folded[at : at + size])
            if role is not None and at + size <= len(folded) and _is_word(folded, at, at + size):
                past = _model(folded, at + size)
                yield Span(at, past), role
                break


def _is_word(folded: str, start: int, end: int) -> bool:
    """Tell whether Latin letters at the edges of a listed word stand apart from others: not ps5 in maps52."""
    first, last = folded[start : start + 1], folded[end - 1 : end]
    before = start > 0 and first.isascii() and _LATIN.match(folded, start - 1)
    return not before and not (last.isascii() and _LATIN.match(folded, end))


def _model(folded: str, end: int) -> int:
    """Return where a Latin name ends with its model: ipad mini, iphone 15 pro."""
    model = _MODEL.match(folded, end) if folded[end - 1].isascii() else None
    return model.end() if model else end


def _names(folded: str, taken: Taken) -> Iterator[_Name]:
    """Yield the names in `folded`, each from where its qualifiers begin; a last word may touch it (葡萄|酒)."""
    joined: list[tuple[Span, Role]] = []
    for span, role in _listed(folded):
        touching = bool(joined) and joined[-1][0].end == span.start and joined[-1][1] in ("name", "common")
        if touching and (role == "head" or joined[-1][1] == "common") and role != "other":
            joined[-1] = (Span(joined[-1][0].start, span.end), "name")
        elif not touching:
            joined.append((span, role))
    for span, role in joined:
        if role != "other" and not taken.meets(span):
            start = _start(folded, span, taken)
            qualified = not _BARE.fullmatch(folded, start, span.start)
            if role != "head" or qualified:
                yield _Name(Span(start, span.end), role, qualified)


def _led(words: Words) -> str:
    """Return a pattern for any of `words` that looks at the first character before it tries them one by one."""
    return rf"(?=[{''.join(sorted({re.escape(word[0]) for word in words}))}]){one_of(words)}"


@lru_cache(maxsize=1)
def _parts() -> re.Pattern[str]:
    edges = goods().edges
    words = (*edges.words, *(word for word in goods().near.got if len(word) > 1))
    edge = rf"{_led(words)}|[{edges.chars}]|[^a-z0-9\u4e00-\u9fff\U00020000-\U0002ffff-]"
    return re.compile(rf"{_led(edges.keep)}|{_SIZE}(?=[\u4e00-\u9fffa-z])|(?P<edge>{edge})|.", re.DOTALL)


def _start(folded: str, span: Span, taken: Taken) -> int:
    """Return where the name that ends with `span` begins: 的三座位布藝梳化 takes 三座位布藝 with it."""
    first = start = max(0, span.start - _REACH)
    near = taken.meets(Span(first, span.start))
    for part in _parts().finditer(folded, first, span.start):
        if part["edge"] or (near and taken.meets(Span(*part.span()))):
            start = part.end()
    open_end = start == first and first > 0
    return span.start if open_end or span.start - start > _LONGEST else start


@lru_cache(maxsize=1)
def _around() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    near = goods().near
    counted = f"(?:[一两二三四五六七八九十几半整成0-9]{{0,3}}{one_of(near.measures)})?"
    got = f"{one_of(near.got)}(?:的|了|咗|嘅|之|到|过|返|紧|返嚟嘅|返嚟|回来的|来的)?(?:是|系)?(?:全新)?{counted}"
    mine = f"(?:{one_of(near.this)}{counted}|(?:^|[,、 (])(?:我|只|个)?{one_of(near.measures)})"
    return (
        re.compile(f"(?:{got}|{mine})$"),
        re.compile(one_of(near.after)),
        re.compile(f"{one_of(near.not_before)}$"),
        re.compile(one_of(near.not_after)),
    )


def _likely(folded: str, name: _Name) -> int:
    """Return how much the words around a name say that the case is about it; 0 is not enough.

    What was bought or pointed at (买的, 这台) weighs most; what befell it (坏了) and standing first weigh less.
    """
    before, after, not_before, not_after = _around()
    span = name.span
    lead = _STOPS.split(folded[max(0, span.start - 10) : span.start])[-1].rstrip(_QUOTES)
    if not_before.search(lead) or not_after.match(folded, span.end):
        return 0
    opening = not lead.strip() or (name.role == "name" and lead[-1] in ",、 ")
    told = 2 * bool(before.search(lead)) + bool(after.match(folded, span.end)) + opening
    told += told < 2 and bool(_owned().search(lead))
    if name.role == "name" or (name.role == "common" and name.qualified):
        return told + 1 if told else 0
    return told if told > 1 else 0


@lru_cache(maxsize=1)
def _owned() -> re.Pattern[str]:
    return re.compile(f"(?:[的嘅把将]|[一两二三四五六七八九十几半整成0-9]{one_of(goods().near.measures)})$")


@lru_cache(maxsize=1)
def _unlisted_pattern() -> re.Pattern[str]:
    words, edges = goods().unlisted, goods().edges
    char = rf"(?!{one_of(edges.words)})[a-z0-9\u4e00-\u9fff](?<![{edges.chars}])"
    counted = f"(?:[一两二三四五六这那𠮶]?{one_of(goods().near.measures)})?"
    return re.compile(rf"{one_of(words.bought)}{counted}(?P<thing>{char}(?:{char}){{1,6}})(?={one_of(words.ends)}|$)")


def _unlisted(folded: str) -> Iterator[Span]:
    """Yield what stands between a word of buying and what befell it: 买的|香薰机|坏了."""
    unsaid = goods().unlisted.unsaid
    for match in _unlisted_pattern().finditer(folded):
        if not match["thing"].endswith(unsaid) and not match["thing"][0].isdigit():
            yield Span(*match.span("thing"))
