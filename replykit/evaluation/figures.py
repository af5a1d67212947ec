"""Precision, recall and F1 of each label, and the totals over all messages.

A total counts over all pairs of a message and a label (micro), or is the mean over the labels with messages enough
(macro).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from replykit.evaluation.cases import FAMILIES, Case

ENOUGH = 8  # messages that a label needs to count in a macro F1
RISK = ("threat.", "abuse", "rejects_solution", "injury")  # signals, or how they begin, that may become a case of law

Key = TypeVar("Key", bound=Hashable)
Totals = dict[str, int | float]
Facts = dict[tuple[str, str], Hashable]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a label was found rightly, claimed wrongly, and missed."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def support(self) -> int:
        """How many messages have the label."""
        return self.hits + self.missed

    @property
    def precision(self) -> float:
        """The share of the claims that are right; 0 without claims."""
        return self.hits / max(1, self.hits + self.extra)

    @property
    def recall(self) -> float:
        """The share of the label's messages that were found; 0 where there are none."""
        return self.hits / max(1, self.support)

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 1 where nothing was to be found and nothing was claimed."""
        both = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / both if both else 1.0


def tally(pairs: Iterable[tuple[Collection[Key], Collection[Key]]]) -> dict[Key, Tally]:
    """Return the tally of each label in pairs of what holds and what is claimed, most frequent label first."""
    hits: Counter[Key] = Counter()
    extra: Counter[Key] = Counter()
    missed: Counter[Key] = Counter()
    for gold, found in pairs:
        holds, claimed = set(gold), set(found)
        hits.update(holds & claimed)
        extra.update(claimed - holds)
        missed.update(holds - claimed)
    each = {key: Tally(hits[key], extra[key], missed[key]) for key in {*hits, *extra, *missed}}
    return _frequent(each)


def _frequent(each: Mapping[Key, Tally]) -> dict[Key, Tally]:
    return dict(sorted(each.items(), key=lambda one: (-one[1].support, str(one[0]))))


def micro(each: Mapping[Key, Tally]) -> Tally:
    """Return the tally over all labels."""
    parts = each.values()
    return Tally(sum(one.hits for one in parts), sum(one.extra for one in parts), sum(one.missed for one in parts))


def macro(each: Mapping[Key, Tally]) -> float:
    """Return the mean F1 of the labels with at least ENOUGH messages; 0 where there are none."""
    able = [one.f1 for one in each.values() if one.support >= ENOUGH]
    return sum(able) / len(able) if able else 0.0


def labels(cases: Sequence[Case]) -> dict[str, dict[str, Tally]]:
    """Return the tally of each code by family, and of each kind of fact where facts are labeled."""
    families = {family: tally((case.gold(family), case.found(family)) for case in cases) for family in FAMILIES}
    each = tally(_stated(cases))
    kinds = {kind: micro({key: one for key, one in each.items() if key[0] == kind}) for kind, _ in each}
    return families | ({"facts": _frequent(kinds)} if kinds else {})


def totals(cases: Sequence[Case]) -> Totals:
    """Return the figures of docs/evaluation.md by name: 0 to 1, but for `rows` and `intensity_mae` (0 to 3).

    Figures of facts and urgency are left out where no message has them labeled. There must be a case.
    """
    return {
        "rows": len(cases),
        **_types(cases),
        **_feelings(cases),
        **_sets(cases, "signals", "signal"),
        "risk_f1": _yes_or_no((_risky(case.gold("signals")), _risky(case.found("signals"))) for case in cases),
        **_sets(cases, "demands", "demand"),
        **_facts(cases),
        **_urgency(cases),
    }


def _types(cases: Sequence[Case]) -> Totals:
    pairs = [(case.gold("types"), case.found("types")) for case in cases]
    each = tally(pairs)
    complaints = [(gold, found) for gold, found in pairs if gold]
    groups = tally(({_group(code) for code in gold}, {_group(code) for code in found}) for gold, found in pairs)
    return {
        "complaint_f1": _yes_or_no((bool(gold), bool(found)) for gold, found in pairs),
        "type_micro_f1": micro(each).f1,
        "type_macro_f1": macro(each),
        "type_top1": sum(found[:1] != () and found[0] in gold for gold, found in complaints) / max(1, len(complaints)),
        "group_micro_f1": micro(groups).f1,
    }


def _group(code: str) -> str:
    return code.split(".")[0]


def _feelings(cases: Sequence[Case]) -> Totals:
    right = [case.analysis.emotion.primary in case.allowed("emotions") for case in cases]
    return {
        "emotion_acc": sum(right) / len(cases),
        "emotion_macro_f1": macro(tally((case.gold("emotions"), case.found("emotions")) for case in cases)),
        "intensity_mae": sum(abs(case.row.intensity - case.analysis.emotion.intensity) for case in cases) / len(cases),
    }


def _sets(cases: Sequence[Case], family: str, name: str) -> Totals:
    each = tally((case.gold(family), case.found(family)) for case in cases)
    return {f"{name}_micro_f1": micro(each).f1, f"{name}_macro_f1": macro(each)}


def _risky(signals: Iterable[str]) -> bool:
    return any(code.startswith(RISK) for code in signals)


def _yes_or_no(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Return the F1 of a single question, from what holds and what is claimed."""
    return micro(tally((("yes",) * gold, ("yes",) * found) for gold, found in pairs)).f1


def _facts(cases: Sequence[Case]) -> Totals:
    pairs = _stated(cases)
    if not pairs:
        return {}
    right = [gold[key] == found[key] for gold, found in pairs for key in gold.keys() & found.keys()]
    return {"fact_f1": micro(tally(pairs)).f1, "fact_value": sum(right) / max(1, len(right))}


def _urgency(cases: Sequence[Case]) -> Totals:
    right = [case.row.urgency == case.analysis.urgency.level for case in cases if case.row.urgency is not None]
    return {"urgency_acc": sum(right) / len(right)} if right else {}


def _stated(cases: Sequence[Case]) -> list[tuple[Facts, Facts]]:
    """Return the facts labeled and those found, for each case that has them labeled: values by kind and exact words."""
    return [
        (
            {(one.kind, one.text): _comparable(one.kind, one.value) for one in case.row.facts},
            {(one.kind, one.span.of(case.row.text)): _comparable(one.kind, one.value) for one in case.analysis.facts},
        )
        for case in cases
        if case.row.facts is not None
    ]


def _comparable(kind: str, value: str) -> Hashable:
    """Return a value as it compares: `CNY 320` is `CNY 320.00`."""
    currency, _, number = value.partition(" ")
    try:
        return (currency, Decimal(number.replace(",", ""))) if kind == "amount" else value
    except InvalidOperation:
        return value
