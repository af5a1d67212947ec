"""The lexicon engine on small lexicons of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.errors import PluginError
from replykit.folding import expand, fold
from replykit.lexicon import Lexicon, LexiconAnalyzer
from replykit.types import Label

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)

SCOPE = """
[[negation]]
name = "wish"
gap = 2
inside = true
words = ["不用", "不是要", "唔使"]
unless = ["能不能"]

[reported]
speakers = ["客服", "店员"]
verbs = ["说", "话"]
"""

DEMANDS = """
family = "demands"
negation = "wish"
own_words = true

[labels]
refund = "退款"
"pets.grooming" = "宠物美容"

[unless]
refund = ["退款政策"]

[[cue]]
code = "refund"
weight = 0.9
words = ["退款", "退錢"]
patterns = ["把…钱…退"]
unless = ["退款很快"]

[[cue]]
code = "refund"
weight = 0.3
words = ["钱", "还我"]

[[cue]]
code = "refund"
against = true
weight = 0.5
words = ["随便问问"]

[[cue]]
code = "pets.grooming"
words = ["剪毛"]
"""

EMOTIONS = """
family = "emotions"

[labels]
anger = "愤怒"

[[cue]]
code = "anger"
weight = 0.6
labels = ["refund"]

[[cue]]
code = "anger"
weight = 0.7
words = ["快点"]
labels = ["refund"]
"""


def lexicon(folder: Path, **files: str) -> Lexicon:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return Lexicon.load(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return lexicon(tmp_path_factory.mktemp("small"), scope=SCOPE, demands=DEMANDS, emotions=EMOTIONS)


def demands(small: Lexicon, text: str) -> dict[str, list[str]]:
    return {label.code: [span.of(text) for span in label.evidence] for label in small.read(text)["demands"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我要退款", ["退款"]),
        ("請退錢，謝謝", ["退錢"]),  # the word stands in the lexicon in either script
        ("请退錢", ["退錢"]),
        ("把我的钱都退了", ["把我的钱都退"]),
        ("能不能退款", ["退款"]),
        ("不用谢，退款", ["退款"]),  # a clause ends between
        ("店员说“没货了”，退款", ["退款"]),
        ("１００元退款！", ["退款"]),
    ],
)
def test_a_find_is_the_exact_words_of_the_original(small: Lexicon, text: str, words: list[str]) -> None:
    assert demands(small, text)["refund"] == words


@pytest.mark.parametrize(
    "text",
    [
        "不用退款",
        "不是要你退款",
        "唔使退錢",
        "退款很快，好评",
        "请问退款政策",
        "客服说“可以退款”",
        "店员话「唔退款」",
        "把不用的钱都退",
    ],
)
def test_negation_unless_and_quotes_turn_a_find_off(small: Lexicon, text: str) -> None:
    assert "refund" not in demands(small, text) or "退" not in "".join(demands(small, text)["refund"])


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("退款", 0.9),
        ("退款退款退款", 0.9),  # the same words say nothing new
        ("退款，钱", 0.93),  # 1 - 0.1 * 0.7
        ("钱还我", 0.51),  # two weak cues carry it
        ("钱", 0.3),
        ("随便问问，退款", 0.45),
        ("随便问问，钱", 0.0),  # too faint to be handed on
    ],
)
def test_scores_join_as_independent_chances(small: Lexicon, text: str, score: float) -> None:
    found: tuple[Label, ...] = small.read(text)["demands"]
    assert (found[0].score if found else 0.0) == pytest.approx(score)


def test_labels_are_cues_or_conditions_for_later_families(small: Lexicon) -> None:
    text = "退款，快点"
    (anger,) = small.read(text)["emotions"]
    assert anger.score == pytest.approx(1 - 0.4 * 0.3)
    assert [span.of(text) for span in anger.evidence] == ["退款", "快点"]
    assert small.read("快点")["emotions"] == ()


def test_a_store_pack_brings_codes_of_its_own(small: Lexicon) -> None:
    reading = LexiconAnalyzer("pets", small).read("想約剪毛", NOW, "zh-TW")
    (label,) = reading.demands
    assert (label.code, label.source, label.reason) == ("pets.grooming", "pets/demands.toml", "宠物美容：剪毛")
    assert small.read("想約剪毛")["demands"][0].source == "demands.toml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('words = ["剪毛"]', 'words = ["剪毛"', "TOML"),
        ('words = ["剪毛"]', 'patterns = ["(剪毛"]', "not a regular expression"),
        ('words = ["剪毛"]', 'patterns = ["(?<=剪?)毛"]', "not a regular expression"),
        ('words = ["剪毛"]', 'patterns = ["剪.*毛"]', "without a bound"),
        ('words = ["剪毛"]', 'patterns = ["剪?"]', "matches nothing"),
        ('words = ["剪毛"]', 'patterns = ["(?<=剪?)毛"]', "fixed-width"),
        ('words = ["剪毛"]', 'wrods = ["剪毛"]', "unknown key"),
        ('words = ["剪毛"]', 'words = [""]', "empty"),
        ("weight = 0.3", "weight = 3", "less than or equal to 1"),
        ('code = "pets.grooming"', 'code = "pets.walk"', "[labels]"),
        ('negation = "wish"', 'negation = "wishes"', "no negation"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    broken = DEMANDS.replace(old, new)
    line = broken.splitlines().index(new) + 1
    with pytest.raises(PluginError) as caught:
        lexicon(tmp_path, scope=SCOPE, demands=broken)
    assert caught.value.code == "E305"
    assert f"demands.toml:{line}: " in caught.value.message or says == "TOML"
    assert says in str(caught.value)


def test_a_folder_without_lexicons_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="holds no lexicon"):
        Lexicon.load(tmp_path)
    with pytest.raises(PluginError, match="cannot be read"):
        Lexicon.load(tmp_path / "missing")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("請退錢", "请退钱"), ("ＡＢＣ１２３！", "abc123!"), ("妳甚麼", "你什么"), ("İ", "İ"), ("\ud800", "\ud800")],
)
def test_folding_keeps_the_length(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_patterns_are_written_like_the_text() -> None:
    assert expand("退貨…運費？") == "退货[^,!?;\n\r~]{0,6}运费\\?"
    assert expand("APP\\S") == "app\\S"


@given(st.text(max_size=200))
def test_no_text_is_too_strange(small: Lexicon, text: str) -> None:
    assert len(fold(text)) == len(text)
    labels = [label for found in small.read(text).values() for label in found]
    assert all(0 < label.score <= 1 for label in labels)
    assert all(span.end <= len(text) for label in labels for span in label.evidence)


class Everything(frozenset[str]):
    """The grams of a text that holds them all: no pattern, exception or negation is left out."""

    def isdisjoint(self, _: object) -> bool:
        return False

    def __rand__(self, other: frozenset[str]) -> frozenset[str]:
        return other


BUNDLED = Lexicon.load(files("replykit.bundled.reading") / "lexicon")
WORDS = sorted({word for entries in BUNDLED.index.values() for word, _ in entries})
NEEDED = sorted({gram for part in BUNDLED.parts for one in part.cue.patterns for gram in re.findall(r"\w{1,3}", one)})
BETWEEN = ["没", "不", "不用", "了", "我", "，", "。", "！？", "客服说“", "”"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(BETWEEN) | st.sampled_from(WORDS) | st.sampled_from(NEEDED), max_size=12).map("".join))
def test_leaving_out_what_cannot_match_changes_no_reading(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("replykit.lexicon.grams", lambda _: Everything())
        whole = BUNDLED.read(text)
    assert BUNDLED.read(text) == whole
