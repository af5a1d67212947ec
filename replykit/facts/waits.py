"""How long the customer has waited, and how often the customer has asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from replykit.facts.cues import COMMA, Taken, after, before, cues, finder
from replykit.prefilter import Pattern, pattern
from replykit.quantities import Quantity
from replykit.quantities.numerals import NUMBER, NUMBER_START, parse_number
from replykit.quantities.vocabulary import one_of
from replykit.types import Fact, Span

_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=360)
_DONE = "了咗嘅的 "
_RATE = re.compile(rf"(?:才|要)?\s?[$¥]?{NUMBER}")  # 一个月才三千, 看護一天2,800
_OWN = re.compile(r"我(?:只|只是|只係|就|才)?(?:晚|遲|迟)[到了咗]?$")  # 我只係遲咗六日
_NTH = re.compile(
    rf"(?:今天|今日|都|已经|已經|是|而家|依家|现在|現在)\s?(?:都|是|已经|已經)?(第({NUMBER})([天日]))"
    r"(?![一二三四五六七八九十0-9])"
)


def read_waits(text: str, values: list[Quantity], quoted: Taken) -> Iterator[Fact]:
    """Yield the spans of time that somebody has waited; what stands in quotes others have said."""
    words = cues().waited
    found = [(value.span, value.value) for value in values if isinstance(value.value, timedelta)]
    found += [(span, length) for span, length in _nth_days(text)]
    for span, length in found:
        if span.of(text) in ("半天", "大半天") or quoted.meets(span):
            continue  # 等了半天 is a while
        behind, ahead = before(text, span, 8), after(text, span, 6)
        if finder(words.not_after).match(ahead) or behind.rstrip(_DONE).endswith(_stems()) or _OWN.search(behind):
            continue
        if _RATE.match(ahead) or (length > _YEAR and not finder(words.long).search(behind)):
            continue
        if _is_wait(text, span, behind, ahead):
            start = span.start - 1 if behind.endswith(("快", "成")) and text[span.start - 1] == "快" else span.start
            yield Fact("waited", format_wait(length, span.of(text)), Span(start, span.end), "facts")


def _is_wait(text: str, span: Span, behind: str, ahead: str) -> bool:
    words = cues().waited
    if text[span.start] == "第" or finder(words.before).search(behind):
        return True
    opens = not behind.strip() or behind.endswith(("、", ","))  # 10天了连个单号都没有
    since = ahead.startswith(("了", "喇", "啦", "啊", "呀")) and (opens or behind.endswith("快"))  # 快四个月了
    told = finder(words.after).search(after(text, span, 8))
    return since or bool(told and (opens or finder(words.weak).search(behind)))


@lru_cache(maxsize=1)
def _stems() -> tuple[str, ...]:
    """Return what a span of time is not a wait after, without its 了: 用了三天, 用咗三日, 用三天."""
    return tuple(word.rstrip(_DONE) for word in cues().waited.not_before)


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


def read_contacts(text: str) -> Iterator[Fact]:
    """Yield how often the customer has asked: the largest count that stands by a word of asking."""
    words = cues().contacted
    best: Fact | None = None
    for match in _times().finditer(text):
        span = Span(*match.span("count"))
        number = parse_number(match["number"])
        behind, ahead = before(text, span, 10), after(text, span, 4)
        lead = COMMA.split(behind)[-1]
        if number is None or not 2 <= number <= 200 or finder(words.not_before).search(lead):
            continue
        asked = finder(words.before).search(behind[-9:]) or lead.endswith("打") or finder(words.after).search(ahead)
        if asked and (best is None or number > int(best.value)):
            best = Fact("contacted", str(int(number)), span, "facts")
    if best is not None:
        yield best


@lru_cache(maxsize=1)
def _times() -> Pattern:
    units = one_of(cues().contacted.units)
    formal = "度(?=[查致去要反投聯联催報报])"  # 經四度查詢, but not 室温15度
    return pattern(rf"{NUMBER_START}(?P<count>第?(?P<number>{NUMBER})\s?(?:{units}|{formal}))(?!性|数|數|元)")
