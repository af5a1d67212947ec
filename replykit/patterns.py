"""Lists of words or regular expressions as they stand in data files, and sorted spans that can be searched quickly.

Everything here is linear in the text: a rule asks for every one of its hits whether it lies in a quotation or beside a
time, so those lookups go through bisection.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from replykit.types import Span

NEVER = re.compile(r"(?!)")


def joined(value: object) -> object:
    """Return a list of regular expressions as one compiled alternation; an empty list never matches.

    Raises ValueError naming the one that is wrong: meant for pydantic, which adds the key.
    """
    if isinstance(value, re.Pattern):
        return value
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("write a list of words or regular expressions")
    try:
        return re.compile("|".join(f"(?:{part})" for part in parts)) if parts else NEVER
    except re.error as problem:
        raise ValueError(_wrong(parts, problem)) from problem


def _wrong(parts: Sequence[str], problem: re.error) -> str:
    for part in parts:
        try:
            re.compile(part)
        except re.error as own:
            return f"not a regular expression: {part!r} ({own})"
    return str(problem)


Phrases = Annotated[re.Pattern[str], BeforeValidator(joined)]


def occurrences(folded: str, words: re.Pattern[str], unless: re.Pattern[str] = NEVER) -> Iterator[Span]:
    """Yield where `words` stand in a folded text, those left out that a stretch of `unless` overlaps."""
    barred = merged(Span(*match.span()) for match in unless.finditer(folded) if match.group())
    for match in words.finditer(folded):
        span = Span(*match.span())
        if match.group() and not holding(barred, span):
            yield span


def holding(spans: Sequence[Span], span: Span) -> Span | None:
    """Return the first of `spans` that overlaps `span`, or None; `spans` are sorted and apart from one another."""
    before = bisect_right(spans, span.start, key=lambda one: one.start) - 1
    near = spans[max(0, before) : before + 2]
    return next((one for one in near if one.overlaps(span)), None)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` sorted, those that overlap joined into one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
