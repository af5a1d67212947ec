"""What a trained reader tells apart, and where each code stands in a row of logits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

MANY = ("types", "signals", "demands")  # any number of them holds
ONE = ("first", "emotions", "intensity")  # exactly one of them holds
FAMILIES = ("types", "first", "emotions", "intensity", "signals", "demands")  # the order of the columns
NONE = "none"  # in `first`: no complaint


@dataclass(frozen=True)
class Codes:
    """The codes of each family; `first` is the leading type, or NONE."""

    types: tuple[str, ...]
    emotions: tuple[str, ...]
    signals: tuple[str, ...]
    demands: tuple[str, ...]

    @cached_property
    def of(self) -> Mapping[str, tuple[str, ...]]:
        """The codes by family, in the order of the columns."""
        return {
            "types": self.types,
            "first": (*self.types, NONE),
            "emotions": self.emotions,
            "intensity": ("0", "1", "2", "3"),
            "signals": self.signals,
            "demands": self.demands,
        }

    @cached_property
    def columns(self) -> Mapping[str, slice]:
        """Where each family stands in a row of logits."""
        starts, at = {}, 0
        for family in FAMILIES:
            starts[family] = slice(at, at := at + len(self.of[family]))
        return starts

    @property
    def width(self) -> int:
        """How many logits a row holds."""
        return sum(map(len, self.of.values()))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield family and code of each column."""
        return ((family, code) for family in FAMILIES for code in self.of[family])
