"""Finds, on messages that neither part was trained on, how to mix the parts, calibrate the scores and cut them off.

Scores are calibrated by a line through the logits (Platt 1999); a code with few positives shares its family's slope.
Calibrated, the best F1 is had by a threshold of half that F1 (Lipton, Elkan and Naryanaswamy 2014, "Optimal
thresholding of classifiers to maximize F1 measure"). It is one for all codes of a family: one each follows chance.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from replykit.classifier.bundle import Joint
from replykit.classifier.classifier import log_sigmoid, log_softmax
from replykit.classifier.codes import FAMILIES, MANY, NONE, Codes

Array = npt.NDArray[np.float32]
SHARES = tuple(np.round(np.arange(0, 1.01, 0.1), 2).tolist())
_ENOUGH = 25  # positives for a slope of its own
# What counts in a family of exclusive codes. A second emotion: half its targets.SECOND. An intensity: that the text
# reaches it rather than not, which is the median, the guess with the least error.
_EXCLUSIVE = {"first": 0.5, "emotions": 0.25, "intensity": 0.5}
_STEPS = np.arange(0.1, 0.9, 0.02)


def join(encoded: Array, counted: Array | None, wanted: Array, codes: Codes) -> dict[str, Joint]:
    """Return how each family is joined; all arrays are (texts, codes), logits and 0 to 1."""
    return {
        family: _joint(
            family, encoded[:, columns], None if counted is None else counted[:, columns], wanted[:, columns]
        )
        for family, columns in codes.columns.items()
    }


def complaint(scores: Array, wanted: Array, codes: Codes) -> float:
    """Return how likely a complaint must be to be named one, by the best F1; both arrays are the family `first`."""
    column = codes.of["first"].index(NONE)
    return round(_best(1 - scores[:, column], wanted[:, column] < 0.5)[0], 3)


def mix(family: str, encoded: Array, counted: Array, share: float) -> Array:
    """Return the mixed logits of one family, as Classifier.mixed does."""
    if family not in MANY:
        encoded, counted = log_softmax(encoded), log_softmax(log_sigmoid(counted))
    mixed: Array = share * encoded + (1 - share) * counted
    return mixed


def scores(family: str, logits: Array, joint: Joint) -> Array:
    """Return the calibrated scores of one family's mixed logits."""
    moved = logits * np.asarray(joint.scale, np.float32) + np.asarray(joint.shift, np.float32)
    result: Array = np.exp(log_sigmoid(moved) if family in MANY else log_softmax(moved))
    return result


def calibration_error(likely: Array, holds: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error, 0 to 1: |share that holds - mean score| over bins of like score."""
    places = np.minimum((likely * bins).astype(int), bins - 1)
    gaps = (
        abs(float(holds[places == one].mean()) - float(likely[places == one].mean())) * float((places == one).mean())
        for one in np.unique(places)
    )
    return sum(gaps)


def micro_f1(named: npt.NDArray[np.bool_], holds: npt.NDArray[np.bool_]) -> float:
    """Return the F1 over all cells; 1 where nothing holds and nothing is named."""
    both = int(named.sum()) + int(holds.sum())
    return round(2 * int((named & holds).sum()) / both, 4) if both else 1.0


def _joint(family: str, encoded: Array, counted: Array | None, wanted: Array) -> Joint:
    if wanted.shape[1] == 0:
        return Joint(share=1.0, scale=(), shift=(), threshold=())
    found = []
    for share in SHARES if counted is not None else (1.0,):
        logits = encoded if counted is None else mix(family, encoded, counted, share)
        scale, shift = _lines(logits, wanted) if family in MANY else _temperature(logits, wanted)
        joint = Joint(share=share, scale=scale, shift=shift, threshold=(0.5,) * len(scale))
        found.append((_surprise(scores(family, logits, joint), wanted, family), share, joint, logits))
    _, _, joint, logits = min(found, key=lambda one: one[:2])
    likely = scores(family, logits, joint)
    bar = round(_best(likely, wanted >= 0.5)[1] / 2, 3) if family in MANY else _EXCLUSIVE[family]
    return joint.model_copy(update={"threshold": (bar,) * wanted.shape[1]})


def _surprise(likely: Array, wanted: Array, family: str) -> float:
    """Return the mean negative log likelihood."""
    likely = np.clip(likely, 1e-6, 1 - 1e-6)
    if family in MANY:
        return float(-(wanted * np.log(likely) + (1 - wanted) * np.log(1 - likely)).mean())
    return float(-(wanted * np.log(likely)).sum(1).mean())


def _lines(logits: Array, wanted: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    holds = wanted >= 0.5
    slope, start = line(logits.ravel(), holds.ravel())
    scale, shift = [], []
    for code in range(wanted.shape[1]):
        own = holds[:, code]
        if min(own.sum(), (~own).sum()) >= _ENOUGH:
            one, two = line(logits[:, code], own)
        else:
            one, two = slope, start
        scale.append(round(one, 4))
        shift.append(round(two, 4))
    return tuple(scale), tuple(shift)


def line(logits: Array, holds: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and start of the line that makes logits chances; slope at least 0.05."""
    if holds.all() or not holds.any():
        return 1.0, 0.0
    model = LogisticRegression(C=10.0).fit(logits[:, None], holds)
    return max(0.05, float(model.coef_[0, 0])), float(model.intercept_[0])


def _temperature(logits: Array, wanted: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    heats: Iterable[float] = np.round(np.arange(0.3, 2.01, 0.05), 2).tolist()
    best = min(heats, key=lambda heat: _surprise(np.exp(log_softmax(logits * heat)), wanted, FAMILIES[1]))
    return (best,) * logits.shape[1], (0.0,) * logits.shape[1]


def _best(likely: Array, holds: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return the threshold with the best F1, and that F1."""
    found = [(float(bar), micro_f1(likely >= bar, holds)) for bar in _STEPS]
    return max(found, key=lambda one: one[1])
