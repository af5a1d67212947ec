"""Reads messages by the bundled lexicons and facts and by a trained reader, the shipped one or that of a store.

Every word of the lexicons stands in `lexicon/*.toml`; `model/` holds the trained reader that is shipped.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from replykit import (
    Analyzer,
    Classifier,
    Config,
    FactAnalyzer,
    Lexicon,
    LexiconAnalyzer,
    Register,
    TrainedAnalyzer,
    hookimpl,
)

NAME = "reading"


@hookimpl
def register_analyzers(register: Register[Analyzer], config: Config) -> None:
    """Register the lexicons, joined with the trained reader unless `config` wants none, and the reader of facts."""
    lexicon = LexiconAnalyzer(NAME, Lexicon.load(files(__name__) / "lexicon"))
    path = config.model.path
    if path == "none":
        register(lexicon)
    else:
        folder = files(__name__) / "model" if path == "bundled" else Path(path)
        register(TrainedAnalyzer(NAME, Classifier(folder, config.model.threads), lexicon))
    register(FactAnalyzer())
