"""What people see instead of the keys of a report."""

from __future__ import annotations

from collections.abc import Mapping

from replykit.evaluation.confusion import NONE
from replykit.render import legal
from replykit.taxonomy import name, titled
from replykit.types import Region

FAMILIES: Mapping[str, str] = {
    "types": "Complaint types",
    "emotions": "Emotions",
    "signals": "Escalation signals",
    "demands": "Demands",
    "facts": "Facts",
}
CONFUSIONS: Mapping[str, str] = {"types": "Leading type", "emotions": "Emotion"}
KINDS: Mapping[str, str] = {"claimed": "claimed", "all": "all codes"}
FIGURES: Mapping[str, str] = {
    "rows": "Messages",
    "complaint_f1": "Is it a complaint, F1",
    "type_micro_f1": "Types, micro F1",
    "type_macro_f1": "Types, macro F1",
    "type_top1": "Leading type right",
    "group_micro_f1": "Type groups, micro F1",
    "emotion_acc": "Emotion right",
    "emotion_macro_f1": "Emotions, macro F1",
    "intensity_mae": "Intensity, mean error",
    "signal_micro_f1": "Signals, micro F1",
    "signal_macro_f1": "Signals, macro F1",
    "risk_f1": "Risk, F1",
    "demand_micro_f1": "Demands, micro F1",
    "demand_macro_f1": "Demands, macro F1",
    "fact_f1": "Facts, F1",
    "fact_value": "Values of facts right",
    "urgency_acc": "Urgency right",
}
BRIEF: Mapping[str, str] = {  # what is shown of each group
    "rows": "rows",
    "complaint_f1": "compl.",
    "type_micro_f1": "types",
    "type_top1": "first",
    "emotion_acc": "emot.",
    "intensity_mae": "intens.",
    "signal_micro_f1": "sign.",
    "risk_f1": "risk",
    "demand_micro_f1": "dem.",
    "fact_f1": "facts",
    "urgency_acc": "urg.",
}
_KIND = {"types": "type", "emotions": "emotion", "signals": "signal", "demands": "demand", "facts": "fact"}


def code_name(family: str, code: str, region: Region) -> str:
    """Return the Chinese name of a code, or the code itself where it has none; free of what HTML forbids."""
    if code == NONE:
        return name("label", "no_complaint", region)
    return legal(name(_KIND[family], code, region))


def code_title(family: str, code: str, region: Region) -> str:
    """Return the Chinese name of a code with the code behind it; free of what HTML forbids."""
    if code == NONE:
        return f"{name('label', 'no_complaint', region)} {NONE}"
    return legal(titled(_KIND[family], code, region))


def figure(key: str, value: float) -> str:
    """Return a figure as it is shown: counts whole, the rest with three decimals."""
    return f"{value:,}" if key == "rows" else f"{value:.3f}"
