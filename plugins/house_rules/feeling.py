"""Rules on empathy and apology that must compare the reply with what this customer wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from replykit import Found, Outgoing, Span

Words = Mapping[str, re.Pattern[str]]
_SHARED = 5  # code points that message and reply must share to speak of the same thing
_TOO_MANY = 3  # apologies in one reply from which they sound hollow
_TELLING = ("waited", "product", "amount", "promised", "event_at")  # facts that no two cases share by chance
_HAN_RUN = re.compile(r"[㐀-鿿]{5,}")
_STRONG = 2


def generic_empathy(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """E102: the only feeling words would fit any customer."""
    spans = outgoing.where(words["generic"], words["not_generic"])
    if spans and not any(speaks_of_case(outgoing, span, words) for span in spans):
        yield Found(spans[0])


def solution_first(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """E103: the first word on the feeling comes after an option or a reason."""
    spans = outgoing.where(words["feeling"], words["skip"])
    if not spans:
        return
    opening = outgoing.clause_at(spans[0])
    if any(span.end <= opening.start for span in outgoing.where(words["first"])):
        yield Found(spans[0])


def mismatch(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """E104: cheerful to strong feelings, or heavy sorrow to a calm message."""
    analysis = outgoing.analysis
    if analysis is None:
        return
    bitter = analysis.emotion.primary not in ("neutral", "positive")
    if analysis.is_complaint and bitter and analysis.emotion.intensity >= _STRONG:
        spans = outgoing.where(words["cheerful"], words["not_cheerful"])
    elif not bitter:
        spans = outgoing.where(words["heavy"])
    else:
        return
    yield from (Found(span) for span in spans[:1] if not _said_back(outgoing, span))


def hollow_apology(outgoing: Outgoing, words: Words) -> Iterator[Found]:
    """A204: sorry for nothing in particular, or again and again."""
    spans = [span for span in outgoing.where(words["sorry"]) if not _said_back(outgoing, span)]
    if len(spans) > _TOO_MANY:
        yield Found(spans[_TOO_MANY])
    elif spans and not outgoing.where(words["own"]) and not any(speaks_of_case(outgoing, one, words) for one in spans):
        yield Found(spans[0])


def speaks_of_case(outgoing: Outgoing, span: Span, words: Words) -> bool:
    """Tell whether the reply says something of this customer's own case by the end of the sentence of `span`.

    What is said back counts from the opening on, shared words and facts in that sentence and the one before it.
    """
    sentence = outgoing.sentence_at(span)
    before = outgoing.sentence_at(Span(max(0, sentence.start - 1), sentence.end))
    around = Span(before.start, sentence.end)
    told = (one for one in outgoing.restated if one.start < sentence.end)
    if any(not words["pointing"].fullmatch(one.of(outgoing.folded)) for one in told):
        return True
    said = around.of(outgoing.folded)
    facts = outgoing.analysis.facts if outgoing.analysis else ()
    if outgoing.analysis and any(
        fact.span.of(outgoing.analysis.text) in said for fact in facts if fact.kind in _TELLING
    ):
        return True
    message = outgoing.message or ""
    return any(
        run[at : at + _SHARED] in message for run in _HAN_RUN.findall(said) for at in range(len(run) - _SHARED + 1)
    )


def _said_back(outgoing: Outgoing, span: Span) -> bool:
    return outgoing.touches(outgoing.restated, span)


CHECKS = {"E102": generic_empathy, "E103": solution_first, "E104": mismatch, "A204": hollow_apology}
