"""The day of purchase, and the days that something hangs on: the incident, and the customer's own dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from replykit.facts.cues import COMMA, Taken, after, before, cues, finder
from replykit.prefilter import Pattern, pattern
from replykit.quantities import Quantity, read
from replykit.quantities.numerals import HAN_NUMERAL, NUMBER_START, parse_number
from replykit.quantities.vocabulary import keyed, numbered, one_of, vocabulary
from replykit.types import Fact, Span

_DIGIT = re.compile("[0-9]")
_WEEKDAY = re.compile(r"(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]")
_CONTACTS = re.compile(r"[次回遍通]\([^()]{0,40}$")  # 报修四次（10月9日、10月17日）
_SINCE = ("从", "從", "自", "由")
_HALF_DAY = timedelta(hours=12)


def read_days(text: str, values: list[Quantity], now: datetime, quoted: Taken) -> Iterator[Fact]:
    """Yield the day of purchase and the days at stake or of the incident."""
    best: dict[tuple[str, str], Span] = {}
    for span, value in _days(text, values, now):
        kind = _kind_of_date(text, span, value, now, quoted)
        if kind is None:
            continue
        past = kind == "bought_at" or _is_past(text, span)
        resolved = _again(text, span, now, value) if past else value
        told = best.setdefault((kind, _iso(resolved)), span)
        if not _DIGIT.search(told.of(text)) and _DIGIT.search(span.of(text)):
            best[kind, _iso(resolved)] = span  # 11月24日 says more than 下周二
    for (kind, iso), span in best.items():
        yield Fact(kind, iso, span, "facts")


def _days(text: str, values: list[Quantity], now: datetime) -> Iterator[tuple[Span, date]]:
    for value in values:
        if isinstance(value.value, datetime) and value.consistent:
            yield value.span, _in_the_afternoon(value.value, value.span.of(text))
        elif isinstance(value.value, date) and value.consistent:
            yield value.span, value.value
        elif isinstance(value.value, time) and _is_own_hour(text, value.span):
            moment = datetime.combine(now.date(), value.value, tzinfo=now.tzinfo)
            yield value.span, _in_the_afternoon(moment, value.span.of(text))
    for match in _bare_hours().finditer(text):
        hour = parse_number(match["hour"])
        if hour is not None and hour == int(hour) and 1 <= hour <= 12:
            at = datetime.combine(now.date(), time(int(hour)), tzinfo=now.tzinfo)
            yield Span(*match.span("clock")), _in_the_afternoon(at, match["clock"])
    for match in _festivals().finditer(text):
        month, day = map(int, cues().dates.named[match["name"]].split("-"))
        year = now.year + numbered(vocabulary().years)[match["year"]] if match["year"] else now.year
        found = date(year, month, day)
        if match["year"] or found <= now.date():
            yield Span(*match.span()), found


def _in_the_afternoon(moment: datetime, words: str) -> datetime:
    """Return 五点 as 17:00: who means the small hours says so."""
    said = finder(tuple(keyed(vocabulary().dayparts))).search(words) or ":" in words
    return moment if said or not 1 <= moment.hour <= 6 else moment + _HALF_DAY


def _is_own_hour(text: str, span: Span) -> bool:
    """Tell an hour of today that something hangs on: 五點大殮, 4点10分的车, 12点半下的单."""
    words = cues().dates
    ahead = after(text, span, 8).lstrip(" 的嘅")
    return bool(finder(words.hours).match(ahead))


@lru_cache(maxsize=1)
def _bare_hours() -> Pattern:
    """五點大殮: an hour without a word for its half of the day is read only where its event follows at once."""
    clock = rf"{NUMBER_START}(?<!第)(?P<clock>(?P<hour>[0-9]{{1,2}}|[{HAN_NUMERAL}]{{1,2}})[点點])"
    return pattern(rf"(?<![午上晨晚早夜朝晝昼:至到\-]){clock}\s?(?=的?{one_of(cues().dates.hours)})")


@lru_cache(maxsize=1)
def _festivals() -> Pattern:
    years = one_of(numbered(vocabulary().years))
    return pattern(rf"(?P<year>{years})?(?<![0-9])(?P<name>{one_of(cues().dates.named)})(?![0-9])")


def _kind_of_date(text: str, span: Span, value: date, now: datetime, quoted: Taken) -> str | None:
    words, name = cues().dates, span.of(text)
    ahead, behind = after(text, span, 14), before(text, span, 10)
    clause, lead = COMMA.split(ahead)[0], COMMA.split(behind)[-1]
    if finder(words.not_before).search(lead[-5:]) or finder(words.contact).match(ahead.lstrip()):
        return None
    if finder(words.bought).search(clause) or _bought_on().search(lead):
        past = _day_of(_again(text, span, now, value)) <= now.date()  # 今天买明天到: nobody has bought tomorrow
        return "bought_at" if past and not finder(words.unreal).search(lead + name + clause[:3]) else None
    if finder(words.calls).search(clause[:10]) or name in words.named or _is_others(text, span, quoted):
        return None
    if ahead.lstrip().startswith(("前", "之前", "以前", "或之前")) and (
        finder(words.asks).search(behind) or finder(words.weekdays).search(name)
    ):
        return None
    return "event_at" if isinstance(value, datetime) or _is_firm(name, lead, ahead) else None


def _is_others(text: str, span: Span, quoted: Taken) -> bool:
    """Tell a day that somebody else spoke of (改「明天」), and the days of calls: 报修四次（10月9日、10月17日）."""
    spoken = quoted.meets(span) and not _DIGIT.search(span.of(text))
    return spoken or bool(_CONTACTS.search(text[max(0, span.start - 40) : span.start]))


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@lru_cache(maxsize=1)
def _bought_on() -> re.Pattern[str]:
    """買的時候是1/6: the day comes last."""
    return re.compile(f"{one_of(cues().dates.bought)}.{{0,4}}(?:是|时|時|于|於|日期|:)$")


def _is_firm(name: str, lead: str, ahead: str) -> bool:
    """Tell a day that something hangs on from a bare 今天, 今晚 or 明天 said in passing."""
    words = cues().dates
    if name.startswith(("今天", "今日")) and name[2:] not in _dayparts():
        return bool(finder(words.today_events).search(ahead[:5]))
    return not (name in words.bare and (lead.endswith(words.passing) or name in words.tonight))


@lru_cache(maxsize=1)
def _dayparts() -> frozenset[str]:
    return frozenset(word for word in keyed(vocabulary().dayparts) if len(word) > 1)


def _is_past(text: str, span: Span) -> bool:
    """Tell whether a bare weekday lies behind: 周五又没来, 从周一等到今天."""
    if not _WEEKDAY.fullmatch(span.of(text)):
        return False
    since = text[max(0, span.start - 1) : span.start] in _SINCE
    return since or bool(finder(cues().dates.past).search(after(text, span, 7)))


def _again(text: str, span: Span, now: datetime, value: date) -> date:
    """Read a date once more as a past one."""
    again = read(span.of(text), now, direction="past")
    return again[0].value if len(again) == 1 and isinstance(again[0].value, date) else value


def _iso(value: date) -> str:
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value.isoformat()
