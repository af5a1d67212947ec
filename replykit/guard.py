"""Read a draft back against its plan: nothing promised that was not decided, nothing decided that was left unsaid.

Every amount, percentage, date, time, span and promise found in the words must be in the plan, or, where the draft says
back what happened, in the customer's own message; and every commitment of the plan must be found in the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from replykit import commitments, quantities
from replykit.errors import PromptError
from replykit.hookspecs import Brief, Writer
from replykit.quantities import Quantity
from replykit.types import Draft, Money, Order, Plan, Span

_MEND = "mend the sentence that is named in the store's wording/ folder, or the remedy in its policy.toml"
# Said back to the customer: what they themselves wrote may stand here.
_SAID_BACK = ("empathy", "apology")


@dataclass(frozen=True, slots=True)
class Breach:
    """One difference between words and plan. `span` is None when something of the plan was left unsaid."""

    what: str
    words: str
    span: Span | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.words}"


def check(
    draft: Draft, plan: Plan, message: str, order: Order | None, now: datetime, currency: str
) -> tuple[Breach, ...]:
    """Return how the words of `draft` differ from `plan`; empty when they agree."""
    spoken = quantities.read(draft.text, now, currency)
    known = Known.of(plan, message, order, now, currency)
    return tuple(
        sorted(
            [*_unplanned(draft, spoken, known), *_unbacked(draft, known), *_unsaid(draft, plan, spoken)],
            key=lambda breach: breach.span or Span(len(draft.text), len(draft.text)),
        )
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What may be spoken: `items` holds values and acts by plan item ("" for all), `told` what the customer said.

    A sentence traced to an item may say that item alone; what was told may only be said back.
    """

    items: Mapping[str, tuple[frozenset[object], frozenset[str]]]
    told: frozenset[object]

    @classmethod
    def of(cls, plan: Plan, message: str, order: Order | None, now: datetime, currency: str) -> Known:
        """Gather what a plan and a message hold."""

        def said(words: str) -> tuple[set[object], set[str]]:
            values = set(_values(quantities.read(words, now, currency)))
            return values, {found.act for found in commitments.read(words)}

        items = {}
        for option in plan.options:
            values, acts = said(option.title)
            values |= {*_moment(option.deadline), *([option.amount] if option.amount else [])}
            items[option.id] = frozenset(values), frozenset(acts | {option.remedy})
        if plan.follow_up:
            by_phone = frozenset(["callback"] if plan.follow_up.channel == "phone" else [])
            items["follow_up"] = frozenset(_moment(plan.follow_up.at)), by_phone
        reasons, allowed = said("；".join(answer.reason for answer in plan.demands))
        facts = set(_order_values(order)) if order else set()
        everything = frozenset[object]().union(reasons, facts, *(values for values, _ in items.values()))
        items[""] = everything, frozenset(allowed).union(*(acts for _, acts in items.values()))
        return cls(items, frozenset(_values(quantities.read(message, now, currency))))

    def at(self, span: Span, draft: Draft) -> tuple[frozenset[object], frozenset[str]]:
        """Return the values and acts that may be said at `span` of the draft."""
        traced = (trace.plan_item for trace in draft.trace if trace.span.overlaps(span))
        return self.items[next((item for item in traced if item in self.items), "")]


def _order_values(order: Order) -> Iterator[object]:
    yield from (value for value in (order.price, order.bought_at, order.received_at) if value is not None)


def _moment(at: datetime) -> tuple[object, ...]:
    """A decided moment may be said whole, or as its day alone."""
    return at, at.date()


def _values(found: Iterable[Quantity]) -> Iterator[object]:
    for one in found:
        yield _key(one)
        if isinstance(one.value, datetime):
            yield one.value.date()


def _key(one: Quantity) -> object:
    """Return the value so that equal ones compare equal across kinds that could be confused (7 days, 7 times)."""
    return one.value if isinstance(one.value, Money | date) else (one.kind, one.value)


def _unplanned(draft: Draft, spoken: list[Quantity], known: Known) -> Iterator[Breach]:
    back = [trace.span for trace in draft.trace if trace.part in _SAID_BACK]
    for one in spoken:
        words = one.span.of(draft.text)
        if not one.consistent:
            yield Breach("a date that contradicts itself", words, one.span)
            continue
        key = _key(one)
        said_back = key in known.told and any(span.overlaps(one.span) for span in back)
        if key not in known.at(one.span, draft)[0] and not said_back:
            yield Breach(f"a {one.kind} that is not in the plan", words, one.span)


def _unbacked(draft: Draft, known: Known) -> Iterator[Breach]:
    for found in commitments.read(draft.text):
        if found.mode == "offer" and found.act not in known.at(found.span, draft)[1]:
            yield Breach(f"a promise ({found.act}) that is not in the plan", found.span.of(draft.text), found.span)


def _unsaid(draft: Draft, plan: Plan, spoken: list[Quantity]) -> Iterator[Breach]:
    values = {_key(one) for one in spoken if one.consistent}
    for option in plan.options:
        if option.deadline not in values:
            yield Breach(f"the deadline of {option.id} is not said", option.deadline.isoformat())
        if option.amount and option.amount not in values:
            yield Breach(f"the amount of {option.id} is not said", f"{option.amount.currency} {option.amount.value}")
    if plan.follow_up and plan.follow_up.at not in values:
        yield Breach("the time of the follow-up is not said", plan.follow_up.at.isoformat())
    if len(draft.parts.options) < len(plan.options):
        yield Breach("an option is not said", f"{len(plan.options)} decided, {len(draft.parts.options)} said")


def worded(brief: Brief, writers: Iterable[Writer]) -> tuple[Draft, tuple[str, ...]]:
    """Return the first draft that agrees with its plan, and why those before it were passed over.

    Raises PromptError E403 when none does: a reply that promises the wrong thing is never handed out.
    """
    notes: list[str] = []
    for writer in writers:
        try:
            draft = writer.write(brief)
        except Exception as problem:  # a stranger's writer may raise anything; the next one words the plan
            notes.append(f"E303: writer {writer.name!r} raised {type(problem).__name__}: {problem}")
            continue
        order = brief.thread.order
        breaches = check(draft, brief.plan, brief.thread.message.text, order, brief.now, brief.policy.currency)
        if not breaches:
            return draft, tuple(notes)
        notes.append(f"E403: writer {writer.name!r} was passed over: " + "; ".join(map(str, breaches)))
    raise PromptError("E403", "no writer words the plan as it was decided: " + " | ".join(notes), _MEND)
