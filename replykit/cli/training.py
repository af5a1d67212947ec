"""`replykit train`: a reader from labelled messages."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replykit.cli import streams
from replykit.errors import InputError
from replykit.terminal import console

if TYPE_CHECKING:
    from rich.progress import TaskID

_NEEDED = ("torch", "transformers", "sklearn", "onnx")
Data = Annotated[
    list[Path],
    typer.Option("--data", metavar="DIR", help="Labelled JSONL; files named dev or test are left out. Repeatable."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the reader goes; a stopped run goes on there.")]
Base = Annotated[str, typer.Option("--base", help="bundled, scratch, a folder, or a model id of a hub.")]
Text = Annotated[
    list[Path] | None, typer.Option("--unlabelled", metavar="DIR", help="Text to pre-train on, with --base scratch.")
]
Epochs = Annotated[int | None, typer.Option("--epochs", min=1, help="Passes over the labelled rows.")]
Steps = Annotated[int | None, typer.Option("--steps", min=1, help="Of pre-training, with --base scratch.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed and rows give the same reader.")]
Threads = Annotated[int, typer.Option("--threads", min=1, help="As many as there are idle cores.")]


def train(
    data: Data,
    out: Out,
    base: Base = "bundled",
    unlabelled: Text = None,
    epochs: Epochs = None,
    steps: Steps = None,
    seed: Seed = 0,
    threads: Threads = 1,
) -> None:
    """Train a reader on labelled messages; name its folder under `[model] path` in replykit.toml."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError("E108", f"training needs {', '.join(missing)}", "pip install 'replykit[train]'")
    gc.enable()  # cli.main turns it off for short commands; this one may run for hours
    from replykit.training import course, finetune, pretrain

    wanted = course.Course(
        tuple(data),
        out,
        base,
        tuple(unlabelled or ()),
        pretraining=pretrain.Plan(**({"steps": steps} if steps else {})),
        teaching=finetune.Plan(**({"epochs": epochs} if epochs else {})),
        seed=seed,
        threads=threads,
    )
    with _bars() as progress:
        report = course.run(wanted, progress)
    streams.write(f"{out}: trained on {report['rows']} rows; on {report['held_out']} held out, F1:")
    families = report["families"]
    assert isinstance(families, dict)
    for family, figures in families.items():
        error = f"{figures['calibration_error_before']:.3f} to {figures['calibration_error']:.3f}"
        streams.write(f"  {family:10} {figures['f1']:.3f}   calibration error {error}")
    streams.write(f'use it: [model] path = "{out}" in replykit.toml')


@contextmanager
def _bars() -> Iterator[Callable[..., None]]:
    """Yield what draws one bar a step on standard error; away from a terminal it writes a line at each step's end."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    screen = console(sys.stderr)
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int, loss: float | None = None) -> None:
            said = "" if loss is None else f"loss {loss:.3f}"
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total, loss=said)
            bars.update(tasks[step], completed=done, loss=said)
            if done == total and not screen.is_terminal:
                streams.note(f"{step}: {done} of {total} {said}".rstrip())

        yield tell
