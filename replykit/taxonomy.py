"""The Chinese names of codes, as agents see them: `data/taxonomy.toml`, in the words of each region."""

from __future__ import annotations

from functools import cache

import tomli

from replykit import resources
from replykit.types import REGIONS, Region


def name(kind: str, code: str, region: Region) -> str:
    """Return what the region calls `code` of `kind` (type, emotion, signal, ...), or the code itself if unnamed."""
    words = _names().get(kind, {}).get(code)
    if not words:
        return code
    return words[min(REGIONS.index(region), len(words) - 1)]


def titled(kind: str, code: str, region: Region) -> str:
    """Return the name with its code behind it: `发货物流慢 logistics.delay`."""
    words = name(kind, code, region)
    return code if words == code else f"{words} {code}"


def codes(kind: str) -> tuple[str, ...]:
    """Return the codes of `kind` in the order of the taxonomy."""
    return tuple(_names()[kind])


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    return tomli.loads(resources.data("taxonomy.toml").read_text(encoding="utf-8"))
