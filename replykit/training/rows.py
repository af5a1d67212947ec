"""Labeled messages to train on: which files, every text once, and the codes that they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from replykit import labeled
from replykit.classifier.codes import Codes
from replykit.errors import InputError
from replykit.labeled import Row


def training_files(folders: Iterable[Path]) -> list[Path]:
    """Return the JSONL files of `folders` (or the files named) but those with `dev` or `test` in their names.

    Raises InputError E101 where a folder is missing or holds none.
    """
    return [path for folder in folders for path in _files(folder)]


def _files(folder: Path) -> list[Path]:
    files = [path for path in labeled.files(folder) if path == folder or not labeled.held_out(path)]
    if not files:
        hint = "one JSON object a line: id, text, types, emotion, intensity, signals, demands (docs/training.md)"
        raise InputError("E101", f"{folder}: no *.jsonl to train on", hint)
    return files


def read(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all files, texts that repeat once. Raises InputError E101 or E110 naming file and line."""
    rows: dict[str, Row] = {}
    for row in labeled.read(paths):
        rows.setdefault(row.text, row)
    return list(rows.values())


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
