"""Rows read from JSONL, CSV, XLSX and Parquet files, one at a time, none dropped.

A row that cannot be read is a row all the same: it carries its error, and what stood there under the column `raw`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from replykit.errors import InputError

KINDS = (".jsonl", ".csv", ".xlsx", ".parquet")
RAW = "raw"
_CSV_LIMIT = 2**31 - 1  # the csv module's own limit is far below a long text
_ESCAPED = frozenset(map(chr, range(0xDC80, 0xDD00)))  # what surrogateescape makes of bytes that are no UTF-8
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number from 1, its columns, and why it could not be read."""

    number: int
    values: dict[str, Any]
    error: InputError | None = None


def kind_of(path: Path) -> str:
    """Return the kind of table that `path` is by its ending, or raise InputError E107."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError("E107", f"{path}: its ending names no kind of table", f"use {', '.join(KINDS)}")
    return kind


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of `path` in order; blank lines are not rows.

    Raises InputError: E101 when the file cannot be read, E107 for an unknown ending, E108 when a package is missing.
    """
    kind = kind_of(path)
    if not path.is_file():
        raise InputError("E101", f"{path}: no such file", "check the path; INPUT is a file")
    readers = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    try:
        yield from readers[kind](path)
    except OSError as problem:
        raise InputError("E101", f"{path}: cannot be read: {problem}", "check its rights") from problem


# --- JSONL


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        lines = (line.strip(b"\r\n\t ") for line in _unmarked(file))
        for number, line in enumerate(filter(None, lines), 1):
            yield _json_row(number, line)


def _unmarked(file: IO[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line


def _json_row(number: int, line: bytes) -> Row:
    try:
        values = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as problem:
        raw = line.decode("utf-8", "replace")
        error = InputError("E102", f"the line is not UTF-8 from byte {problem.start} on", "save the file as UTF-8")
        return Row(number, {RAW: raw}, error)
    except (ValueError, RecursionError) as problem:
        error = InputError("E104", f"the line is not JSON: {problem}", "write one JSON object a line")
        return Row(number, {RAW: line.decode("utf-8")}, error)
    if not isinstance(values, dict):
        error = InputError(
            "E104", f"the line is a JSON {json_type(values)}, not an object", "write one JSON object a line"
        )
        return Row(number, {RAW: line.decode("utf-8")}, error)
    return Row(number, values)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def json_type(value: object) -> str:
    """Return what JSON calls the kind of `value`."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


# --- CSV


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(_CSV_LIMIT)
    with path.open(encoding=encoding_of(path), errors="surrogateescape", newline="") as file:
        taken: list[str] = []  # the lines of the row being read, to show when it is none
        reader = csv.reader(_noted(file, taken), strict=True)
        header: list[str] = []
        number = 0
        while True:
            taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                number += 1
                raw = "".join(taken).encode("utf-8", "surrogateescape").decode("utf-8", "replace").rstrip("\r\n")
                advice = "close each quotation mark; write one inside a cell twice"
                yield Row(number, {RAW: raw}, InputError("E104", f"the row is not CSV: {problem}", advice))
                continue
            if not header:
                header = _distinct(cells)
            elif cells:
                number += 1
                yield _cells_row(number, header, cells)


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _cells_row(number: int, header: list[str], cells: list[str]) -> Row:
    if any(not _ESCAPED.isdisjoint(cell) for cell in cells):
        raw = ",".join(cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for cell in cells)
        return Row(number, {RAW: raw}, InputError("E102", "the row is not UTF-8", "save the file as UTF-8"))
    values = dict(zip(header, cells, strict=False)) | dict.fromkeys(header[len(cells) :], "")
    if len(cells) > len(header):
        error = InputError("E104", f"the row has {len(cells)} cells, the header {len(header)}", "quote the cells")
        return Row(number, values | {RAW: ",".join(cells)}, error)
    return Row(number, values)


def encoding_of(path: Path) -> str:
    """Return `utf-8-sig` or `gb18030`, as most lines beyond ASCII decode: spreadsheets in China still write GBK."""
    utf8 = other = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                utf8 += 1
            except UnicodeDecodeError:
                other += 1
    return "gb18030" if other > utf8 else "utf-8-sig"


# --- XLSX


def _xlsx(path: Path) -> Iterator[Row]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong size, which would hide rows
            yield from _sheet(sheet.iter_rows(values_only=True))
        finally:
            book.close()
    except Exception as problem:  # a broken workbook may raise anything from the layers below
        advice = "open it in a spreadsheet program and save it as .xlsx"
        raise InputError("E101", f"{path}: not an XLSX workbook: {problem}", advice) from problem


def _sheet(cells: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    header = _distinct("" if cell is None else str(cell) for cell in next(cells, ()))
    filled = (row for row in cells if any(cell is not None for cell in row))
    for number, row in enumerate(filled, 1):
        names = header + [""] * (len(row) - len(header))
        named = dict.fromkeys(filter(None, header)) | {
            name: cell for name, cell in zip(names, row, strict=False) if name
        }
        beyond = {f"column {at}": cell for at, cell in enumerate(row, 1) if cell is not None and not names[at - 1]}
        yield Row(number, named | beyond)


def _distinct(names: Iterable[str]) -> list[str]:
    """Number the second and later columns of one name, so that none is lost."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return distinct


# --- Parquet


def _parquet(path: Path) -> Iterator[Row]:
    parquet = pyarrow("parquet")
    try:
        file = parquet.ParquetFile(path)
        rows: Iterable[dict[str, Any]] = (row for part in file.iter_batches(_CHUNK) for row in part.to_pylist())
        for number, values in enumerate(rows, 1):
            yield Row(number, values)
    except pyarrow("lib").ArrowInvalid as problem:
        raise InputError("E101", f"{path}: not a Parquet file: {problem}", "check that it is whole") from problem


def pyarrow(name: str) -> Any:
    """Return the module `pyarrow.NAME`, or raise InputError E108 saying how to install it."""
    from importlib import import_module

    try:
        return import_module(f"pyarrow.{name}")
    except ImportError as problem:
        raise InputError("E108", "Parquet needs pyarrow", "pip install 'replykit[parquet]'") from problem
