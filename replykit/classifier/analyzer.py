"""The joined reading: the classifier decides, the lexicon hints and shows words; what it alone knows stays.

What the lexicon is certain of (weight 1, such as words of dying) stands as well, whatever the classifier thinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from replykit.classifier.classifier import Classifier, Scores
from replykit.classifier.encoder import Window
from replykit.errors import PluginError
from replykit.hookspecs import Analyzer
from replykit.lexicon import CERTAIN
from replykit.types import Label, Reading, Region, Span

_FAMILIES = ("types", "emotions", "signals", "demands")


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
        marks = hints(words)
        try:
            windows = self.classifier.windows([text])
        except PluginError as problem:
            return replace(words, warnings=(*words.warnings, f"read by lexicons alone: {problem}"))
        scores = self.classifier.calibrated(self.classifier.logits(windows, [text], [marks]))[0]
        return self._reading(text, words, windows, scores)

    def _reading(self, text: str, lexicon: Reading, windows: Sequence[Window], scores: Scores) -> Reading:
        claims = {family: self._claims(family, scores) for family in _FAMILIES}
        shown = {family: {label.code: label for label in getattr(lexicon, family)} for family in _FAMILIES}
        bare = [
            (family, label.code)
            for family, labels in claims.items()
            for label in labels
            if (known := shown[family].get(label.code)) is None or not known.evidence
        ]
        spans = self._spans(text, windows, bare)
        final = {}
        for family, labels in claims.items():
            words, known = shown[family], self.classifier.codes.of[family]
            own = [label for label in words.values() if label.code not in known or label.score >= CERTAIN]
            stated = {label.code for label in own}
            joined = [self._shown(one, words.get(one.code), spans.get((family, one.code))) for one in labels]
            final[family] = (*own, *(label for label in joined if label.code not in stated))
        level = int(np.searchsorted(np.cumsum(scores.of["intensity"]), 0.5))
        return Reading(**final, intensity=min(level, 3), domain=lexicon.domain, complaint=round(scores.complaint, 3))

    def _claims(self, family: str, scores: Scores) -> list[Label]:
        """Return the codes that count, likeliest first; of a complaint without a sure type, its likeliest one."""
        codes, values = self.classifier.codes.of[family], scores.of[family]
        thresholds = self.classifier.spec.families[family].threshold
        labels = [
            Label(code, round(float(value), 3), source=f"{self.name}/model", threshold=min(bar, 1.0))
            for code, value, bar in zip(codes, values, thresholds, strict=True)
        ]
        labels.sort(key=lambda label: (-label.score, label.code))
        kept = [label for label in labels if label.score >= label.threshold]
        if family == "types" and not kept and scores.complaint >= self.classifier.spec.complaint:
            kept = [replace(labels[0], threshold=labels[0].score)]
        if family == "emotions":
            kept = [replace(labels[0], threshold=0.0), *(label for label in kept if label.code != labels[0].code)]
        return kept

    def _spans(
        self, text: str, windows: Sequence[Window], bare: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], Span]:
        if not bare or not text.strip():
            return {}
        codes = self.classifier.codes
        columns = [codes.columns[family].start + codes.of[family].index(code) for family, code in bare]
        return dict(zip(bare, self.classifier.telling(text, windows, columns), strict=True))

    def _shown(self, label: Label, lexicon: Label | None, span: Span | None) -> Label:
        """Return `label` with its evidence: the lexicon's words, else the span found."""
        if lexicon is not None and lexicon.evidence:
            return replace(label, evidence=lexicon.evidence, source=lexicon.source, reason=lexicon.reason)
        return replace(label, evidence=(span,)) if span is not None else label
