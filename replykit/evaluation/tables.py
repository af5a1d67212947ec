"""A report for a person at a terminal. As in replykit.terminal, nothing of a message reaches the terminal raw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich import box
from rich.cells import chop_cells
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from replykit.evaluation import titles
from replykit.evaluation.calibration import BINS, Bin
from replykit.evaluation.cases import FAMILIES
from replykit.evaluation.confusion import Confusion
from replykit.evaluation.figures import Tally
from replykit.evaluation.mistakes import Mistake
from replykit.evaluation.report import Report
from replykit.evaluation.titles import code_name, code_title, figure
from replykit.terminal import safe
from replykit.types import Region

_LONGEST = 300  # characters shown of a message
_WIDTH = 94  # cells of a line of a message, so that with its indent it fits into a pipe
_FIRST = 10  # cells of the first column at least
_GOOD, _FAIR = 0.8, 0.6  # from where an F1 is shown in green, and in yellow


def report_view(report: Report, region: Region) -> RenderableType:
    """Return the whole report: totals, groups, labels, calibration, confusion, worst errors."""
    parts: list[RenderableType] = [_section("Totals", _totals(report))]
    for field, groups in report.groups.items():
        keys = [key for key in titles.BRIEF if any(key in part for part in groups.values())]
        rows = ([value, *(_figure(key, part) for key in keys)] for value, part in groups.items())
        parts.append(_section(f"By {field}", _table([field, *(titles.BRIEF[key] for key in keys)], rows)))
    for family, each in report.labels.items():
        parts.append(_section(titles.FAMILIES[family], _labels(family, each, region)))
    parts.append(_section("Calibration: the share that is right (and how many claims), by score", _calibration(report)))
    for family, confusion in report.confusion.items():
        title = f"{titles.CONFUSIONS[family]}: rows are what was labeled, columns what was read"
        parts.append(_section(title, _confusion(family, confusion, region)))
    parts.append(_section("Surest wrong claims", *(_mistake(one, region) for one in report.wrong)))
    parts.append(_section("Surest misses", *(_mistake(one, region) for one in report.missed)))
    return Group(*parts)


def _section(title: str, *parts: RenderableType) -> RenderableType:
    return Group(Text(safe(title), "bold"), *(parts or ("none",)), "")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> Table:
    """Return a table of one column of text and columns of figures."""
    head = any(headings)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, show_header=head, header_style="dim")
    table.add_column(headings[0], overflow="fold", min_width=_FIRST)
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    for first, *rest in rows:
        table.add_row(safe(str(first)), *rest)
    return table


def _totals(report: Report) -> RenderableType:
    return _table(["", ""], ([titles.FIGURES[key], figure(key, value)] for key, value in report.totals.items()))


def _figure(key: str, figures: Mapping[str, int | float]) -> str:
    return figure(key, figures[key]) if key in figures else ""


def _labels(family: str, each: Mapping[str, Tally], region: Region) -> Table:
    headings = ["", "precision", "recall", "F1", "labeled"]
    return _table(headings, ([code_title(family, code, region), *_tally(one)] for code, one in each.items()))


def _tally(one: Tally) -> list[str | Text]:
    style = "green" if one.f1 >= _GOOD else "yellow" if one.f1 >= _FAIR else "red"
    return [f"{one.precision:.3f}", f"{one.recall:.3f}", Text(f"{one.f1:.3f}", style), str(one.support)]


def _calibration(report: Report) -> Table:
    """Return a column a family and kind of score: the expected error, then the share right in each bin."""
    columns = [(family, kind) for family, kinds in report.calibration.items() for kind in kinds]
    each = [report.calibration[family][kind].bins for family, kind in columns]
    errors = (f"{report.calibration[family][kind].error:.3f}" for family, kind in columns)
    rows = [["error", *errors]]
    for place in range(BINS):
        start, end = place / BINS, (place + 1) / BINS
        found = [next((one for one in bins if one.start == start), None) for bins in each]
        cells = [_bin(one, counted=kind == "claimed") for one, (_, kind) in zip(found, columns, strict=True)]
        rows.append([f"{start} to {end}", *cells])
    return _table(["score", *(f"{family}\n{kind}" for family, kind in columns)], rows)


def _bin(one: Bin | None, *, counted: bool) -> str:
    """Return the share right, with the count where there is room for it."""
    if one is None:
        return ""
    return f"{one.right:.2f} {one.count:>5}" if counted else f"{one.right:.2f}"


def _confusion(family: str, confusion: Confusion, region: Region) -> Table:
    """Return the counts; columns bear the numbers of the rows, so that many of them fit."""
    numbered = [f"{number} {code_name(family, code, region)}" for number, code in enumerate(confusion.codes, 1)]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", overflow="fold")
    for number in range(1, len(numbered) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for row, (name, counts) in enumerate(zip(numbered, confusion.counts, strict=True)):
        table.add_row(safe(name), *(_cell(count, right=column == row) for column, count in enumerate(counts)))
    return table


def _cell(count: int, *, right: bool) -> Text:
    return Text(str(count), "green" if right else "red") if count else Text("·", "dim")


def _mistake(one: Mistake, region: Region) -> RenderableType:
    row = one.case.row
    score = "" if one.score is None else f"{one.score:.2f} "
    text = safe(" ".join(row.text.split()))
    text = text[:_LONGEST] + ("…" if len(text) > _LONGEST else "")
    head = Text(safe(f"{score}{code_title(one.family, one.code, region)}")).append(safe(f"  {row.id}"), "dim")
    body = Group(
        *chop_cells(text, _WIDTH),  # rich would break Chinese only at its spaces
        Text("labeled  ", "dim").append(safe(_listed(one.case.gold)), "green"),
        Text("read     ", "dim").append(safe(_listed(one.case.found)), "yellow"),
    )
    return Group(head, Padding(body, (0, 0, 0, 2), expand=False))


def _listed(codes: Callable[[str], Iterable[str]]) -> str:
    return " · ".join(" ".join(codes(family)) or "none" for family in FAMILIES)
