"""replykit reads a Message, makes an Analysis, settles a Plan, words a Draft, gives it a Review, and returns a Reply.

Public names load on first use, so that `import replykit` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from replykit import resources as resources
    from replykit.classifier.analyzer import TrainedAnalyzer as TrainedAnalyzer
    from replykit.classifier.classifier import Classifier as Classifier
    from replykit.config import Config as Config
    from replykit.config import load_config as load_config
    from replykit.errors import ConfigError as ConfigError
    from replykit.errors import InputError as InputError
    from replykit.errors import PluginError as PluginError
    from replykit.errors import PolicyError as PolicyError
    from replykit.errors import PromptError as PromptError
    from replykit.errors import ReplykitError as ReplykitError
    from replykit.facts import FactAnalyzer as FactAnalyzer
    from replykit.hookspecs import Analyzer as Analyzer
    from replykit.hookspecs import Brief as Brief
    from replykit.hookspecs import Register as Register
    from replykit.hookspecs import Writer as Writer
    from replykit.hookspecs import hookimpl as hookimpl
    from replykit.lexicon import Lexicon as Lexicon
    from replykit.lexicon import LexiconAnalyzer as LexiconAnalyzer
    from replykit.outgoing import Outgoing as Outgoing
    from replykit.pipeline import Kit as Kit
    from replykit.policy import Policy as Policy
    from replykit.policy import load_policy as load_policy
    from replykit.prompting import Wording as Wording
    from replykit.prompting import load_wording as load_wording
    from replykit.rules import Example as Example
    from replykit.rules import Found as Found
    from replykit.rules import Hit as Hit
    from replykit.rules import Rule as Rule
    from replykit.rules import load_rules as load_rules
    from replykit.types import Analysis as Analysis
    from replykit.types import DemandAnswer as DemandAnswer
    from replykit.types import Draft as Draft
    from replykit.types import Edit as Edit
    from replykit.types import Emotion as Emotion
    from replykit.types import Fact as Fact
    from replykit.types import Finding as Finding
    from replykit.types import FollowUp as FollowUp
    from replykit.types import Label as Label
    from replykit.types import Message as Message
    from replykit.types import Money as Money
    from replykit.types import NotRun as NotRun
    from replykit.types import Option as Option
    from replykit.types import Order as Order
    from replykit.types import Parts as Parts
    from replykit.types import Plan as Plan
    from replykit.types import Question as Question
    from replykit.types import Reading as Reading
    from replykit.types import Reply as Reply
    from replykit.types import Review as Review
    from replykit.types import Source as Source
    from replykit.types import Span as Span
    from replykit.types import Thread as Thread
    from replykit.types import Trace as Trace
    from replykit.types import Turn as Turn
    from replykit.types import Urgency as Urgency

__version__ = "0.1.0"

_HOME = (
    {
        "Kit": "pipeline",
        "TrainedAnalyzer": "classifier.analyzer",
        "Classifier": "classifier.classifier",
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
        "Hit": "rules",
        "Example": "rules",
        "Outgoing": "outgoing",
        "load_rules": "rules",
        "resources": "resources",
    }
    | dict.fromkeys(
        [
            "ReplykitError",
            "InputError",
            "ConfigError",
            "PolicyError",
            "PluginError",
            "PromptError",
        ],
        "errors",
    )
    | dict.fromkeys(
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
)

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'replykit' has no attribute {name!r}")
    module = import_module(f"replykit.{_HOME[name]}")
    return module if _HOME[name] == name else getattr(module, name)


def __dir__() -> list[str]:
    return list(__all__)
