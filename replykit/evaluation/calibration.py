"""Whether a score means what it says: of the claims scored about 0.8, four in five should be right.

An emotion is right when it is the primary one labeled: the scores of all emotions add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from replykit.evaluation.cases import FAMILIES, Case

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The scores from `start` to below `end` (the last bin holds 1 too): their mean, and the share that was right."""

    start: float
    end: float
    count: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The bins that hold any scores, in order."""

    bins: tuple[Bin, ...]

    @property
    def count(self) -> int:
        """How many scores there are."""
        return sum(one.count for one in self.bins)

    @property
    def error(self) -> float:
        """The expected calibration error, 0 to 1: the mean gap between score and share, weighted by count."""
        return sum(abs(one.score - one.right) * one.count for one in self.bins) / max(1, self.count)


def reliability(scored: Iterable[tuple[float, bool]]) -> Reliability:
    """Return the bins of scores (0 to 1) with whether each was right."""
    placed: dict[int, list[tuple[float, bool]]] = {}
    for score, right in scored:
        placed.setdefault(min(int(score * BINS), BINS - 1), []).append((score, right))
    return Reliability(tuple(_bin(place, placed[place]) for place in sorted(placed)))


def _bin(place: int, scored: Sequence[tuple[float, bool]]) -> Bin:
    count = len(scored)
    score, right = sum(score for score, _ in scored) / count, sum(right for _, right in scored) / count
    return Bin(place / BINS, (place + 1) / BINS, count, score, right)


def calibration(cases: Sequence[Case]) -> dict[str, dict[str, Reliability]]:
    """Return the reliability by family: of the codes `claimed` and, with a trained reader, of the scores of `all`."""
    kinds = {"claimed": _claimed} | ({"all": _all} if any(case.scores for case in cases) else {})
    return {
        family: {
            kind: reliability(one for case in cases for one in scored(case, family)) for kind, scored in kinds.items()
        }
        for family in FAMILIES
    }


def _claimed(case: Case, family: str) -> list[tuple[float, bool]]:
    gold = case.gold(family)
    return [(label.score, label.code in gold) for label in case.claims(family)]


def _all(case: Case, family: str) -> list[tuple[float, bool]]:
    gold = case.gold(family)
    scores: Mapping[str, float] = case.scores.get(family, {})
    return [(score, code in gold) for code, score in scores.items()]
