"""TOML files checked against a pydantic model, with errors that name file and line and suggest a key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar

import tomli
from pydantic import BaseModel, ConfigDict, ValidationError

from replykit.errors import ReplykitError

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


class Strict(BaseModel):
    """A table of a TOML file: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


Model = TypeVar("Model", bound=BaseModel)


def parse(text: str, name: str, model: type[Model], error: type[ReplykitError], codes: tuple[str, str]) -> Model:
    """Return `text`, the contents of the file `name`, as a `model`.

    Raises `error` with `codes[0]` when the text is not TOML and with `codes[1]` when a key or value is wrong; the
    message begins with `name:line`.
    """
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as problem:
        found = re.search(r"at line (\d+)", str(problem))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise error(codes[0], f"{name}:{line}: not valid TOML: {problem}", _quote(text, line)) from problem
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise _explain(problem, text, name, model, error, codes[1]) from problem


def _explain(
    problem: ValidationError, text: str, name: str, model: type[BaseModel], error: type[ReplykitError], code: str
) -> ReplykitError:
    # A misspelt key also leaves the right one missing: the misspelling is what to show.
    first = min(problem.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    path = [part for part in first["loc"] if isinstance(part, str | int)]
    where = ".".join(map(str, path)) or "the file"
    line = locate(text, path)
    if first["type"] == "extra_forbidden":
        close = get_close_matches(str(path[-1]), _fields(model, path[:-1]), n=1, cutoff=0.5)
        advice = f"did you mean {close[0]!r}? " if close else ""
        return error(code, f"{name}:{line}: unknown key {where!r}", advice + _quote(text, line))
    more = len(problem.errors()) - 1
    also = f" (and {more} more)" if more else ""
    return error(code, f"{name}:{line}: {where}: {first['msg']}{also}", _quote(text, line))


def _quote(text: str, line: int) -> str:
    lines = text.splitlines()
    return f"line {line} reads: {lines[line - 1].strip()}" if 0 < line <= len(lines) else "see the end of the file"


def _fields(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the keys known at `path` of `model`, descending through lists and mappings of tables."""
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        inner = _table(model.model_fields[part].annotation)
        if inner is not None:
            model = inner
    return [field.alias or key for key, field in model.model_fields.items()]


def _table(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_table(argument) for argument in getattr(annotation, "__args__", ()))
    return next((table for table in found if table is not None), None)


def locate(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) of the key at `path`, or of the nearest table or key above it that is written out."""
    written = _lines(text)
    above = (tuple(path[:depth]) for depth in range(len(path), 0, -1))
    return next((written[one] for one in above if one in written), 1)


@lru_cache(maxsize=4)
def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of every table header and key that is written out."""
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _names(header.group(2))
            if header.group(1) == "[[":
                key = header.group(2).strip()
                counts[key] = counts.get(key, -1) + 1
                table = (*table, counts[key])
            lines.setdefault(table, number)
        elif key_match := _KEY.match(line):
            lines.setdefault((*table, *_names(key_match.group(1))), number)
    return lines


def _names(dotted: str) -> tuple[str | int, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
