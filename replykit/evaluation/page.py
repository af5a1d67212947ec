"""A report as one HTML page with plots. It loads nothing, so it works offline and may be mailed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jinja2
from markupsafe import Markup

from replykit import __version__
from replykit.evaluation import plots, titles
from replykit.evaluation.calibration import Reliability
from replykit.evaluation.cases import FAMILIES
from replykit.evaluation.report import Report
from replykit.render import legal
from replykit.types import Region


def page(report: Report, region: Region) -> str:
    """Return the page; codes stand beside what `region` calls them. Needs the extra `evaluate`."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("replykit", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: legal(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(titles=titles, families=FAMILIES, version=__version__)
    drawn = {
        "bars": {family: Markup(plots.bars(family, each, region)) for family, each in report.labels.items() if each},
        "curves": {family: Markup(plots.curve(kinds)) for family, kinds in _scored(report)},
        "heats": {family: Markup(plots.heat(family, one, region)) for family, one in report.confusion.items()},
    }
    return environment.get_template("evaluation.html.j2").render(report=report, region=region, **drawn)


def _scored(report: Report) -> Iterator[tuple[str, Mapping[str, Reliability]]]:
    return ((family, kinds) for family, kinds in report.calibration.items() if any(one.count for one in kinds.values()))
