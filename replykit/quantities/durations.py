"""Spans of time and working days: 三个小时, 半小时, 一个半月, 3-5天, 1小时30分钟, 個半鐘, 3个工作日.

A month is 30 days, half a year 180, a year 365. Of a range the longer end counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from replykit.prefilter import Pattern, pattern
from replykit.quantities.numerals import HAN_NUMERAL, MORE, NUMBER, NUMBER_START, parse_number, parse_range
from replykit.quantities.vocabulary import one_of, vocabulary
from replykit.types import Span

_TO = r"\s?[-~–—至到]\s?"
_SPLIT = re.compile(_TO)
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_HALVES = {unit: length / 2 for unit, length in _UNITS.items()} | {"year": timedelta(days=180)}
_LONGEST = Decimal(100_000)
_YEARS = (Decimal(1900), Decimal(2100))
_RANGE = rf"(?P<number>{NUMBER}(?:{_TO}{NUMBER})?)"


def read_durations(text: str) -> Iterator[tuple[timedelta, Span]]:
    """Yield the spans of time in `text`, which must come from `numerals.fold`, pattern by pattern."""
    for one in _patterns():
        for match in one.finditer(text):
            length = _length(match)
            if length is not None:
                yield length, Span(*match.span())


def read_workdays(text: str) -> Iterator[tuple[int, Span]]:
    """Yield the numbers of working days in `text`, which must come from `numerals.fold`."""
    for match in _workdays().finditer(text):
        number = larger_end(match["number"])
        if number is not None and number == int(number) and number <= _LONGEST:
            yield int(number), Span(*match.span())


def larger_end(words: str) -> Decimal | None:
    """Return the value of `words`, or its larger end where they are a range (3-5, 三到五, 两三)."""
    ends = _SPLIT.split(words)
    if len(ends) == 2:
        low, high = parse_number(ends[0]), parse_number(ends[1])
        return high if low is None or high is None else max(low, high)
    pair = parse_range(words)
    return pair[1] if pair else parse_number(words)


@lru_cache(maxsize=1)
def _workdays() -> Pattern:
    return pattern(rf"{NUMBER_START}{_RANGE}\s?[个個]?{one_of(vocabulary().workdays['words'])}")


@lru_cache(maxsize=1)
def _patterns() -> list[Pattern]:
    """Return a number of a unit; 半 of it; 成個月, a whole one; and 個半鐘, 個幾鐘, where 一 is left out."""
    number = rf"{NUMBER_START}(?<![第每])(?<![0-9{HAN_NUMERAL}]月){_RANGE}\s?[{MORE}]?"
    half = "(?<![大老小多])(?P<half>大?半)"
    whole = "[成整](?=[个個])"
    silent = rf"(?<![{HAN_NUMERAL}0-9每这這那哪几幾半成整多])(?=[个個][半几幾])"
    minutes = rf"(?:[零又]?(?P<minutes>{NUMBER})分[钟鐘]?)"
    heads = [
        rf"{number}(?P<ge>[个個]?)[{MORE}]?(?P<plus>半)?\s?",
        f"{half}[个個]?",
        f"{whole}[个個]",
        f"{silent}[个個](?:(?P<plus>半)|[几幾])",
    ]
    return [pattern(rf"{head}(?:{_units()})(?:(?P<tail>半(?![天日月年价價]))|{minutes})?") for head in heads]


def _units() -> str:
    """Return the units as named groups, each with the neighbors that it may not have (三年级) or must (个月)."""
    units = vocabulary().durations
    not_before = {
        "day": "[然气氣猫貓堂元期]|(?:上午|下午|中午|晚上|早上|凌晨)",
        "week": "[年岁歲边邊围圍]",
        "month": rf"[{HAN_NUMERAL}0-9]{{1,3}}[日号號]",
        "year": rf"[级級轻輕龄齡代货貨款终底费費卡度会會租初月0-9]|[{HAN_NUMERAL}]{{1,2}}月",
    }
    after_ge = {"month": "(?<=[个個半俩倆仨多来來])", "hour": "(?<=[个個半几幾多])"}
    groups = []
    for unit, words in units.items():
        short = [word for word in words if len(word) == 1] if unit in after_ge else []
        full = [word for word in words if word not in short]
        choices = [one_of(full)] if full else []
        choices += [after_ge[unit] + one_of(short)] if short else []
        edge = f"(?!{not_before[unit]})" if unit in not_before else ""
        groups.append(f"(?P<{unit}>(?:{'|'.join(choices)}){edge})")
    return "|".join(groups)


def _length(match: re.Match[str]) -> timedelta | None:
    groups = match.groupdict()
    unit = next(name for name in _UNITS if groups[name])
    if groups.get("half"):
        length = _HALVES[unit]
    else:
        number = larger_end(groups["number"]) if groups.get("number") else Decimal(1)
        if number is None or number > _LONGEST or (unit == "year" and _YEARS[0] <= number <= _YEARS[1]):
            return None
        length = _UNITS[unit] * float(number)
    if groups.get("plus") or groups["tail"]:
        length += _HALVES[unit]
    minutes = parse_number(groups["minutes"]) if groups["minutes"] and unit == "hour" else None
    return length + timedelta(minutes=float(minutes)) if minutes is not None and minutes < 60 else length
