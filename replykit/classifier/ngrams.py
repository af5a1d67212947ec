"""The linear part: tf-idf of character n-grams beside the lexicon's own scores, one weight a code and feature.

Weights are stored as 8-bit integers with one scale a code; a row of them is a few thousand additions.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from replykit.classifier.folded import folded

Logits = npt.NDArray[np.float32]
LONGEST = 4  # characters of the longest n-gram
HINT = 0.5  # what a lexicon's score counts beside a tf-idf row of length 1


def grams(text: str) -> Counter[str]:
    """Return how often each n-gram of 1 to LONGEST characters stands in the folded `text`."""
    text = folded(text)
    found: Counter[str] = Counter()
    for size in range(1, LONGEST + 1):
        found.update(text[start : start + size] for start in range(len(text) - size + 1))
    return found


@dataclass(frozen=True, slots=True)
class NgramModel:
    """`weights` has a row for each n-gram, then one for each hint; `scale` and `bias` have one entry a code."""

    index: Mapping[str, int]
    idf: npt.NDArray[np.float32]
    hints: Mapping[str, int]
    weights: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def logits(self, text: str, hints: Mapping[str, float]) -> Logits:
        """Return one logit a code; `hints` are the lexicon's scores by `family.code`, unknown ones are left out."""
        rows, values = self._features(text)
        known = [(self.hints[name], score) for name, score in sorted(hints.items()) if name in self.hints]
        rows += [row for row, _ in known]
        values += [HINT * score for _, score in known]
        if not rows:
            return self.bias
        total = np.asarray(values, np.float32) @ self.weights[rows].astype(np.float32)
        logits: Logits = total * self.scale + self.bias
        return logits

    def parts(self, text: str, columns: Sequence[int]) -> list[tuple[int, Logits]]:
        """Return what each n-gram adds to the logits of `columns`, at each place in the folded text where it begins."""
        seen = folded(text)
        rows, values = self._features(text)
        weights = self.weights[rows][:, list(columns)] * self.scale[list(columns)] * np.array(values)[:, None]
        added = dict(zip(rows, weights, strict=True))
        found: dict[int, list[int]] = {}
        for size in range(1, LONGEST + 1):
            for start in range(len(seen) - size + 1):
                row = self.index.get(seen[start : start + size])
                if row is not None:
                    found.setdefault(row, []).append(start)
        return [(start, added[row] / len(starts)) for row, starts in found.items() for start in starts]

    def _features(self, text: str) -> tuple[list[int], list[float]]:
        counts = ((self.index[gram], count) for gram, count in grams(text).items() if gram in self.index)
        found = sorted(counts)
        rows = [row for row, _ in found]
        weighed = [(1 + math.log(count)) * float(self.idf[row]) for row, count in found]
        length = math.sqrt(sum(value * value for value in weighed)) or 1.0
        return rows, [value / length for value in weighed]


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
