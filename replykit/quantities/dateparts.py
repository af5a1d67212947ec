"""The parts that a date or time phrase is made of, each found by a small pattern of its own.

`dates` joins the parts that stand together and works out which day and moment they name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from replykit.prefilter import Pattern, pattern
from replykit.quantities.numerals import HAN_NUMERAL, NUMBER_START
from replykit.quantities.vocabulary import keyed, numbered, one_of, vocabulary

Kind = Literal["full", "slash", "relative", "weekday", "day", "clock", "daypart"]

_SMALL = rf"(?:[0-9]{{1,2}}|[{HAN_NUMERAL}]{{1,3}})"  # an hour, a minute, a month or a day
_TO = r"\s?[-~–—至到]\s?"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a phrase; the match's named groups hold its words."""

    kind: Kind
    match: re.Match[str]

    @property
    def start(self) -> int:
        """Where the part begins."""
        return self.match.start()

    @property
    def end(self) -> int:
        """Where the part ends."""
        return self.match.end()


def find_parts(text: str) -> list[Part]:
    """Return the parts in `text` in order, none overlapping: the longer of two that begin together."""
    found = [Part(kind, match) for kind, one in _patterns() for match in one.finditer(text)]
    found.sort(key=lambda part: (part.start, -part.end))
    kept: list[Part] = []
    for part in found:
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
    return kept


def _not_after(words: Iterable[str]) -> str:
    return f"(?<![{''.join(map(re.escape, words))}])"


def _not_before(words: Iterable[str]) -> str:
    return f"(?!{one_of(words)})"


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[Kind, Pattern]]:
    sources = [*_full_dates(), *_named_days(), *_clock()]
    return [(kind, pattern(source)) for kind, source in sources]


def _full_dates() -> list[tuple[Kind, str]]:
    year_word = f"(?P<year_word>{one_of(numbered(vocabulary().years))})"
    year = rf"(?P<year>20[0-9]{{2}}|1[0-4][0-9]|二[零〇○]二[{HAN_NUMERAL}])年\s?"
    years = f"(?:{NUMBER_START}{year}|{year_word}的?)?"
    month = rf"{NUMBER_START}(?P<month>{_SMALL})月\s?"
    day = rf"(?P<day>{_SMALL})(?:{_TO}[0-9]{{1,2}}(?=[日号號]))?\s?[日号號](?:{_TO}{_SMALL}[日号號])?"
    bare = rf"{NUMBER_START}(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})(?![0-9個个天多%份]|\s?[日号號])"
    return [
        ("full", years + month + day),
        ("full", years + bare),
        (
            "full",
            rf"{NUMBER_START}(?<!-)(?P<year>20[0-9]{{2}})([/.-])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}})(?![0-9/-])T?",
        ),
        (
            "slash",
            r"(?<![0-9/.A-Za-z-])(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9/%]|[A-Za-z]{1,2}(?![A-Za-z])|\.[0-9])",
        ),
    ]


def _named_days() -> list[tuple[Kind, str]]:
    words = vocabulary()
    edges, weekdays, numbers = words.day_edges, words.weekdays, words.day_numbers
    week = f"(?P<week>{one_of(numbered(words.weeks))})?[个個]?{one_of(weekdays['words'])}"
    apart = rf"(?<![{HAN_NUMERAL}0-9]){_not_after(weekdays['not_after'])}"
    weekday = rf"{apart}{week}(?P<weekday>{one_of(numbered(weekdays))})(?![0-9])"
    named = f"(?P<name>{one_of(numbered(words.days))}){_not_before(edges['not_before'])}"
    number = rf"{_not_after(numbers['not_after'])}(?<![#-]){NUMBER_START}(?P<day>{_SMALL})[号號]"
    beside = rf"(?=\s?(?:{one_of(keyed(words.dayparts))}|\({one_of(weekdays['words'])}|才[到收送來来]))"
    return [
        ("relative", _not_after(edges["not_after"]) + named),
        ("weekday", weekday),
        ("day", rf"(?P<month_word>{one_of(numbered(words.months))})的?(?P<day>{_SMALL})[日号號]"),
        ("day", number + _not_before(numbers["not_before"])),
        (
            "day",
            "(?<![了咗等足過过快成])" + number.replace("[号號]", "日") + beside,
        ),  # 20日下午, 20日（周五）, 20日才到
    ]


def _clock() -> list[tuple[Kind, str]]:
    words = vocabulary()
    clock, dayparts = words.clock, keyed(words.dayparts)
    before = f"(?P<before>{one_of(clock['deadline'])})?"
    hours = one_of(clock["hours"])
    minutes = rf"(?P<minute>半|[一三]刻|{_SMALL}分(?!之)|[0-9]{{2}}(?![0-9]))?"
    spoken = rf"{NUMBER_START}(?P<hour>{_SMALL})(?:{_TO}{_SMALL})?{hours}(?!\s?[0-9]折){minutes}"
    digits = r"(?<![0-9:.])(?P<hour24>[01]?[0-9]|2[0-4]):(?P<minute60>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])"
    until = f"(?:{_TO}{one_of(dayparts)}?(?:[0-9]{{1,2}}:[0-5][0-9]|{_SMALL}{hours}半?))?"
    inside = {word[0] for word in numbered(words.days) if len(word) == 2}  # 尋晚7點 is 尋晚 and 7點, not 尋 and 晚7點
    part = rf"(?:{_not_after(inside)}(?P<part>{one_of(dayparts)})\s?[约約]?)?"
    tail = f"{until}(?P<about>{one_of(clock['about'])})?{before}"
    return [
        ("clock", part + spoken + tail),
        ("clock", part + digits + tail),
        ("daypart", f"(?P<part>{one_of(word for word in dayparts if len(word) > 1)}){before}"),
    ]
