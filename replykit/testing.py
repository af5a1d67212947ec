"""For plugin authors: build a kit that reads no configuration, run a rule's own examples, and fake a writer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from replykit.config import Config
from replykit.hookspecs import Brief
from replykit.outgoing import Outgoing
from replykit.pipeline import Kit
from replykit.review import review
from replykit.rules import Example, Rule
from replykit.types import Draft, Money, Order, Parts

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


def outgoing(example: Example, toolkit: Kit) -> Outgoing:
    """Return the reply of a rule's example with all that the example puts beside it."""
    read = toolkit.analyze(example.message, now=NOW) if example.message else None
    limits = {"agent": {remedy: Decimal(value) for remedy, value in example.limits.items()}}
    policy = toolkit.policy_for(example.region).model_copy(update={"limits": limits})
    price = Money(Decimal(example.order["price"]), policy.currency) if "price" in example.order else None
    facts = example.order
    order = Order(id=facts.get("id", ""), product=facts.get("product", ""), price=price) if facts else None
    return Outgoing(example.reply, example.region, NOW, "agent", example.message or None, read, policy, order)


def failing_examples(rules: Iterable[Rule], toolkit: Kit) -> list[str]:
    """Return what is wrong with the rules' own examples: a bad one that is not found, a good one that is.

    `toolkit` must have a general store for the region of each example; the shipped ones are enough.
    """
    wrong = []
    for rule in rules:
        for kind, examples in (("bad", rule.bad), ("good", rule.good)):
            for example in examples:
                found = review(outgoing(example, toolkit), [rule])
                said = [f"{example.reply!r}: {warning}" for warning in found.warnings]
                said += [f"{kind} example {example.reply!r}"] if bool(found.findings) != (kind == "bad") else []
                wrong += [f"{rule.code}: {one}" for one in said]
    return wrong
