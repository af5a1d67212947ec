"""Labelled messages: JSONL files with `id, text, types, emotion, emotion2, intensity, signals, demands`, checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replykit.classifier.codes import Codes
from replykit.errors import InputError

_LISTS = ("types", "signals", "demands")
_HELD_OUT = ("dev", "test")  # files with these in their names are never trained on


@dataclass(frozen=True, slots=True)
class Row:
    """One message and what a reader labelled in it; types come most important first."""

    id: str
    text: str
    types: tuple[str, ...]
    emotion: str
    emotion2: str | None
    intensity: int
    signals: tuple[str, ...]
    demands: tuple[str, ...]


def training_files(folders: Iterable[Path]) -> list[Path]:
    """Return the JSONL files of `folders` (or the files named) but those with `dev` or `test` in their names.

    Raises InputError E101 where a folder is missing or holds none.
    """
    return [path for folder in folders for path in _files(folder, held_out=False)]


def held_out_files(folders: Iterable[Path]) -> list[Path]:
    """Return the JSONL files of `folders` with `dev` or `test` in their names: for reporting only."""
    return [path for folder in folders if folder.is_dir() for path in _files(folder, held_out=True)]


def _files(folder: Path, *, held_out: bool) -> list[Path]:
    if folder.is_file():
        return [folder]
    named = sorted(folder.glob("*.jsonl"))
    files = [path for path in named if any(word in path.stem for word in _HELD_OUT) == held_out]
    if not files and not held_out:
        hint = "one JSON object a line: id, text, types, emotion, intensity, signals, demands (docs/training.md)"
        raise InputError("E101", f"{folder}: no *.jsonl to train on", hint)
    return files


def read(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all files, texts that repeat once. Raises InputError E101 or E110 naming file and line."""
    rows: dict[str, Row] = {}
    for path in paths:
        for row in _rows(path):
            rows.setdefault(row.text, row)
    return list(rows.values())


def _rows(path: Path) -> Iterator[Row]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError("E101", f"{path}: cannot be read: {problem}", "save it as UTF-8 JSONL") from problem
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _row(json.loads(line), f"{path.stem}:{number}")
            except (KeyError, TypeError, ValueError) as problem:
                what = f"no key {problem}" if isinstance(problem, KeyError) else str(problem)
                raise InputError("E110", f"{path}:{number}: {what}", "docs/training.md shows a row") from problem


def _row(value: Any, name: str) -> Row:
    if not isinstance(value, dict):
        raise TypeError("a row is a JSON object")
    lists = {}
    for key in _LISTS:
        if not isinstance(value[key], list) or not all(isinstance(code, str) for code in value[key]):
            raise TypeError(f"{key} is a list of codes")
        lists[key] = tuple(dict.fromkeys(value[key]))
    if not isinstance(value["text"], str) or not isinstance(value["emotion"], str):
        raise TypeError("text and emotion are texts")
    if value["intensity"] not in (0, 1, 2, 3):
        raise ValueError(f"intensity is 0, 1, 2 or 3, not {value['intensity']!r}")
    second = value.get("emotion2") or None
    return Row(
        str(value.get("id", name)),
        value["text"],
        emotion=value["emotion"],
        emotion2=second,
        intensity=value["intensity"],
        **lists,
    )


def codes_of(rows: Sequence[Row], base: Codes | None = None) -> Codes:
    """Return the codes of `base`, then those that `rows` hold beside them, by name."""

    def joined(known: tuple[str, ...], found: Iterable[str]) -> tuple[str, ...]:
        return known + tuple(sorted(set(found) - set(known)))

    base = base or Codes((), (), (), ())
    return Codes(
        joined(base.types, (code for row in rows for code in row.types)),
        joined(base.emotions, (code for row in rows for code in (row.emotion, row.emotion2) if code)),
        joined(base.signals, (code for row in rows for code in row.signals)),
        joined(base.demands, (code for row in rows for code in row.demands)),
    )


def part_of(row: Row, parts: int) -> int:
    """Return which of `parts` equal parts a row belongs to: by its text, so that it never moves."""
    return int.from_bytes(hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).digest()[:4], "big") % parts
