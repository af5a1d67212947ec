"""Plots of a report as SVG, drawn by Altair on this machine: a page that holds them needs no script and no network."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

import altair as alt

from replykit.evaluation.calibration import Reliability
from replykit.evaluation.confusion import Confusion
from replykit.evaluation.figures import Tally
from replykit.evaluation.titles import KINDS, code_name, code_title
from replykit.types import Region

FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
BLUE, ORANGE, TEAL, INK, FAINT = "#3f6bb5", "#d9822b", "#2a9d8f", "#344054", "#98a2b3"
_BAR, _CELL = 22, 26  # pixels of a bar with its gap, of a cell
_WIDTH, _SIDE = 260, 230  # pixels of the longest bar, of a reliability curve
_AXIS: dict[str, Any] = {
    "labelLimit": 400,
    "labelColor": INK,
    "labelFontSize": 12,
    "labelFlush": False,
    "titleColor": INK,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "gridColor": "#eaecf0",
    "domainColor": "#d0d5dd",
    "tickColor": "#d0d5dd",
}


def bars(family: str, each: Mapping[str, Tally], region: Region) -> str:
    """Return F1 of each code as bars, with precision and recall as marks, the most frequent code first."""
    tallies = {f"{code_title(family, code, region)} ({one.support})": one for code, one in each.items()}
    figures = [{"code": code, "F1": one.f1} for code, one in tallies.items()]
    marks = [
        {"code": code, "figure": figure, "value": value}
        for code, one in tallies.items()
        for figure, value in (("precision", one.precision), ("recall", one.recall))
    ]
    rows = alt.Y("code:N", sort=None, title=None)
    base = alt.Chart(_data(figures)).encode(y=rows)
    bar = base.mark_bar(color=BLUE, opacity=0.35, height=14, cornerRadiusEnd=2).encode(x=alt.X("F1:Q", **_share("F1")))
    text = base.mark_text(align="left", color=INK).encode(x=alt.value(_WIDTH + 12), text=alt.Text("F1:Q", format=".2f"))
    kinds = ["precision", "recall"]
    mark = (
        alt.Chart(_data(marks))
        .mark_point(filled=True, size=48, opacity=1)
        .encode(
            y=rows,
            x="value:Q",
            color=alt.Color("figure:N", scale=alt.Scale(domain=kinds, range=[TEAL, ORANGE]), title=None),
            shape=alt.Shape("figure:N", scale=alt.Scale(domain=kinds, range=["triangle-right", "circle"]), title=None),
        )
    )
    return _svg((bar + mark + text).properties(width=_WIDTH, height=alt.Step(_BAR)))


def curve(kinds: Mapping[str, Reliability]) -> str:
    """Return the reliability of one family: the share right of each bin, beside the line where it should lie."""
    rows = [
        {"score": part.score, "right": part.right, "count": part.count, "kind": KINDS[kind]}
        for kind, one in kinds.items()
        for part in one.bins
    ]
    ideal = alt.Chart(_data([{"score": 0, "right": 0}, {"score": 1, "right": 1}]))
    dashed = ideal.mark_line(color=FAINT, strokeDash=[4, 4]).encode(x="score:Q", y="right:Q")
    names = [KINDS[kind] for kind in kinds]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("score:Q", **_share("score")),
        y=alt.Y("right:Q", **_share("share right")),
        color=alt.Color("kind:N", scale=alt.Scale(domain=names, range=[BLUE, ORANGE]), title=None),
    )
    size = alt.Size("count:Q", scale=alt.Scale(type="log", range=[12, 160]), legend=None)
    points = base.mark_point(filled=True, opacity=0.9).encode(size=size)
    return _svg((dashed + base.mark_line() + points).properties(width=_SIDE, height=_SIDE))


def heat(family: str, confusion: Confusion, region: Region) -> str:
    """Return what was labeled by what was read: counts, shaded by their share of what was labeled."""
    rows = [code_title(family, code, region) for code in confusion.codes]
    columns = [code_name(family, code, region) for code in confusion.codes]
    cells = [
        {"labeled": row, "read": column, "count": count, "share": count / sum(counts)}
        for row, counts in zip(rows, confusion.counts, strict=True)
        for column, count in zip(columns, counts, strict=True)
        if count
    ]
    top = alt.Axis(orient="top", labelAngle=-45)
    base = alt.Chart(_data(cells)).encode(
        x=alt.X("read:N", scale=alt.Scale(domain=columns), title="read", axis=top),
        y=alt.Y("labeled:N", scale=alt.Scale(domain=rows), title=None),
    )
    shade = alt.Color("share:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    ink = alt.when("datum.share > 0.55").then(alt.value("white")).otherwise(alt.value(INK))
    counts = base.mark_text(fontSize=11).encode(text="count:Q", color=ink)
    drawn = base.mark_rect(cornerRadius=2).encode(color=shade) + counts
    return _svg(drawn.properties(width=alt.Step(_CELL), height=alt.Step(_CELL)))


def _data(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _share(title: str) -> dict[str, Any]:
    """Return the settings of an axis from 0 to 1."""
    axis = alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1], format=".1f")
    return {"title": title, "scale": alt.Scale(domain=[0, 1]), "axis": axis}


def _svg(chart: alt.LayerChart) -> str:
    settled = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(**_AXIS)
        .configure_legend(orient="bottom", labelFontSize=12, labelColor=INK)
    )
    stream = StringIO()
    settled.save(stream, format="svg")
    return stream.getvalue()
