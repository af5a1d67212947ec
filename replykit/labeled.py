"""Labeled messages: JSONL files with `id, text, types, emotion, emotion2, intensity, signals, demands`, checked.

A row may also hold `facts` and `urgency`. Of its further keys, those with a text, a number or a truth are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, get_args

from replykit.errors import InputError
from replykit.types import Level

_LISTS = ("types", "signals", "demands")
_HELD_OUT = ("dev", "test")  # files with these in their names are never trained on
_KNOWN = ("id", "text", *_LISTS, "emotion", "emotion2", "intensity", "facts", "urgency")
_SHORT = (str, int, float)


class Stated(NamedTuple):
    """A fact that a reader marked: its kind, the exact words, and their normalized value."""

    kind: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One message and what a reader labeled in it; types come most important first.

    `facts` and `urgency` are None where nobody labeled them; `fields` holds the row's further keys, as text.
    """

    id: str
    text: str
    types: tuple[str, ...]
    emotion: str
    emotion2: str | None
    intensity: int
    signals: tuple[str, ...]
    demands: tuple[str, ...]
    facts: tuple[Stated, ...] | None = None
    urgency: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)


def held_out(path: Path) -> bool:
    """Tell whether a file is for reporting only: it has `dev` or `test` in its name."""
    return any(word in path.stem for word in _HELD_OUT)


def files(place: Path) -> list[Path]:
    """Return a file as it is, and the `*.jsonl` of a folder by name; nothing where there are none."""
    return [place] if place.is_file() else sorted(place.glob("*.jsonl"))


def read(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all files. Raises InputError E101 or E110 naming file and line."""
    return [row for path in paths for row in _rows(path)]


def _rows(path: Path) -> Iterator[Row]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # str.splitlines would cut at U+2028 inside a text
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
    if value.get("urgency") not in (None, *get_args(Level)):
        raise ValueError(f"urgency is {', '.join(get_args(Level))}, not {value['urgency']!r}")
    return Row(
        str(value.get("id", name)),
        value["text"],
        emotion=value["emotion"],
        emotion2=value.get("emotion2") or None,
        intensity=value["intensity"],
        facts=_facts(value.get("facts")),
        urgency=value.get("urgency"),
        fields={
            key: str(one) for key, one in value.items() if key not in _KNOWN and isinstance(one, str | int | float)
        },
        **lists,
    )


def _facts(value: Any) -> tuple[Stated, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(_is_fact(one) for one in value):
        raise TypeError("facts is a list of objects with kind, text and value")
    return tuple(Stated(one["kind"], one["text"], one["value"]) for one in value)


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), str) for key in Stated._fields)
