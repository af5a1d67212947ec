"""Patterns that run only over texts that can match them.

Most patterns match next to no text, since most texts lack the words that they cannot do without. So each pattern is
asked once which words it needs, a text is taken apart once into its characters and pairs of characters, and comparing
sets replaces most searches. A pattern is compiled when it first runs: for one message most of a lexicon never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import heapify, heappop, heapreplace
from importlib import import_module
from operator import add
from sys import maxsize
from typing import Any

ANY = frozenset({""})  # what a pattern needs of which nothing is known: every text holds the empty word
_MOST = 100  # spelled-out words of one stretch of a pattern: more tell hardly anything apart
_PLAIN = re.compile(r"[^\\.^$*+?{}\[\]|()]+")
_reader: Any = import_module("re._parser")  # the standard library's own reader of patterns has no public name


@dataclass(frozen=True, eq=False)
class Pattern:
    """A regular expression, with sets of words of one or two characters: a text it matches holds one of each."""

    source: str
    needs: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.source)

    @cached_property
    def _edges(self) -> list[frozenset[str]]:
        """The first and the last characters of what is needed, the fewest first."""
        needs = [words for words in self.needs if words != ANY]
        return sorted({frozenset(word[at] for word in words) for words in needs for at in (0, -1)}, key=len)

    def fits(self, held: Set[str]) -> bool:
        """Tell whether a text of these `grams` may match."""
        return not any(map(held.isdisjoint, self.needs))

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """Return the matches in `text`, which is searched only where its characters leave one possible.

        Taking a text apart into pairs too, for `fits`, takes longer than the few dozen searches that it would save.
        """
        held = _characters(text)
        for chars in self._edges:
            if held.isdisjoint(chars):
                return ()
        return self.regex.finditer(text)


class Sieve:
    """Groups of patterns, kept by the rarest of what each needs."""

    def __init__(self, groups: Iterable[Iterable[Pattern]]) -> None:
        self._places: dict[Pattern, list[tuple[int, int]]] = {}
        for number, group in enumerate(groups):
            for order, one in enumerate(group):
                self._places.setdefault(one, []).append((number, order))
        self._triggers: dict[str, list[Pattern]] = {}
        for one in self._places:
            for gram in one.needs[0]:
                self._triggers.setdefault(gram, []).append(one)
        self._grams = frozenset(self._triggers)

    def possible(self, held: Set[str]) -> dict[int, list[Pattern]]:
        """Return, by the number of their group and in order, the patterns that may match a text of these `grams`."""
        hits = {one for gram in self._grams & held for one in self._triggers[gram]}
        places = [(number, order, one) for one in hits if one.fits(held) for number, order in self._places[one]]
        found: dict[int, list[Pattern]] = {}
        for number, _, one in sorted(places):
            found.setdefault(number, []).append(one)
        return found


def pattern(source: str) -> Pattern:
    """Return `source` as a Pattern, compiled when it is first used.

    Raises re.error for what is no regular expression, but for a look-behind of no fixed width: that compiling finds.
    """
    if _PLAIN.fullmatch(source):
        return Pattern(source, tuple(_ends(frozenset({source}))))
    tree = _reader.parse(source)
    needs = _needs(tree) if tree.state.flags == re.UNICODE else []
    needs.sort(key=_likelihood)
    return Pattern(source, tuple(grams for words in needs for grams in _ends(words)) or (ANY,))


@lru_cache(maxsize=16)
def _characters(text: str) -> Set[str]:
    return set(text)


def grams(text: str) -> set[str]:
    """Return every character and every pair of neighbors of `text`, and the empty word."""
    chars = list(text)
    return {"", *chars, *map(add, chars, chars[1:])}


def spans(patterns: Sequence[Pattern], text: str, start: int = 0, end: int = maxsize) -> Iterator[tuple[int, int]]:
    """Yield where `patterns`, joined by `|`, match from `start` to `end`: leftmost first, the earlier one of two."""
    if len(patterns) == 1:
        for found in patterns[0].regex.finditer(text, start, end):
            yield found.span()
        return
    queue = []
    for order, one in enumerate(patterns):
        if first := one.regex.search(text, start, end):
            queue.append((first.start(), order, first.end(), one.regex))
    heapify(queue)
    while queue:
        begin, order, stop, regex = queue[0]
        if begin >= start:
            yield begin, stop
            start = max(stop, begin + 1)
        if later := regex.search(text, start, end):
            heapreplace(queue, (later.start(), order, later.end(), regex))
        else:
            heappop(queue)


def _needs(tree: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """Return sets of words of each of which a match of `tree` holds one; none for what is not understood."""
    needs: list[frozenset[str]] = []
    run = ANY
    for op, detail in [*tree, (None, None)]:
        words = _words(op, detail) if op else None
        if str(op) == "ASSERT":
            needs += _needs(detail[1])
        longer = frozenset(a + b for a in run for b in words) if words else ANY
        if words and len(longer) <= _MOST:
            run = longer
            continue
        if "" not in run:
            needs.append(run)
        run = words or ANY
        match str(op), detail:
            case ("SUBPATTERN", (_, 0, 0, inner)) if not words:
                needs += _needs(inner)
            case ("BRANCH", (_, ways)) if not words:
                best = [min(found, key=_likelihood) if (found := _needs(way)) else ANY for way in ways]
                needs += [frozenset().union(*best)] if ANY not in best else []
            case ("MAX_REPEAT" | "MIN_REPEAT", (least, _, inner)) if least and not words:
                needs += _needs(inner)
    return needs


def _words(op: Any, detail: Any) -> frozenset[str] | None:
    """Return all words that one item of a pattern can match, or None where they are too many or not understood."""
    match str(op), detail:
        case "LITERAL", code:
            return frozenset({chr(code)})
        case "IN", choices:
            return _chars(choices)
        case "SUBPATTERN", (_, 0, 0, tree):
            return _language([tree])
        case "BRANCH", (_, ways):
            return _language(ways)
        case (("MAX_REPEAT" | "MIN_REPEAT"), (0 | 1 as least, 1, tree)):
            words = _language([tree])
            return words | ANY if words and not least else words
        case (("AT" | "ASSERT" | "ASSERT_NOT"), _):
            return ANY
    return None


def _chars(choices: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Return the characters of a class, or None where it is more than single ones and short ranges."""
    codes: list[int] = []
    for kind, detail in choices:
        low, high = detail if str(kind) == "RANGE" else (detail, detail)
        if str(kind) not in ("LITERAL", "RANGE") or high - low >= _MOST:
            return None
        codes += range(low, high + 1)
    return frozenset(map(chr, codes))


def _language(ways: Iterable[Iterable[tuple[Any, Any]]]) -> frozenset[str] | None:
    """Return all words that one of `ways` can match, under the terms of `_words`."""
    all_words: set[str] = set()
    for way in ways:
        run = ANY
        for op, detail in way:
            words = _words(op, detail)
            if words is None or len(run) * len(words) > _MOST:
                return None
            run = frozenset(a + b for a in run for b in words)
        all_words |= run
    return frozenset(all_words) if len(all_words) <= _MOST else None


def _ends(words: frozenset[str]) -> Iterator[frozenset[str]]:
    """Yield the first pairs of `words`, and the last ones where all are longer than that."""
    yield frozenset(word[:2] for word in words)
    if all(len(word) > 2 for word in words):
        yield frozenset(word[-2:] for word in words)


def _likelihood(words: frozenset[str]) -> float:
    """Return roughly how likely a text holds one of `words`: each character makes one twenty times as rare."""
    return sum(20.0 ** -len(word) for word in words)
