"""The words behind a claim that no pattern shows: the span whose removal lowers its score most.

Spans are clauses, or runs of a few characters where a text is one clause. All shortened texts run as one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from replykit.text import clauses
from replykit.types import Span

Array = npt.NDArray[np.float32]
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


def telling(text: str, score: Callable[[Sequence[str]], Array], columns: Sequence[int], whole: Array) -> list[Span]:
    """Return for each of `columns` the span whose removal lowers its logit most.

    `score` gives a row of logits for each text; `whole` is the row of `text` itself.
    """
    spans = candidates(text)
    if len(spans) < 2:
        return [spans[0] if spans else Span(0, len(text))] * len(columns)
    rows = score([text[: span.start] + text[span.end :] for span in spans])
    drops = whole[list(columns)] - rows[:, list(columns)]
    return [spans[int(best)] for best in drops.argmax(0)]
