"""For plugin authors: build a kit that reads no configuration, run a rule's own examples, and fake a writer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from replykit.config import Config
from replykit.hookspecs import Brief
from replykit.pipeline import Kit
from replykit.types import Draft, Parts

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def kit(*plugins: object, **settings: object) -> Kit:
    """Return a kit with `plugins` beside the shipped ones; `settings` are fields of Config. No file is read."""
    return Kit(replace(Config(), **settings), plugins)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class FakeWriter:
    """A writer that says what it is told to, whatever the plan: for trying the guard."""

    text: str
    name: str = "fake"

    def write(self, brief: Brief) -> Draft:
        """Return a draft of `text` alone."""
        return Draft(Parts("", "", (self.text,), ""), self.text, brief.region, self.name)


def failing_examples(rules: Iterable[object], toolkit: Kit) -> Sequence[str]:
    """Return what is wrong with the rules' own examples: a bad one that is not found, a good one that is."""
    raise NotImplementedError
