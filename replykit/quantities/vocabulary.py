"""The words that values are written with, read once from data/quantities.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from replykit import tomlfile
from replykit.errors import PluginError
from replykit.resources import data

_FILE = "quantities.toml"
Words = Mapping[str, tuple[str, ...]]


class Vocabulary(tomlfile.Strict):
    """The tables of quantities.toml; each says there what it is for."""

    currency_before: Words
    currency_after: Words
    money_words: Words
    durations: Words
    workdays: Words
    counts: Words
    days: Words
    day_edges: Words
    weeks: Words
    weekdays: Words
    months: Words
    years: Words
    day_numbers: Words
    shares: Words
    dayparts: Words
    clock: Words


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the shipped words. Raises PluginError E305 when the file is wrong."""
    text = data(_FILE).read_text(encoding="utf-8")
    return tomlfile.parse(text, _FILE, Vocabulary, PluginError, ("E305", "E305"))


def one_of(words: Iterable[str]) -> str:
    """Return a pattern (one non-capturing group) for any of `words`, longer ones first.

    Words are grouped by their first characters, so that a long list costs little where none of it begins.
    """
    tails: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        tails.setdefault(word[:1], []).append(word[1:])
    return "(?:" + "|".join(re.escape(char) + _rest(rest) for char, rest in tails.items()) + ")"


def _rest(tails: list[str]) -> str:
    more = [tail for tail in tails if tail]
    if not more:
        return ""
    optional = "?" if "" in tails else ""
    return re.escape(more[0]) if len(more) == 1 and not optional else one_of(more) + optional


def keyed(table: Words) -> dict[str, str]:
    """Return each word of `table` with its key."""
    return {word: key for key, words in table.items() for word in words}


def numbered(table: Words) -> dict[str, int]:
    """Return each word of `table` with its key, where the keys are numbers; words under other keys are left out."""
    return {word: int(key) for word, key in keyed(table).items() if key.lstrip("-").isdigit()}
