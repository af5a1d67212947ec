"""Reads messages by the bundled lexicons and facts; every word of it stands in `lexicon/*.toml`."""

from __future__ import annotations

from importlib.resources import files

from replykit import Analyzer, FactAnalyzer, Lexicon, LexiconAnalyzer, Register, hookimpl


@hookimpl
def register_analyzers(register: Register[Analyzer]) -> None:
    """Register the lexicon reader and the fact reader."""
    register(LexiconAnalyzer("reading", Lexicon.load(files(__name__) / "lexicon")))
    register(FactAnalyzer())
