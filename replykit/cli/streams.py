"""Standard input, output and error: texts in, one answer out, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from replykit.errors import InputError, ReplykitError
from replykit.terminal import console, safe

if TYPE_CHECKING:
    from rich.console import RenderableType

    from replykit.types import Order


def prepare() -> None:
    """Let no character stop the output: what the terminal's encoding lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def read_text(argument: str) -> str:
    """Return the text of an argument; `-` reads standard input, whose last line break is no part of the text.

    Raises InputError E102 when standard input is not UTF-8.
    """
    if argument != "-":
        return argument
    if sys.stdin.isatty():
        note("reading standard input; end it with Ctrl-D")
    return decode(sys.stdin.buffer.read(), "standard input").removesuffix("\n").removesuffix("\r")


def decode(data: bytes, name: str) -> str:
    """Return UTF-8 bytes as text without a byte order mark, or raise InputError E102 saying where they fail."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        advice = "save it as UTF-8, or convert it first: iconv -f GB18030 -t UTF-8"
        raise InputError("E102", f"{name} is not UTF-8 (byte {problem.start}, line {line})", advice) from problem


def read_order(path: Path | None) -> Order | None:
    """Return the order facts of a JSON file, or raise InputError E101, E102 or E106."""
    if path is None:
        return None
    from replykit.wire import order_from_json

    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as problem:
        raise InputError("E101", f"{path}: {problem.strerror or problem}", "check the path of --order") from problem
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise InputError("E106", f"{path}: not JSON: {problem}", "docs/interface.md shows an order file") from problem
    return order_from_json(data)


def read_now(text: str | None) -> datetime | None:
    """Return the time of `--now`; one without an offset is in the store's zone. Raises InputError E105."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as problem:
        advice = "write ISO 8601, such as 2026-11-24T15:00:00+08:00"
        raise InputError("E105", f"--now {text!r} is not a time", advice) from problem


def show(view: RenderableType, *, on_error: bool = False) -> None:
    """Print something for a person."""
    console(sys.stderr if on_error else sys.stdout).print(view)


def answer(data: object) -> None:
    """Print one JSON object: readable in a terminal, one line in a pipe."""
    from replykit.wire import dumps

    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    write(dumps(data, indent=2 if sys.stdout.isatty() else None, ascii_only=encoding != "utf8"))


def write(text: str) -> None:
    """Print a text as it is, with a line break at its end; a lone surrogate is written as its escape."""
    words = text.encode("utf-8", "backslashreplace").decode("utf-8")
    sys.stdout.write(words if words.endswith("\n") else words + "\n")


def note(text: str) -> None:
    """Say something on standard error."""
    print(safe(text), file=sys.stderr, flush=True)


def debugging() -> bool:
    """Tell whether REPLYKIT_DEBUG asks for tracebacks."""
    return os.environ.get("REPLYKIT_DEBUG", "") not in ("", "0")


def complain(problem: Exception, *, debug: bool = False) -> int:
    """Say on standard error what went wrong and what to do, and return the exit code."""
    if debug or debugging():
        traceback.print_exception(problem, file=sys.stderr)
    if isinstance(problem, ReplykitError):
        note(f"error {problem.code}: {problem.message}")
        if problem.hint:
            note(f"  hint: {problem.hint}")
        return problem.exit_code
    if isinstance(problem, OSError):
        note(f"error: {problem}")
        note("  hint: the system refused; check disk space, rights and memory")
        return ReplykitError.exit_code
    note(f"error: unexpected {type(problem).__name__}: {problem}")
    note("  hint: this is a bug of replykit or of a plugin; run it again with --debug and report what it prints")
    return ReplykitError.exit_code


def abandon() -> None:
    """Point standard output at nothing, after its reader has gone, so that the last flush stays quiet."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def leave(code: int) -> NoReturn:
    """End the process with `code`, without taking it apart first: that is a tenth of the time of a short command."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody reads it any more
            continue
    os._exit(code)
