"""What the plugins of one Kit registered: found by key, in the order of the keys, each knowing its plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from replykit.errors import ConfigError, PluginError
from replykit.hookspecs import Analyzer, Writer

if TYPE_CHECKING:
    from replykit.policy import Policy
    from replykit.prompting import Wording
    from replykit.rules import Rule

Item = TypeVar("Item")


class Shelf(Mapping[str, Item], Generic[Item]):
    """The objects of one kind. A key that is taken is an error naming both plugins, never a silent rename."""

    def __init__(self, kind: str, key: Callable[[Item], str]) -> None:
        self.kind = kind
        self._key = key
        self._items: dict[str, Item] = {}
        self._owners: dict[str, str] = {}

    def add(self, item: Item, plugin: str) -> str:
        """Put `item` on the shelf for `plugin` and return its key.

        Raises PluginError E302 when the key is taken.
        """
        key = self.key(item)
        if key in self._items:
            raise PluginError(
                "E302",
                f"plugins {self._owners[key]!r} and {plugin!r} both register {self.kind} {key!r}",
                f'rename one, or leave one out: [plugins] disable = ["{plugin}"] in replykit.toml',
            )
        self._items[key], self._owners[key] = item, plugin
        return key

    def key(self, item: Item) -> str:
        """Return the key of `item`, or raise PluginError E301 when it is no object of this kind."""
        try:
            return self._key(item)
        except AttributeError as problem:
            advice = f"register_{self.kind} takes objects with the attributes that hookspecs.py names"
            raise PluginError("E301", f"{item!r} cannot be registered: {problem}", advice) from problem

    def owner(self, key: str) -> str:
        """Return the name of the plugin that registered `key`."""
        return self._owners[key]

    def named(self, name: str, noun: str, also: str = "") -> Item:
        """Return the object of that name, or raise ConfigError E203 with the names that are there."""
        if name in self._items:
            return self._items[name]
        known = ", ".join(self) or "none"
        raise ConfigError("E203", f"no {noun} {name!r}", f"known: {known}" + (f"; {also}" if also else ""))

    def __getitem__(self, key: str) -> Item:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._items))

    def __len__(self) -> int:
        return len(self._items)


class Registry:
    """Everything that the plugins of one Kit registered."""

    def __init__(self) -> None:
        self.analyzers: Shelf[Analyzer] = Shelf("analyzers", lambda one: one.name)
        self.policies: Shelf[Policy] = Shelf("policies", lambda one: one.name)
        self.prompts: Shelf[Wording] = Shelf("prompts", lambda one: one.store)
        self.writers: Shelf[Writer] = Shelf("writers", lambda one: one.name)
        self.rules: Shelf[Rule] = Shelf("rules", lambda one: one.code)

    @property
    def by_hook(self) -> Mapping[str, Shelf[Any]]:
        """The shelves by the name of the hook that fills them."""
        shelves = (self.analyzers, self.policies, self.prompts, self.writers, self.rules)
        return {f"register_{shelf.kind}": shelf for shelf in shelves}
