"""Labeled messages, each beside what a Kit reads out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from replykit import labeled
from replykit.classifier.analyzer import TrainedAnalyzer, hints
from replykit.config import NONE
from replykit.errors import InputError, PluginError
from replykit.labeled import Row
from replykit.pipeline import Kit
from replykit.taxonomy import codes
from replykit.types import Analysis, Label

FAMILIES = ("types", "emotions", "signals", "demands")

Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Case:
    """One labeled message and its analysis; `scores` has every code's score by family where a trained reader reads."""

    row: Row
    analysis: Analysis
    scores: Scores = field(default_factory=dict)

    def gold(self, family: str) -> tuple[str, ...]:
        """Return the codes that a reader labeled; of emotions the primary one."""
        codes: tuple[str, ...] = (self.row.emotion,) if family == "emotions" else getattr(self.row, family)
        return codes

    def allowed(self, family: str) -> tuple[str, ...]:
        """Return the codes that may be claimed: a second emotion that was labeled is no error."""
        second = (self.row.emotion2,) if family == "emotions" and self.row.emotion2 else ()
        return self.gold(family) + second

    def claims(self, family: str) -> tuple[Label, ...]:
        """Return what the analysis claims, most important first; of emotions the primary one."""
        emotion = self.analysis.emotion
        if family == "emotions":
            return (Label(emotion.primary, emotion.score, emotion.evidence, emotion.source),)
        labels: tuple[Label, ...] = getattr(self.analysis, family)
        return labels

    def found(self, family: str) -> tuple[str, ...]:
        """Return the codes of the claims."""
        return tuple(label.code for label in self.claims(family))


def files(places: Iterable[Path]) -> list[Path]:
    """Return the files named; of a folder those held out from training or, where there are none, all `*.jsonl`.

    Raises InputError E101 where there is no file.
    """
    found = []
    for place in places:
        inside = labeled.files(place)
        if not inside:
            hint = "name JSONL files, or folders of them; docs/evaluation.md shows a row"
            what = "no *.jsonl to evaluate on" if place.is_dir() else "no such file or folder"
            raise InputError("E101", f"{place}: {what}", hint)
        kept = inside if place.is_file() else [path for path in inside if labeled.held_out(path)]
        found += kept or inside
    return list(dict.fromkeys(found))


def load(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all files. Raises InputError E101 or E110; E101 too where there is no row at all."""
    rows = labeled.read(paths)
    if not rows:
        raise InputError("E101", "the files hold no labeled message", "docs/evaluation.md shows a row")
    return rows


def strange(kit: Kit, rows: Sequence[Row]) -> list[str]:
    """Return a warning for each labeled code that neither the taxonomy nor the trained reader knows: a typing error?

    A code of one's own under a prefix of one's own (`shop.gift_card`) is none. Raises PluginError E308.
    """
    trained = _trained(kit)
    warnings = []
    for family, kind in (("types", "type"), ("emotions", "emotion"), ("signals", "signal"), ("demands", "demand")):
        known = [*codes(kind), *(trained.classifier.codes.of[family] if trained else ())]
        prefixes = {code.split(".")[0] for code in known}
        for code in sorted({code for row in rows for code in _labels(row, family)} - set(known)):
            prefix, dot, _ = code.partition(".")
            if not dot or prefix in prefixes:
                close = get_close_matches(code, known, n=1)
                warnings.append(f"{family}: unknown code {code!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    return warnings


def _labels(row: Row, family: str) -> tuple[str, ...]:
    if family == "emotions":
        return (row.emotion, row.emotion2) if row.emotion2 else (row.emotion,)
    labels: tuple[str, ...] = getattr(row, family)
    return labels


def read(kit: Kit, rows: Sequence[Row], now: datetime) -> Iterator[Case]:
    """Yield the case of each row, in order; `now` is aware.

    Raises InputError E103 for a text that is too long, PluginError E308 where the trained reader did not load.
    """
    trained = _trained(kit)
    for row in rows:
        analysis = kit.analyze(row.text, now=now)
        yield Case(row, analysis, _scores(trained, analysis, now) if trained else {})


def _trained(kit: Kit) -> TrainedAnalyzer | None:
    """Return the kit's trained reader; one that is configured but failed to load must not pass for a bad one."""
    there = (one for one in kit.registry.analyzers.values() if isinstance(one, TrainedAnalyzer))
    trained = next(there, None)
    path = kit.config.model.path
    if path != NONE and trained is None:
        raise PluginError("E308", f"the trained reader {path!r} did not load", "; ".join(kit.warnings))
    return trained


def _scores(trained: TrainedAnalyzer, analysis: Analysis, now: datetime) -> Scores:
    """Return the scores that the analysis saw: one text at a time, since 8-bit weights let a batch color its texts."""
    text, codes = analysis.text, trained.classifier.codes.of
    marks = hints(trained.lexicon.read(text, now, analysis.region))
    scores = trained.classifier.scores([text], [marks])[0].of
    return {family: dict(zip(codes[family], map(float, scores[family]), strict=True)) for family in FAMILIES}
