"""Days and clock times as people write them in Chinese, read against a given moment.

A phrase may name one day several ways: 明天（11月25日，周三）18:00前 is one moment. Parts that stand together are
joined, compared and resolved. A range (12月3日至7日, 9-12点) reads as its start; one of weekdays (周一至周五) as none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from replykit.quantities.dateparts import Part, find_parts
from replykit.quantities.numerals import parse_number
from replykit.quantities.vocabulary import keyed, numbered, vocabulary
from replykit.types import Span

Direction = Literal["near", "past", "coming"]
"""Which 11/20, 27号 or 周三 is meant: the nearest (of weekdays the coming one), the last, or the next. Today counts."""

_TO = re.compile(r"\s?[-~–—至到]\s?")
_OPEN = re.compile(r"\s?\(\s?")
_INSIDE = re.compile(r"\s?[、,，]?\s?")
_CLOSE = re.compile(r"\s?\)")
_BESIDE = re.compile(r"(?:\s?\))?\s?的?")
_TIMES = ("clock", "daypart")
_FIRM = ("full", "slash", "day", "relative", "weekday")  # the part that says most about the day comes first


@dataclass(frozen=True, slots=True)
class When:
    """A day, a moment or a time of day; `consistent` is False where its words name different days."""

    value: date | datetime | time
    span: Span
    consistent: bool = True


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[Part, ...]
    end: int


def read_dates(text: str, now: datetime, direction: Direction = "near") -> list[When]:
    """Return the dates and times of `text`, which must come from `numerals.fold`, in the order of the text.

    `now` is aware; what is read is in its time zone.
    """
    found = (_resolve(phrase, text, now, direction) for phrase in _phrases(text))
    return [when for when in found if when is not None]


def weekday(today: date, day: int, direction: Direction = "coming") -> date:
    """Return the coming or the last weekday `day` (1 Monday to 7 Sunday), today included."""
    ahead = (day - today.isoweekday()) % 7
    return today + timedelta(days=ahead - 7 if direction == "past" and ahead else ahead)


def _phrases(text: str) -> Iterator[_Phrase]:
    parts = [part for part in find_parts(text) if _plausible(part)]
    at = 0
    while at < len(parts):
        count, end = _join(parts, at, text)
        yield _Phrase(tuple(parts[at : at + count]), end)
        at += count


def _plausible(part: Part) -> bool:
    """Tell a date from 13月5日, and 1/6 the day from 1/6 the share, which stands after 退 or 剩 or before 的 or 价."""
    groups = part.match.groupdict()
    month, day = (_number(groups.get(key) or "1") for key in ("month", "day"))
    text, shares = part.match.string, vocabulary().shares
    share = part.kind == "slash" and (
        text.endswith(shares["after"], 0, part.start) or text.startswith(shares["before"], part.end)
    )
    return 1 <= month <= 12 and 1 <= day <= 31 and not (share and month < 10 and day < 10)


def _join(parts: list[Part], at: int, text: str) -> tuple[int, int]:
    """Return how many parts from `at` on make one phrase, and where it ends."""
    count, end, opened = 1, parts[at].end, 0
    kinds = {parts[at].kind}
    while at + count < len(parts):
        part = parts[at + count]
        gap = text[parts[at + count - 1].end : part.start]
        if part.kind in kinds or (kinds.intersection(_TIMES) and (part.kind not in _TIMES or not opened)):
            break
        if opened and _CLOSE.match(gap) and _BESIDE.fullmatch(gap):
            opened = 0
        elif not opened and not kinds.intersection(_TIMES) and _OPEN.fullmatch(gap):
            opened = count
        elif not (_INSIDE if opened else _BESIDE).fullmatch(gap) or (not opened and ")" in gap):
            break
        kinds.add(part.kind)
        count, end = count + 1, part.end
    if opened:
        closing = _CLOSE.match(text, end)
        if closing is None:
            return opened, parts[at + opened - 1].end
        end = closing.end()
    return count, end


def _resolve(phrase: _Phrase, text: str, now: datetime, direction: Direction) -> When | None:
    days = [part for part in phrase.parts if part.kind not in _TIMES]
    times = [part for part in phrase.parts if part.kind in _TIMES]
    span = Span(phrase.parts[0].start, phrase.end)
    if not days:
        clock = _clock(times[0], alone=True)
        return When(time(clock // 60 % 24, clock % 60), span) if clock is not None else None
    if any(part.kind == "weekday" for part in days) and _in_weekday_range(text, span):
        return None
    day, consistent = _day(days, now.date(), direction)
    if day is None:
        return None
    if not times:
        return When(day, span, consistent)
    clock = _clock(times[0], alone=False, evening=_ends_with(days, "晚夜"))
    if clock is None:
        return When(day, span, consistent)
    moment = datetime.combine(day, time(), tzinfo=now.tzinfo) + timedelta(minutes=clock)
    return When(moment, span, consistent)


def _ends_with(parts: list[Part], chars: str) -> bool:
    return any(part.kind == "relative" and part.match.group()[-1] in chars for part in parts)


def _in_weekday_range(text: str, span: Span) -> bool:
    """Tell whether a weekday is one end of 周一至周五."""
    names = tuple(vocabulary().weekdays["words"])
    after = _TO.match(text, span.end)
    if after and text.startswith((*names, *"一二三四五六日天"), after.end()):
        return True
    before = _TO.match(text, span.start - 1) if span.start else None
    return bool(before and any(name in text[max(0, span.start - 4) : span.start] for name in names))


def _number(words: str | None) -> int:
    value = parse_number(words) if words else None
    return int(value) if value is not None else -1


def _day(parts: list[Part], today: date, direction: Direction) -> tuple[date | None, bool]:
    """Return the day that `parts` name, and whether all of them name it."""
    ordered = sorted(parts, key=lambda part: _FIRM.index(part.kind))
    anchor = next((_relative(part, today) for part in parts if part.kind == "relative"), None)
    day: date | None = None
    consistent = True
    for part in ordered:
        if day is None:
            day = _one_day(part, today, direction, anchor)
            consistent = consistent and day is not None
        else:
            consistent = consistent and _agrees(part, day, today)
    return day, consistent


def _agrees(part: Part, day: date, today: date) -> bool:
    if part.kind == "relative":
        return _relative(part, today) == day
    if part.kind == "weekday":
        number = numbered(vocabulary().weekdays)[part.match["weekday"]]
        return day == _weekday(part, today, "coming") if part.match["week"] else day.isoweekday() == number
    return _number(part.match["day"]) == day.day


def _one_day(part: Part, today: date, direction: Direction, anchor: date | None) -> date | None:
    if part.kind == "relative":
        return anchor
    if part.kind == "weekday":
        return _weekday(part, today, direction)
    if part.kind == "day":
        return _day_of_month(part, anchor or today, direction, today)
    return _full(part, anchor or today, direction)


def _relative(part: Part, today: date) -> date | None:
    return _shift(today, numbered(_days())[part.match["name"]])


@lru_cache(maxsize=1)
def _days() -> dict[str, tuple[str, ...]]:
    return dict(vocabulary().days)


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _weekday(part: Part, today: date, direction: Direction) -> date | None:
    day = numbered(vocabulary().weekdays)[part.match["weekday"]]
    if not part.match["week"]:
        return weekday(today, day, direction)
    weeks = numbered(vocabulary().weeks)[part.match["week"]]
    return _shift(today, weeks * 7 + day - today.isoweekday())


def _make(year: int, month: int, day: int) -> date | None:
    if not (1 < year < 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _pick(days: list[date | None], today: date, direction: Direction) -> date | None:
    """Return the one of `days` that `direction` asks for; a later one of two that are equally near."""
    known = [day for day in days if day is not None]
    if direction == "past":
        return max((day for day in known if day <= today), default=None)
    if direction == "coming":
        return min((day for day in known if day >= today), default=None)
    return min(known, key=lambda day: (abs(day - today), today - day), default=None)


def _full(part: Part, today: date, direction: Direction) -> date | None:
    groups = part.match.groupdict()
    month, day = _number(groups["month"]), _number(groups["day"])
    if groups.get("year"):
        year = _number(groups["year"])
        return _make(year + 1911 if year < 1000 else year, month, day)
    if groups.get("year_word"):
        return _make(today.year + numbered(vocabulary().years)[groups["year_word"]], month, day)
    return _pick([_make(today.year + step, month, day) for step in (-1, 0, 1)], today, direction)


def _day_of_month(part: Part, near: date, direction: Direction, today: date) -> date | None:
    groups = part.match.groupdict()
    number = _number(groups["day"])
    if word := groups.get("month_word"):
        month = today.month - 1 + numbered(vocabulary().months)[word]
        return _make(today.year + month // 12, month % 12 + 1, number)
    months = [near.month - 1 + step for step in (-1, 0, 1)]
    return _pick([_make(near.year + month // 12, month % 12 + 1, number) for month in months], near, direction)


def _clock(part: Part, alone: bool, evening: bool = False) -> int | None:
    """Return the minutes since midnight, or None where the words say no certain time (`alone`: no day beside them)."""
    groups = part.match.groupdict()
    span_of_day = keyed(vocabulary().dayparts).get(groups["part"] or "", "evening" if evening else "")
    if part.kind == "daypart":
        return 12 * 60 if span_of_day == "noon" and (groups["before"] or not alone) else None
    if groups.get("hour24"):
        hour, minute = int(groups["hour24"]), int(groups["minute60"])
    else:
        hour, minute = _number(groups["hour"]), _minutes(groups["minute"])
        said = groups["minute"] or groups["about"] or groups["before"] or span_of_day
        if alone and not said:
            return None
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return _to_24(hour, span_of_day) * 60 + minute


def _minutes(words: str | None) -> int:
    quarters = {"半": 30, "一刻": 15, "三刻": 45}
    return quarters[words] if words in quarters else _number(words.rstrip("分")) if words else 0


def _to_24(hour: int, span_of_day: str) -> int:
    if span_of_day == "night_before_dawn" and hour == 12:
        return 0
    if span_of_day == "evening" and hour == 12:
        return 24
    later = {"afternoon": range(1, 12), "evening": range(5, 12), "noon": range(1, 3)}
    return hour + 12 if hour in later.get(span_of_day, ()) else hour
