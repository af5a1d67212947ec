"""What a reply commits to: the acts it names and whether it offers, refuses, asks about or merely retells them.

Rules and guard read a reply through this one module, so they never disagree about what was promised. The words stand in
data/commitments.toml. Two decisions worth knowing: a noun of the process (退款进度, 換貨流程) is no commitment, while
"您的退款正在处理" is one (a refund is on its way, so it needs a time); and whatever is not refused, asked or retold
is an offer, things already done included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from replykit import resources
from replykit.errors import PluginError
from replykit.patterns import NEVER, Phrases, holding, merged, occurrences
from replykit.text import clauses, fold_width, sentences
from replykit.tomlfile import Strict, parse
from replykit.types import Span

Mode = Literal["offer", "refusal", "restated", "asked"]
_QUOTED = re.compile(r"“[^“”\n]{1,200}”|「[^「」\n]{1,200}」|『[^『』\n]{1,200}』|\"[^\"\n]{1,200}\"")
_QUESTION = re.compile(r"(?:[?？]|[吗嗎呢][,，。.!！~～\s]*)[”」』’)）\s]*$")
_REFUSED_WITHIN = 12  # code points between 不能 and the act that it refuses


@dataclass(frozen=True, slots=True)
class Commitment:
    """One act that a reply names: `span` covers its words, `mode` tells how it is meant."""

    act: str
    span: Span
    mode: Mode


class _Told(Strict):
    begin: Phrases
    until: Phrases


class _Refusal(Strict):
    before: Phrases
    not_before: Phrases
    after: Phrases
    topic: Phrases


class _Asked(Strict):
    cue: Phrases


class _Act(Strict):
    words: Phrases
    unless: Phrases = NEVER
    everyday: bool = False


class _Words(Strict):
    told: _Told
    refusal: _Refusal
    asked: _Asked
    acts: dict[str, _Act]


@lru_cache(maxsize=1)
def _words() -> _Words:
    text = resources.data("commitments.toml").read_text(encoding="utf-8")
    return parse(text, "commitments.toml", _Words, PluginError, ("E306", "E306"))


def acts() -> tuple[str, ...]:
    """Return the codes of the acts that are known, in the order of the file."""
    return tuple(_words().acts)


def quoted(text: str) -> list[Span]:
    """Return the spans between quotation marks, the marks included, of at most 200 code points each."""
    return [Span(*match.span()) for match in _QUOTED.finditer(text)]


def restated(text: str) -> list[Span]:
    """Return the stretches of `text` that say the customer's words or wishes back: quotations, 您希望…, 您提到…."""
    told, folded = _words().told, fold_width(text)
    spans = quoted(text)
    for clause in clauses(text):
        if start := told.begin.search(folded, clause.start, clause.end):
            end = told.until.search(folded, start.end(), clause.end)
            spans.append(Span(start.start(), end.start() if end else clause.end))
    return sorted(spans)


def read(text: str, everyday: bool = False) -> list[Commitment]:
    """Return every act named in `text` in the order of the text; two acts may share words (退换货).

    With `everyday`, also the daily work that is no remedy in itself: getting in touch, dealing with it.
    """
    reader = _Reader(text)
    found = [
        Commitment(act, span, reader.mode(span))
        for act, words in _words().acts.items()
        if everyday or not words.everyday
        for span in occurrences(reader.folded, words.words, words.unless)
    ]
    return sorted(found, key=lambda one: (one.span, one.act))


class _Reader:
    """One text with the edges that tell the modes apart, each found once."""

    def __init__(self, text: str) -> None:
        self.folded = fold_width(text)
        self._clauses = clauses(text)
        self._sentences = sentences(text)
        self._restated = merged(restated(text))

    def mode(self, span: Span) -> Mode:
        clause = holding(self._clauses, span) or span
        sentence = holding(self._sentences, span) or clause
        if self._asks(clause, sentence):
            return "asked"
        if holding(self._restated, span):
            return "restated"
        return "refusal" if self._refuses(span, clause, sentence) else "offer"

    def _asks(self, clause: Span, sentence: Span) -> bool:
        # A question is known by its end; 64 code points are enough to see it, however long the sentence is.
        tail = self.folded[max(sentence.start, sentence.end - 64) : sentence.end]
        return bool(_QUESTION.search(tail) and _words().asked.cue.search(self.folded, clause.start, clause.end))

    def _refuses(self, span: Span, clause: Span, sentence: Span) -> bool:
        words = _words().refusal
        start = max(clause.start, span.start - _REFUSED_WITHIN)
        before = self.folded[start : span.start]
        if words.before.search(words.not_before.sub("", before)):
            return True
        end = min(sentence.end, span.end + 40)
        return bool(words.after.match(self.folded, span.end, end) or words.topic.match(self.folded, span.end, end))
