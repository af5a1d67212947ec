"""Which code is taken for which: the leading type, and the primary emotion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from replykit.evaluation.cases import Case

NONE = "none"  # no complaint
FAMILIES = ("types", "emotions")


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many messages with the code of a row were read as the code of a column; both follow `codes`."""

    codes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion(pairs: Iterable[tuple[str, str]]) -> Confusion:
    """Return the table of pairs of what holds and what was read; codes stand by name, NONE last."""
    counted = Counter(pairs)
    codes = sorted({code for pair in counted for code in pair}, key=lambda code: (code == NONE, code))
    return Confusion(tuple(codes), tuple(tuple(counted[gold, found] for found in codes) for gold in codes))


def confusions(cases: Sequence[Case]) -> dict[str, Confusion]:
    """Return the table of the leading type, and that of the primary emotion."""
    return {
        family: confusion((_first(case.gold(family)), _first(case.found(family))) for case in cases)
        for family in FAMILIES
    }


def _first(codes: Sequence[str]) -> str:
    return codes[0] if codes else NONE
