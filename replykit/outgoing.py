"""A reply about to be sent, with everything that rules read in it, worked out once and only when asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import groupby

from replykit import commitments, quantities, script
from replykit.commitments import Commitment
from replykit.patterns import NEVER, holding, merged, occurrences
from replykit.policy import Policy
from replykit.quantities import Quantity
from replykit.text import clauses, fold_width, is_han, sentences
from replykit.types import Analysis, Order, Region, Script, Span

CURRENCY: Mapping[Region, str] = {"zh-CN": "CNY", "zh-TW": "TWD", "zh-HK": "HKD"}
_TIMES = ("duration", "workdays", "datetime", "date", "time")
_FAR = 300


@dataclass(frozen=True)
class Outgoing:
    """A reply, what it answers and what the store knows. Every span is of `text`; regular expressions see `folded`."""

    text: str
    region: Region
    now: datetime
    role: str = ""
    message: str | None = None
    analysis: Analysis | None = None
    policy: Policy | None = None
    order: Order | None = None

    @cached_property
    def folded(self) -> str:
        """The text with full-width letters, digits and signs as half width; offsets are the same."""
        return fold_width(self.text)

    @cached_property
    def script(self) -> Script:
        """The script of the reply."""
        return script.detect(self.text).script

    @cached_property
    def currency(self) -> str:
        """The ISO 4217 code of amounts with no sign of their own."""
        return self.policy.currency if self.policy else CURRENCY[self.region]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences; the whole text where there is none."""
        return tuple(sentences(self.text)) or (Span(0, len(self.text)),)

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """The clauses, in order."""
        return tuple(clauses(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every amount, percentage, date and time, in order."""
        return tuple(quantities.read(self.text, self.now, self.currency))

    @cached_property
    def times(self) -> tuple[Span, ...]:
        """Where a real time stands: a date, a time of day, or how long something takes."""
        return tuple(merged([one.span for one in self.quantities if one.kind in _TIMES]))

    @cached_property
    def commitments(self) -> tuple[Commitment, ...]:
        """Every act that the reply names, the daily work included."""
        return tuple(commitments.read(self.text, everyday=True))

    @cached_property
    def quotes(self) -> tuple[Span, ...]:
        """Quoted stretches that stand in the customer's message; without a message, every quoted stretch."""
        said = None if self.message is None else fold_width(self.message)
        spans = commitments.quoted(self.text)
        return tuple(one for one in spans if said is None or self.folded[one.start + 1 : one.end - 1] in said)

    @cached_property
    def restated(self) -> tuple[Span, ...]:
        """Stretches that say the customer's words or wishes back, the quotes among them."""
        quoted = set(commitments.quoted(self.text)) - set(self.quotes)
        return tuple(merged([one for one in commitments.restated(self.text) if one not in quoted]))

    def clause_at(self, span: Span) -> Span:
        """Return the clause that `span` begins in, of an endless one what lies around `span`."""
        return _around(holding(self.clauses, Span(span.start, span.start + 1)) or span, span)

    def sentence_at(self, span: Span) -> Span:
        """Return the sentence that `span` begins in, of an endless one what lies around `span`."""
        return _around(holding(self.sentences, Span(span.start, span.start + 1)) or span, span)

    def sentence_after(self, span: Span) -> Span | None:
        """Return the first sentence that begins at the end of `span` or later."""
        index = bisect_left(self.sentences, span.end, key=lambda one: one.start)
        return self.sentences[index] if index < len(self.sentences) else None

    def commitments_in(self, span: Span) -> Sequence[Commitment]:
        """Return the commitments that begin within `span`."""
        first, last = (
            bisect_left(self.commitments, at, key=lambda one: one.span.start) for at in (span.start, span.end)
        )
        return self.commitments[first:last]

    def touches(self, spans: Sequence[Span], span: Span) -> bool:
        """Tell whether `span` overlaps one of `spans`, which are in order and apart from one another."""
        return holding(spans, span) is not None

    def timed(self, span: Span) -> bool:
        """Tell whether a real time stands within `span`."""
        return holding(self.times, span) is not None

    def where(self, words: re.Pattern[str], unless: re.Pattern[str] = NEVER) -> list[Span]:
        """Return where `words` stand, those left out that a stretch of `unless` overlaps."""
        return list(occurrences(self.folded, words, unless))

    def scripts(self, skip: Iterable[Span] = ()) -> tuple[Script, list[Span]]:
        """Return the script that most of the reply is in, and the stretches of single characters in the other one.

        `skip` and the customer's own words do not count. Characters that both scripts have never count.
        """
        skipped = merged([*skip, *self.quotes])
        marks = [(at, kind) for at, kind in _marks(self.text) if not holding(skipped, Span(at, at + 1))]
        hans = sum(kind == "Hans" for _, kind in marks)
        main: Script = (
            "Hans" if 2 * hans > len(marks) or (2 * hans == len(marks) and self.region == "zh-CN") else "Hant"
        )
        stray = [at for at, kind in marks if kind != main]
        runs = groupby(enumerate(stray), key=lambda pair: pair[1] - pair[0])
        return main, [Span(run[0][1], run[-1][1] + 1) for run in (list(group) for _, group in runs)]

    def in_script(self, main: Script, span: Span) -> str:
        """Return the words at `span` in the script `main`, converted within their sentence (发 is 發 or 髮)."""
        region: Region = "zh-CN" if main == "Hans" else "zh-HK" if self.region == "zh-HK" else "zh-TW"
        sentence = self.sentence_at(span)
        whole = script.convert(sentence.of(self.text), region)
        if len(whole) != sentence.end - sentence.start:
            return script.convert(span.of(self.text), region)
        return whole[span.start - sentence.start : span.end - sentence.start]


def _around(whole: Span, span: Span) -> Span:
    """Return at most _FAR code points of `whole` on each side of `span`, so that no text takes quadratic time."""
    return Span(max(whole.start, span.start - _FAR), min(whole.end, max(span.end, span.start + _FAR)))


def _marks(text: str) -> Iterator[tuple[int, Script]]:
    """Yield each character that only one of the two scripts has, with its script."""
    for at, char in enumerate(text):
        if is_han(char) and (kind := _kind(char)) in ("Hans", "Hant"):
            yield at, kind


@lru_cache(maxsize=30_000)
def _kind(char: str) -> Script:
    # What both standard sets hold (后, 里, 台) may be either: only a phrase would tell.
    if char.encode("big5", errors="ignore") and char.encode("gb2312", errors="ignore"):
        return "Unknown"
    return script.detect(char).script
