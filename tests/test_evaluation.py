"""Labeled messages beside their analyses: figures worked out by hand, and the three forms of the report."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from replykit import labeled
from replykit.cli import app, evaluating
from replykit.config import ModelSection
from replykit.errors import InputError, PluginError
from replykit.evaluation import cases, figures, mistakes, report
from replykit.evaluation.calibration import Bin, calibration, reliability
from replykit.evaluation.cases import Case
from replykit.evaluation.confusion import confusion
from replykit.evaluation.figures import Tally
from replykit.evaluation.page import page
from replykit.labeled import Row, Stated
from replykit.testing import NOW, kit
from replykit.types import Fact, Label, Span
from tests.builders import analysis

ROW: dict[str, Any] = {
    "id": "1",
    "text": "壶漏水，等了三天",
    "types": ["product.quality"],
    "emotion": "anger",
    "emotion2": None,
    "intensity": 1,
    "signals": [],
    "demands": [],
}
TYPES = ("product.quality", "logistics.delay", "service.attitude")
FACTS = [{"kind": "waited", "text": "三天", "value": "P3D"}]
MESSAGES = [
    ROW | {"region": "zh-CN", "facts": FACTS, "urgency": "normal"},
    ROW | {"region": "zh-CN", "text": "快递太慢了，退款！", "types": ["logistics.delay"], "demands": ["refund"]},
    ROW | {"region": "zh-TW", "text": "很好用，谢谢", "types": [], "emotion": "positive", "intensity": 0},
    ROW | {"region": "zh-TW", "text": "<b>客服</b>骂人", "types": ["service.attitude"], "signals": ["shop.<i>"]},
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def row(types: str = "", emotion: str = "neutral", **more: Any) -> Row:
    return replace(Row("1", "", tuple(types.split()), emotion, None, 0, (), ()), **more)


def case(gold: str = "", found: str = "", **more: Any) -> Case:
    """Return a case of types labeled and types read, sure of what was read."""
    return Case(row(gold, **more), analysis(types=found, intensity=0))


# --- rows


def test_rows_keep_facts_urgency_and_further_keys(tmp_path: Path) -> None:
    more = {"facts": [{"kind": "waited", "text": "三天", "value": "P3D", "note": 1}], "urgency": "urgent"}
    path = write(tmp_path / "a.jsonl", [ROW | more | {"region": "zh-HK", "turn": 2, "tags": [1]}, ROW])
    first, second = labeled.read([path])
    assert first.facts == (Stated("waited", "三天", "P3D"),)
    assert first.urgency == "urgent"
    assert first.fields == {"region": "zh-HK", "turn": "2"}
    assert (second.facts, second.urgency, second.fields) == (None, None, {})


def test_a_line_separator_inside_a_text_ends_no_row(tmp_path: Path) -> None:
    assert [one.text for one in labeled.read([write(tmp_path / "a.jsonl", [ROW | {"text": "一\u2028二"}])])] == [
        "一\u2028二"
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"facts": {}}, "facts is a list"),
        ({"facts": [{"kind": "waited", "text": "三天"}]}, "facts is a list"),
        ({"urgency": "soon"}, "urgency is normal, urgent, critical, not 'soon'"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=rf"E110.*a\.jsonl:1: {message}"):
        labeled.read([write(tmp_path / "a.jsonl", [ROW | changes])])


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (["dev", "train", "my.test"], ["dev", "my.test"]),
        (["train", "more"], ["more", "train"]),
    ],
)
def test_of_a_folder_what_was_held_out_counts(tmp_path: Path, there: list[str], chosen: list[str]) -> None:
    for name in there:
        write(tmp_path / f"{name}.jsonl", [ROW])
    assert [path.stem for path in cases.files([tmp_path])] == chosen
    named = tmp_path / f"{there[1]}.jsonl"
    assert cases.files([named, named]) == [named]


# --- figures


@pytest.mark.parametrize(
    ("tally", "precision", "recall", "f1"),
    [
        (Tally(3, 1, 0), 0.75, 1, 6 / 7),
        (Tally(1, 0, 3), 1, 0.25, 0.4),
        (Tally(0, 2, 0), 0, 0, 0),
        (Tally(0, 0, 2), 0, 0, 0),
        (Tally(0, 0, 0), 0, 0, 1),
    ],
)
def test_precision_recall_and_f1(tally: Tally, precision: float, recall: float, f1: float) -> None:
    assert (tally.precision, tally.recall, tally.f1) == pytest.approx((precision, recall, f1))


def test_labels_are_tallied_the_most_frequent_first() -> None:
    each = figures.tally([("ab", "b"), ("b", "bc"), ("", "c")])
    assert list(each.items()) == [("b", Tally(2, 0, 0)), ("a", Tally(0, 0, 1)), ("c", Tally(0, 2, 0))]
    assert figures.micro(each) == Tally(2, 2, 1)


def test_a_macro_figure_counts_labels_with_enough_messages() -> None:
    enough, few = Tally(6, 0, 2), Tally(0, 0, 7)
    assert figures.macro({"a": enough, "b": few}) == enough.f1
    assert figures.macro({"b": few}) == 0


def test_totals_of_types() -> None:
    read = [
        case("product.quality logistics.delay", "logistics.delay"),
        case("product.quality", "product.mismatch product.quality"),
        case("logistics.delay", ""),
        case("", "other"),
        case("", ""),
    ]
    totals = figures.totals(read)
    assert totals["rows"] == 5
    assert totals["complaint_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert totals["type_micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 2 + 2))
    assert totals["type_macro_f1"] == 0  # no type has eight messages
    assert totals["type_top1"] == pytest.approx(1 / 3)
    assert totals["group_micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 2))
    assert not {"fact_f1", "fact_value", "urgency_acc"} & totals.keys()


def test_totals_of_feelings() -> None:
    read = [
        Case(row(emotion="anger", emotion2="grievance", intensity=2), analysis(emotion="grievance", intensity=1)),
        Case(row(emotion="anger", intensity=3), analysis(emotion="anger", intensity=3)),
        Case(row(emotion="neutral", intensity=0), analysis(emotion="anxiety", intensity=2)),
    ]
    totals = figures.totals(read)
    assert totals["emotion_acc"] == pytest.approx(2 / 3)
    assert totals["intensity_mae"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("gold", "found", "f1"),
    [
        (("threat.media",), "abuse", 1),  # another risk is a risk too
        (("churn",), "overdue", 1),  # none of both is one
        (("injury",), "vulnerable", 0),
        ((), "rejects_solution", 0),
    ],
)
def test_risk(gold: tuple[str, ...], found: str, f1: float) -> None:
    assert figures.totals([Case(row(signals=gold), analysis(signals=found))])["risk_f1"] == f1


def test_facts_count_by_kind_and_words_and_their_values_as_numbers() -> None:
    text = "等了三天，赔两百，又等五天"
    stated = (Stated("waited", "三天", "P3D"), Stated("amount", "两百", "CNY 200"), Stated("waited", "五天", "P5D"))
    facts = (
        Fact("waited", "P4D", Span(2, 4)),
        Fact("amount", "CNY 200.00", Span(6, 8)),
        Fact("name", "又", Span(9, 10)),
    )
    read = [
        Case(row(text=text, facts=stated, urgency="urgent"), replace(analysis(text, level="urgent"), facts=facts)),
        Case(row(), replace(analysis(text), facts=facts)),  # nobody labeled facts here
    ]
    totals, labels = figures.totals(read), figures.labels(read)
    assert totals["fact_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    assert totals["fact_value"] == 0.5
    assert totals["urgency_acc"] == 1
    assert labels["facts"] == {"waited": Tally(1, 0, 1), "amount": Tally(1, 0, 0), "name": Tally(0, 1, 0)}


codes = st.lists(st.sampled_from(TYPES), max_size=3, unique=True).map(" ".join)


@given(st.lists(st.tuples(codes, codes), min_size=1, max_size=12))
def test_figures_are_shares_and_what_is_right_is_1(pairs: list[tuple[str, str]]) -> None:
    totals = figures.totals([case(gold, found) for gold, found in pairs])
    assert all(0 <= value <= 1 for key, value in totals.items() if key not in ("rows", "intensity_mae"))
    right = figures.totals([case(gold, gold) for gold, _ in pairs])
    assert {right[key] for key in ("complaint_f1", "type_micro_f1", "group_micro_f1", "emotion_acc")} == {1}


# --- calibration, confusion, errors


def test_reliability_by_hand() -> None:
    found = reliability([(0.75, True), (1.0, True), (0.9375, False), (0.0625, False), (0.9375, True), (0.9375, True)])
    assert found.bins == (
        Bin(0.0, 0.1, 1, 0.0625, 0),
        Bin(0.7, 0.8, 1, 0.75, 1),
        Bin(0.9, 1.0, 4, 0.953125, 0.75),
    )
    assert found.error == pytest.approx((0.0625 + 0.25 + 4 * 0.203125) / 6)
    assert reliability([]).error == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_reliability_loses_no_score(scored: list[tuple[float, bool]]) -> None:
    found = reliability(scored)
    assert found.count == len(scored)
    assert 0 <= found.error <= 1
    assert all(one.start <= one.score + 1e-9 and one.score <= one.end + 1e-9 for one in found.bins)


def test_calibration_of_claims_and_of_all_scores() -> None:
    plain = case("product.quality", "logistics.delay")
    scored = replace(plain, scores={"types": {"product.quality": 0.2, "logistics.delay": 0.7}})
    assert calibration([plain])["types"].keys() == {"claimed"}
    found = calibration([scored])["types"]
    assert found["claimed"].bins == (Bin(0.9, 1.0, 1, 1, 0),)
    assert [(one.score, one.right) for one in found["all"].bins] == [(0.2, 1), (0.7, 0)]


def test_confusion() -> None:
    table = confusion([("none", "b"), ("a", "a"), ("a", "b"), ("a", "a")])
    assert table.codes == ("a", "b", "none")
    assert table.counts == ((2, 1, 0), (0, 0, 0), (0, 1, 0))


def scored(number: int, claims: dict[str, float], gold: str, scores: dict[str, float] | None = None) -> Case:
    """Return a case whose types were claimed with these scores."""
    read = replace(analysis(), types=tuple(Label(code, score) for code, score in claims.items()))
    return Case(replace(row(gold), id=str(number)), read, {"types": scores} if scores else {})


def test_the_surest_wrong_claims_come_first_one_a_message() -> None:
    read = [
        scored(1, {"logistics.delay": 0.7, "product.quality": 0.6}, ""),
        scored(2, {"logistics.delay": 0.9, "product.quality": 0.8}, "product.quality"),
        scored(3, {"product.quality": 1.0}, "product.quality"),
    ]
    found = mistakes.wrong(read, 5)
    assert [(one.case.row.id, one.code, one.score) for one in found] == [
        ("2", "logistics.delay", 0.9),
        ("1", "logistics.delay", 0.7),
    ]
    assert len(mistakes.wrong(read, 1)) == 1


def test_the_surest_misses_come_first() -> None:
    read = [
        scored(1, {}, "product.quality other", {"product.quality": 0.4, "other": 0.3}),
        scored(2, {"product.quality": 0.9}, "product.quality other", {"product.quality": 0.9, "other": 0.1}),
    ]
    assert [(one.case.row.id, one.code, one.score) for one in mistakes.missed(read, 5)] == [
        ("2", "other", 0.1),
        ("1", "other", 0.3),
    ]
    blind = [replace(one, scores={}) for one in read]
    assert [(one.code, one.score) for one in mistakes.missed(blind, 5)] == [("product.quality", None), ("other", None)]


def test_a_second_emotion_is_neither_wrong_nor_missed() -> None:
    read = [Case(row(emotion="anger", emotion2="grievance"), analysis(emotion="grievance"))]
    assert mistakes.wrong(read, 5) == mistakes.missed(read, 5) == []


# --- the report


@pytest.mark.parametrize(
    ("values", "by", "chosen"),
    [
        ([{"region": "zh-CN"}, {"region": "zh-HK"}], (), ("region",)),
        ([{"region": "zh-CN", "part": "a"}, {}], (), ()),
        ([{"shop": "a"}], ("shop", "shop"), ("shop",)),
    ],
)
def test_fields_to_group_by(values: list[dict[str, str]], by: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    assert report.fields([replace(row(), fields=value) for value in values], by) == chosen


def test_a_field_that_no_message_has() -> None:
    with pytest.raises(InputError, match=r"E105.*'shop'.*known: region"):
        report.fields([replace(row(), fields={"region": "zh-CN"})], ["shop"])


def test_a_trained_reader_scores_every_code() -> None:
    toolkit = kit()
    [read] = cases.read(toolkit, [replace(row(), text="等了三天还没发货，我要退款")], NOW)
    likely = {family: max(scores, key=lambda code: scores[code]) for family, scores in read.scores.items()}
    assert (likely["types"], likely["demands"]) == ("logistics.delay", "refund")
    claimed = {label.code: label.score for label in read.claims("demands")}
    assert claimed["refund"] == pytest.approx(read.scores["demands"]["refund"], abs=0.0006)
    assert sum(read.scores["emotions"].values()) == pytest.approx(1, abs=1e-4)


def test_a_trained_reader_that_did_not_load_is_no_bad_reader(tmp_path: Path) -> None:
    toolkit = kit(model=ModelSection(path=str(tmp_path)))
    with pytest.raises(PluginError, match=r"E308.*model\.json"):
        list(cases.read(toolkit, [row()], NOW))


def test_a_page_is_whole_and_says_codes_with_names() -> None:
    rows = [replace(row("product.quality", signals=("<script>",), text="<b>漏水\x00"), id="x")] * 2
    read = [Case(one, analysis(one.text, types="logistics.delay")) for one in rows]
    made = page(report.report(read, worst=3, by=(), about={"files": ["<f>"], "model": "none", "now": "2026"}), "zh-TW")
    assert made.count("<svg") == 7  # bars of three families that hold codes, curves of two with claims, two tables
    assert "產品品質 product.quality" in made
    assert "&lt;b&gt;漏水\ufffd" in made
    assert "<script" not in made
    assert set(re.findall(r"""(?:src|href)=["']([^"'#]*)""", made)) <= {""}


# --- the command line


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["evaluate", *arguments])


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(write(tmp_path / "messages.jsonl", MESSAGES))


def test_the_help_has_an_example() -> None:
    assert "Example: replykit evaluate" in run("--help").stdout


def test_json_is_one_object_that_repeats(data: str) -> None:
    arguments = (data, "--model", "none", "--format", "json", "--now", "2026-11-24T15:00:00+08:00", "--worst", "1")
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert list(found) == ["about", "totals", "groups", "labels", "calibration", "confusion", "worst"]
    assert found["about"] == {"files": [data], "model": "none", "now": "2026-11-24T15:00:00+08:00"}
    assert found["totals"]["rows"] == 4
    assert found["totals"]["urgency_acc"] in (0, 1)
    assert [value["rows"] for value in found["groups"]["region"].values()] == [2, 2]
    assert found["labels"]["signals"]["shop.<i>"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}
    assert sum(map(sum, found["confusion"]["types"]["counts"])) == 4
    assert len(found["worst"]["missed"]) == 1
    assert run(*arguments).stdout == result.stdout


def test_text_is_narrow_and_shows_names(data: str) -> None:
    result = run(data, "--model", "none", "--by", "region")
    assert result.exit_code == 0, result.output
    for words in ("Is it a complaint, F1", "By region", "产品质量 product.quality", "Surest misses", "shop.<i>"):
        assert words in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.mark.parametrize(("name", "begins"), [("r.html", "<!doctype html>"), ("r.json", "{"), ("r.txt", "Totals")])
def test_a_file_is_written_by_its_ending(data: str, tmp_path: Path, name: str, begins: str) -> None:
    result = run(data, "--model", "none", "-o", str(tmp_path / name))
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("{here}/nothing.jsonl",), "E101"),
        (("{here}/empty.jsonl",), "E101"),
        (("{data}", "--by", "shop"), "E105"),
        (("{data}", "--now", "soon"), "E105"),
        (("{data}", "-o", "{here}/no/r.txt"), "E109"),
        (("{data}", "-o", "{here}"), "E109"),
        (("{data}", "-o", "{here}/../{here.name}/messages.jsonl"), "E109"),
    ],
)
def test_what_cannot_be_used_exits_2(data: str, tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    result = run(*(one.format(data=data, here=tmp_path) for one in arguments))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error {code}" in result.stderr
    assert "  hint: " in result.stderr


def test_a_model_that_is_not_there_exits_3(data: str, tmp_path: Path) -> None:
    result = run(data, "--model", str(tmp_path))
    assert result.exit_code == 3
    assert "error E308" in result.stderr


def test_without_the_extra_only_the_page_is_refused(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluating, "find_spec", lambda name: None if name == "altair" else find_spec(name))
    result = run(data, "--format", "html")
    assert result.exit_code == 2
    assert "error E108: plots need altair" in result.stderr
    assert "pip install 'replykit[evaluate]'" in result.stderr
    assert run(data, "--model", "none", "--format", "json").exit_code == 0


def test_the_row_and_the_code_that_the_docs_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = (Path(__file__).parent.parent / "docs" / "evaluation.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(json|python)\n(.*?)```", shown, re.DOTALL))
    (tmp_path / "labeled.jsonl").write_text(blocks["json"], "utf-8")
    monkeypatch.chdir(tmp_path)
    module: dict[str, Any] = {}
    exec(blocks["python"], module)  # the page's own code
    assert [one.row.facts for one in module["read"]] == [(Stated("waited", "三天", "P3D"),)]


def test_a_code_that_nobody_knows_is_named_with_the_nearest(tmp_path: Path) -> None:
    rows = [row("product.qualty shop.gift_card", "angry", demands=("refund",))]
    assert cases.strange(kit(), rows) == [
        "types: unknown code 'product.qualty'; did you mean 'product.quality'?",
        "emotions: unknown code 'angry'; did you mean 'anger'?",
    ]


def test_a_dash_is_standard_output(data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(data, "--model", "none", "--format", "json", "-o", "-")
    assert json.loads(result.stdout)["totals"]["rows"]
    assert not (tmp_path / "-").exists()
