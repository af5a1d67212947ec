"""A batch from beginning to end: read rows, do the task in one process or several, keep each result, write the table.

Results are in the order of the rows however many workers there are, so that the output is the same byte for byte.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

from replykit import render
from replykit.batch import writers
from replykit.batch.flat import COLUMNS, OBJECTS, flatten
from replykit.batch.jobs import TEXT, Load, Result, Task, Worker, load_kit
from replykit.batch.journal import Journal
from replykit.batch.rows import RAW, Row, kind_of, pyarrow, read
from replykit.errors import InputError, PluginError
from replykit.types import Region

_CHUNK = 16  # rows that travel to a worker together
_AHEAD = 3  # chunks a worker that wait for their turn


@dataclass(slots=True)
class Summary:
    """What came of a batch, by code, most frequent first."""

    rows: int = 0
    ok: int = 0
    kept: int = 0
    seconds: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    emotions: Counter[str] = field(default_factory=Counter)
    urgency: Counter[str] = field(default_factory=Counter)
    signals: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        """Count one row."""
        self.rows += 1
        if "error" in result:
            self.errors[result["error"]["code"]] += 1
            return
        self.ok += 1
        if analysis := result.get("analysis"):
            self.types.update(one["code"] for one in analysis["types"])
            self.emotions[analysis["emotion"]["primary"]] += 1
            self.urgency[analysis["urgency"]["level"]] += 1
            self.signals.update(one["code"] for one in analysis["signals"])
        if review := result.get("review"):
            self.verdicts[review["verdict"]] += 1
            self.findings.update({one["code"] for one in review["findings"]})
            self.severities.update(one["severity"] for one in review["findings"])

    def counts(self) -> dict[str, Any]:
        """Return the counts as plain numbers and dictionaries."""
        tables = ("errors", "types", "emotions", "urgency", "signals", "verdicts", "findings", "severities")
        ordered = {name: _ordered(getattr(self, name)) for name in tables}
        return {"rows": self.rows, "ok": self.ok, "kept": self.kept, **ordered}


def _ordered(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class Batch:
    """One run. `fixed`: the clock was given, so an earlier run's is none; `tick` hears how many rows are done."""

    task: Task
    source: Path
    target: Path
    workers: int = 1
    resume: bool = False
    fixed: bool = False
    report: Path | None = None
    report_region: Region = "zh-CN"
    load: Load = load_kit
    tick: Callable[[int], None] = lambda done: None


def run(batch: Batch) -> Summary:
    """Do the batch and return what came of it.

    Raises InputError (E101, E107, E108, E109) when input or output cannot be used at all. When it is stopped, what is
    done is kept beside the output for a run with `resume`.
    """
    began = time.monotonic()
    check(batch)
    journal = Journal(batch.target)
    now = journal.begin(batch.task, batch.source, resume=batch.resume, fixed=batch.fixed)
    kept = journal.done
    columns: dict[str, None] = {}

    def rows() -> Iterator[Row]:
        for row in read(batch.source):
            columns.update(dict.fromkeys(map(str, row.values)))
            if row.number > kept:
                yield row

    try:
        batch.tick(kept)
        for result in results(replace(batch.task, now=now), rows(), batch.workers, batch.load):
            journal.add(result)
            batch.tick(journal.done)
    except BaseException:
        if not journal.done:
            journal.remove()  # nothing is done: leave nothing behind
        raise
    finally:
        journal.close()
    summary = _finish(batch, journal, columns)
    summary.kept, summary.seconds = kept, time.monotonic() - began
    journal.remove()
    return summary


def check(batch: Batch) -> None:
    """Raise InputError before anything is read when a path cannot be used."""
    for path in (batch.source, batch.target):
        if kind_of(path) == ".parquet":
            pyarrow("lib")  # missing, it must not be missed after all the work
    if not batch.source.is_file():
        raise InputError("E101", f"{batch.source}: no such file", "check the path; INPUT is a file")
    outputs = [batch.target, *([batch.report] if batch.report else [])]
    for path in outputs:
        if path.is_dir():
            raise InputError("E109", f"{path} is a folder", "name a file")
        if not path.parent.is_dir():
            raise InputError("E109", f"{path}: there is no folder {path.parent}", f"mkdir -p {path.parent}")
    resolved = [path.resolve() for path in (batch.source, *outputs)]
    if len(set(resolved)) < len(resolved):
        raise InputError("E109", "input and outputs must be different files", "give -o and --report paths of their own")


def results(task: Task, rows: Iterable[Row], workers: int, load: Load) -> Iterator[Result]:
    """Yield the result of each row, in order, worked out here or by `workers` processes."""
    if workers <= 1:
        yield from map(Worker(task, load).work, rows)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (task, load))
    waiting: deque[Future[list[Result]]] = deque()
    source = iter(rows)
    try:
        while chunk := list(islice(source, _CHUNK)):
            waiting.append(pool.submit(_work, chunk))
            if len(waiting) >= workers * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as problem:
        advice = "what is done is kept: run it again with --resume, with fewer workers if memory was short"
        raise PluginError("E303", "a worker process died", advice) from problem
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_worker: Worker


def _start(task: Task, load: Load) -> None:
    """Make this process a worker: Ctrl-C is for the process that started it, and it ends when that one is gone."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := parent_process():
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _worker = Worker(task, load)


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _work(rows: list[Row]) -> list[Result]:
    return [_worker.work(row) for row in rows]


def _finish(batch: Batch, journal: Journal, columns: Iterable[str]) -> Summary:
    """Write the table, and the report where one is wanted, from the input's rows and the kept results."""
    job = batch.task.job
    summary = Summary()
    ours = {*OBJECTS[job], *COLUMNS[job], "error", "warnings"}
    given = [name for name in columns if name not in ours and name != RAW]
    raw = [RAW] if RAW in columns else []
    whole = kind_of(batch.target) == ".jsonl"

    def table() -> Iterator[dict[str, Any]]:
        for values, result in _merged(batch.source, journal, ours):
            summary.add(result)
            yield values | (result if whole else flatten(result, job))

    like = batch.source if kind_of(batch.source) == kind_of(batch.target) == ".parquet" else None
    writers.write(batch.target, table(), [*given, *COLUMNS[job], *raw], like)
    if batch.report:
        entries = (_entry(values, result, TEXT[job]) for values, result in _merged(batch.source, journal, ours))
        page = render.batch_page(entries, summary.counts(), batch.report_region)
        with writers.replacing(batch.report) as beside, beside.open("w", encoding="utf-8") as file:
            file.writelines(page)
    return summary


def _merged(source: Path, journal: Journal, ours: set[str]) -> Iterator[tuple[dict[str, Any], Result]]:
    for row, result in zip(read(source), journal.results(), strict=True):
        yield {key: value for key, value in row.values.items() if key not in ours}, result


def _entry(values: dict[str, Any], result: Result, text: str) -> dict[str, Any]:
    """Return one row as the report's page takes it: every text there, if only empty."""
    names = ("id", "text", "message", "reply", RAW)
    words = {name: "" if values.get(name) is None else str(values[name]) for name in names}
    shown = {"message": words["message"] or words["text"], "text": words[text] or words[RAW]}
    return {**words, **shown, **result}
