"""The values that flow through replykit: frozen, slotted, standard library only.

They flow one way: a Message is read into an Analysis, settled into a Plan, worded as a Draft and checked in a Review;
a Reply holds all of them. Every offset is a code point of one exact text, half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Region = Literal["zh-CN", "zh-TW", "zh-HK"]
Script = Literal["Hans", "Hant", "Mixed", "Unknown"]
Level = Literal["normal", "urgent", "critical"]
Severity = Literal["info", "warning", "error"]
Verdict = Literal["send", "mend", "block"]
Answer = Literal["met", "instead", "declined", "ask"]
Kind = Literal["complaint", "question", "praise"]
CERTAIN = 1.0  # the score of what stands whatever else is read
# How sure the leading type, a further type and a demand must be before a plan rests on them (benchmarks/README.md).
LEADING, BESIDE, ASKED = 0.6, 0.7, 0.45
REGIONS: tuple[Region, ...] = ("zh-CN", "zh-TW", "zh-HK")
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of one exact text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0 or later, not from {self.start} to {self.end}")

    def of(self, text: str) -> str:
        """Return the words that this span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its ISO 4217 currency."""

    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a customer wrote."""

    text: str
    id: str = ""
    sender: str = ""
    channel: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the same conversation."""

    role: Literal["customer", "agent"]
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the store's own records say of the order; every field may be unknown."""

    id: str = ""
    product: str = ""
    category: str = ""
    price: Money | None = None
    bought_at: date | None = None
    received_at: date | None = None
    status: str = ""
    customer: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """A message with what came before it and what the store knows of the order."""

    message: Message
    earlier: tuple[Turn, ...] = ()
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One claim about a message: its code, how sure (0..1), the words that show it, and who says so.

    The claim counts from `threshold` on: a trained reader sets it where its code is told best.
    """

    code: str
    score: float
    evidence: tuple[Span, ...] = ()
    source: str = ""
    reason: str = ""
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Emotion:
    """The leading feeling, perhaps a second one, and the intensity 0..3 of TAXONOMY."""

    primary: str
    secondary: str | None
    intensity: int
    score: float
    evidence: tuple[Span, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something stated in the message, with its normalized value (see docs/taxonomy.md for each kind)."""

    kind: str
    value: str
    span: Span
    source: str = ""


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon the case must be resolved, and the codes of what made it so."""

    level: Level
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one analyzer claims of one text; the analysis joins the readings of all of them.

    `complaint` is how likely the text is a complaint at all, where the analyzer has learned to tell. `warnings` say
    what it could not use.
    """

    types: tuple[Label, ...] = ()
    emotions: tuple[Label, ...] = ()
    intensity: int | None = None
    signals: tuple[Label, ...] = ()
    demands: tuple[Label, ...] = ()
    facts: tuple[Fact, ...] = ()
    domain: str | None = None
    complaint: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What replykit reads out of a message. Lists come most important first."""

    text: str
    types: tuple[Label, ...]
    emotion: Emotion
    signals: tuple[Label, ...]
    demands: tuple[Label, ...]
    facts: tuple[Fact, ...]
    urgency: Urgency
    language: str
    script: Script
    region: Region
    domain: str = "unknown"
    abstained: tuple[str, ...] = ()
    id: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_complaint(self) -> bool:
        """Whether any complaint type was read."""
        return bool(self.types)

    def certain(self) -> Analysis:
        """Return the claims that are sure enough to act on: a store must not answer what nobody said.

        A complaint whose leading type is a guess becomes `other`, evidence kept. Doubtful demands are left out.
        """
        leading = self.types[:1]
        if leading and leading[0].score < LEADING:
            leading = (replace(leading[0], code="other"),)
        beside = tuple(label for label in self.types[1:] if label.score >= BESIDE)
        asked = tuple(label for label in self.demands if label.score >= ASKED)
        return replace(self, types=leading + beside, demands=asked)

    def fact(self, kind: str) -> Fact | None:
        """Return the first fact of `kind`, or None."""
        return next((fact for fact in self.facts if fact.kind == kind), None)

    def has(self, *codes: str) -> bool:
        """Tell whether any of `codes` is among the signals."""
        return any(label.code in codes for label in self.signals)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a commitment comes from: a policy's clause and, where there is one, a law's article."""

    policy: str
    clause: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing the customer can accept. `wording` names its sentence, `needs` what the customer must supply."""

    id: str
    remedy: str
    title: str
    deadline: datetime
    owner: str
    source: Source
    amount: Money | None = None
    answers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class DemandAnswer:
    """How the plan answers one demand."""

    code: str
    answer: Answer
    option: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A missing fact to ask the customer for, and the code of why it is needed."""

    fact: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Who comes back to the customer, when and how."""

    at: datetime
    channel: str
    owner: str
    source: Source


@dataclass(frozen=True, slots=True)
class Plan:
    """Every commitment of a reply, settled before any wording."""

    kind: Kind
    demands: tuple[DemandAnswer, ...]
    options: tuple[Option, ...]
    follow_up: FollowUp | None
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    store: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of a draft, in order. A praise or a plain question needs no apology."""

    empathy: str
    apology: str
    options: tuple[str, ...]
    follow_up: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one sentence of a draft came from."""

    part: str
    span: Span
    template: str
    plan_item: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A worded plan."""

    parts: Parts
    text: str
    region: Region
    writer: str
    trace: tuple[Trace, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of the words at `span`; a safe one keeps the meaning and may be applied unasked."""

    span: Span
    text: str
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One known mistake found in a reply: a value, never an exception."""

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    fix: Edit | None = None


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule whose inputs were missing: it neither passed nor failed."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the rules found in one reply, in the order of the text."""

    findings: tuple[Finding, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`block` with an error, `mend` with a warning, else `send`."""
        severities = {finding.severity for finding in self.findings}
        return "block" if "error" in severities else "mend" if "warning" in severities else "send"


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out, and why."""

    analysis: Analysis
    plan: Plan
    draft: Draft
    review: Review
    warnings: tuple[str, ...] = ()
