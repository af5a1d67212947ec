"""When somebody is there to act: open hours, public holidays, and deadlines counted over both.

Every deadline that a reply promises is worked out here, so that none falls on a day when nobody is at work. All moments
are aware; they are read on the wall clock of the store's zone. A moment is open from `open` up to, not including,
`close`; a result may be the closing time itself, which is a fair "by" for a promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import tomli

from replykit import resources
from replykit.types import Region

Country = Literal["CN", "TW", "HK", ""]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WORKWEEK = frozenset(range(5))
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of an open day, the open days of a week (0 is Monday), and the time at which a day's promises are due.

    Raises ValueError unless open < due <= close and there is at least one day.
    """

    open: time
    close: time
    days: frozenset[int]
    due: time

    def __post_init__(self) -> None:
        if not self.open < self.due <= self.close:
            raise ValueError("hours run from open to close, and due lies between them")
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError("days are numbers from 0 (Monday) to 6, at least one of them")


@dataclass(frozen=True, slots=True)
class _Year:
    """What one year of a country's calendar settles."""

    off: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()
    published: bool = True


@lru_cache(maxsize=64)
def _year(country: Country, year: int) -> _Year:
    """Return the holidays and make-up working days (调休) of `year`: as shipped, else from the library."""
    if not country:
        return _Year()
    shipped = _shipped().get(country, {}).get(str(year))
    if shipped is None:
        return from_library(country, year)
    return _Year(frozenset(shipped["off"]), frozenset(shipped["made_up"]), shipped["published"])


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[str, dict[str, Any]]]:
    return tomli.loads(resources.data("holidays.toml").read_text(encoding="utf-8"))


def from_library(country: Country, year: int) -> _Year:
    """Return what the library `holidays` knows of a year. It loads every country of the world: a tenth of a second."""
    import holidays

    # The next year too: the vacation around 1 January may begin on the last weekend of this one.
    library = holidays.country_holidays(country, years=(year, year + 1))
    off, made_up = set(library), frozenset(library.weekend_workdays)
    published = library.start_year <= year <= library.end_year
    if country == "CN":
        off = _with_weekends(off, made_up)
        # Every announced year has moved some days; a year without them is only what the law fixes.
        published = any(day.year == year for day in made_up)
    off = {day for day in off if day.year == year}
    return _Year(frozenset(off), frozenset(day for day in made_up if day.year == year), published)


def _with_weekends(off: set[date], made_up: frozenset[date]) -> set[date]:
    """Return `off` with the weekend days that touch it: the State Council announces a vacation as one unbroken run."""
    for step in (_DAY, -_DAY):
        for day in sorted(off):
            following = day + step
            while following.weekday() >= _SATURDAY and following not in made_up:
                off = off | {following}
                following += step
    return off


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A store's working time: its hours, the public holidays of `country` ("" for none), and its own closed days."""

    zone: ZoneInfo
    hours: Hours
    country: Country
    closed: frozenset[date]

    def is_open_day(self, day: date) -> bool:
        """Tell whether the store works on `day`.

        Holidays and the store's own closed days win over the week. A make-up working day counts for a store that works
        Monday to Friday; one with another week keeps its own days.
        """
        if day in self.closed:
            return False
        year = _year(self.country, day.year)
        if day in year.made_up and self.hours.days == _WORKWEEK:
            return True
        return day.weekday() in self.hours.days and day not in year.off

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is at work at `at`; at closing time nobody is."""
        local = self._local(at)
        return self.hours.open <= local.time() < self.hours.close and self.is_open_day(local.date())

    def next_open(self, at: datetime) -> datetime:
        """Return `at` itself when open, else the next opening."""
        local = self._local(at)
        if self.is_open(local):
            return local
        first = local.date() if local.time() < self.hours.open else local.date() + _DAY
        return self._on(next(self._open_days(first)), self.hours.open)

    def add_minutes(self, at: datetime, minutes: int) -> datetime:
        """Return the moment `minutes` working minutes after `at`; adding 0 settles a closed `at` on the next opening.

        Raises ValueError when `minutes` is negative.
        """
        if minutes < 0:
            raise ValueError("working minutes are counted forward")
        start, left = self._settled(at), minutes * _MINUTE
        for day in self._open_days(start.date()):
            begin = max(start, self._on(day, self.hours.open))
            room = self._on(day, self.hours.close) - begin
            if left <= room:
                return begin + left
            left -= max(room, timedelta())
        raise AssertionError("unreachable: open days never end")

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Return the whole working minutes from `start` to `end`, negative when `end` is the earlier one."""
        first, last = self._local(start), self._local(end)
        if last < first:
            return -self.minutes_between(end, start)
        worked, day = timedelta(), first.date()
        while day <= last.date():
            if self.is_open_day(day):
                begin = max(first, self._on(day, self.hours.open))
                finish = min(last, self._on(day, self.hours.close))
                worked += max(finish - begin, timedelta())
            day += _DAY
        return worked // _MINUTE

    def add_days(self, at: datetime, days: int) -> datetime:
        """Return the due time of the `days`-th working day after the day of `at`.

        Day 0 is the day of `at` while the store is open or still to open, else the next open day: what comes in after
        closing or on a holiday counts as come in on the next working day. With 0 days a due time that is past gives
        way to closing time.

        Raises ValueError when `days` is negative.
        """
        if days < 0:
            raise ValueError("working days are counted forward")
        start = self.next_open(at)
        coming = self._open_days(start.date())
        for _ in range(days):
            next(coming)
        day = next(coming)
        due = self._on(day, self.hours.due)
        return due if due >= start else self._on(day, self.hours.close)

    def count_days(self, start: datetime, end: datetime) -> int:
        """Return how many working days after the day 0 of `start` (see add_days) the day of `end` is, 0 if none."""
        day, last, count = self.next_open(start).date(), self._local(end).date(), 0
        while day < last:
            day += _DAY
            count += self.is_open_day(day)
        return count

    def round_up(self, at: datetime, minutes: int = 30) -> datetime:
        """Return `at`, or the next opening, rounded up to a full step of `minutes` on the clock, never past closing.

        Raises ValueError unless `minutes` is positive.
        """
        if minutes <= 0:
            raise ValueError("a step takes at least a minute")
        settled = self._settled(at)
        midnight = self._on(settled.date(), time())
        steps = -((midnight - settled) // (minutes * _MINUTE))
        return min(midnight + steps * minutes * _MINUTE, self._on(settled.date(), self.hours.close))

    def unpublished(self, at: datetime) -> bool:
        """Tell whether the official holidays of the year of `at` are not known yet.

        The mainland announces each year's vacations and make-up days in the autumn before; until then only the days
        that the law fixes are known, and a deadline in that year may move.
        """
        return not _year(self.country, self._local(at).year).published

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _on(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone)

    def _settled(self, at: datetime) -> datetime:
        """Return `at` when it is open or the closing time of an open day, else the next opening."""
        local = self._local(at)
        closing = local.time() == self.hours.close and self.is_open_day(local.date())
        return local if closing else self.next_open(local)

    def _open_days(self, first: date) -> Iterator[date]:
        """Yield the open days from `first` on."""
        day = first
        while True:
            if self.is_open_day(day):
                yield day
            day += _DAY


@dataclass(frozen=True, slots=True)
class _Speech:
    """How one region writes a date."""

    near: tuple[str, str, str]
    weekday: str
    date: str
    year: str


_WEEKDAYS = "一二三四五六日"
_SPEECH: dict[Region, _Speech] = {
    "zh-CN": _Speech(("今天", "明天", "后天"), "周", "{m}月{d}日", "{y}年"),
    "zh-TW": _Speech(("今天", "明天", "後天"), "週", "{m}/{d}", "{y}/"),
    "zh-HK": _Speech(("今日", "明日", "後日"), "星期", "{m}月{d}日", "{y}年"),
}
# The first hour of each part of the day, as Hong Kong writes it; six o'clock still is 下午6時 in shop hours.
_PARTS_OF_DAY = ((19, "晚上"), (13, "下午"), (12, "中午"), (6, "上午"), (0, "凌晨"))


def say(moment: datetime, now: datetime, region: Region) -> str:
    """Return `moment` as a deadline, as people of `region` say it: 明天（11月25日，周三）18:00前.

    Days are told apart in the zone of `moment`. Seconds are left out, so the words never promise a later moment.
    """
    speech = _SPEECH[region]
    day, today = moment.date(), now.astimezone(moment.tzinfo).date()
    ahead = (day - today).days
    if ahead == 0:
        return f"{speech.near[0]}{_clock(moment, region)}前"
    written = speech.date.format(m=day.month, d=day.day)
    weekday = speech.weekday + _WEEKDAYS[day.weekday()]
    if 0 < ahead < len(speech.near):
        return f"{speech.near[ahead]}（{written}，{weekday}）{_clock(moment, region)}前"
    year = "" if day.year == today.year else speech.year.format(y=day.year)
    return f"{year}{written}（{weekday}）{_clock(moment, region)}前"


def _clock(moment: datetime, region: Region) -> str:
    if region != "zh-HK":
        return f"{moment:%H:%M}"
    part = next(name for first, name in _PARTS_OF_DAY if moment.hour >= first)
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{part}{moment.hour % 12 or 12}時{minutes}"
