"""What people and programs see: marks under the right words, valid SARIF, JUnit and HTML, no color in a pipe."""

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from replykit import render, taxonomy, terminal, wire
from replykit.types import REGIONS, Draft, Edit, Finding, NotRun, Parts, Review, Span
from tests import fake_kit
from tests.test_wire import ANALYSIS, REPLY, REVIEW, WORDS

ANY = st.text(st.characters(exclude_categories=()), max_size=60)


def shown(view: Any) -> str:
    stream = io.StringIO()
    terminal.console(stream).print(view)
    return stream.getvalue()


# --- names


@pytest.mark.parametrize(
    ("kind", "code", "names"),
    [
        ("type", "logistics.delay", ("发货物流慢", "出貨物流慢", "發貨物流慢")),
        ("type", "other", ("其他", "其他", "其他")),
        ("emotion", "grievance", ("委屈无奈", "委屈無奈", "委屈無奈")),
        ("type", "mypack.special", ("mypack.special",) * 3),
        ("no such kind", "x", ("x",) * 3),
    ],
)
def test_codes_have_names(kind: str, code: str, names: tuple[str, ...]) -> None:
    assert tuple(taxonomy.name(kind, code, region) for region in REGIONS) == names


# --- terminal


@pytest.mark.parametrize(
    ("text", "span", "lines"),
    [
        ("好的。我们尽快处理。谢谢", Span(5, 7), [("我们尽快处理。", "    ^^^^")]),
        ("ok，asap处理", Span(3, 7), [("ok，asap处理", "    ^^^^")]),
        ("“明天”退款", Span(1, 3), [("“明天”退款", " ^^^^")]),
        ("一。二。", Span(0, 3), [("一。二。", "^^^^^^")]),
        ("好", Span(0, 1), []),
        ("好的", Span(1, 1), []),
        ("", Span(0, 0), []),
    ],
)
def test_words_at_fault_are_underlined(text: str, span: Span, lines: list[tuple[str, str]]) -> None:
    assert terminal.underlined(text, span) == lines


def test_a_long_sentence_is_cut_and_wrapped() -> None:
    text = "客" * 500
    lines = terminal.underlined(text, Span(300, 310))
    assert sum(len(line) for line, _ in lines) == 130
    assert all(cell_len(line) <= 88 for line, _ in lines)
    assert sum(cell_len(marks.strip()) for _, marks in lines) == 20


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五六七八九", ["一二三四五", "六七八九"]),
        ("一二三四五。六", ["一二三四", "五。六"]),
        ("一二三四11:30前", ["一二三四", "11:30前"]),
        ("ok fine yes", ["ok fine", " yes"]),
        ("一\n二", ["一", "二"]),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ["a" * 10] * 3),
        ("。" * 6, ["。" * 5, "。"]),
        ("", [""]),
    ],
)
def test_lines_break_where_chinese_may_break(text: str, lines: list[str]) -> None:
    assert [line for line, _ in terminal._folded(text, Span(0, 0), 10)] == lines


@given(ANY, st.integers(0, 60), st.integers(0, 60))
def test_underlining_never_raises(text: str, start: int, length: int) -> None:
    for line, marks in terminal.underlined(text, Span(start, start + length)):
        assert cell_len(marks) <= cell_len(line)


def test_an_analysis_is_shown_in_chinese_with_codes() -> None:
    view = shown(terminal.analysis_view(ANALYSIS))
    for words in (
        "发货物流慢 logistics.delay",
        "等了三个小时",
        "愤怒 anger + 失望 disappointment",
        "2 强烈",
        "已等待 waited  PT3H",
    ):
        assert words in view


def test_a_reply_is_shown_with_its_parts_and_commitments() -> None:
    view = shown(terminal.reply_view(REPLY))
    for words in (
        "同理  让您久等，",
        "致歉  抱歉。",
        "方案  退您38元。",
        "跟进  明天回电。",
        "原路退款 CNY 38.00",
        "2026-11-23 18:00",
        "D502",
    ):
        assert words in view


def test_a_greeting_stands_without_a_part() -> None:
    parts = Parts("久等了。", "抱歉。", ("退款。",), "明天回电。")
    draft = Draft(parts, "王先生您好：\n久等了。抱歉。\n退款。明天回电。\n祝好", "zh-CN", "template")
    assert [part for part, _ in terminal.parts_of(draft)] == ["", "empathy", "apology", "options", "follow_up", ""]


@given(ANY)
def test_nothing_that_a_terminal_obeys_is_printed(text: str) -> None:
    review = Review((Finding("X1", text, "error", text, Span(0, max(0, len(text) - 1)), Edit(Span(0, 0), text, True)),))
    view = shown(terminal.review_view(review, text, "zh-CN"))
    assert not {char for char in view if char != "\n" and (ord(char) < 32 or 0x7F <= ord(char) < 0xA0)}
    view.encode("utf-8")


def test_a_pipe_gets_no_color_and_a_hundred_columns() -> None:
    view = shown(terminal.reply_view(REPLY))
    assert "\x1b" not in view
    assert max(map(cell_len, view.splitlines())) <= terminal.PIPE_WIDTH


def test_a_rule_page() -> None:
    view = shown(terminal.rule_view(RULES[0]))
    for words in ("D502 vague-time", "客户要一个准确的时间", "我们会尽快处理", "等了三天", 'ignore = ["D502"]'):
        assert words in view


# --- SARIF

RULES: Any = [fake_kit.FakeRule("D502", "vague-time"), fake_kit.FakeRule("P602", "over-limit", "error")]


def test_sarif_has_what_the_standard_requires() -> None:
    log = render.sarif(REVIEW, WORDS, RULES)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert run["tool"]["driver"]["name"] == "replykit"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["D502", "P602"]
    result = run["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("D502", 0, "warning")
    assert result["message"]["text"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"charOffset": 14, "charLength": 2, "snippet": {"text": "明天"}}
    replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement == {
        "deletedRegion": {"charOffset": 14, "charLength": 2},
        "insertedContent": {"text": "11月24日"},
    }
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["artifacts"][0]["contents"]["text"] == WORDS


def test_sarif_calls_info_a_note() -> None:
    review = Review((Finding("S808", "length", "info", "短", Span(0, 1)),))
    assert render.sarif(review, "好", [])["runs"][0]["results"][0]["level"] == "note"


# --- JUnit


@pytest.mark.parametrize(("fail_on", "failures"), [("info", 1), ("warning", 1), ("error", 0)])
def test_junit_fails_from_the_threshold_on(fail_on: Any, failures: int) -> None:
    suite = ElementTree.fromstring(render.junit(REVIEW, WORDS, RULES, fail_on))[0]
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == str(failures)
    assert suite.attrib["skipped"] == "1"
    assert len(suite.findall("testcase/failure")) == failures


@given(ANY)
def test_junit_is_xml_whatever_the_text(text: str) -> None:
    review = Review((Finding("X1", text, "error", text, Span(0, len(text))),), (NotRun("X2", text),))
    ElementTree.fromstring(render.junit(review, text, [], "warning").encode("utf-8"))


@pytest.mark.parametrize(
    ("severity", "least", "reached"),
    [("info", "warning", False), ("warning", "warning", True), ("error", "warning", True), ("info", "info", True)],
)
def test_the_threshold(severity: Any, least: Any, reached: bool) -> None:
    assert render.reaches(Review((Finding("X1", "x", severity, "x", Span(0, 0)),)), least) is reached
    assert not render.reaches(Review(), least)


# --- HTML


def test_pieces_of_overlapping_findings() -> None:
    findings = [
        {"start": 1, "end": 4, "code": "B1", "severity": "info"},
        {"start": 3, "end": 5, "code": "A1", "severity": "error"},
        {"start": 0, "end": 6, "code": "W1", "severity": "error"},
    ]
    assert render.pieces("abcdef", findings) == [
        ("a", "", None),
        ("bc", "B1", "info"),
        ("d", "A1 B1", "error"),
        ("e", "A1", "error"),
        ("f", "", None),
    ]
    assert render.pieces("", []) == []


def test_a_review_page_marks_and_escapes() -> None:
    page = render.review_page(wire.review_json(REVIEW, WORDS), WORDS, "zh-CN", "<script>alert(1)</script>\x00")
    assert '<mark class="warning" title="D502">明天</mark>' in page
    assert "<script" not in page
    assert "\x00" not in page
    assert "修改后发送" in page


@given(ANY)
def test_a_page_holds_any_text(text: str) -> None:
    review = Review((Finding("X1", text, "error", text, Span(0, len(text))),))
    page = render.review_page(wire.review_json(review, text), text, "zh-TW", text)
    page.encode("utf-8")
    assert page.count("<html") == 1


def test_json_in_a_page_and_a_log_agree() -> None:
    assert json.loads(wire.dumps(render.sarif(REVIEW, WORDS, RULES)))["runs"]


@pytest.mark.parametrize("kind", ["type", "emotion", "signal", "demand", "fact"])
def test_every_code_of_the_taxonomy_has_a_name(kind: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "taxonomy.md").read_text(encoding="utf-8")
    names = taxonomy._names()[kind]
    assert names
    assert [code for code in names if f"`{code}`" not in page] == []
    assert all(1 < len(words) <= len(REGIONS) for words in names.values())
