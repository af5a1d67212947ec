"""The house rules: what replykit finds in a reply before it goes out. The rules are data in rules/*.toml."""

from __future__ import annotations

from importlib.resources import files

from replykit.bundled.house_rules import doing, feeling, wording

from replykit import Register, Rule, hookimpl, load_rules


@hookimpl
def register_rules(register: Register[Rule]) -> None:
    """Register every rule of the folder."""
    for rule in load_rules(files(__name__) / "rules", feeling.CHECKS | doing.CHECKS | wording.CHECKS):
        register(rule)
