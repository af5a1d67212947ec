"""`replykit evaluate`: how well messages are read, measured on labeled ones."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replykit.cli import options, streams
from replykit.cli.options import Now
from replykit.errors import InputError
from replykit.terminal import console

if TYPE_CHECKING:
    from replykit.evaluation.cases import Case
    from replykit.evaluation.report import Report
    from replykit.pipeline import Kit
    from replykit.types import Region


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    json = "json"
    html = "html"


_PLOTTING = ("altair", "vl_convert")
_ENDINGS = {".json": Format.json, ".html": Format.html, ".htm": Format.html}
_CHINA = "Asia/Shanghai"
Data = Annotated[
    list[Path],
    typer.Argument(metavar="DATA...", help="Labeled JSONL, or folders: of one, its dev and test files, else all."),
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="FOLDER|bundled|none", help="The trained reader; else the configured one."),
]
Style = Annotated[Format | None, typer.Option("--format", help="Else by the ending of -o, else text.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where the report goes.")]
Worst = Annotated[int, typer.Option("--worst", min=0, metavar="N", help="How many of the worst errors of each kind.")]
By = Annotated[
    list[str] | None, typer.Option("--by", metavar="FIELD", help="Group by these keys of the rows. Repeatable.")
]


def evaluate(
    data: Data,
    model: Model = None,
    format: Style = None,
    output: Output = None,
    worst: Worst = 10,
    by: By = None,
    now: Now = None,
) -> None:
    """Compare what is read out of labeled messages with their labels: precision, recall, F1, calibration, errors."""
    output = None if output == Path("-") else output  # standard output, as elsewhere
    style = format or (_ENDINGS.get(output.suffix.lower()) if output else None) or Format.text
    gc.enable()  # cli.main turns it off for short commands; this one may run for minutes
    from replykit import intake
    from replykit.evaluation import cases, report

    at, files = streams.read_now(now), cases.files(data)
    _check(style, output, files)
    kit = _kit(model)
    clock = intake.clock(at, kit.policy.timezone if kit.policy else _CHINA)
    rows = cases.load(files)
    fields = report.fields(rows, by or ())
    options.warn(cases.strange(kit, rows))
    read = list(_shown(cases.read(kit, rows, clock), len(rows)))
    options.warn(dict.fromkeys(warning for case in read for warning in case.analysis.warnings))
    about = {
        "files": [str(file) for file in files],
        "model": kit.config.model.path,
        "now": clock.isoformat("T", "seconds"),
    }
    whole = report.report(read, worst=worst, by=fields, about=about)
    _print(whole, style, output, kit.config.region or (kit.policy.region if kit.policy else "zh-CN"))


def _check(style: Format, output: Path | None, files: list[Path]) -> None:
    """Raise InputError E108 or E109 before the work for what would stop it at its end."""
    missing = [name for name in _PLOTTING if find_spec(name) is None] if style is Format.html else []
    if missing:
        raise InputError("E108", f"plots need {', '.join(missing)}", "pip install 'replykit[evaluate]'")
    if output is None:
        return
    if output.is_dir() or not output.parent.is_dir():
        raise InputError("E109", f"{output}: no file can be written there", "choose a file in a folder that is there")
    if output.resolve() in [file.resolve() for file in files]:
        raise InputError("E109", f"{output} holds the labeled messages", "choose another file")


def _kit(model: str | None) -> Kit:
    """Return the configured kit with the trained reader that is named: none, bundled, or a folder."""
    from dataclasses import replace

    from replykit.config import load_config

    config = load_config()
    if model is not None:
        section = config.model.model_copy(update={"path": model})
        config = replace(config, model=section)
    return options.load_kit(config=config)


def _shown(cases: Iterable[Case], total: int) -> Iterator[Case]:
    """Yield the cases behind a bar on standard error, where that is a terminal."""
    from rich.progress import Progress

    screen = console(sys.stderr)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        yield from progress.track(cases, total=total, description="reading")


def _print(report: Report, style: Format, output: Path | None, region: Region) -> None:
    from replykit.evaluation.report import as_json

    if output is not None:
        _save(_written(report, style, region), output)
    elif style is Format.text:
        from replykit.evaluation.tables import report_view

        streams.show(report_view(report, region))
    elif style is Format.json:
        streams.answer(as_json(report))
    else:
        streams.write(_written(report, style, region))


def _written(report: Report, style: Format, region: Region) -> str:
    """Return the report as the content of a file."""
    if style is Format.html:
        from replykit.evaluation.page import page

        return page(report, region)
    if style is Format.json:
        from replykit.evaluation.report import as_json
        from replykit.wire import dumps

        return dumps(as_json(report), indent=1) + "\n"
    from replykit.evaluation.tables import report_view

    stream = StringIO()
    console(stream).print(report_view(report, region))
    return stream.getvalue()


def _save(text: str, output: Path) -> None:
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as problem:
        raise InputError(
            "E109", f"{output}: {problem.strerror or problem}", "choose a file that you may write to"
        ) from problem
    streams.note(f"{output}: written")
