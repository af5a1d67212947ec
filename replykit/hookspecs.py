"""The whole plugin contract.

A plugin is a module with functions marked `@replykit.hookimpl`, found through the entry-point group `replykit` or named
under `[plugins]` in replykit.toml. A `register_...` hook is called once when a Kit is built and hands its objects to
`register`; replykit then owns their order (by key), their timing, and what happens when one raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

import pluggy

from replykit.types import Analysis, Draft, Message, Order, Plan, Reading, Region, Reply, Thread

if TYPE_CHECKING:
    from replykit.config import Config
    from replykit.policy import Policy
    from replykit.prompting import Wording
    from replykit.rules import Rule

NAMESPACE = "replykit"
hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)

Item = TypeVar("Item", contravariant=True)


class Register(Protocol[Item]):
    """Takes one object; a key that is taken is an error naming both plugins."""

    def __call__(self, item: Item, /) -> None:
        """Take `item`."""


class Analyzer(Protocol):
    """Reads one text. Must not raise on any text; if it does, the reply goes on without it and says so."""

    @property
    def name(self) -> str:
        """Its key."""

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Return what it claims of `text`; spans are code points of it, `now` is aware."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a writer is given. `analysis` holds what is certain; `variant` is the same number for the same case."""

    thread: Thread
    analysis: Analysis
    plan: Plan
    policy: Policy
    region: Region
    now: datetime
    variant: int


class Writer(Protocol):
    """Words a plan. The guard reads the draft back; one that fails is worded by the template writer instead."""

    @property
    def name(self) -> str:
        """Its key."""

    def write(self, brief: Brief) -> Draft:
        """Return the worded plan."""


@hookspec
def configure(config: Config) -> None:
    """See the configuration before anything is registered."""


@hookspec
def register_analyzers(register: Register[Analyzer], config: Config) -> None:
    """Register what reads messages; `config` says which trained model to use."""


@hookspec
def register_policies(register: Register[Policy]) -> None:
    """Register stores: each policy is found by its name (`--store NAME`)."""


@hookspec
def register_prompts(register: Register[Wording]) -> None:
    """Register a store's own sentences, which stand in for the shipped ones of the same id."""


@hookspec
def register_writers(register: Register[Writer]) -> None:
    """Register what words a plan (`--writer NAME`)."""


@hookspec
def register_rules(register: Register[Rule]) -> None:
    """Register review rules under a letter of the plugin's own."""


@hookspec(firstresult=True)
def order_facts(message: Message) -> Order | Mapping[str, object] | None:
    """Return what the store's system knows of the order that a message is about; the first answer counts."""


@hookspec
def reply_finished(reply: Reply) -> None:
    """See each finished reply; what it returns is ignored."""
