"""Settle what the store commits to: which options, by when, by whom, and how each demand is answered.

Rules only: the policy says what may be offered, the order and the analysis say what fits, the calendar says when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from replykit.policy import Policy, Remedy, Takes, When
from replykit.types import Analysis, DemandAnswer, FollowUp, Kind, Money, Option, Order, Plan, Question, Source

MOST_OPTIONS = 3
ENOUGH_OPTIONS = 2
APPROVAL = "approval"
# What a remedy may need before it can be carried out, and what of the message or order answers it.
KNOWN_BY = {"order_id": ("order_id", "tracking_no"), "phone": ("phone",)}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the rules look at."""

    analysis: Analysis
    order: Order | None
    policy: Policy
    role: str
    now: datetime

    def knows(self, need: str) -> bool:
        """Tell whether the message or the order already holds what `need` names."""
        if self.order is not None and (need != "order_id" or self.order.id):
            return True
        return any(self.analysis.fact(kind) for kind in KNOWN_BY.get(need, (need,)))

    @property
    def codes(self) -> frozenset[str]:
        """The complaint types and their groups."""
        types = [label.code for label in self.analysis.types]
        return frozenset(types) | {code.split(".")[0] for code in types}


def plan(analysis: Analysis, order: Order | None, policy: Policy, role: str, now: datetime) -> Plan:
    """Return what the store commits to; `now` is an aware time.

    A complaint gets at least two options where the policy allows, those that the customer asked for first.
    """
    case = Case(analysis.certain(), _same_order(analysis, order), policy, role, now)
    kind = kind_of(case.analysis)
    if kind == "praise":
        return Plan(kind, _declines(case), (), None, store=policy.name)
    fitting = sorted((remedy for remedy in policy.remedies if _fits(remedy.when, case)), key=lambda one: one.rank)
    chosen, answers = _answer(case, fitting)
    if kind == "complaint" or not chosen:
        chosen = _fill(case, chosen, fitting)
    options = tuple(_option(remedy, number, case) for number, remedy in enumerate(chosen, 1))
    doubtful = [label.code for label in analysis.demands if label not in case.analysis.demands]
    answers += [DemandAnswer(code, "ask", reason="doubtful") for code in doubtful]
    by_remedy = {remedy.id: option.id for remedy, option in zip(chosen, options, strict=True)}
    demands = tuple(replace(answer, option=by_remedy.get(answer.option or "")) for answer in answers)
    follow_up = _follow_up(case) if kind == "complaint" else None
    questions, notes = _questions(case, chosen), _notes(case, options, follow_up, order is not case.order)
    return Plan(kind, demands, options, follow_up, questions, notes, policy.name)


def kind_of(analysis: Analysis) -> Kind:
    """Return whether a message complains, praises, or asks."""
    if analysis.is_complaint:
        return "complaint"
    return "praise" if analysis.emotion.primary == "positive" and not analysis.demands else "question"


def _fits(when: When, case: Case) -> bool:
    demands = {label.code for label in case.analysis.demands}
    signals = {label.code for label in case.analysis.signals}
    received = case.order.received_at if case.order else None
    in_time = not (when.within_days and received) or case.now.date() <= received + timedelta(days=when.within_days)
    return (
        _meets(when.kinds, {kind_of(case.analysis)})
        and _meets(when.levels, {case.analysis.urgency.level})
        and _meets(when.types, case.codes)
        and _meets(when.domains, {case.analysis.domain})
        and _meets(when.demands, demands)
        and _meets(when.signals, signals)
        and not signals.intersection(when.unless_signals)
        and not case.codes.intersection(when.unless_types)
        and in_time
    )


def _meets(wanted: tuple[str, ...], there: Iterable[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(there)


def _answer(case: Case, fitting: list[Remedy]) -> tuple[list[Remedy], list[DemandAnswer]]:
    """Answer each demand by a remedy that meets it or stands in for it, else by the policy's reason to decline."""
    chosen = [remedy for remedy in fitting if remedy.lead][:1]
    answers = []
    for label in case.analysis.demands:
        code = label.code
        if code in case.policy.declines:
            answers.append(DemandAnswer(code, "declined", reason=case.policy.declines[code]))
            continue
        meets = next((remedy for remedy in fitting if code in remedy.answers), None)
        remedy = meets or next((remedy for remedy in fitting if code in remedy.instead_of), None)
        if remedy is None:
            answers.append(DemandAnswer(code, "ask", reason="no_remedy_fits"))
            continue
        if remedy not in chosen and len(chosen) < MOST_OPTIONS:
            chosen.append(remedy)
        if remedy not in chosen:
            remedy = next((one for one in chosen if code in one.answers + one.instead_of), chosen[0])
            meets = remedy if code in remedy.answers else None
        missing = [need for need in remedy.needs if not case.knows(need)]
        state = "ask" if meets and missing else "met" if meets else "instead"
        reason = missing[0] if state == "ask" else "" if meets else remedy.clause
        answers.append(DemandAnswer(code, state, remedy.id, reason))  # type: ignore[arg-type]  # state is an Answer
    return chosen, answers


def _declines(case: Case) -> tuple[DemandAnswer, ...]:
    return tuple(_answer(case, [])[1])


def _fill(case: Case, chosen: list[Remedy], fitting: list[Remedy]) -> list[Remedy]:
    """Add what fits the case, best rank first, until there are enough options to choose from; a question needs one."""
    enough = ENOUGH_OPTIONS if case.analysis.is_complaint else 1
    kinds = {remedy.group for remedy in chosen}
    if any(remedy.lead for remedy in chosen):
        kinds.add("money")  # who is hurt is not sent to the post office unasked
    for remedy in fitting:
        if len(chosen) >= enough:
            break
        if remedy not in chosen and not remedy.on_demand and (not remedy.group or remedy.group not in kinds):
            chosen.append(remedy)
            kinds.add(remedy.group)
    return chosen


def _option(remedy: Remedy, number: int, case: Case) -> Option:
    amount = remedy.amount.of(case.order.price if case.order else None, case.policy.currency) if remedy.amount else None
    limit = case.policy.limit(case.role, remedy.id)
    source = Source(case.policy.name, remedy.clause, remedy.law)
    above = amount is not None and limit is not None and amount.value > limit.value
    approval = case.policy.remedy(APPROVAL) if above else None
    if approval is not None:
        return _approval(approval, remedy, number, case)
    if above:
        amount = limit
    return Option(
        id=f"o{number}",
        remedy=remedy.id,
        title=remedy.title,
        deadline=_deadline(remedy.takes, case),
        owner=remedy.owner,
        source=source,
        amount=amount,
        answers=_answered(remedy, case),
        needs=remedy.needs,
        wording=remedy.sentence,
    )


def _answered(remedy: Remedy, case: Case) -> tuple[str, ...]:
    """Return which of this customer's demands the remedy meets."""
    return tuple(label.code for label in case.analysis.demands if label.code in remedy.answers)


def _approval(approval: Remedy, wanted: Remedy, number: int, case: Case) -> Option:
    """Return what stands in when the amount is above what this role may give: a supervisor decides by a time."""
    return Option(
        id=f"o{number}",
        remedy=APPROVAL,
        title=wanted.title,
        deadline=_deadline(approval.takes, case),
        owner=approval.owner,
        source=Source(case.policy.name, approval.clause, wanted.law),
        amount=None,
        answers=_answered(wanted, case),
        needs=wanted.needs,
        wording=approval.sentence,
    )


def _deadline(takes: Takes, case: Case) -> datetime:
    calendar = case.policy.calendar
    if takes.minutes is not None:
        return calendar.round_up(calendar.add_minutes(case.now, takes.minutes))
    days = takes.days or case.policy.promise.of(case.analysis.urgency.level)
    return calendar.add_days(case.now, days)


def _follow_up(case: Case) -> FollowUp:
    rule = case.policy.follow_up
    calendar = case.policy.calendar
    at = calendar.round_up(calendar.add_minutes(case.now, rule.minutes.of(case.analysis.urgency.level)))
    asked_for_call = any(label.code == "callback" for label in case.analysis.demands)
    channel = "phone" if asked_for_call else rule.channel
    return FollowUp(at, channel, rule.owner, Source(case.policy.name, "follow_up"))


def _questions(case: Case, chosen: list[Remedy]) -> tuple[Question, ...]:
    """Ask once for each thing that a chosen remedy needs and nobody has said yet."""
    reasons: dict[str, str] = {}
    for remedy in chosen:
        for need in remedy.needs:
            if not case.knows(need):
                reasons.setdefault(need, remedy.id)
    return tuple(Question(need, reason) for need, reason in reasons.items())


def _same_order(analysis: Analysis, order: Order | None) -> Order | None:
    """Return `order`, or None when the message names another one: nothing is settled on somebody else's price."""
    named = [fact.value.upper() for fact in analysis.facts if fact.kind == "order_id"]
    return None if order and order.id and named and order.id.upper() not in named else order


def _notes(case: Case, options: tuple[Option, ...], follow_up: FollowUp | None, stray: bool) -> tuple[str, ...]:
    notes = []
    moments = [option.deadline for option in options] + ([follow_up.at] if follow_up else [])
    unpublished = sorted({at.year for at in moments if case.policy.calendar.unpublished(at)})
    moving = "is not known yet: deadlines may move"
    notes += [f"the official holiday arrangement of {year} {moving}" for year in unpublished]
    said = [fact for fact in case.analysis.facts if fact.kind == "amount"]
    price = case.order.price if case.order else None
    number = case.analysis.fact("order_id")
    if number and case.order is None:
        notes += [f"the message names order {number.value}: facts of another order are not used"] * stray
    if price and said and all(not _same(fact.value, price) for fact in said):
        told, known = said[0].value, f"{price.currency} {price.value}"
        notes.append(f"the message says {told}, the order says {known}: the order's is used")
    return tuple(notes)


def _same(value: str, price: Money) -> bool:
    currency, _, number = value.partition(" ")
    try:
        return currency == price.currency and price.value == type(price.value)(number)
    except ArithmeticError:
        return False
