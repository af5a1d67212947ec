"""replykit reads a Message, makes an Analysis, settles a Plan, words a Draft, gives it a Review, and returns a Reply.

Public names load on first use, so that `import replykit` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Kit": "pipeline",
    "Config": "config",
    "load_config": "config",
    "hookimpl": "hookspecs",
    "Analyzer": "hookspecs",
    "Writer": "hookspecs",
    "Brief": "hookspecs",
    "Register": "hookspecs",
    "Lexicon": "lexicon",
    "LexiconAnalyzer": "lexicon",
    "FactAnalyzer": "facts",
    "Policy": "policy",
    "load_policy": "policy",
    "Wording": "prompting",
    "load_wording": "prompting",
    "Rule": "rules",
    "Found": "rules",
    "Outgoing": "outgoing",
    "load_rules": "rules",
    "resources": "resources",
} | dict.fromkeys(
    [
        "ReplykitError",
        "InputError",
        "ConfigError",
        "PolicyError",
        "PluginError",
        "PromptError",
    ],
    "errors",
) | dict.fromkeys(
    [
        "Analysis",
        "DemandAnswer",
        "Draft",
        "Edit",
        "Emotion",
        "Fact",
        "Finding",
        "FollowUp",
        "Label",
        "Message",
        "Money",
        "NotRun",
        "Option",
        "Order",
        "Parts",
        "Plan",
        "Question",
        "Reading",
        "Reply",
        "Review",
        "Source",
        "Span",
        "Thread",
        "Trace",
        "Turn",
        "Urgency",
    ],
    "types",
)

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'replykit' has no attribute {name!r}")
    module = import_module(f"replykit.{_HOME[name]}")
    return module if _HOME[name] == name else getattr(module, name)


def __dir__() -> list[str]:
    return list(__all__)
