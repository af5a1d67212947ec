"""All that an evaluation says, as values and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from replykit.errors import InputError
from replykit.evaluation import mistakes
from replykit.evaluation.calibration import Reliability, calibration
from replykit.evaluation.cases import FAMILIES, Case
from replykit.evaluation.confusion import Confusion, confusions
from replykit.evaluation.figures import Tally, Totals, labels, totals
from replykit.evaluation.mistakes import Mistake
from replykit.labeled import Row

GROUPED = ("region", "source", "part")  # fields that messages are grouped by unless others are named


@dataclass(frozen=True, slots=True)
class Report:
    """`about` says what was read and how; the rest is by family, groups by field and value (docs/evaluation.md)."""

    about: Mapping[str, Any]
    totals: Totals
    groups: Mapping[str, Mapping[str, Totals]]
    labels: Mapping[str, Mapping[str, Tally]]
    calibration: Mapping[str, Mapping[str, Reliability]]
    confusion: Mapping[str, Confusion]
    wrong: Sequence[Mistake]
    missed: Sequence[Mistake]


def fields(rows: Sequence[Row], by: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the fields to group by: those named, else those of GROUPED that tell the messages apart.

    Raises InputError E105 where no message has a field that is named.
    """
    known = sorted({field for row in rows for field in row.fields})
    for field in by:
        if field not in known:
            raise InputError("E105", f"no message has the field {field!r}", f"known: {', '.join(known) or 'none'}")
    usual = (field for field in GROUPED if len({row.fields[field] for row in rows if field in row.fields}) > 1)
    return tuple(dict.fromkeys(by or usual))


def report(cases: Sequence[Case], *, worst: int, by: Sequence[str], about: Mapping[str, Any]) -> Report:
    """Return the report of `cases`, of which there must be one, with the `worst` errors, in groups by fields."""
    return Report(
        about,
        totals(cases),
        {field: _groups(cases, field) for field in by},
        labels(cases),
        calibration(cases),
        confusions(cases),
        mistakes.wrong(cases, worst),
        mistakes.missed(cases, worst),
    )


def _groups(cases: Iterable[Case], field: str) -> dict[str, Totals]:
    """Return the totals by value, the largest group first; messages without the field are in none."""
    parts: dict[str, list[Case]] = {}
    for case in cases:
        if field in case.row.fields:
            parts.setdefault(case.row.fields[field], []).append(case)
    return {value: totals(part) for value, part in sorted(parts.items(), key=lambda one: (-len(one[1]), one[0]))}


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON, figures with four decimals."""
    return {
        "about": dict(report.about),
        "totals": _rounded(report.totals),
        "groups": {
            field: {value: _rounded(part) for value, part in parts.items()} for field, parts in report.groups.items()
        },
        "labels": {family: {code: _tally(one) for code, one in each.items()} for family, each in report.labels.items()},
        "calibration": {
            family: {kind: _reliability(one) for kind, one in kinds.items()}
            for family, kinds in report.calibration.items()
        },
        "confusion": {family: asdict(table) for family, table in report.confusion.items()},
        "worst": {
            "wrong": [_mistake(one) for one in report.wrong],
            "missed": [_mistake(one) for one in report.missed],
        },
    }


def _rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}


def _tally(one: Tally) -> dict[str, Any]:
    return _rounded({"precision": one.precision, "recall": one.recall, "f1": one.f1, "support": one.support})


def _reliability(one: Reliability) -> dict[str, Any]:
    return {"error": round(one.error, 4), "count": one.count, "bins": [_rounded(asdict(part)) for part in one.bins]}


def _mistake(one: Mistake) -> dict[str, Any]:
    case = one.case
    return {
        "id": case.row.id,
        "text": case.row.text,
        "family": one.family,
        "code": one.code,
        "score": None if one.score is None else round(one.score, 4),
        "gold": {family: list(case.gold(family)) for family in FAMILIES},
        "predicted": {family: {label.code: label.score for label in case.claims(family)} for family in FAMILIES},
    }
