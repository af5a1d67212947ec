"""Reads messages by lexicons: TOML files of words and patterns that a service lead can read and edit.

A file holds the cues of one family (types, emotions, ...). Each cue gives words or patterns for one code and a weight:
how likely the code is when the cue alone is found. The weights of different finds are joined as independent chances, so
that two weak cues can carry what one cannot; a cue `against` a code lowers it. `scope.toml` says what turns a find off:
the negations before it, and quoted words of the staff.

Text and lexicon are compared after folding: half width, lower case, and simplified character by character. Folding
keeps the length, so a span found on the folded text holds on the original one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from importlib.abc import Traversable
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from replykit.errors import PluginError
from replykit.folding import EDGE, expand, fold
from replykit.tomlfile import Strict, locate, parse
from replykit.types import Label, Reading, Region, Span

Family = Literal["types", "signals", "demands", "emotions", "intensity", "domain"]
FAMILIES: tuple[Family, ...] = ("types", "signals", "demands", "emotions", "intensity", "domain")
SURE = 0.5  # from here a code counts as read
FAINT = 0.25  # from here it is handed on, so that the analysis can say where it abstains
SCOPE_FILE = "scope.toml"

_UNBOUNDED = re.compile(r"(?<!\\)(?:[.)\]]|\\[A-Za-z])(?:[*+]|\{\d*,\})")
_WINDOW = 24  # characters on each side of a find that `unless` and negations may look at
_MOST_FINDS = 40  # of one cue in one text: more say nothing new, and a megabyte of one word must not hang


def _pattern(pattern: str) -> str:
    if _UNBOUNDED.search(pattern):
        raise ValueError(f"{pattern!r} repeats without a bound; write … or a bounded repeat like .{{0,6}}")
    return pattern


def _patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Check them all at once: compiling is what loading takes longest over."""
    try:
        if (joint := _any(patterns)) is None or not joint.match(""):
            return patterns
    except re.error:
        pass
    for pattern in patterns:
        try:
            if re.compile(expand(pattern)).match(""):
                raise ValueError(f"{pattern!r} matches nothing at all; give at least one character that must be there")
        except re.error as problem:
            raise ValueError(f"{pattern!r} is not a regular expression: {problem}") from problem
    return patterns


@lru_cache(maxsize=2048)
def _any(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{expand(pattern)})" for pattern in patterns)) if patterns else None


def _word(word: str) -> str:
    if not word.strip():
        raise ValueError("a word is empty")
    return word


Patterns = Annotated[tuple[Annotated[str, AfterValidator(_pattern)], ...], AfterValidator(_patterns)]
Word = Annotated[str, AfterValidator(_word)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]


class Cue(Strict):
    """Words and patterns that speak for `code`, or `against` it.

    `labels` are codes that must have been read already; without words they are the cue themselves.
    """

    code: Code
    weight: float = Field(default=0.8, gt=0, le=1)
    words: tuple[Word, ...] = ()
    patterns: Patterns = ()
    unless: Patterns = ()
    labels: tuple[Code, ...] = ()
    negation: str | None = None
    against: bool = False

    @model_validator(mode="after")
    def _something(self) -> Cue:
        if not (self.words or self.patterns or self.labels):
            raise ValueError("a cue needs words, patterns or labels")
        return self


class CueFile(Strict):
    """One family's cues. `labels` names every code in Chinese; the rest are defaults for all cues of the file."""

    family: Family
    labels: dict[Code, str] = Field(min_length=1)
    negation: str = ""
    own_words: bool = False
    unless: dict[Code, Patterns] = Field(default_factory=dict)
    cue: tuple[Cue, ...] = ()


class Negation(Strict):
    """Words that turn a find off when they stand at most `gap` characters before it in the same clause.

    With `inside`, they do so too where they reach into the find: a pattern may begin before the negation ends.
    """

    name: str
    words: tuple[Word, ...] = Field(min_length=1)
    gap: int = Field(default=2, ge=0, le=8)
    inside: bool = False
    unless: Patterns = ()


class Reported(Strict):
    """Who says what in quotes: `speakers` and `verbs` before a quotation make it the staff's words."""

    speakers: tuple[Word, ...] = Field(min_length=1)
    verbs: tuple[Word, ...] = Field(min_length=1)


class ScopeFile(Strict):
    """What turns a find off."""

    negation: tuple[Negation, ...] = ()
    reported: Reported | None = None


@dataclass(frozen=True, slots=True)
class _Guard:
    """A negation, ready to look at the characters before a find."""

    negated: re.Pattern[str]
    within: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def holds(self, before: str, find: str) -> bool:
        whole, start = before + find, len(before)
        negated = bool(self.negated.search(before))
        if self.within and not negated:
            negated = any(found.end() > start for found in self.within.finditer(whole, max(0, start - _WINDOW)))
        return negated and not (self.unless and self.unless.search(whole))


@dataclass(frozen=True, slots=True)
class _Part:
    """A cue, ready to search: `pattern` for its patterns, its words stand in the index."""

    cue: Cue
    family: Family
    source: str
    name: str
    own_words: bool
    pattern: re.Pattern[str] | None
    unless: tuple[re.Pattern[str], ...]
    guard: _Guard | None


@dataclass(frozen=True, slots=True)
class _Find:
    part: _Part
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The cues of a folder, compiled."""

    parts: tuple[_Part, ...]
    index: Mapping[str, tuple[tuple[str, int], ...]]
    quoted: re.Pattern[str] | None

    @classmethod
    def load(cls, folder: Path | Traversable) -> Lexicon:
        """Read every `*.toml` of `folder`.

        Raises PluginError (E305), naming file and line, for a file that cannot be read or is wrong.
        """
        texts = _texts(folder)
        scope = ScopeFile()
        if SCOPE_FILE in texts:
            scope = parse(texts.pop(SCOPE_FILE), f"{folder}/{SCOPE_FILE}", ScopeFile, PluginError, ("E305", "E305"))
        guards = {entry.name: _guard(entry) for entry in scope.negation}
        parts: list[_Part] = []
        for name, text in texts.items():
            path = f"{folder}/{name}"
            file = parse(text, path, CueFile, PluginError, ("E305", "E305"))
            _check(file, guards, text, path)
            parts += (_part(cue, file, name, guards) for cue in file.cue)
        parts.sort(key=lambda part: FAMILIES.index(part.family))
        return cls(tuple(parts), _index(parts), _quoted(scope.reported) if scope.reported else None)

    def read(self, text: str) -> dict[Family, tuple[Label, ...]]:
        """Return the labels of each family, most certain first, with their evidence in `text`."""
        folded = fold(text)
        quoted = [Span(*found.span(1)) for found in self.quoted.finditer(folded)] if self.quoted else []
        finds: dict[tuple[Family, str], list[_Find]] = {}
        for find in self._finds(folded):
            if not (find.part.own_words and _meets(find.span, quoted)):
                finds.setdefault((find.part.family, find.part.cue.code), []).append(find)
        for part in self.parts:
            finds.setdefault((part.family, part.cue.code), [])
        return self._labels(finds)

    def _labels(self, finds: Mapping[tuple[Family, str], list[_Find]]) -> dict[Family, tuple[Label, ...]]:
        known: dict[str, Label] = {}
        implied: dict[tuple[Family, str], list[_Part]] = {}
        for part in self.parts:
            if part.cue.labels and not (part.cue.words or part.cue.patterns):
                implied.setdefault((part.family, part.cue.code), []).append(part)
        result: dict[Family, tuple[Label, ...]] = {}
        for family in FAMILIES:
            labels = []
            for key in sorted(key for key in finds if key[0] == family):
                here = [f for f in finds[key] if not f.part.cue.labels or known.keys() & set(f.part.cue.labels)]
                label = _weigh(key[1], here, implied.get(key, []), known)
                labels += [label] if label else []
            labels.sort(key=lambda label: (-label.score, label.code))
            known |= {label.code: label for label in labels if label.score >= SURE}
            result[family] = tuple(labels)
        return result

    def _finds(self, folded: str) -> Iterator[_Find]:
        counts = [0] * len(self.parts)
        for start in range(len(folded)):
            for key in (folded[start : start + 2], folded[start]):
                for word, number in self.index.get(key, ()):
                    if counts[number] < _MOST_FINDS and folded.startswith(word, start):
                        counts[number] += 1
                        yield from _kept(self.parts[number], folded, start, start + len(word))
        for part in self.parts:
            if part.pattern:
                for found in islice(part.pattern.finditer(folded), _MOST_FINDS):
                    yield from _kept(part, folded, *found.span())


@dataclass(frozen=True, slots=True)
class LexiconAnalyzer:
    """An analyzer that reads by a lexicon; its labels' source is `name/file`."""

    name: str
    lexicon: Lexicon

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Read `text`; neither clock nor region matters, since one lexicon serves all regions."""
        labels = {
            family: tuple(replace(one, source=f"{self.name}/{one.source}") for one in found)
            for family, found in self.lexicon.read(text).items()
        }
        levels = [int(label.code) for label in labels["intensity"] if label.score >= SURE]
        domains = [label.code for label in labels["domain"] if label.score >= SURE]
        level, domain = max(levels, default=None), domains[0] if domains else None
        types, emotions, signals, demands = (labels[one] for one in ("types", "emotions", "signals", "demands"))
        return Reading(types, emotions, level, signals, demands, domain=domain)


def _weigh(code: str, finds: list[_Find], implied: list[_Part], known: Mapping[str, Label]) -> Label | None:
    """Join the finds of one code: those for it as independent chances, those against it as chances that it fails."""
    chosen: list[_Find] = []
    for find in sorted(finds, key=lambda f: (-f.part.cue.weight, f.span.start - f.span.end, f.span)):
        rival = (one for one in chosen if one.part.cue.against == find.part.cue.against)
        if not any(one.span.overlaps(find.span) or one.words == find.words for one in rival):
            chosen.append(find)
    carried = [(part, known[one]) for part in implied for one in part.cue.labels if one in known]
    parts = [find.part for find in chosen] + list({id(part): part for part, _ in carried}.values())
    misses, fails = 1.0, 1.0
    for part in parts:
        if part.cue.against:
            fails *= 1 - part.cue.weight
        else:
            misses *= 1 - part.cue.weight
    score = round(min(0.99, 1 - misses) * fails, 3)
    if score < FAINT:
        return None
    best = next(part for part in parts if not part.cue.against)
    # Faint cues help to decide, but as evidence they would not hold up to reading.
    weights = [find.part.cue.weight for find in chosen if not find.part.cue.against]
    telling = max(weights, default=0.0) / 2
    spans = {find.span for find in chosen if not find.part.cue.against and find.part.cue.weight >= telling}
    spans |= {span for part, label in carried if not part.cue.against for span in label.evidence}
    words = [find.words for find in chosen if not find.part.cue.against]
    because = "、".join(words[:4]) or "、".join(label.code for part, label in carried if not part.cue.against)
    return Label(code, score, tuple(sorted(spans)), best.source, f"{best.name}：{because}")


def _kept(part: _Part, folded: str, start: int, end: int) -> Iterator[_Find]:
    """Yield the find unless its surroundings turn it off."""
    left = max(0, start - _WINDOW)
    for exception in part.unless:
        for found in exception.finditer(folded, left, min(len(folded), end + _WINDOW)):
            if found.start() < end and start < found.end():
                return
    if part.guard:
        before = folded[left:start]
        edge = max((before.rfind(mark) for mark in EDGE), default=-1)
        if part.guard.holds(before[edge + 1 :], folded[start:end]):
            return
    yield _Find(part, Span(start, end), folded[start:end])


def _meets(span: Span, others: Sequence[Span]) -> bool:
    """Tell whether `span` overlaps one of `others`, which are in order and apart from each other."""
    before = bisect_left(others, span.end, key=lambda other: other.start)
    return before > 0 and others[before - 1].end > span.start


def _texts(folder: Path | Traversable) -> dict[str, str]:
    try:
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
        texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    except (OSError, UnicodeDecodeError) as problem:
        raise PluginError("E305", f"{folder}: cannot be read: {problem}", "use a folder of UTF-8 TOML") from problem
    if not texts:
        raise PluginError("E305", f"{folder}: holds no lexicon", "put one TOML file a family there")
    return texts


def _check(file: CueFile, guards: Mapping[str, _Guard], text: str, path: str) -> None:
    """Raise E305 where a cue names a code or a negation that is not there."""
    for number, cue in enumerate(file.cue):
        if cue.code not in file.labels:
            line = locate(text, ["cue", number, "code"])
            raise PluginError("E305", f"{path}:{line}: code {cue.code!r} is not under [labels]", "add its name there")
        negation = file.negation if cue.negation is None else cue.negation
        if negation and negation not in guards:
            line = locate(text, ["negation"] if cue.negation is None else ["cue", number, "negation"])
            known = ", ".join(sorted(guards)) or "none"
            raise PluginError("E305", f"{path}:{line}: no negation {negation!r}", f"{SCOPE_FILE} has: {known}")


def _part(cue: Cue, file: CueFile, source: str, guards: Mapping[str, _Guard]) -> _Part:
    negation = file.negation if cue.negation is None else cue.negation
    guard = guards[negation] if negation else None
    unless = tuple(one for one in (_any(cue.unless), _any(file.unless.get(cue.code, ()))) if one)
    return _Part(cue, file.family, source, file.labels[cue.code], file.own_words, _any(cue.patterns), unless, guard)


def _index(parts: list[_Part]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the words of all cues by their first two characters (or one), longest first."""
    index: dict[str, list[tuple[str, int]]] = {}
    for number, part in enumerate(parts):
        for word in {fold(word) for word in part.cue.words}:
            index.setdefault(word[:2], []).append((word, number))
    return {key: tuple(sorted(entries, key=lambda entry: (-len(entry[0]), entry))) for key, entries in index.items()}


def _guard(entry: Negation) -> _Guard:
    words = "|".join(re.escape(fold(word)) for word in sorted(entry.words, key=lambda word: (-len(word), word)))
    before = re.compile(f"(?:{words}).{{0,{entry.gap}}}$", re.DOTALL)
    return _Guard(before, re.compile(words) if entry.inside else None, _any(entry.unless))


def _quoted(entry: Reported) -> re.Pattern[str]:
    speakers, verbs = ("|".join(re.escape(fold(word)) for word in words) for words in (entry.speakers, entry.verbs))
    between = "[^!?;\n“”「」]"
    quotation = '[“「『"]([^”」』"\n]{1,200})[”」』"]'
    return re.compile(f"(?:{speakers}){between}{{0,8}}?(?:{verbs}){between}{{0,3}}?{quotation}")
