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
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.abc import Traversable
from itertools import chain, islice, starmap
from math import prod
from operator import itemgetter
from pathlib import Path

from replykit.cuefile import FAMILIES, Cue, CueFile, Family, Negation, Reported, load_files, ready
from replykit.folding import EDGE, expand, fold
from replykit.prefilter import Pattern, Sieve, grams, pattern, spans
from replykit.types import CERTAIN, Label, Reading, Region, Span

SURE = 0.5  # from here a code counts as read
FAINT = 0.25  # from here it is handed on, so that the analysis can say where it abstains
_EDGES = re.compile(f"[{EDGE}]")
_WINDOW = 24  # characters on each side of a find that `unless` and negations may look at
_MOST_FINDS = 40  # of one cue in one text: more say nothing new, and a megabyte of one word must not hang


@dataclass(frozen=True, slots=True)
class _Guard:
    """A negation, ready to look at the characters before a find."""

    needs: frozenset[str]  # of these grams a text holds one that it negates in
    reach: int  # characters before a find that a negation and the gap behind it may fill
    negated: re.Pattern[str]
    within: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def holds(self, folded: str, clause: int, start: int, end: int) -> bool:
        """Tell whether the find from `start` to `end` is negated by what stands from `clause` on."""
        negated = bool(self.negated.search(folded, max(clause, start - self.reach), start))
        if self.within and not negated:
            negated = any(found.end() > start for found in self.within.finditer(folded, clause, end))
        return negated and not (self.unless and self.unless.search(folded[clause:end]))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A cue with all that says whether its finds hold; `unless` numbers lists of the lexicon's exceptions."""

    cue: Cue
    family: Family
    source: str
    name: str
    own_words: bool
    unless: tuple[int, ...]
    guard: _Guard | None


# The part found, where it starts and ends, and the words there: plain, since a text has dozens.
_Find = tuple[_Part, int, int, str]
_Finds = dict[str, list[_Find]]  # by code


class _Text:
    """A folded text, taken apart as far as all cues need it."""

    def __init__(self, folded: str, exceptions: Sieve) -> None:
        self.folded = folded
        self.held = grams(folded)
        self._exceptions = exceptions.possible(self.held)
        self._clauses = [0, *(edge.end() for edge in _EDGES.finditer(folded))]

    def keeps(self, part: _Part, start: int, end: int) -> bool:
        """Tell whether a find's surroundings leave it as it is: neither an exception nor a negation."""
        left = max(0, start - _WINDOW)
        for number in part.unless:
            if exceptions := self._exceptions.get(number):
                for begin, stop in spans(exceptions, self.folded, left, end + _WINDOW):
                    if begin < end and start < stop:
                        return False
        if part.guard is None or self.held.isdisjoint(part.guard.needs):
            return True
        clause = self._clauses[bisect_right(self._clauses, start) - 1]
        return not part.guard.holds(self.folded, max(left, clause), start, end)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The cues of a folder, compiled."""

    parts: tuple[_Part, ...]
    index: Mapping[str, Sequence[tuple[str, Sequence[_Part]]]]
    patterns: Sieve
    exceptions: Sieve
    implied: Mapping[Family, Mapping[str, Sequence[tuple[int, int, str]]]]
    quoted: Pattern | None

    @classmethod
    def load(cls, folder: Path | Traversable) -> Lexicon:
        """Read every `*.toml` of `folder`.

        Raises PluginError (E305), naming file and line, for a file that cannot be read or is wrong.
        """
        scope, files = load_files(folder)
        guards = {entry.name: _guard(entry) for entry in scope.negation}
        exceptions: dict[tuple[str, ...], int] = {}  # each list once, however many cues it stands for
        parts = [_part(cue, file, name, guards, exceptions) for name, file in files.items() for cue in file.cue]
        parts.sort(key=lambda part: FAMILIES.index(part.family))
        return cls(
            tuple(parts),
            _index(parts),
            Sieve(map(ready, part.cue.patterns) for part in parts),
            Sieve(map(ready, one) for one in exceptions),
            _implied(parts),
            _quoted(scope.reported) if scope.reported else None,
        )

    def read(self, text: str, name: str = "") -> dict[Family, tuple[Label, ...]]:
        """Return the labels of each family, most certain first, with their evidence in `text`.

        A label's source is its file, with `name` before it.
        """
        folded = _Text(fold(text), self.exceptions)
        said = self._said(folded)
        finds: dict[tuple[Family, bool], _Finds] = {(family, side): {} for family in FAMILIES for side in (False, True)}
        for find in chain(self._by_word(folded), self._by_pattern(folded)):
            part, start, end, _ = find
            if not (said and part.own_words and _meets(start, end, said)):
                finds[part.family, part.cue.against].setdefault(part.cue.code, []).append(find)
        known: dict[str, Label] = {}
        labels: dict[Family, tuple[Label, ...]] = {}
        for family in FAMILIES:
            labels[family] = self._labels(family, finds[family, False], finds[family, True], known, name)
            known |= {label.code: label for label in labels[family] if label.score >= SURE}
        return labels

    def _said(self, text: _Text) -> list[tuple[int, int]]:
        """Return where words of the staff are quoted."""
        if not (self.quoted and self.quoted.fits(text.held)):
            return []
        return [found.span(1) for found in self.quoted.regex.finditer(text.folded)]

    def _labels(
        self, family: Family, finds: _Finds, against: _Finds, known: Mapping[str, Label], name: str
    ) -> tuple[Label, ...]:
        """Return the labels of one family; those `known` come from the families before."""
        carried = self._carried(self.implied[family], known) if self.implied[family] else {}
        labels = []
        for code in {**finds, **carried}:
            speaking, opposed = (_chosen(side.get(code, []), known) for side in (finds, against))
            if label := _weigh(code, speaking, opposed, carried.get(code, []), name):
                labels.append(label)
        return tuple(sorted(labels, key=lambda label: (-label.score, label.code)))

    def _carried(
        self, implied: Mapping[str, Sequence[tuple[int, int, str]]], known: Mapping[str, Label]
    ) -> dict[str, list[tuple[_Part, Label]]]:
        """Return, by code, the parts that have labels alone to go by, each with one of these that is known."""
        carried: dict[str, list[tuple[_Part, Label]]] = {}
        for number, _, code in sorted(hit for one in known.keys() & implied.keys() for hit in implied[one]):
            part = self.parts[number]
            carried.setdefault(part.cue.code, []).append((part, known[code]))
        return carried

    def _by_word(self, text: _Text) -> Iterator[_Find]:
        folded, index = text.folded, self.index
        counts: dict[_Part, int] = {}
        for start, char in enumerate(folded):
            for key in (folded[start : start + 2], char):
                if key not in index:
                    continue
                for word, parts in index[key]:
                    if folded.startswith(word, start):
                        end = start + len(word)
                        for part in parts:
                            counts[part] = count = counts.get(part, 0) + 1
                            if count <= _MOST_FINDS and text.keeps(part, start, end):
                                yield part, start, end, word

    def _by_pattern(self, text: _Text) -> Iterator[_Find]:
        for number, possible in self.patterns.possible(text.held).items():
            part = self.parts[number]
            for start, end in islice(spans(possible, text.folded), _MOST_FINDS):
                if text.keeps(part, start, end):
                    yield part, start, end, text.folded[start:end]


@dataclass(frozen=True, slots=True)
class LexiconAnalyzer:
    """An analyzer that reads by a lexicon; its labels' source is `name/file`."""

    name: str
    lexicon: Lexicon

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Read `text`; neither clock nor region matters, since one lexicon serves all regions."""
        labels = self.lexicon.read(text, f"{self.name}/")
        levels = [int(label.code) for label in labels["intensity"] if label.score >= SURE]
        domains = [label.code for label in labels["domain"] if label.score >= SURE]
        level, domain = max(levels, default=None), domains[0] if domains else None
        types, emotions, signals, demands = (labels[one] for one in ("types", "emotions", "signals", "demands"))
        return Reading(types, emotions, level, signals, demands, domain=domain)


def _weigh(
    code: str, speaking: list[_Find], opposed: list[_Find], carried: list[tuple[_Part, Label]], name: str
) -> Label | None:
    """Join the finds of one code: those for it as independent chances, those against it as chances that it fails.

    A cue of weight 1 makes the score 1: CERTAIN, what no trained reader overrules.
    """
    backing, barring = [find[0] for find in speaking], [find[0] for find in opposed]
    if carried:
        for part in dict.fromkeys(part for part, _ in carried):
            (barring if part.cue.against else backing).append(part)
        carried = [(part, label) for part, label in carried if not part.cue.against]
    misses, fails = prod([1 - part.cue.weight for part in backing]), prod([1 - part.cue.weight for part in barring])
    likely = CERTAIN if misses == 0 else min(0.99, 1 - misses)  # 1 is for cues that are beyond doubt
    score = round(likely * fails, 3)
    if score < FAINT:
        return None
    best = backing[0]
    # Faint cues help to decide, but as evidence they would not hold up to reading.
    places = {(start, end) for part, start, end, _ in speaking if part.cue.weight >= best.cue.weight / 2}
    words = {(start, end) for start, end in places if end - start > 1}
    places = words or places  # beside words, a single character shows nothing
    for _, label in carried:
        places.update((span.start, span.end) for span in label.evidence)
    because = "、".join([said for _, _, _, said in speaking[:4]] or [label.code for _, label in carried])
    return Label(code, score, tuple(starmap(Span, sorted(places))), name + best.source, f"{best.name}：{because}")


def _chosen(finds: list[_Find], known: Mapping[str, Label]) -> list[_Find]:
    """Return the finds that say something new, the weightiest first: none overlaps or repeats one before it.

    Those that ask for labels count where one is `known`.
    """
    finds = [find for find in finds if not (asked := find[0].cue.labels) or known.keys() & set(asked)]
    if len(finds) < 2:
        return finds
    chosen: list[_Find] = []
    for find in sorted(finds, key=_rank):
        _, start, end, words = find
        for _, begin, stop, said in chosen:
            if (begin < end and start < stop) or said == words:
                break
        else:
            chosen.append(find)
    return chosen


def _rank(find: _Find) -> tuple[float, int, int]:
    """Return what finds are sorted by: the weight, the length, and who comes first."""
    part, start, end, _ = find
    return -part.cue.weight, start - end, start


def _meets(start: int, end: int, others: Sequence[tuple[int, int]]) -> bool:
    """Tell whether `start` to `end` overlaps one of `others`, which are in order and apart from each other."""
    before = bisect_left(others, end, key=itemgetter(0))
    return before > 0 and others[before - 1][1] > start


def _part(
    cue: Cue, file: CueFile, source: str, guards: Mapping[str, _Guard], exceptions: dict[tuple[str, ...], int]
) -> _Part:
    """Return the cue ready to search, its exceptions numbered among all `exceptions`."""
    negation = file.negation if cue.negation is None else cue.negation
    guard = guards[negation] if negation else None
    lists = [one for one in (cue.unless, file.unless.get(cue.code, ())) if one]
    unless = tuple(exceptions.setdefault(one, len(exceptions)) for one in lists)
    return _Part(cue, file.family, source, file.labels[cue.code], file.own_words, unless, guard)


def _index(parts: list[_Part]) -> dict[str, list[tuple[str, list[_Part]]]]:
    """Return the words of all cues with their parts, by their first two characters (or one)."""
    cued: dict[str, list[_Part]] = {}
    for part in parts:
        for word in {fold(word) for word in part.cue.words}:
            cued.setdefault(word, []).append(part)
    index: dict[str, list[tuple[str, list[_Part]]]] = {}
    for word in sorted(cued, key=lambda word: (-len(word), word)):
        index.setdefault(word[:2], []).append((word, cued[word]))
    return index


def _implied(parts: list[_Part]) -> dict[Family, dict[str, list[tuple[int, int, str]]]]:
    """Return, by family and label, the parts that have labels alone to go by: number, place and code of the label."""
    implied: dict[Family, dict[str, list[tuple[int, int, str]]]] = {family: {} for family in FAMILIES}
    for number, part in enumerate(parts):
        if not (part.cue.words or part.cue.patterns):
            for order, label in enumerate(part.cue.labels):
                implied[part.family].setdefault(label, []).append((number, order, label))
    return implied


def _guard(entry: Negation) -> _Guard:
    folded = sorted(map(fold, entry.words), key=lambda word: (-len(word), word))
    words = "|".join(map(re.escape, folded))
    before = re.compile(f"(?:{words}).{{0,{entry.gap}}}$", re.DOTALL)
    unless = "|".join(f"(?:{expand(one)})" for one in entry.unless)
    return _Guard(
        frozenset(word[:2] for word in folded),
        len(folded[0]) + entry.gap,
        before,
        re.compile(words) if entry.inside else None,
        re.compile(unless) if unless else None,
    )


def _quoted(entry: Reported) -> Pattern:
    speakers, verbs = ("|".join(re.escape(fold(word)) for word in words) for words in (entry.speakers, entry.verbs))
    between = "[^!?;\n“”「」]"
    quotation = '[“「『"]([^”」』"\n]{1,200})[”」』"]'
    return pattern(f"(?:{speakers}){between}{{0,8}}?(?:{verbs}){between}{{0,3}}?{quotation}")
