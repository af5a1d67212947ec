"""The trained reader: its parts on small inputs of their own, and the shipped one on sentences of every region."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.analysis import analyze
from replykit.classifier import bundle, ngrams
from replykit.classifier.analyzer import TrainedAnalyzer
from replykit.classifier.classifier import Classifier, Scores
from replykit.classifier.codes import Codes
from replykit.classifier.encoder import Encoder, Window
from replykit.classifier.evidence import candidates, telling
from replykit.classifier.folded import folded, places
from replykit.config import Config, ModelSection
from replykit.errors import PluginError
from replykit.pipeline import Kit
from replykit.types import Analysis, Label, Message, Reading, Region, Span

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
CODES = Codes(("product.quality", "logistics.delay"), ("anger", "neutral"), ("churn",), ("refund",))
SHIPPED = Path(__file__).parent.parent / "plugins" / "reading" / "model"


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit(Config())


def read(kit: Kit, text: str) -> Analysis:
    return kit.analyze(text, now=NOW)


def test_codes_stand_side_by_side() -> None:
    assert [code for _, code in CODES] == [
        *("product.quality", "logistics.delay"),
        *("product.quality", "logistics.delay", "none"),
        *("anger", "neutral"),
        *("0", "1", "2", "3"),
        *("churn", "refund"),
    ]
    assert CODES.columns["intensity"] == slice(7, 11)
    assert CODES.width == 13


def test_the_model_files_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 12_000_000


def test_ngrams_survive_packing_and_score_what_they_hold() -> None:
    weights = np.array([[1.0, -1.0], [0.5, 0.0], [2.0, 0.0]], np.float32)
    file = ngrams.pack(
        ["退", "退款"], np.ones(2, np.float32), ["demands.refund"], weights, np.array([0.1, 0.2], np.float32)
    )
    model = ngrams.unpack(file)
    nothing, word = model.logits(model.count("无关"), {}), model.logits(model.count("退款"), {})
    hinted = model.logits(model.count("无关"), {"demands.refund": 1.0, "unknown": 1.0})
    assert nothing.tolist() == pytest.approx([0.1, 0.2])
    assert word.tolist() == pytest.approx([0.1 + 1.5 / 2**0.5, 0.2 - 1 / 2**0.5], abs=0.02)
    assert hinted.tolist() == pytest.approx([0.1 + 2.0 * ngrams.HINT, 0.2], abs=0.02)


def test_what_ngrams_add_adds_up_to_the_logits() -> None:
    weights = np.array([[1.0, -1.0], [0.5, 0.2]], np.float32)
    model = ngrams.unpack(ngrams.pack(["退", "款退"], np.ones(2, np.float32), [], weights, np.zeros(2, np.float32)))
    counted = model.count("退款 退款退")
    places, added = model.parts(counted, [0, 1])
    assert sorted(places.tolist()) == [0, 3, 4, 5]
    assert np.allclose(added.sum(0), model.logits(counted, {}), atol=1e-5)


class Echo:
    """A session whose logits are the number of tokens of each window, and whose tokens say their own ids."""

    def run(self, _: list[str], given: dict[str, Any]) -> list[Any]:
        ids = given["ids"].astype(np.float32)
        return [given["mask"].sum(1, keepdims=True).astype(np.float32), ids[:, :, None]]


class Letters:
    """A tokenizer with one token a character."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Any]:
        assert not add_special_tokens
        return [
            type(
                "Encoding", (), {"ids": [ord(char) for char in text], "offsets": [(n, n + 1) for n in range(len(text))]}
            )
            for text in texts
        ]


def encoder() -> Encoder:
    return Encoder(cast(Any, Echo()), cast(Any, Letters()), 8, (1, 2))


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, [2]), (1, [3]), (8, [10]), (9, [10, 5]), (14, [10, 10]), (15, [10, 10, 5])],
)
def test_a_long_text_is_read_in_windows_that_overlap(length: int, expected: list[int]) -> None:
    windows = encoder().read(["字" * length])
    assert [window.logits.tolist() for window in windows] == [[one] for one in expected]
    assert {window.text for window in windows} == {0}


def test_windows_come_back_in_the_order_of_the_texts() -> None:
    windows = encoder().read(["三个字", "字", "字" * 12, "二字"])
    assert [window.text for window in windows] == [0, 1, 2, 2, 3]
    assert [int(window.logits[0]) for window in windows] == [5, 3, 10, 8, 4]
    assert windows[0].each.ravel().tolist() == [float(ord(char)) for char in "三个字"]
    assert list(windows[3].places) == [(number, number + 1) for number in range(6, 12)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("太差", [(0, 2)]),
        ("东西坏了，退钱！", [(0, 5), (5, 8)]),
        ("一二三四五六七八九十", [(0, 8), (8, 10)]),
    ],
)
def test_spans_tried_as_evidence(text: str, spans: list[tuple[int, int]]) -> None:
    assert candidates(text) == [Span(*span) for span in spans]


def test_a_long_text_is_tried_in_few_spans() -> None:
    text = "坏了，" * 100
    spans = candidates(text)
    assert len(spans) <= 16
    assert "".join(span.of(text) for span in spans) == text


@pytest.mark.parametrize(
    ("text", "said", "telling_spans"),
    [
        ("东西坏了，我要退钱！", {"退": 0, "坏": 1}, [(5, 10), (0, 5)]),
        ("東西壞了，\n  软體很差", {"软": 0, "坏": 1}, [(8, 12), (0, 5)]),
        ("一二三四五六七八九十", {"九": 0, "一": 1}, [(8, 10), (0, 8)]),
        ("退", {"退": 0}, [(0, 1), (0, 1)]),
    ],
)
def test_the_telling_span_holds_the_words_that_speak_loudest(
    text: str, said: dict[str, int], telling_spans: list[tuple[int, int]]
) -> None:
    seen = folded(text)
    each = np.full((len(seen), 2), -5.0, np.float32)
    for word, column in said.items():
        each[seen.index(word), column] = 5.0
    window = Window(0, each[0], each, [(number, number + 1) for number in range(len(seen))])
    alone = np.ones(2, np.float32)
    assert telling(text, [window], None, [0, 1], alone) == [Span(*span) for span in telling_spans]
    silent = Window(0, each[0], np.zeros_like(each), window.places)
    parts = np.array(list(map(seen.index, said))), np.eye(2, dtype=np.float32)[list(said.values())]
    assert (
        telling(text, [silent], parts, [0, 1], 0 * alone)[: len(said)]
        == [Span(*span) for span in telling_spans][: len(said)]
    )


@given(st.text(st.sampled_from("軟體網路退款 \n。，，A！\ud800\x00"), max_size=40))
def test_every_character_seen_has_a_place(text: str) -> None:
    found = places(text)
    assert len(found) == len(folded(text))
    assert found == sorted(found)
    assert all(0 <= place < len(text) for place in found)


def written(folder: Path, **changes: object) -> Path:
    spec = json.loads((SHIPPED / bundle.MODEL).read_text("utf-8")) | changes
    (folder / bundle.MODEL).write_text(json.dumps(spec), "utf-8")
    return folder


def test_a_folder_that_is_none_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"E308.*model\.json cannot be read"):
        Classifier(tmp_path).spec  # noqa: B018  # reading it is the point


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"format": 1}, "format"), ({"types": []}, "types"), ({"signals": ["churn"]}, "families.signals needs one scale")],
)
def test_a_wrong_model_file_names_the_key(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        Classifier(written(tmp_path, **changes)).codes  # noqa: B018


def test_missing_weights_are_an_error_at_the_first_text(tmp_path: Path) -> None:
    classifier = Classifier(written(tmp_path))
    with pytest.raises(PluginError, match="E308"):
        classifier.scores(["坏了"], [{}])


def test_scores_are_chances(kit: Kit) -> None:
    classifier = Classifier(SHIPPED)
    for scores in classifier.scores(["杯子碎了一地", "", "🙂", "a" * 5000], [{}] * 4):
        for family, values in scores.of.items():
            assert ((values >= 0) & (values <= 1)).all(), family
        assert scores.of["emotions"].sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "leading", "signal"),
    [
        ("耳机左边没声音了，才用了一个星期", "product.quality", None),
        ("说好三天到，现在都十天了快递还没动静", "logistics.delay", None),
        ("少发了两包湿巾，麻烦补一下", "logistics.fulfilment", None),
        ("客服一直不回消息，问了五遍了", "service.unresponsive", None),
        ("再不解决我就打12315", None, "threat.regulator"),
        ("店員口氣超差，愛理不理的", "service.attitude", None),
        ("包裹收到的時候整個壓扁，裡面的杯子都破了", "logistics.damage", None),
        ("啲嘢收到係爛嘅，個盒都凹晒", "logistics.damage", None),
        ("冇經我同意就自動續訂扣咗我錢", "price.charge", None),
    ],
)
def test_what_it_reads_in_three_regions(kit: Kit, text: str, leading: str | None, signal: str | None) -> None:
    found = read(kit, text)
    assert found.is_complaint
    if leading:
        assert found.types[0].code == leading
    if signal:
        assert found.has(signal)
    for label in (*found.types, *found.signals, *found.demands):
        assert label.evidence, label.code
        assert all(span.of(text).strip() for span in label.evidence)


@dataclass(frozen=True)
class Claims:
    """An analyzer that says the same of every text."""

    reading: Reading
    name: str = "claims"

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        return self.reading


@pytest.mark.parametrize(("complaint", "types", "intensity"), [(None, [], 0), (0.8, ["product.quality"], 1)])
def test_a_learned_reading_keeps_a_calm_complaint(complaint: float | None, types: list[str], intensity: int) -> None:
    calm, broken = Label("neutral", 0.9), Label("product.quality", 0.7, (Span(0, 2),))
    claims = Claims(Reading((broken,), (calm,), 1, complaint=complaint))
    found = analyze(Message("盖子合不上，麻烦看一下"), [claims], NOW, "zh-CN")
    assert ([label.code for label in found.types], found.emotion.intensity) == (types, intensity)


@pytest.mark.parametrize("text", ["请问这款有黑色吗", "谢谢客服，问题已经解决了，很满意", "東西很棒，下次還會再來"])
def test_what_is_no_complaint(kit: Kit, text: str) -> None:
    assert not read(kit, text).is_complaint


def test_the_same_text_reads_the_same(kit: Kit) -> None:
    assert read(kit, "屏幕碎了，要求换货") == read(Kit(Config()), "屏幕碎了，要求换货")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("軟體很差，網路一直斷", "软件很差,网络一直断"),
        ("质量很差,网络断线", "质量很差,网络断线"),
        ("质量很差  ＡＢＣ\n退款", "质量很差 abc 退款"),
        ("\ud800軟體\x00質", "\ud800软件\x00质"),
        ("", ""),
    ],
)
def test_the_form_that_the_trained_parts_see(text: str, seen: str) -> None:
    assert folded(text) == seen


def test_scripts_read_alike(kit: Kit) -> None:
    one, two = read(kit, "等了半个月还没收到货，要求退款"), read(kit, "等了半個月還沒收到貨，要求退款")
    assert [(label.code, label.score) for label in one.types] == [(label.code, label.score) for label in two.types]


@pytest.mark.parametrize("text", ["我要跳楼，不处理我今天就自杀", "真的活不下去了，錢都沒了", "唔想生啦，攞返啲錢俾我"])
def test_words_of_dying_stand_whatever_the_model_thinks(kit: Kit, text: str) -> None:
    found = read(kit, text)
    assert found.has("injury")
    assert (found.is_complaint, found.urgency.level) == (True, "critical")


@pytest.mark.parametrize("there", [True, False])
def test_a_model_that_does_not_load_leaves_the_lexicons(tmp_path: Path, there: bool) -> None:
    if there:
        shutil.copytree(SHIPPED, tmp_path / "model")
        (tmp_path / "model" / "encoder.onnx").write_bytes(b"none")
    found = read(Kit(Config(model=ModelSection(path=str(tmp_path / "model")))), "屏幕碎了，要求换货")
    assert [label.code for label in found.demands] == ["exchange"]
    assert len(found.warnings) == 1
    assert "read by lexicons alone: E308" in found.warnings[0]


@pytest.mark.parametrize(
    ("chances", "level"),
    [((1.0, 0, 0, 0), 0), ((0.1, 0.35, 0.5, 0.05), 2), ((0.1, 0.45, 0.4, 0.05), 1), ((0, 0.1, 0.2, 0.7), 3)],
)
def test_an_intensity_must_be_likely_reached(kit: Kit, chances: tuple[float, ...], level: int) -> None:
    reader = kit.registry.analyzers["reading"]
    assert isinstance(reader, TrainedAnalyzer)
    assert reader._level(Scores(reader.classifier.codes, {"intensity": np.array(chances, np.float32)})) == level
