"""The first stage: joins what all analyzers read in a message into one Analysis without contradictions.

1. The same code from several analyzers is one label: the highest score, all evidence. Below its threshold (0.5, where
   the analyzer sets none) it is dropped. An analyzer that has learned to tell complaints keeps its word in 2 and 4.
2. Somebody upset complains: where no type is sure, the likeliest one stands in (`other` where there is none at all),
   and `abstained` names "types". Plain praise or a calm question is no complaint: doubtful types fall away, and with
   them the signals of escalation.
3. A risk or a strong complaint is never `positive`, and without a complaint nobody is upset.
4. Intensity: 0 without a complaint, else at least 1, for abuse and threats at least 2.
5. Urgency follows docs/taxonomy.md and names its reasons.
6. `abstained` names what was guessed or not found, instead of guessing in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import chain

from replykit import script
from replykit.hookspecs import Analyzer
from replykit.text import is_han
from replykit.types import CERTAIN, Analysis, Emotion, Fact, Label, Message, Reading, Region, Span, Urgency

SURE = 0.5  # below, an emotion is named in `abstained`
CLEAR = 0.6  # below, the best label is kept but named in `abstained`
FELT = 0.35  # an upset emotion that leads counts from here: people complain before they name a feeling
UNLIKELY = 0.4  # below, what an analyzer has learned to be no complaint is none, unless the customer is upset
DOUBT = 0.1  # how much surer than a calm emotion a type must be to stand, and than an upset one praise that complains
COMPLAINING = ("anger", "betrayal", "grievance", "disappointment")  # who worries may be asking only
UPSET = ("anger", "betrayal", "grievance", "disappointment", "anxiety")
MILD = ("churn", "vip")  # signals that alone make nothing urgent
OUTSIDE = ("threat.legal", "threat.media", "threat.regulator")
# Amounts of weight by themselves. Smaller ones make a case no more pressing than what happened does: so readers judged.
LARGE = {"CNY": Decimal(50_000), "HKD": Decimal(50_000), "TWD": Decimal(250_000)}
ALL_ABSTAINED = ("types", "emotion", "intensity", "demands")

# What a complaint of this type or group most likely feels like, where no words of feeling are found.
LIKELY = {
    "product": "disappointment",
    "product.counterfeit": "betrayal",
    "service.promise": "betrayal",
    "price": "disappointment",
    "price.charge": "anger",
    "aftersales": "grievance",
    "system": "grievance",
}

Labels = tuple[Label, ...]


def analyze(message: Message, analyzers: Sequence[Analyzer], now: datetime, default_region: Region) -> Analysis:
    """Return the analysis of `message`, with a warning (E303) for each analyzer that raised.

    `default_region` holds where the text shows none of its own; a traditional text is never taken for the mainland's.
    `now` is aware.
    """
    text = message.text
    found = script.detect(text)
    place = found.region or ("zh-TW" if (found.script, default_region) == ("Hant", "zh-CN") else default_region)
    readings, warnings = _read(text, analyzers, now, place)
    if found.language not in ("zh", "und"):
        warnings += (f"the message reads as {found.language}: only Chinese is understood",)
    if len(text.strip()) < 2:  # one character is no statement
        readings = []
    types, emotion, signals, demands, abstained = _settle(readings, bare=sum(map(is_han, text)) < 2)
    facts = _facts(chain.from_iterable(reading.facts for reading in readings), text)
    return Analysis(
        text=text,
        types=types,
        emotion=emotion,
        signals=signals,
        demands=demands,
        facts=facts,
        urgency=urgency(types, emotion.intensity, signals, facts, now),
        language=found.language,
        script=found.script,
        region=place,
        domain=next((reading.domain for reading in readings if reading.domain), "unknown"),
        abstained=abstained,
        id=message.id,
        warnings=warnings,
    )


def _read(
    text: str, analyzers: Sequence[Analyzer], now: datetime, region: Region
) -> tuple[list[Reading], tuple[str, ...]]:
    readings: list[Reading] = []
    warnings: list[str] = []
    for analyzer in sorted(analyzers, key=lambda analyzer: analyzer.name):
        try:
            readings.append(_fitted(analyzer.read(text, now, region), text))
            warnings += readings[-1].warnings
        except Exception as problem:  # a stranger's code: whatever it raises, the others still read
            warnings.append(f"E303: analyzer {analyzer.name!r} raised {type(problem).__name__}: {problem}")
    return readings, tuple(warnings)


def _fitted(reading: Reading, text: str) -> Reading:
    """Return `reading`, or raise ValueError where it points outside the text or a score is outside 0..1."""
    labels = chain(reading.types, reading.emotions, reading.signals, reading.demands)
    for label in labels:
        if not 0 <= label.score <= 1:
            raise ValueError(f"{label.code} has the score {label.score}, outside 0..1")
        if any(span.end > len(text) for span in label.evidence):
            raise ValueError(f"the evidence of {label.code} ends outside the text")
    if any(fact.span.end > len(text) for fact in reading.facts):
        raise ValueError("a fact ends outside the text")
    return reading


def _join(readings: Sequence[Reading], family: Callable[[Reading], Labels]) -> Labels:
    """Return one label a code, most certain first."""
    joined: dict[str, Label] = {}
    for label in chain.from_iterable(map(family, readings)):
        other = joined.get(label.code, label)
        best = max(other, label, key=lambda one: (one.score >= one.threshold, one.score))
        evidence = _outermost({*other.evidence, *label.evidence})
        joined[label.code] = best if best.evidence == evidence else replace(best, evidence=evidence)
    return tuple(sorted(joined.values(), key=lambda label: (-label.score, label.code)))


def _outermost(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return `spans` in order, without those that lie within another one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _sure(labels: Iterable[Label]) -> Labels:
    return tuple(label for label in labels if label.score >= label.threshold)


def _settle(readings: Sequence[Reading], *, bare: bool) -> tuple[Labels, Emotion, Labels, Labels, tuple[str, ...]]:
    """Return types, emotion, signals, demands and what is abstained from; `bare` texts hold hardly a character."""
    likely = _join(readings, lambda reading: reading.types)
    emotions = _join(readings, lambda reading: reading.emotions)
    signals = _sure(_join(readings, lambda reading: reading.signals))
    wishes = _join(readings, lambda reading: reading.demands)
    complaint = next((reading.complaint for reading in readings if reading.complaint is not None), None)
    types, guessed = _types(likely, emotions, signals, complaint)
    if not types:
        signals = tuple(label for label in signals if label.code == "vip")
    level = max((reading.intensity for reading in readings if reading.intensity is not None), default=None)
    emotion = _emotion(types, emotions, signals, level, learned=complaint is not None)
    demands = _sure(wishes)
    silent = bare and not (types or demands or emotion.score)
    unsure = {
        "types": guessed or (bool(types) and types[0].score < CLEAR),
        "emotion": emotion.score < SURE and (bool(types) or silent),
        "intensity": level is None and emotion.score < FELT and bool(types),
        "demands": bool(wishes) and not demands and bool(types),
    }
    abstained = ALL_ABSTAINED if silent else tuple(name for name in ALL_ABSTAINED if unsure[name])
    return types, emotion, signals, demands, abstained


def _types(likely: Labels, emotions: Labels, signals: Labels, complaint: float | None) -> tuple[Labels, bool]:
    """Return the complaint types, and whether they were guessed.

    `complaint` is how likely one is, where an analyzer has learned to tell: it knows a calm complaint too.
    """
    types = _sure(likely)
    leading = next(iter(emotions), None)
    unlikely = complaint is not None and complaint < UNLIKELY and leading is not None and _calm(leading, FELT)
    risks = [label for label in signals if label.code not in MILD and (not unlikely or _grave(label))]
    upset = leading is not None and leading.code in COMPLAINING and leading.score >= FELT
    if types:
        bar = max(CLEAR, types[0].score - DOUBT)
        calm = unlikely or (complaint is None and leading is not None and _calm(leading, bar))
        return ((), False) if calm and not risks else (types, False)
    if not (upset or risks):
        return (), False
    if likely:
        return likely[:1], True
    if not risks and leading is not None and leading.score < SURE:
        return (), False
    shown = max([*emotions[:1], *risks], key=lambda label: label.score)
    return (Label("other", FELT, shown.evidence, shown.source, shown.reason),), True


def _calm(emotion: Label, bar: float) -> bool:
    return emotion.code not in UPSET and emotion.score > bar


def _grave(signal: Label) -> bool:
    """Tell whether a signal counts even where a complaint is unlikely: somebody may be hurt, or it is certain."""
    return signal.code == "injury" or signal.score >= CERTAIN


def _emotion(types: Labels, emotions: Labels, signals: Labels, level: int | None, *, learned: bool) -> Emotion:
    """Return the likeliest emotion that fits: an upset one only with a complaint, a positive one never with a risk."""
    codes = [label.code for label in signals]
    grave = any(code == "abuse" or code.startswith("threat.") for code in codes)
    intensity = max(level or 1, 2 if grave and not learned else 1) if types else 0
    barred = set() if types else set(UPSET)
    if types and (intensity > 1 or set(codes) - {"vip"}):
        barred |= {"positive", "neutral"} if grave else {"positive"}
    fitting = [label for label in emotions if label.code not in barred]
    if fitting:
        best, *others = _doubted(fitting) if types else fitting
        second = next((label.code for label in _sure(others) if label.code in UPSET), None)
        return Emotion(best.code, second, intensity, best.score, best.evidence, best.source)
    if types:
        code = types[0].code
        likely = LIKELY.get(code) or LIKELY.get(code.split(".")[0], "anger")
        return Emotion(likely, None, intensity, 0.0, types[0].evidence, "analysis")
    return Emotion("neutral", None, intensity, 0.0)


def _doubted(emotions: Sequence[Label]) -> Sequence[Label]:
    """Return the emotions of a complaint: praise that hardly leads an upset emotion is meant ironically."""
    praise, *others = emotions
    second = others[0] if others else praise
    if praise.code == "positive" and second.code in UPSET and praise.score - second.score < DOUBT:
        return [second, praise, *others[1:]]
    return emotions


def urgency(types: Labels, intensity: int, signals: Labels, facts: Sequence[Fact], now: datetime) -> Urgency:
    """Return the level by the rule of docs/taxonomy.md, with the codes of what made it so."""
    codes = [label.code for label in signals]
    kinds = [label.code for label in types]
    critical = ["injury"] if "injury" in codes else []
    if intensity >= 3:
        critical.append("intensity")
    if "product.safety" in kinds and (intensity >= 2 or "vulnerable" in codes):
        critical.append("safety")
    if "vulnerable" in codes and any(code in OUTSIDE for code in codes):
        critical += ["vulnerable", *(code for code in codes if code in OUTSIDE)]
    if "deadline" in codes and any(_within_a_day(fact, now) for fact in facts):
        critical.append("date_within_a_day")
    if kinds and intensity >= 2 and any(map(_large, facts)):
        critical.append("large_money")
    if critical:
        return Urgency("critical", tuple(dict.fromkeys(critical)))
    urgent = [code for code in codes if code not in MILD]
    if intensity >= 2:
        urgent.append("intensity")
    return Urgency("urgent", tuple(urgent)) if urgent else Urgency("normal")


def _within_a_day(fact: Fact, now: datetime) -> bool:
    """Tell whether `fact` is a date of the customer's from now until the end of tomorrow."""
    if fact.kind != "event_at":
        return False
    try:
        day = date.fromisoformat(fact.value[:10])
    except ValueError:
        return False
    return now.date() <= day <= now.date() + timedelta(days=1)


def _large(fact: Fact) -> bool:
    if fact.kind != "amount":
        return False
    currency, _, number = fact.value.partition(" ")
    try:
        return Decimal(number) >= LARGE.get(currency, Decimal("Infinity"))
    except InvalidOperation:
        return False


def _facts(facts: Iterable[Fact], text: str) -> tuple[Fact, ...]:
    """Return the facts in the order of the text; of two that overlap within a kind, the longer stays."""
    kept: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.span.start - fact.span.end, fact.span, fact.kind, fact.value)):
        rivals = (other for other in kept if other.kind == fact.kind)
        if fact.span.of(text) and not any(other.span.overlaps(fact.span) for other in rivals):
            kept.append(fact)
    return tuple(sorted(kept, key=lambda fact: (fact.span, fact.kind, fact.value)))
