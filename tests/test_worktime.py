from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.types import Region
from replykit.worktime import Country, Hours, WorkCalendar, from_library, say

ROOT = Path(__file__).parent.parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES: dict[Country, ZoneInfo] = {
    "CN": SHANGHAI,
    "TW": ZoneInfo("Asia/Taipei"),
    "HK": ZoneInfo("Asia/Hong_Kong"),
    "": SHANGHAI,
}


def calendar(
    country: Country = "", days: int = 5, due: time = time(18), closed: frozenset[date] = frozenset()
) -> WorkCalendar:
    return WorkCalendar(ZONES[country], Hours(time(9), time(18), frozenset(range(days)), due), country, closed)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("country", "days", "first", "marks"),
    [
        # 春节 2026: 2/15 to 2/23 off, Saturdays 2/14 and 2/28 worked instead (o open, . closed)
        ("CN", 5, "2026-02-09", "oooooo" + "........." + "ooooo" + "."),
        ("CN", 6, "2026-02-09", "oooooo" + "........." + "ooooo" + "."),
        ("CN", 7, "2026-02-09", "oooooo" + "........." + "oooooo"),
        # 国庆 2026: 10/1 to 10/7 off, Sunday 9/20 and Saturday 10/10 worked
        ("CN", 5, "2026-09-18", "o" + ".o" + "oooo" + "..." + "ooo"),
        ("CN", 5, "2026-09-28", "ooo" + "......." + "ooo" + "."),
        ("CN", 7, "2026-09-28", "ooo" + "......." + "ooooo"),
        # 元旦 2026: Sunday 1/4 worked; the Saturday before New Year 2023 belonged to the vacation
        ("CN", 5, "2025-12-31", "o" + "..." + "o" + "ooooo" + "."),
        ("CN", 7, "2022-12-30", "o...oo"),
        # 農曆新年
        ("TW", 5, "2026-02-13", "o" + "." * 9 + "oooo" + "..."),
        ("HK", 5, "2026-02-16", "o" + "..." + "o" + ".." + "ooooo"),
        ("HK", 6, "2026-02-16", "o" + "..." + "oo" + "." + "ooooo"),
        ("TW", 5, "2027-02-03", "o" + "." * 7 + "oo"),
        ("HK", 6, "2027-02-05", "o" + "...." + "oooo" + "."),
        # no country: holidays mean nothing
        ("", 5, "2026-02-14", "..ooooo.."),
    ],
)
def test_open_days(country: Country, days: int, first: str, marks: str) -> None:
    store, day = calendar(country, days), date.fromisoformat(first)
    seen = "".join("o" if store.is_open_day(day + timedelta(i)) else "." for i in range(len(marks)))
    assert seen == marks


def test_own_closed_days_win() -> None:
    inventory = date(2026, 2, 14)  # a make-up working day
    assert calendar("CN").is_open_day(inventory)
    assert not calendar("CN", closed=frozenset({inventory})).is_open_day(inventory)


@pytest.mark.parametrize(
    ("moment", "is_open", "following"),
    [
        ("2026-11-20T08:59:59", False, "2026-11-20T09:00"),
        ("2026-11-20T09:00", True, "2026-11-20T09:00"),
        ("2026-11-20T17:59:59", True, "2026-11-20T17:59:59"),
        ("2026-11-20T18:00", False, "2026-11-23T09:00"),  # Friday
        ("2026-11-20T00:00", False, "2026-11-20T09:00"),
        ("2026-11-21T12:00", False, "2026-11-23T09:00"),
        ("2026-12-31T23:59:59", False, "2027-01-04T09:00"),
        ("2026-02-14T18:00", False, "2026-02-24T09:00"),
        ("2028-02-28T18:30", False, "2028-02-29T09:00"),
    ],
)
def test_next_open(moment: str, is_open: bool, following: str) -> None:
    store = calendar("CN")
    assert store.is_open(at(moment)) is is_open
    assert store.next_open(at(moment)) == at(following)


def test_other_zones_are_read_on_the_stores_clock() -> None:
    store = calendar("CN")
    morning = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert store.is_open(morning)
    assert store.next_open(morning).tzinfo is SHANGHAI
    assert store.add_minutes(morning, 30).isoformat() == "2026-11-20T10:00:00+08:00"
    assert not store.is_open(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("2026-11-20T10:00", 60, "2026-11-20T11:00"),
        ("2026-11-20T10:00", 480, "2026-11-20T18:00"),  # closing time itself
        ("2026-11-20T10:00", 481, "2026-11-23T09:01"),
        ("2026-11-20T18:00", 0, "2026-11-20T18:00"),
        ("2026-11-20T18:00", 1, "2026-11-23T09:01"),
        ("2026-11-20T18:01", 0, "2026-11-23T09:00"),
        ("2026-11-20T03:00", 30, "2026-11-20T09:30"),
        ("2026-11-21T15:00", 24 * 60, "2026-11-25T15:00"),
        ("2026-11-20T17:59:30", 1, "2026-11-23T09:00:30"),
        ("2026-02-13T17:00", 120, "2026-02-14T10:00"),  # a Saturday, worked
        ("2026-02-14T17:00", 120, "2026-02-24T10:00"),
        ("2026-09-30T17:30", 60, "2026-10-08T09:30"),
        ("2028-02-28T17:30", 60, "2028-02-29T09:30"),
        ("2026-12-31T17:30", 60, "2027-01-04T09:30"),
    ],
)
def test_add_minutes(moment: str, minutes: int, due: str) -> None:
    store = calendar("CN")
    assert store.add_minutes(at(moment), minutes) == at(due)
    assert store.minutes_between(at(moment), at(due)) == minutes
    assert store.minutes_between(at(due), at(moment)) == -minutes


@pytest.mark.parametrize(
    ("moment", "days", "due"),
    [
        ("2026-11-23T10:00", 0, "2026-11-23T17:00"),
        ("2026-11-23T17:30", 0, "2026-11-23T18:00"),  # due is past: closing time
        ("2026-11-23T10:00", 1, "2026-11-24T17:00"),
        ("2026-11-23T17:30", 1, "2026-11-24T17:00"),
        ("2026-11-23T18:00", 1, "2026-11-25T17:00"),  # after closing: tomorrow is day 0
        ("2026-11-23T08:00", 1, "2026-11-24T17:00"),
        ("2026-11-21T10:00", 0, "2026-11-23T17:00"),
        ("2026-11-21T10:00", 1, "2026-11-24T17:00"),  # Saturday: Monday is day 0
        ("2026-02-13T10:00", 1, "2026-02-14T17:00"),
        ("2026-02-13T10:00", 2, "2026-02-24T17:00"),
        ("2026-02-18T10:00", 3, "2026-02-27T17:00"),
        ("2026-02-18T10:00", 4, "2026-02-28T17:00"),
        ("2026-10-01T00:00", 2, "2026-10-10T17:00"),
        ("2028-02-28T12:00", 1, "2028-02-29T17:00"),
        ("2026-12-30T12:00", 2, "2027-01-04T17:00"),
        ("2026-11-30T12:00", 1, "2026-12-01T17:00"),
    ],
)
def test_add_days(moment: str, days: int, due: str) -> None:
    store = calendar("CN", due=time(17))
    assert store.add_days(at(moment), days) == at(due)
    assert store.count_days(at(moment), at(due)) == days


def test_count_days_of_a_closed_or_earlier_day() -> None:
    store = calendar("CN")
    friday = at("2026-11-20T10:00")
    assert store.count_days(friday, at("2026-11-22T12:00")) == 0
    assert store.count_days(friday, at("2026-11-19T12:00")) == 0
    assert store.count_days(friday, at("2026-11-24T00:00")) == 2


@pytest.mark.parametrize(
    ("moment", "step", "rounded"),
    [
        ("2026-11-23T10:00", 30, "2026-11-23T10:00"),
        ("2026-11-23T10:01", 30, "2026-11-23T10:30"),
        ("2026-11-23T10:00:01", 30, "2026-11-23T10:30"),
        ("2026-11-23T17:31", 30, "2026-11-23T18:00"),
        ("2026-11-23T17:46", 50, "2026-11-23T18:00"),  # 18:20 is past closing
        ("2026-11-23T18:00", 30, "2026-11-23T18:00"),
        ("2026-11-23T18:10", 30, "2026-11-24T09:00"),
        ("2026-11-21T10:10", 30, "2026-11-23T09:00"),
        ("2026-11-23T10:01", 5, "2026-11-23T10:05"),
    ],
)
def test_round_up(moment: str, step: int, rounded: str) -> None:
    assert calendar("CN").round_up(at(moment), step) == at(rounded)


@pytest.mark.parametrize(
    ("country", "moment", "unpublished"),
    [
        ("CN", "2026-11-20T10:00", False),
        ("CN", "2026-12-31T23:59", False),
        ("CN", "2090-01-01T00:00", True),
        ("TW", "2027-01-01T00:00", False),
        ("HK", "2027-01-01T00:00", False),
        ("", "2090-01-01T00:00", False),
    ],
)
def test_unpublished(country: Country, moment: str, unpublished: bool) -> None:
    assert calendar(country).unpublished(at(moment)) is unpublished


def test_wrong_values_are_refused() -> None:
    store, now = calendar(), at("2026-11-23T10:00")
    for wrong in (
        lambda: Hours(time(18), time(9), frozenset({0}), time(18)),
        lambda: Hours(time(9), time(18), frozenset(), time(18)),
        lambda: Hours(time(9), time(18), frozenset({7}), time(18)),
        lambda: Hours(time(9), time(18), frozenset({0}), time(19)),
        lambda: store.add_minutes(now, -1),
        lambda: store.add_days(now, -1),
        lambda: store.round_up(now, 0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            wrong()


NOW = "2026-11-24T15:00"


@pytest.mark.parametrize(
    ("region", "moment", "now", "said"),
    [
        ("zh-CN", "2026-11-24T18:00", NOW, "今天18:00前"),
        ("zh-CN", "2026-11-25T18:00", NOW, "明天（11月25日，周三）18:00前"),
        ("zh-CN", "2026-11-26T09:05", NOW, "后天（11月26日，周四）09:05前"),
        ("zh-CN", "2026-11-27T18:00", NOW, "11月27日（周五）18:00前"),
        ("zh-CN", "2027-01-04T18:00", NOW, "2027年1月4日（周一）18:00前"),
        ("zh-CN", "2026-11-23T18:00", NOW, "11月23日（周一）18:00前"),  # past: no day word
        ("zh-CN", "2026-11-25T00:00", "2026-11-24T23:59:59", "明天（11月25日，周三）00:00前"),
        ("zh-CN", "2026-11-25T18:00", "2026-11-25T00:00", "今天18:00前"),
        ("zh-CN", "2026-12-01T18:00", "2026-11-30T23:00", "明天（12月1日，周二）18:00前"),
        ("zh-CN", "2027-01-01T18:00", "2026-12-31T10:00", "明天（1月1日，周五）18:00前"),
        ("zh-CN", "2027-01-01T18:00", "2026-12-30T10:00", "后天（1月1日，周五）18:00前"),
        ("zh-CN", "2028-02-29T18:00", "2028-02-28T10:00", "明天（2月29日，周二）18:00前"),
        ("zh-CN", "2028-03-01T18:00", "2028-02-28T10:00", "后天（3月1日，周三）18:00前"),
        ("zh-CN", "2026-11-29T18:00", NOW, "11月29日（周日）18:00前"),
        ("zh-TW", "2026-11-24T18:00", NOW, "今天18:00前"),
        ("zh-TW", "2026-11-25T18:00", NOW, "明天（11/25，週三）18:00前"),
        ("zh-TW", "2026-11-26T18:00", NOW, "後天（11/26，週四）18:00前"),
        ("zh-TW", "2026-11-27T18:00", NOW, "11/27（週五）18:00前"),
        ("zh-TW", "2027-01-04T18:00", NOW, "2027/1/4（週一）18:00前"),
        ("zh-HK", "2026-11-24T18:00", NOW, "今日下午6時前"),
        ("zh-HK", "2026-11-25T18:00", NOW, "明日（11月25日，星期三）下午6時前"),
        ("zh-HK", "2026-11-26T14:30", NOW, "後日（11月26日，星期四）下午2時30分前"),
        ("zh-HK", "2026-11-27T12:00", NOW, "11月27日（星期五）中午12時前"),
        ("zh-HK", "2026-11-27T09:30", NOW, "11月27日（星期五）上午9時30分前"),
        ("zh-HK", "2026-11-27T21:00", NOW, "11月27日（星期五）晚上9時前"),
        ("zh-HK", "2026-11-27T00:30", NOW, "11月27日（星期五）凌晨12時30分前"),
        ("zh-HK", "2027-01-04T18:00", NOW, "2027年1月4日（星期一）下午6時前"),
    ],
)
def test_say(region: Region, moment: str, now: str, said: str) -> None:
    assert say(at(moment), at(now), region) == said


def test_say_reads_now_in_the_zone_of_the_moment() -> None:
    evening_before = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 25 November, 00:30 in Shanghai
    assert say(at("2026-11-25T18:00"), evening_before, "zh-CN") == "今天18:00前"


MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2028, 3, 31), timezones=st.just(SHANGHAI))
MINUTES = st.integers(0, 20_000)
DAYS = st.integers(0, 40)
STORES = st.builds(
    calendar,
    st.sampled_from(list(ZONES)),
    st.integers(1, 7),
    st.sampled_from([time(12), time(17, 30), time(18)]),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 1, 31)), max_size=5),
)
quick = settings(max_examples=60, deadline=None)


def by(store: WorkCalendar, moment: datetime) -> bool:
    """Whether a promise may fall on `moment`: open, or closing time."""
    return store.is_open(moment) or store.is_open(moment - timedelta(microseconds=1))


@quick
@given(STORES, MOMENTS, MOMENTS, MINUTES, DAYS)
def test_later_stays_later(store: WorkCalendar, one: datetime, two: datetime, minutes: int, days: int) -> None:
    first, second = sorted((one, two))
    assert store.add_minutes(first, minutes) <= store.add_minutes(second, minutes)
    assert store.add_days(first, days) <= store.add_days(second, days)
    assert store.next_open(first) <= store.next_open(second)
    assert store.round_up(first) <= store.round_up(second)


@quick
@given(STORES, MOMENTS, MINUTES, DAYS)
def test_never_closed_never_early(store: WorkCalendar, moment: datetime, minutes: int, days: int) -> None:
    assert store.is_open(store.next_open(moment))
    for result in (store.add_minutes(moment, minutes), store.add_days(moment, days), store.round_up(moment)):
        assert by(store, result)
        assert result >= moment


@quick
@given(STORES, MOMENTS, MINUTES, MINUTES)
def test_minutes_add_up(store: WorkCalendar, moment: datetime, first: int, second: int) -> None:
    halfway = store.add_minutes(moment, first)
    assert store.add_minutes(halfway, second) == store.add_minutes(moment, first + second)
    assert store.minutes_between(moment, halfway) == first


@quick
@given(STORES, MOMENTS, DAYS)
def test_days_grow_and_count_back(store: WorkCalendar, moment: datetime, days: int) -> None:
    due = store.add_days(moment, days)
    assert due < store.add_days(moment, days + 1)
    assert store.count_days(moment, due) == days


@quick
@given(MOMENTS, MOMENTS, st.sampled_from(["zh-CN", "zh-TW", "zh-HK"]))
def test_day_words_fit_the_date(moment: datetime, now: datetime, region: Region) -> None:
    said, ahead = say(moment, now, region), (moment.date() - now.date()).days
    assert said.endswith("前")
    assert said.startswith("今") == (ahead == 0)
    assert said.startswith("明") == (ahead == 1)
    assert said.startswith(("后", "後")) == (ahead == 2)


SHIPPED = ROOT / "replykit" / "data" / "holidays.toml"
YEARS = range(2026, 2029)


def table() -> str:
    """Return what data/holidays.toml should hold."""
    lines = [
        "# 各地的公众假期（off）和调休上班日（made_up）。",
        "# published = false：当年的官方安排还没公布，只有法定的日子。",
        "# 由 python tests/test_worktime.py 从 holidays 库写出；官方安排公布后重新写一次。",
    ]
    countries: tuple[Country, ...] = ("CN", "TW", "HK")
    for country in countries:
        for year in YEARS:
            settled = from_library(country, year)
            lines += ["", f"[{country}.{year}]", f"published = {str(settled.published).lower()}"]
            for name, days in (("off", settled.off), ("made_up", settled.made_up)):
                lines.append(f"{name} = [{', '.join(day.isoformat() for day in sorted(days))}]")
    return "\n".join(lines) + "\n"


def test_the_shipped_holidays_are_those_of_the_library() -> None:
    """A newer library may know more: write the file anew and read the difference."""
    assert SHIPPED.read_text("utf-8") == table()


if __name__ == "__main__":
    SHIPPED.write_text(table(), encoding="utf-8")
