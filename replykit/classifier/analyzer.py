"""The joined reading: the classifier decides, the lexicon hints and shows words; what it alone knows stays.

What the lexicon is certain of (weight 1, such as words of dying) stands as well, whatever the classifier thinks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from replykit.classifier.classifier import Classifier, Scores
from replykit.classifier.encoder import Window
from replykit.classifier.ngrams import Counted
from replykit.errors import PluginError
from replykit.hookspecs import Analyzer
from replykit.types import CERTAIN, Label, Reading, Region, Span

_FAMILIES = ("types", "emotions", "signals", "demands")
_Place = tuple[str, str]  # family and code


def hints(reading: Reading) -> dict[str, float]:
    """Return a lexicon's scores by `family.code`, as the linear part takes them."""
    found = {f"{family}.{label.code}": label.score for family in _FAMILIES for label in getattr(reading, family)}
    if reading.intensity is not None:
        found |= {"intensity": float(reading.intensity), "intensity.known": 1.0}
    return found


@dataclass(frozen=True, slots=True)
class TrainedAnalyzer:
    """Reads by a lexicon and a classifier together; a label's source is `name/model` or the lexicon's own."""

    name: str
    classifier: Classifier
    lexicon: Analyzer

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        """Read `text`; neither clock nor region matters. A classifier that does not load leaves the lexicon's word."""
        words = self.lexicon.read(text, now, region)
        try:
            windows, counted = self.classifier.windows([text]), self.classifier.counted([text])
        except PluginError as problem:
            return replace(words, warnings=(*words.warnings, f"read by lexicons alone: {problem}"))
        scores = self.classifier.calibrated(self.classifier.logits(windows, counted, [hints(words)]))[0]
        claims = {family: self._claims(family, scores) for family in _FAMILIES}
        spans = self._spans(text, windows, counted, _bare(claims, words))
        types, emotions, signals, demands = (self._stated(one, claims[one], words, spans) for one in _FAMILIES)
        level, likely = self._level(scores), round(scores.complaint, 3)
        return Reading(types, emotions, level, signals, demands, domain=words.domain, complaint=likely)

    def _level(self, scores: Scores) -> int:
        """Return the highest intensity that the text likely reaches."""
        reached = np.cumsum(scores.of["intensity"][::-1])[::-1]
        bars = np.asarray(self.classifier.spec.families["intensity"].threshold)
        return int(max(np.flatnonzero(reached >= bars), default=0))

    def _claims(self, family: str, scores: Scores) -> list[Label]:
        """Return the codes that count, likeliest first; of a complaint without a sure type, its likeliest one."""
        values, bars = scores.of[family], np.asarray(self.classifier.spec.families[family].threshold)
        counts = {int(one): float(bars[one]) for one in np.flatnonzero(values >= bars)}
        if family == "emotions":  # all of them: the analysis takes the likeliest that fits
            counts = dict(enumerate(map(float, bars))) | {int(values.argmax()): 0.0}
        unsure = family == "types" and not counts and scores.complaint >= self.classifier.spec.complaint
        if unsure:
            counts[int(values.argmax())] = 0.0
        codes = self.classifier.codes.of[family]
        labels = [
            Label(codes[one], round(float(values[one]), 3), source=f"{self.name}/model", threshold=min(bar, 1.0))
            for one, bar in counts.items()
        ]
        return sorted(labels, key=lambda label: (-label.score, label.code))

    def _spans(
        self, text: str, windows: Sequence[Window], counted: Sequence[Counted], bare: Sequence[_Place]
    ) -> dict[_Place, Span]:
        if not bare or not text.strip():
            return {}
        codes = self.classifier.codes
        columns = [codes.columns[family].start + codes.of[family].index(code) for family, code in bare]
        return dict(zip(bare, self.classifier.telling(text, windows, counted, columns), strict=True))

    def _stated(
        self, family: str, claims: Sequence[Label], lexicon: Reading, spans: Mapping[_Place, Span]
    ) -> tuple[Label, ...]:
        """Return the claims with their evidence, after what the lexicon alone may say."""
        words = {label.code: label for label in getattr(lexicon, family)}
        known = self.classifier.codes.of[family]
        own = [label for label in words.values() if label.code not in known or label.score >= CERTAIN]
        stated = {label.code for label in own}
        joined = [self._shown(one, words.get(one.code), spans.get((family, one.code))) for one in claims]
        return (*own, *(label for label in joined if label.code not in stated))

    def _shown(self, label: Label, lexicon: Label | None, span: Span | None) -> Label:
        """Return `label` with its evidence: the lexicon's words, else the span found."""
        if lexicon is not None and lexicon.evidence:
            return replace(label, evidence=lexicon.evidence, source=lexicon.source, reason=lexicon.reason)
        return replace(label, evidence=(span,)) if span is not None else label


def _bare(claims: Mapping[str, Sequence[Label]], lexicon: Reading) -> list[_Place]:
    """Return the claims for which the lexicon shows no words."""
    shown = {(family, one.code) for family in _FAMILIES for one in getattr(lexicon, family) if one.evidence}
    places = [(family, label.code) for family, labels in claims.items() for label in labels]
    return [place for place in places if place not in shown]
