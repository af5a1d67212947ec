"""The linear part: tf-idf of character n-grams beside the lexicon's own scores, one weight a code and feature.

Weights are stored as 8-bit integers with one scale a code; a row of them is a few thousand additions.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from replykit.classifier.folded import folded

Logits = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
LONGEST = 4  # characters of the longest n-gram
HINT = 0.5  # what a lexicon's score counts beside a tf-idf row of length 1


def grams(text: str) -> Iterator[tuple[str, int]]:
    """Yield each n-gram of 1 to LONGEST characters of the folded `text`, and where in it the n-gram begins."""
    text = folded(text)
    for size in range(1, LONGEST + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size], start


@dataclass(frozen=True, slots=True)
class Counted:
    """The known n-grams of a text, ascending: their rows, tf-idf values (n-grams,), and where each begins."""

    rows: list[int]
    values: Logits
    starts: list[list[int]]


@dataclass(frozen=True, slots=True)
class NgramModel:
    """`weights` has a row for each n-gram, then one for each hint; `scale` and `bias` have one entry a code."""

    index: Mapping[str, int]
    idf: npt.NDArray[np.float32]
    hints: Mapping[str, int]
    weights: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def count(self, text: str) -> Counted:
        """Return the n-grams of `text` that the model knows."""
        found: dict[int, list[int]] = {}
        for gram, start in grams(text):
            row = self.index.get(gram)
            if row is not None:
                found.setdefault(row, []).append(start)
        rows = sorted(found)  # always in one order, so that sums are the same to the last bit
        starts = [found[row] for row in rows]
        values = (1 + np.log(np.array([len(places) for places in starts], np.float32))) * self.idf[rows]
        return Counted(rows, values / (np.sqrt(values @ values) or 1), starts)

    def logits(self, counted: Counted, hints: Mapping[str, float]) -> Logits:
        """Return one logit a code; `hints` are the lexicon's scores by `family.code`, unknown ones are left out."""
        known = [(self.hints[name], score) for name, score in sorted(hints.items()) if name in self.hints]
        rows = counted.rows + [row for row, _ in known]
        values = np.concatenate([counted.values, np.array([HINT * score for _, score in known], np.float32)])
        logits: Logits = (values @ self.weights[rows].astype(np.float32)) * self.scale + self.bias
        return logits

    def parts(self, counted: Counted, columns: Sequence[int]) -> tuple[Places, Logits]:
        """Return where in the folded text n-grams begin (n,), and what each adds to the logits of `columns` there."""
        times = [len(places) for places in counted.starts]
        weights = self.weights[np.ix_(counted.rows, columns)] * self.scale[columns]
        added = weights * (counted.values / np.array(times, np.float32))[:, None]
        places = [start for starts in counted.starts for start in starts]
        return np.array(places, np.intp), np.repeat(added, times, axis=0)


def pack(
    vocabulary: Sequence[str],
    idf: npt.NDArray[np.float32],
    hints: Sequence[str],
    weights: npt.NDArray[np.float32],
    bias: npt.NDArray[np.float32],
) -> bytes:
    """Return the file of a model whose `weights` (features, codes) are plain floats: the largest of a code is 127."""
    scale = np.maximum(np.abs(weights).max(0), 1e-9) / 127
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        vocabulary=np.frombuffer("\n".join(vocabulary).encode(), np.uint8),
        idf=idf.astype(np.float16),
        hints=np.frombuffer("\n".join(hints).encode(), np.uint8),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    return buffer.getvalue()


def unpack(file: bytes) -> NgramModel:
    """Return the model of a file that `pack` made. Raises KeyError, OSError or ValueError for anything else."""
    with np.load(io.BytesIO(file), allow_pickle=False) as arrays:
        words = arrays["vocabulary"].tobytes().decode().split("\n")
        names = arrays["hints"].tobytes().decode().split("\n")
        return NgramModel(
            {word: row for row, word in enumerate(words)},
            arrays["idf"].astype(np.float32),
            {name: len(words) + row for row, name in enumerate(names) if name},
            arrays["weights"],
            arrays["scale"],
            arrays["bias"],
        )
