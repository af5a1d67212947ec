"""Fits the linear part: logistic regression, one code against the rest, on n-grams and the lexicon's scores.

It is fitted twice: on all n-grams, to see which of them carry weight, and on those kept, since leaving some out changes
the length that the others are divided by.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from replykit.classifier import ngrams

Array = npt.NDArray[np.float32]
Hints = Mapping[str, float]
STRENGTH = 4.0  # inverse of the penalty
_RARE = 0.25  # a code's positives count (1 / its share) to this power
_SEEN = 2  # texts that an n-gram must stand in


def fit(texts: Sequence[str], hints: Sequence[Hints], wanted: Array, features: int) -> bytes:
    """Return the file of a model with at most `features` n-grams; `wanted` is (texts, codes), 0 to 1."""
    counts = [Counter(gram for gram, _ in ngrams.grams(text)) for text in texts]
    seen = Counter(gram for found in counts for gram in found)
    vocabulary = sorted(gram for gram, number in seen.items() if number >= _SEEN)
    idf = _idf(vocabulary, seen, len(texts))
    names = sorted({name for hint in hints for name in hint})
    if len(vocabulary) > features:
        weights, _ = _regress(_matrix(counts, hints, vocabulary, idf, names), wanted)
        weight = np.abs(weights[: len(vocabulary)]).max(1) * np.sqrt([seen[gram] for gram in vocabulary])
        kept = np.sort(np.argsort(-weight, kind="stable")[:features])
        vocabulary, idf = [vocabulary[one] for one in kept], idf[kept]
    weights, bias = _regress(_matrix(counts, hints, vocabulary, idf, names), wanted)
    return ngrams.pack(vocabulary, idf, names, weights, bias)


def _idf(vocabulary: Sequence[str], seen: Mapping[str, int], texts: int) -> Array:
    return np.array([math.log((1 + texts) / (1 + seen[gram])) + 1 for gram in vocabulary], np.float32)


def _matrix(
    counts: Sequence[Mapping[str, int]],
    hints: Sequence[Hints],
    vocabulary: Sequence[str],
    idf: Array,
    names: Sequence[str],
) -> sparse.csr_matrix:
    index = {gram: place for place, gram in enumerate(vocabulary)}
    places = {name: len(vocabulary) + place for place, name in enumerate(names)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for found, hint in zip(counts, hints, strict=True):
        known = [(index[gram], count) for gram, count in found.items() if gram in index]
        weighed = [(1 + math.log(count)) * float(idf[place]) for place, count in known]
        length = math.sqrt(sum(value * value for value in weighed)) or 1.0
        columns += [place for place, _ in known] + [places[name] for name in hint]
        values += [value / length for value in weighed] + [ngrams.HINT * score for score in hint.values()]
        ends.append(len(columns))
    shape = (len(counts), len(vocabulary) + len(names))
    return sparse.csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)


def _regress(matrix: sparse.csr_matrix, wanted: Array) -> tuple[Array, Array]:
    """Return weights (features, codes) and bias (codes)."""
    weights = np.zeros((matrix.shape[1], wanted.shape[1]), np.float32)
    bias = np.zeros(wanted.shape[1], np.float32)
    for code in range(wanted.shape[1]):
        holds = wanted[:, code] >= 0.5
        share = float(holds.mean())
        if not 0 < share < 1:
            bias[code] = 12.0 if share else -12.0
            continue
        model = LogisticRegression(C=STRENGTH, solver="liblinear", class_weight={True: share**-_RARE, False: 1.0})
        model.fit(matrix, holds)
        weights[:, code], bias[code] = model.coef_[0], model.intercept_[0]
    return weights, bias
