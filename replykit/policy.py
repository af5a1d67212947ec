"""A store's policy as values, read from `policy.toml`. Every key is explained in docs/policy.md."""

from __future__ import annotations

from datetime import date, time
from decimal import ROUND_DOWN, Decimal
from difflib import get_close_matches
from functools import cache
from importlib.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from replykit import taxonomy
from replykit.errors import PolicyError
from replykit.tomlfile import Strict, parse
from replykit.types import Kind, Level, Money, Region
from replykit.worktime import Hours, WorkCalendar

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
Channel = Literal["phone", "message", "email"]
# TOML knows no decimals: money is written as a string or a whole number, never as a binary fraction.
Amount = Annotated[Decimal, BeforeValidator(lambda value: _exact(value)), Field(ge=0)]


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise ValueError(f'write money in quotes: "{value}"')
    return value


DOMAINS = ("goods", "takeaway", "dining", "lodging", "digital", "finance", "transport", "unknown")


@cache
def _known(kind: str) -> frozenset[str]:
    """Return the codes of a kind; groups of types count as types."""
    if kind == "domain":
        return frozenset(DOMAINS)
    codes = taxonomy.codes(kind)
    return frozenset(codes) | {code.split(".")[0] for code in codes if kind == "type"}


def _codes(kind: str) -> AfterValidator:
    """Refuse a code that is not in the taxonomy, unless it has a prefix of the pack's own (`shop.gift_card`)."""

    def check(codes: tuple[str, ...]) -> tuple[str, ...]:
        known = _known(kind)
        for code in codes:
            prefix, dot, _ = code.partition(".")
            if code not in known and not (dot and prefix not in {one.split(".")[0] for one in known}):
                close = get_close_matches(code, known, n=1, cutoff=0.5)
                raise ValueError(f"no {kind} {code!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return codes

    return AfterValidator(check)


Types = Annotated[tuple[str, ...], _codes("type")]
Signals = Annotated[tuple[str, ...], _codes("signal")]
Demands = Annotated[tuple[str, ...], _codes("demand")]
Domains = Annotated[tuple[str, ...], _codes("domain")]


class Opening(Strict):
    """When somebody is there to act. Deadlines never fall outside these hours."""

    open: time
    close: time
    days: tuple[Day, ...] = DAYS
    holidays: Literal["CN", "TW", "HK", ""] = ""
    closed: tuple[date, ...] = ()
    due: time | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Opening:
        if not self.open < self.close:
            raise ValueError("open must be before close")
        if self.due and not self.open < self.due <= self.close:
            raise ValueError("due must lie between open and close")
        if not self.days:
            raise ValueError("name at least one day")
        return self


class ByLevel(Strict):
    """A whole number for each level of urgency."""

    normal: int = Field(gt=0)
    urgent: int = Field(gt=0)
    critical: int = Field(gt=0)

    def of(self, level: Level) -> int:
        """Return the number for `level`."""
        return int(getattr(self, level))


class FollowUpRule(Strict):
    """Who comes back to the customer, how, and within how many working minutes by urgency."""

    owner: str
    channel: Channel
    minutes: ByLevel


class Takes(Strict):
    """How long a remedy takes: working minutes, working days, or the promise time of the case's urgency."""

    minutes: int | None = Field(default=None, gt=0)
    days: int | None = Field(default=None, gt=0)
    promise: bool = False

    @model_validator(mode="after")
    def _one(self) -> Takes:
        if sum([self.minutes is not None, self.days is not None, self.promise]) != 1:
            raise ValueError("give exactly one of minutes, days, promise = true")
        return self


class Share(Strict):
    """How much a remedy gives: a fixed amount, or a percentage of the order's price (100: all of it) up to a cap.

    A percentage needs the order's price: without it the option names no amount.
    """

    fixed: Amount | None = None
    percent: int | None = Field(default=None, gt=0, le=100)
    cap: Amount | None = None

    @model_validator(mode="after")
    def _one(self) -> Share:
        if (self.fixed is None) == (self.percent is None):
            raise ValueError("give exactly one of fixed, percent")
        return self

    def of(self, price: Money | None, currency: str) -> Money | None:
        """Return the amount for an order of `price`, rounded down to the cent, or None where it is not known."""
        if self.fixed is not None:
            return Money(self.fixed, currency)
        if price is None or self.percent is None or price.currency != currency:
            return None
        value = (price.value * self.percent / 100).quantize(Decimal("0.01"), ROUND_DOWN)
        return Money(value if self.cap is None else min(value, self.cap), currency)


class When(Strict):
    """Conditions of a remedy; an empty one always holds. A type may be a group (`product`)."""

    kinds: tuple[Kind, ...] = ()
    levels: tuple[Level, ...] = ()
    types: Types = ()
    domains: Domains = ()
    demands: Demands = ()
    signals: Signals = ()
    unless_signals: Signals = ()
    unless_types: Types = ()
    within_days: int | None = Field(default=None, gt=0)


class Remedy(Strict):
    """One thing the store can do. `answers` are the demands that it meets, `instead_of` those it stands in for.

    Among remedies that fit, the lower `rank` comes first and a `lead` one before all; one `on_demand` is offered only
    when asked for, and of one `group` only one is offered unasked.
    """

    id: str
    title: str
    owner: str
    clause: str
    law: str = ""
    takes: Takes
    answers: Demands = ()
    instead_of: Demands = ()
    when: When = When()
    amount: Share | None = None
    needs: tuple[str, ...] = ()
    wording: str = ""
    rank: int = 50
    lead: bool = False
    on_demand: bool = False
    group: str = ""

    @property
    def sentence(self) -> str:
        """The id of the sentence that words it."""
        return self.wording or self.id


class Voice(Strict):
    """How the store speaks."""

    signature: str
    forbidden: tuple[str, ...] = ()


class Policy(Strict):
    """A store: what it may offer, within what time and limits, and how it speaks."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    version: str
    region: Region
    jurisdiction: Literal["CN", "TW", "HK"]
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    timezone: str
    as_of: date
    general: bool = False
    voice: Voice
    hours: Opening
    promise: ByLevel = ByLevel(normal=3, urgent=2, critical=1)
    follow_up: FollowUpRule
    limits: dict[str, dict[str, Amount]] = Field(default_factory=dict)
    declines: dict[str, str] = Field(default_factory=dict)
    remedies: tuple[Remedy, ...] = Field(min_length=1)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise ValueError(f"no time zone {name!r}; write one like Asia/Shanghai") from problem
        return name

    @model_validator(mode="after")
    def _known_remedies(self) -> Policy:
        ids = [remedy.id for remedy in self.remedies]
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise ValueError(f"a remedy's id stands twice: {', '.join(sorted(twice))}")
        for role, limits in self.limits.items():
            unknown = sorted(set(limits) - set(ids))
            if unknown:
                raise ValueError(f"limits.{role} names a remedy that is not there: {', '.join(unknown)}")
        return self

    @property
    def calendar(self) -> WorkCalendar:
        """The store's working time."""
        hours = self.hours
        days = frozenset(DAYS.index(day) for day in hours.days)
        opening = Hours(hours.open, hours.close, days, hours.due or hours.close)
        return WorkCalendar(ZoneInfo(self.timezone), opening, hours.holidays, frozenset(hours.closed))

    def limit(self, role: str, remedy: str) -> Money | None:
        """Return the most that `role` may give by `remedy`, or None where the policy sets no limit."""
        value = self.limits.get(role, {}).get(remedy)
        return None if value is None else Money(value, self.currency)

    def knows(self, role: str) -> bool:
        """Tell whether `role` has rights here; a policy without limits gives every role the same."""
        return not self.limits or role in self.limits

    def remedy(self, name: str) -> Remedy | None:
        """Return the remedy of that id."""
        return next((remedy for remedy in self.remedies if remedy.id == name), None)


def load_policy(path: Path | Traversable) -> Policy:
    """Read a `policy.toml`.

    Raises PolicyError (E251, E252) naming file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        advice = "give the path of a UTF-8 policy.toml"
        raise PolicyError("E251", f"{path}: cannot be read: {problem}", advice) from problem
    return parse(text, str(path), Policy, PolicyError, ("E251", "E252"))


def fitting(policies: list[Policy], region: Region) -> Policy | None:
    """Return the general store of `region`, else any store of it, else any general one (by name)."""
    ordered = sorted(policies, key=lambda policy: (policy.region != region, not policy.general, policy.name))
    return ordered[0] if ordered else None
