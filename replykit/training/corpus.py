"""Unlabelled text for pre-training: every `text` of JSONL files, plain or `.xz`, folded and cut into short pieces."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from replykit.classifier.folded import folded
from replykit.errors import InputError
from replykit.labeled import held_out

LONGEST = 180  # characters of a piece: nearly all messages are shorter
_CUT = re.compile(r"[;,!?]")
_FIELDS = ("text", "message", "reply")


def read(paths: Iterable[Path]) -> list[str]:
    """Return the distinct pieces of all texts under `paths` (files, or folders of `*.jsonl` and `*.jsonl.xz`).

    Of a folder, files with `dev` or `test` in their names are left out: even unlabelled, their texts must stay unseen.
    Raises InputError E101.
    """
    texts: dict[str, None] = {}
    for file in (file for path in paths for file in _files(path)):
        texts |= dict.fromkeys(map(folded, _texts(file)))
    return [piece for text in texts for piece in _pieces(text)]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [file for file in sorted((*path.glob("*.jsonl"), *path.glob("*.jsonl.xz"))) if not held_out(file)]


def _texts(path: Path) -> Iterator[str]:
    try:
        with _open(path) as lines:
            for line in lines:
                row = json.loads(line)
                yield from (row[field] for field in _FIELDS if isinstance(row.get(field), str))
    except (OSError, ValueError, AttributeError, lzma.LZMAError) as problem:
        raise InputError("E101", f"{path}: cannot be read: {problem}", "JSONL with `text`, plain or .xz") from problem


def _open(path: Path) -> IO[str]:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        ends = [mark.end() for mark in _CUT.finditer(text, 0, LONGEST)]
        cut = ends[-1] if ends and ends[-1] >= LONGEST // 3 else LONGEST
        yield text[:cut]
        text = text[cut:]
    if len(text) > 3:
        yield text
