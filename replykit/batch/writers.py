"""Finished rows written as JSONL, CSV, XLSX or Parquet: first beside the output, then in its place, whole or never.

What spreadsheets would run as a formula stays text. XLSX stores every text as text. In CSV a column of the input stays
as it was; our own columns get an apostrophe before `=`, `+`, `-` or `@`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from replykit.batch.flat import EVERY_COLUMN
from replykit.batch.rows import kind_of, pyarrow
from replykit.errors import InputError
from replykit.wire import dumps

Table = Iterable[Mapping[str, Any]]
CELL_LIMIT = 32_767  # what Excel takes in one cell
_LONG = ("text", "reply", "message", "draft.text", "review.findings")  # columns that are read, not glanced at
_CUT = "…[cut: the cell is full]"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
_NO_UTF8 = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def write(path: Path, rows: Table, columns: Sequence[str], like: Path | None = None) -> None:
    """Write `rows` to `path` by its ending. `columns` are a table's; JSONL keeps each row's own keys.

    `like`, a Parquet file, gives the types of its columns to a Parquet output. Raises InputError E107, E108, E109.
    """
    writers: dict[str, Callable[[Path, Table, Sequence[str]], None]] = {
        ".jsonl": _jsonl,
        ".csv": _csv,
        ".xlsx": _xlsx,
        ".parquet": lambda beside, table, names: _parquet(beside, table, names, like),
    }
    with replacing(path) as beside:
        writers[kind_of(path)](beside, rows, columns)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes the place of `path` when all went well."""
    beside = path.with_name(f".{path.name}.tmp")
    try:
        yield beside
        beside.replace(path)
    except OSError as problem:
        raise InputError("E109", f"{path}: cannot be written: {problem}", "check folder, rights and space") from problem
    finally:
        beside.unlink(missing_ok=True)


def _jsonl(path: Path, rows: Table, columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_line(row) + "\n" for row in rows)


def _line(row: object) -> str:
    try:
        return dumps(row)
    except ValueError:  # a NaN of a Parquet file, which JSON does not have
        return dumps(_finite(row))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _csv(path: Path, rows: Table, columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        writer = csv.writer(file)
        writer.writerow([name.translate(_NO_UTF8) for name in columns])
        for row in rows:
            writer.writerow([_csv_cell(name, row.get(name)) for name in columns])


def _csv_cell(column: str, value: object) -> object:
    value = plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        value = value.translate(_NO_UTF8)
        if column in EVERY_COLUMN and value.startswith(_FORMULA):
            return f"'{value}"
    return value


def plain(value: object) -> object:
    """Return what one cell can hold: lists and objects as JSON text, everything else as it is."""
    return _line(value) if isinstance(value, list | dict | tuple) else value


def _xlsx(path: Path, rows: Table, columns: Sequence[str]) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("replykit")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = 60 if name in _LONG else 16

    def cell(value: object) -> Any:
        value = plain(value)
        if _is_native(value):
            return value
        text = (value.isoformat() if isinstance(value, datetime | time) else str(value)).translate(_NO_XML)
        made = WriteOnlyCell(sheet, text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(_CUT)] + _CUT)
        made.data_type = "s"  # openpyxl takes a text that begins with = for a formula
        made.quotePrefix = text.startswith(_FORMULA)
        return made

    sheet.append([cell(name) for name in columns])
    for row in rows:
        sheet.append([cell(row.get(name)) for name in columns])
    book.save(path)


def _is_native(value: object) -> bool:
    """Tell whether Excel holds it as it is: it has no zones, no NaN, and fifteen digits."""
    if isinstance(value, datetime | time):
        return value.tzinfo is None
    if isinstance(value, int | float | Decimal):
        return isfinite(value) and -(10**15) < value < 10**15
    return value is None or isinstance(value, date)


def _parquet(path: Path, rows: Table, columns: Sequence[str], like: Path | None) -> None:
    arrow, parquet = pyarrow("lib"), pyarrow("parquet")
    held: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, values in held.items():
            values.append(row.get(name))
    types = {field.name: field.type for field in parquet.read_schema(like)} if like else {}
    arrays = [_array(arrow, values, types.get(name)) for name, values in held.items()]
    parquet.write_table(arrow.Table.from_arrays(arrays, names=list(columns)), path)


def _array(arrow: Any, values: list[Any], kind: Any) -> Any:
    """Return a column in the input's type, else in the one that fits, else as text."""
    if kind is None and all(value is None for value in values):
        kind = arrow.string()
    try:
        return arrow.array(values, type=kind)
    except (arrow.ArrowException, UnicodeError, OverflowError, TypeError, ValueError):
        text = [None if value is None else str(plain(value)).translate(_NO_UTF8) for value in values]
        return arrow.array(text, type=arrow.string())
