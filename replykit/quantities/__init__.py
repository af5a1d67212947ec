"""The one reader of values in Chinese text: money, shares, spans of time, moments, counts.

The facts of a message, the guard that reads our drafts back, and the review rules all read values through `read`, so
that 三百元, ３００元 and 300块 are one amount everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from replykit.prefilter import Pattern, pattern
from replykit.quantities.dates import Direction, read_dates
from replykit.quantities.durations import read_durations, read_workdays
from replykit.quantities.money import read_money
from replykit.quantities.numerals import HAN_NUMERAL, NUMBER, NUMBER_START, fold, parse_number
from replykit.quantities.vocabulary import one_of, vocabulary
from replykit.types import Money, Span

__all__ = ["Kind", "Quantity", "Value", "parse_number", "read"]

Kind = Literal[
    "amount", "amount_range", "percent", "discount", "duration", "workdays", "datetime", "date", "time", "count"
]
Value = Money | Decimal | timedelta | datetime | date | time | int

_MOST = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and the words that say it.

    | kind | value |
    | --- | --- |
    | `amount` | Money |
    | `amount_range` | Money: the upper end of 50到100元 |
    | `percent` | Decimal: 30 for 30%, 百分之三十 and 退三成 |
    | `discount` | Decimal: the percentage still paid, 80 for 8折, 85 for 八五折 |
    | `duration` | timedelta; a month is 30 days, a year 365; the longer end of 3-5天 |
    | `workdays` | int; the larger end of 1-3个工作日 |
    | `datetime`, `date`, `time` | aware datetime, date, time; a range reads as its start |
    | `count` | int: 3 for 三次 and for 第三次 |

    `consistent` is False where the words contradict each other: 明天 with another day's date, a date with a wrong
    weekday.
    """

    kind: Kind
    value: Value
    span: Span
    consistent: bool = True


def read(text: str, now: datetime, currency: str = "CNY", direction: Direction = "near") -> list[Quantity]:
    """Return the quantities of `text` in order, none overlapping; where two begin together, the longer one.

    `now` is aware and settles 明天 and 周三; `currency` is what 元, 块 and a bare $ mean (a $ is USD where it is CNY);
    `direction` says which 周三 or 11月3日 is meant where the words leave it open.
    """
    folded = fold(text)
    found = [
        *_dates(folded, now, direction),
        *(Quantity("workdays", number, span) for number, span in read_workdays(folded)),
        *(Quantity("duration", length, span) for length, span in read_durations(folded)),
        *(
            Quantity("amount_range" if is_range else "amount", money, span)
            for money, span, is_range in read_money(folded, currency)
        ),
        *_shares(folded),
        *_counts(folded),
    ]
    found.sort(key=lambda quantity: (quantity.span.start, -quantity.span.end))
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.span.start >= kept[-1].span.end:
            kept.append(quantity)
    return kept


def _dates(text: str, now: datetime, direction: Direction) -> Iterator[Quantity]:
    for when in read_dates(text, now, direction):
        value = when.value
        kind: Kind = "datetime" if isinstance(value, datetime) else "date" if isinstance(value, date) else "time"
        yield Quantity(kind, value, when.span, when.consistent)


_PERCENT = pattern(rf"{NUMBER_START}({NUMBER})\s?%|百分之({NUMBER})")
_TENTHS = pattern(
    r"(?<=[退赔賠补補减減扣收付])(?:[还還给給您你我到])?([一二两兩三四五六七八九1-9])成(?![新熟功为為本立交都])"
)
_DISCOUNT = pattern(
    rf"{NUMBER_START}(?:([1-9](?:\.[0-9]|[0-9])?)|([{HAN_NUMERAL}]{{1,2}})|([{HAN_NUMERAL}][点點][{HAN_NUMERAL}]))\s?折"
    r"(?![叠疊腾騰磨现現旧舊合算断斷返痕射角])"
)


def _shares(text: str) -> Iterator[Quantity]:
    for match in _PERCENT.finditer(text):
        value = parse_number(match[1] or match[2])
        if value is not None and value <= _MOST:
            yield Quantity("percent", value, Span(*match.span()))
    for match in _TENTHS.finditer(text):
        value = parse_number(match[1])
        if value is not None:
            yield Quantity("percent", value * 10, Span(match.start(1), match.end()))
    for match in _DISCOUNT.finditer(text):
        value = _paid(match)
        if value is not None:
            yield Quantity("discount", value, Span(*match.span()))


def _paid(match: re.Match[str]) -> Decimal | None:
    """Return the percentage that 8折, 八五折, 85折, 8.5折 or 八点五折 leaves to pay."""
    words = match[1] or match[3]
    if match[2]:
        numerals = [parse_number(char) for char in match[2]]
        if any(value is None or not 0 < value < 10 for value in numerals):
            return None
        words = "".join(str(value) for value in numerals)
    value = parse_number(words)
    return None if value is None else (value * 10 if value < 10 else value)


@lru_cache(maxsize=1)
def _count_pattern() -> Pattern:
    counts = vocabulary().counts
    edges = f"{one_of(counts['words'])}(?!{one_of(counts['not_before'])})"
    once = f"(?!(?<=[{''.join(counts['not_after'])}])[一1]{one_of(counts['words'])})"  # 再一次 counts nothing
    return pattern(rf"{NUMBER_START}{once}第?({NUMBER})\s?{edges}")


def _counts(text: str) -> Iterator[Quantity]:
    for match in _count_pattern().finditer(text):
        value = parse_number(match[1])
        if value is not None and value == int(value) and value <= _MOST:
            yield Quantity("count", int(value), Span(*match.span()))
