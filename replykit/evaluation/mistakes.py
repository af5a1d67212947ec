"""The worst errors: claims that are wrong though they are sure, and labels missed though they are plain to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from replykit.evaluation.cases import FAMILIES, Case


@dataclass(frozen=True, slots=True)
class Mistake:
    """A code that was claimed and does not hold, or holds and was not claimed; no score where none is known."""

    case: Case
    family: str
    code: str
    score: float | None


def wrong(cases: Sequence[Case], most: int) -> list[Mistake]:
    """Return the surest wrong claims, one a message."""
    found = [
        Mistake(case, family, label.code, label.score)
        for case in cases
        for family in FAMILIES
        for label in case.claims(family)
        if label.code not in case.allowed(family)
    ]
    return _one_each(sorted(found, key=lambda one: -(one.score or 0.0)), most)


def missed(cases: Sequence[Case], most: int) -> list[Mistake]:
    """Return the labels thought least likely, one a message; without scores, what leads its list comes first."""
    found = [
        (number, Mistake(case, family, code, case.scores.get(family, {}).get(code)))
        for case in cases
        for family in FAMILIES
        for number, code in enumerate(case.gold(family))
        if code not in case.found(family) and not _felt(case, family)
    ]
    found.sort(key=lambda one: (one[1].score or 0.0, one[0]))
    return _one_each((one for _, one in found), most)


def _felt(case: Case, family: str) -> bool:
    """Tell whether the emotion read is the second one that was labeled, so that none is missed."""
    return family == "emotions" and case.analysis.emotion.primary in case.allowed(family)


def _one_each(mistakes: Iterable[Mistake], most: int) -> list[Mistake]:
    """Return the first mistake of each message, `most` at most."""
    firsts: dict[int, Mistake] = {}
    for mistake in mistakes:
        firsts.setdefault(id(mistake.case), mistake)
    return list(firsts.values())[:most]
