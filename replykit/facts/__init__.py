"""Reads the facts that a customer states: what about, how much, since when, promised what, reachable where.

Values come from `quantities`; the words around a value (data/facts.toml) decide what it is a value of. A wrong fact
said back to an upset customer is worse than a missing one: where the words leave it open, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from replykit.facts.cues import Taken, after, before, cues, finder
from replykit.facts.identifiers import read_ids, read_phones
from replykit.facts.mentions import read_names, read_products, read_promises
from replykit.quantities import Quantity, read
from replykit.quantities.numerals import HAN_NUMERAL, MORE, NUMBER, NUMBER_START, fold, parse_number
from replykit.quantities.vocabulary import keyed, numbered, one_of, vocabulary
from replykit.text import fold_width
from replykit.types import Fact, Money, Reading, Region, Span

CURRENCIES: dict[Region, str] = {"zh-CN": "CNY", "zh-TW": "TWD", "zh-HK": "HKD"}
_WHOLE = ("TWD", "HKD", "JPY")  # written without cents where there are none
_LEAST = Decimal(5)
_PRICE = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|(?!20[0-9]{2}\.)[0-9]{1,6}\.[0-9]{2}"
)  # written as only prices are
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


class FactAnalyzer:
    """An Analyzer that reads facts."""

    name = "facts"

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Return the facts of `text`, in its order; `now` (aware) settles dates, `region` the currency of 元 and $."""
        folded = fold(text)
        currency = CURRENCIES.get(region, "CNY")
        ids = list(read_ids(folded))
        facts = [*ids, *read_phones(folded, _taken(folded, ids))]
        taken = _taken(folded, facts)
        values = [value for value in read(folded, now, currency) if not taken.meets(value.span)]
        promises = list(read_promises(folded, values))
        facts += promises
        promised, taken = _taken(folded, promises), _taken(folded, facts)
        free = [value for value in values if not promised.meets(value.span)]
        facts += _amounts(folded, values, currency, taken)
        facts += [*_dates(folded, free, now), *_waits(folded, free), *_contacts(folded, free)]
        facts += read_names(folded, _taken(folded, facts))
        facts += read_products(folded, _taken(folded, facts))
        ordered = sorted(facts, key=lambda fact: (fact.span, fact.kind))
        return Reading(facts=tuple(_in_own_words(fact, text) for fact in ordered))


def _in_own_words(fact: Fact, text: str) -> Fact:
    """Return a fact whose value is words with them as `text` has them: folding has turned its full-width commas."""
    if fact.kind not in ("promised", "product", "name"):
        return fact
    words = fact.span.of(text)
    return replace(fact, value=words if fact.kind == "promised" else fold_width(words))


def _taken(text: str, facts: Iterable[Fact]) -> Taken:
    return Taken(len(text), (fact.span for fact in facts))


def format_money(money: Money) -> str:
    """Return `money` as a fact's value: CNY 320.00, TWD 1280, HKD 13.40."""
    value = money.value
    whole = value == value.to_integral_value() and money.currency in _WHOLE
    return f"{money.currency} {value:.0f}" if whole else f"{money.currency} {value:.2f}"


def _amounts(text: str, values: list[Quantity], currency: str, taken: Taken) -> Iterator[Fact]:
    """Yield the amounts: with a sign or unit, or bare numbers that their neighbors make money; each value once."""
    found = [(value.span, value.value) for value in values if isinstance(value.value, Money) and value.kind == "amount"]
    for quantity in values:
        taken.add(quantity.span)
    found += [(span, Money(number, currency)) for span, number in _bare_amounts(text) if not taken.meets(span)]
    seen: set[str] = set()
    for span, money in sorted(found, key=lambda item: item[0]):
        value = format_money(money)
        if value not in seen and money.value > 0 and not (text[span.start] == "一" and money.value <= 1):  # 一分钱不少
            seen.add(value)
            yield Fact("amount", value, span, "facts")


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    words = cues().amount
    before_it = rf"(?:(?P<cue>{one_of(words.before)})(?:了|咗|我|的|是|才|[这這][个個]月|[:\s」』”\")]){{0,2}})?"
    end = rf"(?![A-Za-z0-9]|[.,][0-9])(?:(?<=[0-9])|(?![{HAN_NUMERAL}]))"  # the whole number
    ahead = f"(?:(?P<after>{one_of(words.after)})|(?! ?{one_of(words.not_after)}))"
    return re.compile(
        rf"{before_it}{NUMBER_START}(?<![双雙])(?P<number>小?{NUMBER}(?:[{MORE}]|(?![{MORE}]))){end}{ahead}"
    )


def _bare_amounts(text: str) -> Iterator[tuple[Span, Decimal]]:
    for match in _bare().finditer(text):
        words = match["number"]
        number = parse_number(words.removeprefix("小"))
        if number is None or number < _LEAST:
            continue
        if not (match["cue"] or match["after"] or _PRICE.fullmatch(words)):
            continue
        if words[0] in HAN_NUMERAL and (len(words) < 2 or number < 100):
            continue  # 退一赔十, 第十: too short to be sure of
        yield Span(*match.span("number")), number


def _dates(text: str, values: list[Quantity], now: datetime) -> Iterator[Fact]:
    """Yield the day of purchase and the days at stake or of the incident."""
    best: dict[tuple[str, str], Span] = {}
    for span, value in _days(text, values, now):
        kind = _kind_of_date(text, span, value, now)
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
        if isinstance(value.value, date) and value.consistent:
            yield value.span, value.value
    for match in _festivals().finditer(text):
        month, day = map(int, cues().dates.named[match["name"]].split("-"))
        year = now.year + numbered(vocabulary().years)[match["year"]] if match["year"] else now.year
        found = date(year, month, day)
        if match["year"] or found <= now.date():
            yield Span(*match.span()), found


@lru_cache(maxsize=1)
def _festivals() -> re.Pattern[str]:
    years = one_of(numbered(vocabulary().years))
    return re.compile(rf"(?P<year>{years})?(?<![0-9])(?P<name>{one_of(cues().dates.named)})(?![0-9])")


_DIGIT = re.compile("[0-9]")
_COMMA = re.compile(r"、|(?<![0-9]),|,(?![0-9])")
_WEEKDAY = re.compile(r"(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]")


def _kind_of_date(text: str, span: Span, value: date, now: datetime) -> str | None:
    words, name = cues().dates, span.of(text)
    ahead, behind = after(text, span, 14), before(text, span, 10)
    clause, lead = _COMMA.split(ahead)[0], _COMMA.split(behind)[-1]
    if finder(words.not_before).search(lead[-5:]) or finder(words.contact).match(ahead.lstrip(" ,、")):
        return None
    if finder(words.bought).search(clause) or _bought_on().search(lead):
        past = _day_of(_again(text, span, now, value)) <= now.date()  # 今天买明天到: nobody has bought tomorrow
        return "bought_at" if past else None
    if finder(words.calls).search(clause[:10]) or name in words.named:
        return None
    if ahead.lstrip().startswith(("前", "之前", "以前", "或之前")) and (
        finder(words.asks).search(behind) or finder(words.weekdays).search(name)
    ):
        return None
    return "event_at" if isinstance(value, datetime) or _is_firm(name, lead, ahead) else None


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
    """Tell whether a bare weekday lies behind: 周五又没来, 星期二就收走了."""
    return bool(_WEEKDAY.fullmatch(span.of(text)) and finder(cues().dates.past).search(after(text, span, 7)))


def _again(text: str, span: Span, now: datetime, value: date) -> date:
    """Read a date once more as a past one."""
    again = read(span.of(text), now, direction="past")
    return again[0].value if len(again) == 1 and isinstance(again[0].value, date) else value


def _iso(value: date) -> str:
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value.isoformat()


def _waits(text: str, values: list[Quantity]) -> Iterator[Fact]:
    words = cues().waited
    found = [(value.span, value.value) for value in values if isinstance(value.value, timedelta)]
    found += [(span, length) for span, length in _nth_days(text)]
    for span, length in found:
        if span.of(text) == "半天":
            continue  # 等了半天 is a while
        behind, ahead = before(text, span, 8), after(text, span, 6)
        if finder(words.not_after).match(ahead) or behind.rstrip(_DONE).endswith(_stems()):
            continue
        if _ONLY.match(ahead) or (length > _YEAR and not finder(words.long).search(behind)):
            continue
        nth = text[span.start] == "第"
        told = finder(words.after).search(after(text, span, 8))
        opens = not behind.strip() or behind.endswith(("、", ","))  # 10天了连个单号都没有
        since = ahead.startswith(("了", "喇", "啦")) and (opens or behind.endswith("快"))  # 快四个月了
        weak = told and (opens or finder(words.weak).search(behind))
        if nth or since or weak or finder(words.before).search(behind):
            start = span.start - 1 if behind.endswith(("快", "成")) and text[span.start - 1] == "快" else span.start
            yield Fact("waited", format_wait(length, span.of(text)), Span(start, span.end), "facts")


_DONE = "了咗嘅的 "


@lru_cache(maxsize=1)
def _stems() -> tuple[str, ...]:
    """Return what a span of time is not a wait after, without its 了: 用了三天, 用咗三日, 用三天."""
    return tuple(word.rstrip(_DONE) for word in cues().waited.not_before)


_ONLY = re.compile(rf"才\s?{NUMBER}")  # 一个月才三千
_YEAR = timedelta(days=360)
_NTH = re.compile(
    rf"(?:今天|今日|都|已经|已經|是|到)\s?(?:是|已经|已經)?(第({NUMBER})([天日]))(?![一二三四五六七八九十0-9])"
)


def _nth_days(text: str) -> Iterator[tuple[Span, timedelta]]:
    for match in _NTH.finditer(text):
        number = parse_number(match[2])
        if number is not None and 2 <= number < 1000:
            yield Span(*match.span(1)), timedelta(days=int(number))


def format_wait(length: timedelta, words: str) -> str:
    """Return `length` in ISO 8601: hours and minutes where `words` count in those (PT50H, PT1H30M), else days."""
    minutes = int(length / _MINUTE)
    if re.search("[时時钟鐘分]", words):
        hours, rest = (
            divmod(minutes, 60) if re.search("[时時头頭]|[个個粒半幾几][半幾几]?[钟鐘]", words) else (0, minutes)
        )
        return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")
    days, rest = divmod(minutes, 24 * 60)
    return (f"P{days}D" if days or not rest else "P") + (f"T{rest // 60}H" if rest else "")


def _contacts(text: str, values: list[Quantity]) -> Iterator[Fact]:
    """Yield how often the customer has asked: the largest count that stands by a word of asking."""
    words = cues().contacted
    best: Fact | None = None
    for match in _times().finditer(text):
        span = Span(*match.span("count"))
        number = parse_number(match["number"])
        behind, ahead = before(text, span, 10), after(text, span, 4)
        lead = _COMMA.split(behind)[-1]
        if number is None or not 2 <= number <= 200 or finder(words.not_before).search(lead):
            continue
        asked = finder(words.before).search(behind[-9:]) or lead.endswith("打") or finder(words.after).search(ahead)
        if not asked:
            continue
        if best is None or number > int(best.value):
            best = Fact("contacted", str(int(number)), span, "facts")
    if best is not None:
        yield best


@lru_cache(maxsize=1)
def _times() -> re.Pattern[str]:
    units = one_of(cues().contacted.units)
    formal = "度(?=[查致去要反投聯联催報报])"  # 經四度查詢, but not 室温15度
    return re.compile(rf"{NUMBER_START}(?P<count>第?(?P<number>{NUMBER})\s?(?:{units}|{formal}))(?!性|数|數|元)")
