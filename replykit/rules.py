"""What a review rule is given and what it gives back, and the shapes in which most rules are written as data.

A rule folder holds `*.toml` files with `[[forbid]]`, `[[substitute]]`, `[[require]]`, `[[limit]]` and `[[code]]`
tables; a service lead edits words there, never code. Patterns run on the text folded to half width, so a full-width
comma is written `,`. A `[[code]]` rule keeps its texts and words in the file and its test in a Python function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.abc import Traversable
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field, model_validator

from replykit.errors import PluginError
from replykit.outgoing import Outgoing as Outgoing
from replykit.patterns import NEVER, Phrases, holding, occurrences
from replykit.text import fold_width
from replykit.tomlfile import Strict, parse
from replykit.types import Analysis, Edit, Region, Severity, Span

Need = Literal["message", "policy", "order"]
_STRONG = 2  # the intensity of TAXONOMY from which a feeling is strong


class Example(Strict):
    """A reply that breaks a rule or keeps it, with what the rule reads beside it.

    `message` is what it answers; `order` the store's facts (`id`, `price`); `limits` the most that the agent may give,
    by remedy. Amounts are strings in the currency of the region.
    """

    reply: str
    message: str = ""
    region: Region = "zh-CN"
    order: Mapping[str, str] = {}
    limits: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken: `message` quotes the words and says what to do."""

    span: Span
    message: str
    fix: Edit | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the check of a `[[code]]` rule yields: the place, and what fills the rule's message beside {words}."""

    span: Span
    fills: Mapping[str, str] = field(default_factory=dict)
    fix: Edit | None = None


class Rule(Protocol):
    """One known mistake. `needs` names what must be at hand; `why`, `bad` and `good` are its page and its test."""

    @property
    def code(self) -> str:
        """A letter or more and three digits: `P601`."""
        ...

    @property
    def name(self) -> str:
        """A short English name: `over-promise`."""
        ...

    @property
    def severity(self) -> Severity:
        """How grave it is until a store says otherwise."""
        ...

    @property
    def origin(self) -> tuple[str, ...]:
        """Where the rule comes from, by the codes of docs/rules.md."""
        ...

    @property
    def needs(self) -> frozenset[Need]:
        """What must be at hand; without it the rule is listed as not run."""
        ...

    @property
    def why(self) -> str:
        """Why it matters, for the people who write replies."""
        ...

    @property
    def bad(self) -> tuple[Example, ...]:
        """Replies that break it, at least one."""
        ...

    @property
    def good(self) -> tuple[Example, ...]:
        """Replies that keep it, near misses among them, at least one."""
        ...

    def check(self, outgoing: Outgoing) -> Iterable[Hit]:
        """Yield each place where `outgoing` breaks the rule; spans are of its text."""
        ...


class When(Strict):
    """What the customer's message must be for a rule to apply; an empty one always holds."""

    complaint: bool | None = None
    upset: bool | None = None
    feelings: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    at_least: int | None = Field(default=None, ge=0, le=3)
    at_most: int | None = Field(default=None, ge=0, le=3)

    @property
    def asks(self) -> bool:
        """Whether any condition is set."""
        return bool(self.model_fields_set)

    def holds(self, analysis: Analysis | None) -> bool:
        """Tell whether the message fits; with no analysis only an empty condition does."""
        if not self.asks:
            return True
        if analysis is None:
            return False
        intensity = analysis.emotion.intensity
        return (
            self.complaint in (None, analysis.is_complaint)
            and self.upset in (None, upset(analysis))
            and (self.at_least is None or intensity >= self.at_least)
            and (self.at_most is None or intensity <= self.at_most)
            and self._named(analysis)
        )

    def _named(self, analysis: Analysis) -> bool:
        """Either the feeling or a type (or group of types) is among those named, where any are."""
        if not (self.feelings or self.types):
            return True
        codes = {label.code for label in analysis.types}
        groups = {code.split(".")[0] for code in codes}
        return analysis.emotion.primary in self.feelings or not {*codes, *groups}.isdisjoint(self.types)


def upset(analysis: Analysis) -> bool:
    """Tell whether a complaint carries a feeling to be met; mild worry in a matter-of-fact report is none."""
    feeling = analysis.emotion
    if not analysis.is_complaint or feeling.primary in ("neutral", "positive"):
        return False
    return feeling.primary != "anxiety" or feeling.intensity >= _STRONG


class Wording(Strict):
    """One sentence in both scripts; {words} stands for the words at fault."""

    hans: str
    hant: str

    def fill(self, region: Region, fills: Mapping[str, str]) -> str:
        """Return the sentence in the script of `region`."""
        text = self.hans if region == "zh-CN" else self.hant
        for key, value in fills.items():
            text = text.replace("{" + key + "}", value)
        return text


class Written(Strict):
    """What every rule of a rule file holds."""

    code: str = Field(pattern=r"^[A-Z]+[0-9]{3}$")
    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    severity: Severity = "warning"
    origin: tuple[str, ...] = ()
    message: Wording
    why: str
    bad: tuple[Example, ...] = Field(min_length=1)
    good: tuple[Example, ...] = Field(min_length=1)
    when: When = When()
    requires: tuple[Need, ...] = ()

    @property
    def needs(self) -> frozenset[Need]:
        """What must be at hand for the rule to run."""
        message: tuple[Need, ...] = ("message",) if self.when.asks else ()
        return frozenset((*self.requires, *message))

    def check(self, outgoing: Outgoing) -> Iterator[Hit]:
        """Yield the places where `outgoing` breaks the rule."""
        if not outgoing.text or not self.when.holds(outgoing.analysis):
            return
        for found in self.find(outgoing):
            fills = {**found.fills, "words": _shown(found.span.of(outgoing.text))}
            yield Hit(found.span, self.message.fill(outgoing.region, fills), found.fix)

    def find(self, outgoing: Outgoing) -> Iterable[Found]:
        """Yield the places, as each shape does."""
        raise NotImplementedError


def _shown(words: str) -> str:
    return words if len(words) <= 24 else words[:20] + "…"


class Forbid(Written):
    """Words that must not stand in a reply.

    `unless` drops a hit that it overlaps (不一定 around 一定); `unless_clause` and `unless_sentence` one whose clause
    or sentence holds such words; `unless_timed` one whose clause says a real time; `once` keeps only the first.
    """

    words: Phrases
    unless: Phrases = NEVER
    unless_clause: Phrases = NEVER
    unless_sentence: Phrases = NEVER
    unless_reply: Phrases = NEVER
    unless_timed: bool = False
    restated: bool = False
    once: bool = False

    def find(self, outgoing: Outgoing) -> Iterator[Found]:
        """Yield every forbidden stretch that nothing excuses; the customer's words said back are left alone."""
        text = outgoing.folded
        if self.unless_reply.search(text):
            return
        for span in occurrences(text, self.words, self.unless):
            if not self._excused(outgoing, span):
                yield Found(span, fix=self.mend(outgoing, span))
                if self.once:
                    return

    def _excused(self, outgoing: Outgoing, span: Span) -> bool:
        clause, sentence = outgoing.clause_at(span), outgoing.sentence_at(span)
        whole = Span(clause.start, max(clause.end, span.end))
        return bool(
            (not self.restated and holding(outgoing.restated, span))
            or (self.unless_clause is not NEVER and self.unless_clause.search(outgoing.folded, whole.start, whole.end))
            or (self.unless_sentence is not NEVER and self.unless_sentence.search(outgoing.folded, *_ends(sentence)))
            or (self.unless_timed and outgoing.timed(whole))
        )

    def mend(self, outgoing: Outgoing, span: Span) -> Edit | None:
        """Return how to mend the words at `span`; what is only forbidden has no single mend."""
        return None


class Substitute(Forbid):
    """Words with a better one: `swap` maps the wrong word to the right one; `safe` ones are applied unasked."""

    swap: Mapping[str, str]
    safe: bool = False

    @model_validator(mode="after")
    def _other_words(self) -> Substitute:
        if same := [wrong for wrong, right in self.swap.items() if self.words.search(fold_width(right))]:
            raise ValueError(f"what replaces {same[0]!r} is itself among the words")
        return self

    def mend(self, outgoing: Outgoing, span: Span) -> Edit | None:
        """Return the edit for the words at `span` where they have one."""
        right = self.swap.get(span.of(outgoing.folded))
        return None if right is None else Edit(span, right, self.safe)


class Require(Written):
    """Words of which at least one must stand in the reply; `at` says where an absence is marked."""

    words: Phrases
    unless: Phrases = NEVER
    at: Literal["first", "last", "whole"] = "whole"

    def find(self, outgoing: Outgoing) -> Iterator[Found]:
        """Yield one place when none of the words is there; those that `unless` overlaps do not count."""
        if not any(occurrences(outgoing.folded, self.words, self.unless)):
            yield Found(place(outgoing, self.at))


class Limit(Written):
    """Words that may stand at most `most` times; the one after that is marked."""

    words: Phrases
    most: int = Field(gt=0)

    def find(self, outgoing: Outgoing) -> Iterator[Found]:
        """Yield the first occurrence too many."""
        spans = list(occurrences(outgoing.folded, self.words))
        if len(spans) > self.most:
            yield Found(spans[self.most], {"count": str(len(spans))})


Check = Callable[[Outgoing, Mapping[str, "Phrases"]], Iterable[Found]]


class Code(Written):
    """A rule whose test is a Python function; its words still stand in the file, for the function to use."""

    words: Mapping[str, Phrases] = {}
    test: Check | None = Field(default=None, exclude=True)

    def find(self, outgoing: Outgoing) -> Iterable[Found]:
        """Yield what the function finds."""
        return self.test(outgoing, self.words) if self.test else ()


class RuleFile(Strict):
    """The tables of one rule file, by shape."""

    forbid: tuple[Forbid, ...] = ()
    substitute: tuple[Substitute, ...] = ()
    require: tuple[Require, ...] = ()
    limit: tuple[Limit, ...] = ()
    code: tuple[Code, ...] = ()


def place(outgoing: Outgoing, at: Literal["first", "last", "whole"]) -> Span:
    """Return where an absence is marked: the opening sentence, the last one, or the whole text."""
    if at == "whole":
        return Span(0, len(outgoing.text))
    return outgoing.sentences[0 if at == "first" else -1]


def load_rules(folder: Path | Traversable, checks: Mapping[str, Check] | None = None) -> list[Rule]:
    """Return the rules of every `*.toml` file in `folder`, by code; `checks` holds the functions of `[[code]]` rules.

    Raises PluginError E306 naming file and line for a wrong file, and for a `[[code]]` rule without a function.
    """
    rules: list[Written] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            rules += _read(path, checks or {})
    return sorted(rules, key=lambda rule: rule.code)


def _read(path: Path | Traversable, checks: Mapping[str, Check]) -> Sequence[Written]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PluginError("E306", f"{path}: cannot be read: {problem}", "a rule file is UTF-8 TOML") from problem
    file = parse(text, str(path), RuleFile, PluginError, ("E306", "E306"))
    missing = next((rule.code for rule in file.code if rule.code not in checks), None)
    if missing:
        raise PluginError("E306", f"{path}: no function checks {missing}", "hand it to load_rules in checks")
    coded = [rule.model_copy(update={"test": checks[rule.code]}) for rule in file.code]
    return [*file.forbid, *file.substitute, *file.require, *file.limit, *coded]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
