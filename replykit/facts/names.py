"""The customer's own name: after 我是 or 联系人, beside a phone number, or signed on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from replykit.facts.cues import Taken, before, cues, finder
from replykit.prefilter import Pattern, pattern
from replykit.quantities.vocabulary import one_of
from replykit.types import Fact, Span

_PHONE = "(?:电话|電話|直線|手机|手機)"
_DIGITS = r"(?:\+?[0-9]{1,3}[ -])?[0-9]{4}[ -]?[0-9]{3}"  # enough of a phone number not to be a price
_NAME_EDGE = r"[\s,、。.!:()「」“”]"


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str] | Pattern, ...]:
    words = cues().name
    surname = f"(?:{one_of(words.double)}|[{words.surnames}])"
    full = f"{surname}[\u4e00-\u9fff]{{1,2}}"
    called = f"{surname}{one_of(words.titles)}"
    labelled = (
        rf"(?:(?:{one_of(words.labels)})[:\s「“]{{0,2}}(?={full}(?:{_NAME_EDGE}|[0-9]|$)))"  # 我是 takes titles only
    )
    own = re.compile(rf"(?:{one_of(words.before)}[:\s「“]{{0,2}}(?={called})|{labelled})(?P<name>{called}|{full})")
    closing = rf"(?:\s?{one_of(words.closings)})?(?:\s?[0-9+ -]{{8,16}})?[\s。.!]*$"
    signed = re.compile(
        rf"(?:^|{_NAME_EDGE})(?P<name>{called}|(?<=\n){full}|(?<=[。!?]){surname}[\u4e00-\u9fff]{{2}}){closing}",
        re.MULTILINE,
    )
    number = rf"(?:呀|啊)?\s?(?:[,、]?\s?{_PHONE}:?)?\s?[,、]?\s?(?=[0-9+])"
    beside = pattern(
        rf"(?:(?<=[\s:,、。])|^)(?P<name>{called}(?={number})|{full}(?={number}{_DIGITS}))|(?<=[0-9]\s)(?P<name2>{called})"
    )
    return own, signed, beside


def read_names(text: str, taken: Taken) -> Iterator[Fact]:
    """Yield the customer's name: after 我是 or 联系人, beside a phone number, or signed on a line of its own."""
    staff = finder(cues().name.staff)
    seen: set[str] = set()
    for one in _names():
        for match in one.finditer(text):
            group = "name" if match["name"] else "name2"
            span = Span(*match.span(group))
            name = match[group]
            if (
                name in seen
                or name.startswith(cues().name.not_names)
                or taken.meets(span)
                or staff.search(before(text, span, 6))
            ):
                continue
            seen.add(name)
            yield Fact("name", name, span, "facts")
            return
