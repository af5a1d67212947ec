"""The stage that runs the rules: order, selection, what is not run, what raises, and mending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit import Edit, Finding, Kit, Outgoing, Span
from replykit.review import ReviewOptions, apply_fixes, review
from replykit.rules import Example, Hit, Need
from replykit.types import Severity
from tests.conftest import NOW


@dataclass(frozen=True)
class Marks:
    """A rule that finds what it is told to."""

    code: str
    spans: tuple[tuple[int, int], ...] = ()
    needs: frozenset[Need] = frozenset()
    severity: Severity = "warning"
    name: str = "marks"
    origin: tuple[str, ...] = ()
    why: str = "why"
    bad: tuple[Example, ...] = field(default=(Example(reply="bad"),))
    good: tuple[Example, ...] = field(default=(Example(reply="good"),))

    def check(self, outgoing: Outgoing) -> Iterable[Hit]:
        return [Hit(Span(*span), f"found {span}") for span in self.spans]


class Raises(Marks):
    def check(self, outgoing: Outgoing) -> Iterable[Hit]:
        raise KeyError("no such word")


def outgoing(text: str = "一二三四五六七八九十") -> Outgoing:
    return Outgoing(text, "zh-CN", NOW)


def codes(*rules: Marks, options: ReviewOptions | None = None) -> list[tuple[str, int, int]]:
    found = review(outgoing(), rules, options)
    return [(one.code, one.span.start, one.span.end) for one in found.findings]


def test_findings_stand_in_the_order_of_the_text_then_by_code() -> None:
    assert codes(Marks("X002", ((4, 5), (0, 2))), Marks("X001", ((4, 5),))) == [
        ("X002", 0, 2),
        ("X001", 4, 5),
        ("X002", 4, 5),
    ]


def test_of_overlapping_findings_of_one_rule_one_is_kept() -> None:
    assert codes(Marks("X001", ((0, 2), (1, 3), (0, 4), (4, 5), (5, 5), (5, 5)))) == [
        ("X001", 0, 4),
        ("X001", 4, 5),
        ("X001", 5, 5),
    ]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (ReviewOptions(), ["P601", "P602", "S805"]),
        (ReviewOptions(select=frozenset({"P"})), ["P601", "P602"]),
        (ReviewOptions(select=frozenset({"P6", "S805"}), ignore=frozenset({"P602"})), ["P601", "S805"]),
        (ReviewOptions(ignore=frozenset({"P"})), ["S805"]),
    ],
)
def test_rules_are_chosen_by_code_or_prefix(options: ReviewOptions, left: list[str]) -> None:
    rules = [Marks(code, ((0, 1),)) for code in ("S805", "P602", "P601")]
    assert [code for code, _, _ in codes(*rules, options=options)] == left


def test_a_store_grades_anew() -> None:
    found = review(outgoing(), [Marks("X001", ((0, 1),))], ReviewOptions(severity={"X001": "error"}))
    assert found.findings[0].severity == "error"
    assert found.verdict == "block"


def test_a_rule_without_its_inputs_is_listed_as_not_run() -> None:
    rules = [Marks("X001", ((0, 1),), frozenset({"policy"})), Marks("X002", ((0, 1),), frozenset({"order", "message"}))]
    found = review(outgoing(), rules)
    assert [(one.code, one.reason) for one in found.not_run] == [
        ("X001", "no store policy given"),
        ("X002", "no message given, no order facts given"),
    ]
    assert found.findings == ()
    assert found.warnings == ()


def test_a_rule_that_raises_costs_only_itself() -> None:
    found = review(outgoing(), [Raises("X001"), Marks("X002", ((0, 1),)), Marks("X003", ((0, 99),))])
    assert [one.code for one in found.findings] == ["X002"]
    assert [one.code for one in found.not_run] == ["X001", "X003"]
    assert "X001" in found.warnings[0]
    assert "E303" in found.warnings[0]
    assert "outside the reply" in found.warnings[1]


def fixed(text: str, *edits: tuple[int, int, str, bool]) -> str:
    findings = [Finding("X001", "x", "info", "m", Span(a, b), Edit(Span(a, b), new, safe)) for a, b, new, safe in edits]
    return apply_fixes(text, findings)


def test_safe_fixes_are_applied_and_of_two_that_overlap_the_first() -> None:
    assert fixed("一二三四", (2, 3, "叁", True), (0, 1, "壹", True)) == "壹二叁四"
    assert fixed("一二三四", (0, 2, "甲", True), (1, 3, "乙", True)) == "甲三四"
    assert fixed("一二三四", (0, 1, "壹", False)) == "一二三四"
    assert fixed("一", (0, 9, "壹", True)) == "一"


@given(st.text(alphabet=st.sampled_from("我們会為您退款后发發头髮门。，「」a\n😀"), max_size=40))
def test_fixing_twice_is_fixing_once(toolkit: Kit, text: str) -> None:
    once = toolkit.fix(text, now=NOW)
    assert toolkit.fix(once, now=NOW) == once


def test_the_reason_for_what_is_not_run(toolkit: Kit) -> None:
    reasons = {one.code: one.reason for one in toolkit.review("您好", now=NOW).not_run}
    assert reasons["E101"] == "no message given"
    assert reasons["P602"] == "no store policy given"
    assert reasons["S806"] == "no order facts given"
    assert "D502" not in reasons
