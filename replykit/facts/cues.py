"""The cue words of facts, read once from data/facts.toml, and what it means to stand near one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from replykit import tomlfile
from replykit.errors import PluginError
from replykit.quantities.numerals import fold
from replykit.quantities.vocabulary import one_of
from replykit.resources import data
from replykit.types import Fact, Span

_FILE = "facts.toml"
COMMA = re.compile(r"、|(?<![0-9]),|,(?![0-9])")
_STOPS = re.compile(r"[。！!？?；;\n\r…]")
_QUOTES = re.compile(r"“[^”\n]{0,60}”|「[^」\n]{0,60}」|『[^』\n]{0,60}』|\"[^\"\n]{0,60}\"")
Words = tuple[str, ...]


class IdCues(tomlfile.Strict):
    """What stands before an order or tracking number."""

    cues: Words
    tracking: Words
    carriers: Words
    not_cues: Words


class PhoneCues(tomlfile.Strict):
    """What stands before the customer's phone number, and before the shop's."""

    cues: Words
    not_cues: Words


class Context(tomlfile.Strict):
    """What must, and what must not, stand before or after a value."""

    before: Words = ()
    after: Words = ()
    not_before: Words = ()
    not_after: Words = ()
    units: Words = ()
    weak: Words = ()
    long: Words = ()


class PromiseCues(tomlfile.Strict):
    """How a promise of the store is reported."""

    oath: Words
    booked: Words
    page: Words
    plan: Words
    said: Words
    not_store: Words
    offers: Words
    acts: Words
    later: Words
    never: Words
    unlike: Words
    turns: Words
    fixed: Words


class DateCues(tomlfile.Strict):
    """What a date is the date of."""

    bought: Words
    named: dict[str, str]
    contact: Words
    not_before: Words
    asks: Words
    calls: Words
    today_events: Words
    bare: Words
    passing: Words
    tonight: Words
    weekdays: Words
    past: Words
    hours: Words
    unreal: Words


class NameCues(tomlfile.Strict):
    """Surnames, titles, and where the customer's own name stands."""

    surnames: str
    double: Words
    titles: Words
    before: Words
    labels: Words
    closings: Words
    not_names: Words
    staff: Words


class Cues(tomlfile.Strict):
    """The tables of facts.toml; each says there what it is for."""

    order_id: IdCues
    phone: PhoneCues
    amount: Context
    waited: Context
    contacted: Context
    promised: PromiseCues
    dates: DateCues
    name: NameCues


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Return the shipped cue words, as they look in a folded text. Raises PluginError E305 when the file is wrong."""
    return tomlfile.parse(data(_FILE).read_text(encoding="utf-8"), _FILE, Cues, PluginError, ("E305", "E305"))


@lru_cache(maxsize=64)
def finder(words: Words) -> re.Pattern[str]:
    """Return the pattern that finds any of `words` in a folded text, case aside."""
    return re.compile(one_of(map(fold, words)) if words else r"(?!)", re.IGNORECASE)


class Taken:
    """The characters of a text that are spoken for; asking takes the length of the span, however many there are."""

    def __init__(self, size: int, spans: Iterable[Span] = ()) -> None:
        self._marks = bytearray(size)
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Take the characters of `span`."""
        self._marks[span.start : span.end] = b"\1" * (span.end - span.start)

    def keep(self, facts: Iterable[Fact]) -> list[Fact]:
        """Take the characters of `facts`, and return those."""
        kept = list(facts)
        for fact in kept:
            self.add(fact.span)
        return kept

    def meets(self, span: Span) -> bool:
        """Tell whether any character of `span` is taken."""
        return self._marks.find(1, span.start, span.end) >= 0


def quoted(text: str) -> Taken:
    """Return what stands in quotes in `text`."""
    return Taken(len(text), (Span(*match.span()) for match in _QUOTES.finditer(text)))


def before(text: str, span: Span, reach: int) -> str:
    """Return up to `reach` characters before `span`, back to the start of its sentence."""
    words = text[max(0, span.start - reach) : span.start]
    stops = list(_STOPS.finditer(words))
    return words[stops[-1].end() :] if stops else words


def after(text: str, span: Span, reach: int) -> str:
    """Return up to `reach` characters after `span`, up to the end of its sentence."""
    words = text[span.end : span.end + reach]
    stop = _STOPS.search(words)
    return words[: stop.start()] if stop else words
