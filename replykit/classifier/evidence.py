"""The words behind a claim that no pattern shows: the span whose removal lowers its score most, without removing any.

The linear part adds up n-grams, so that what a span adds to it can be read off. The encoder gathers a part of every
logit token by token with a soft maximum, and is taught to explain a claim by that part alone: what is lost without a
span can be read off too. Both are mixed as the scores are. Spans are clauses, or runs of a few characters in a single
clause.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from replykit.classifier.encoder import Window
from replykit.classifier.folded import places
from replykit.text import clauses
from replykit.types import Span

Array = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
_RUN = 8  # characters of a run, where a text has but one clause
_MOST = 16  # spans tried: in a long text neighbors are tried together


def candidates(text: str) -> list[Span]:
    """Return the spans to try, in order and apart, at most _MOST of them; none where the text is too short to cut."""
    spans = clauses(text)
    if len(spans) == 1:
        start, end = spans[0].start, spans[0].end
        if end - start <= _RUN:
            return spans
        spans = [Span(at, min(at + _RUN, end)) for at in range(start, end, _RUN)]
    size = max(1, -(-len(spans) // _MOST))
    return [Span(spans[at].start, spans[min(at + size, len(spans)) - 1].end) for at in range(0, len(spans), size)]


def telling(
    text: str, windows: Sequence[Window], parts: tuple[Places, Array] | None, columns: Sequence[int], shares: Array
) -> list[Span]:
    """Return for each of `columns` the span of `text` that its score would miss most.

    `windows` are all of the text's own, `parts` is what n-grams add at places of the folded text, and `shares` what the
    encoder counts beside them, for each of `columns`.
    """
    spans = candidates(text)
    if len(spans) < 2:
        return [spans[0] if spans else Span(0, len(text))] * len(columns)
    begin = [span.start for span in spans]
    # Which span each character of the folded text belongs to.
    home = np.maximum(np.searchsorted(begin, np.array(places(text), np.intp), side="right") - 1, 0)
    each = np.concatenate([window.each[:, columns] for window in windows])
    starts = np.array([start for window in windows for start, _ in window.places], np.intp)
    spoken = _summed(home[starts], np.exp(each - each.max(0)), len(spans))
    lost = -np.log(np.clip(1 - spoken / spoken.sum(0), 1e-6, 1.0))
    added = _summed(home[parts[0]], parts[1], len(spans)) if parts else 0.0
    missed = shares * lost + (1 - shares) * added
    return [spans[int(best)] for best in missed.argmax(0)]


def _summed(numbers: Places, values: Array, count: int) -> Array:
    """Return the sums (count, columns) of the rows of `values` that have the same number."""
    result = np.zeros((count, values.shape[1]), np.float32)
    np.add.at(result, numbers, values)
    return result
