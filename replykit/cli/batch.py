"""`replykit batch analyze|reply|review`: the same work over a file."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from replykit.cli import options, streams
from replykit.cli.options import Ignore, Now, Role, Select, Store, Where, Writer
from replykit.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE, InputError
from replykit.types import SEVERITIES

if TYPE_CHECKING:
    from replykit.batch.flat import Job
    from replykit.batch.run import Batch, Summary
    from replykit.pipeline import Kit

_CHINA = timezone(timedelta(hours=8))  # the zone of all three regions
batch = typer.Typer(no_args_is_help=True, help="Work over a whole file: JSONL, CSV, XLSX or Parquet, by its ending.")

Source = Annotated[Path, typer.Argument(metavar="INPUT", help="Rows to work on.", show_default=False)]
Target = Annotated[
    Path, typer.Option("-o", "--output", metavar="OUTPUT", help="Where the rows go.", show_default=False)
]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="How many processes share the work.")]
Engine = Annotated[str, typer.Option("--engine", help="What runs it: local.", metavar="local")]
Page = Annotated[Path | None, typer.Option("--report", metavar="FILE.html", help="One page about it all, for people.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a stopped run: rows already done are kept.")]


@batch.command(epilog="Example: replykit batch analyze messages.csv -o analyzed.xlsx --report report.html")
def analyze(
    input: Source,
    output: Target,
    region: Where = None,
    now: Now = None,
    engine: Engine = "local",
    workers: Workers = 1,
    report: Page = None,
    resume: Resume = False,
) -> None:
    """Analyze each row's `text`."""
    _run("analyze", input, output, engine, {"region": region}, {}, now, workers=workers, report=report, resume=resume)


@batch.command(epilog="Example: replykit batch reply messages.jsonl -o drafts.jsonl --workers 2 --resume")
def reply(
    input: Source,
    output: Target,
    store: Store = None,
    region: Where = None,
    role: Role = None,
    writer: Writer = None,
    now: Now = None,
    engine: Engine = "local",
    workers: Workers = 1,
    report: Page = None,
    resume: Resume = False,
) -> None:
    """Draft a reply to each row's `text`; a row's own `order`, `store` and `region` count for it."""
    settings = {"store": store, "region": region, "role": role, "writer": writer}
    _run("reply", input, output, engine, settings, {}, now, workers=workers, report=report, resume=resume)


@batch.command(epilog="Example: replykit batch review sent.xlsx -o reviewed.xlsx --report report.html")
def review(
    input: Source,
    output: Target,
    store: Store = None,
    region: Where = None,
    role: Role = None,
    now: Now = None,
    select: Select = None,
    ignore: Ignore = None,
    engine: Engine = "local",
    workers: Workers = 1,
    report: Page = None,
    resume: Resume = False,
) -> None:
    """Review each row's `reply`, against its `message`, `order` and `store` where it has them."""
    settings = {"store": store, "region": region, "role": role}
    chosen = {"select": select, "ignore": ignore}
    _run("review", input, output, engine, settings, chosen, now, workers=workers, report=report, resume=resume)


def _run(
    job: Job,
    source: Path,
    target: Path,
    engine: str,
    settings: dict[str, Any],
    chosen: dict[str, list[str] | None],
    now: str | None,
    **how: Any,
) -> None:
    """Do the batch, say what came of it, and set the exit code."""
    from replykit.batch.jobs import Task
    from replykit.batch.run import Batch, check, run

    gc.enable()  # cli.main turns it off for short commands; this one may run for hours

    if engine != "local":
        raise InputError("E105", f"no engine {engine!r}", "known: local; --workers N uses more processes")
    at = streams.read_now(now)
    kit = options.load_kit(**settings)
    known = [rule.code for rule in kit.rules]
    rules: dict[str, Any] = {key: options.codes(given, known) for key, given in chosen.items()}
    task = Task(job, _clock(at, kit), **settings, **rules)
    whole = Batch(task, source, target, fixed=at is not None, report_region=_home(kit), **how)
    check(whole)
    if job == "reply" and kit.policy is None:
        streams.note(
            "store: rows that name none take the bundled one that fits their region; or choose with --store NAME"
        )
    if not whole.resume and target.with_name(f"{target.name}.part").is_file():
        streams.note("an unfinished run stands beside the output; this one begins anew (--resume goes on with it)")
    with _progress(source.name) as tick:
        summary = _stoppable(run, whole, tick)
    _report(summary)
    raise typer.Exit(_exit_code(job, summary, kit))


def _stoppable(run: Callable[[Batch], Summary], whole: Batch, tick: Callable[[int], None]) -> Summary:
    from dataclasses import replace

    try:
        return run(replace(whole, tick=tick))
    except KeyboardInterrupt:
        if whole.target.with_name(f"{whole.target.name}.part").is_file():
            streams.note("stopped; what is done is kept: run it again with --resume to go on")
        raise


def _clock(at: datetime | None, kit: Kit) -> datetime:
    """Return an aware time: the one given, in the store's zone if it has none; else now, once for all rows."""
    zone = ZoneInfo(kit.policy.timezone) if kit.policy else _CHINA
    if at is None:
        return datetime.now(zone).replace(microsecond=0)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _home(kit: Kit) -> Any:
    return kit.config.region or (kit.policy.region if kit.policy else "zh-CN")


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int], None]]:
    """Give what shows how many rows are done: a moving line in a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from replykit.terminal import console, safe

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:.0f} rows"), TimeElapsedColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as progress:
        bar = progress.add_task(safe(title), total=None)
        yield lambda done: progress.update(bar, completed=done)


def _report(summary: Summary) -> None:
    counts = summary.counts()
    errors = "".join(f", {code} {count}" for code, count in counts["errors"].items())
    kept = f", {summary.kept} kept from the earlier run" if summary.kept else ""
    failed = summary.rows - summary.ok
    streams.note(f"{summary.rows} rows: {summary.ok} ok, {failed} with an error{errors}{kept}; {summary.seconds:.1f} s")
    if counts["verdicts"]:
        streams.note("verdicts: " + ", ".join(f"{code} {count}" for code, count in counts["verdicts"].items()))


def _exit_code(job: Job, summary: Summary, kit: Kit) -> int:
    """Return 1 for findings of a review, 2 when not one row could be used, else 0: a bad row is counted, no failure."""
    if summary.rows and not summary.ok:
        return EXIT_USAGE
    least = SEVERITIES.index(kit.config.fail_on)
    grave = any(summary.severities[one] for one in SEVERITIES[least:])
    return EXIT_FINDINGS if grave and job == "review" else EXIT_CLEAN
