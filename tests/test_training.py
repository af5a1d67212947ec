"""Training on a few rows with tiny networks: what goes in, what comes out, and that a stopped course goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.classifier import ngrams
from replykit.classifier.bundle import plain
from replykit.classifier.classifier import Classifier
from replykit.classifier.codes import Codes
from replykit.config import Config, ModelSection
from replykit.errors import InputError
from replykit.labeled import Row
from replykit.pipeline import Kit
from replykit.training import base, corpus, course, export, finetune, joining, linear, pretrain, rows, tokens
from replykit.training.network import Size, windows
from replykit.training.targets import targets

TINY = Size(tokens=200, layers=1, hidden=64, embedding=16)
NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
ROW = {"text": "壶漏水", "types": ["product.quality"], "emotion": "anger", "intensity": 1, "signals": [], "demands": []}


def labelled(count: int = 60) -> list[dict[str, Any]]:
    """Return rows that a tiny network can learn: leaks, late parcels and thanks; one code is a store's own."""
    things = ["水壶", "杯子", "保温瓶", "锅", "茶壶", "饭盒", "花瓶", "雨伞"]
    made = []
    for number in range(count):
        thing, what = things[number % len(things)], number % 3
        text = [
            f"{thing}漏水，第{number}天就坏了",
            f"{thing}还没到，等了{number}天，退款",
            f"{thing}很好用，谢谢，第{number}次买",
        ][what]
        row = [
            {"types": ["product.quality", "pots.leak"], "emotion": "anger", "intensity": 2, "demands": []},
            {"types": ["logistics.delay"], "emotion": "grievance", "intensity": 1, "demands": ["refund"]},
            {"types": [], "emotion": "positive", "intensity": 0, "demands": []},
        ][what]
        made.append({"id": str(number), "text": text, "signals": ["overdue"] if what == 1 else [], **row})
    return made


def write(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), "utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"types": "product.quality"}, "types is a list of codes"),
        ({"types": [1]}, "types is a list of codes"),
        ({"emotion": None}, "text and emotion are texts"),
        ({"intensity": 4}, "intensity is 0, 1, 2 or 3, not 4"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "a.jsonl", [ROW, ROW | {"text": "另一条"} | changes])
    with pytest.raises(InputError, match=rf"E110.*a\.jsonl:2: {message}"):
        rows.read([path])


def test_a_missing_key_and_what_is_no_json_are_named(tmp_path: Path) -> None:
    short = {key: value for key, value in ROW.items() if key != "demands"}
    with pytest.raises(InputError, match="no key 'demands'"):
        rows.read([write(tmp_path / "a.jsonl", [short])])
    (tmp_path / "b.jsonl").write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"b\.jsonl:1"):
        rows.read([tmp_path / "b.jsonl"])


def test_dev_and_test_files_are_never_trained_on(tmp_path: Path) -> None:
    for name in ("train", "written.train", "dev", "written.dev", "test_2"):
        write(tmp_path / f"{name}.jsonl", [ROW])
    assert [path.name for path in rows.training_files([tmp_path])] == ["train.jsonl", "written.train.jsonl"]


def test_a_folder_without_rows_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"E101.*no \*\.jsonl to train on"):
        rows.training_files([tmp_path])


def test_codes_of_rows_come_after_those_known(tmp_path: Path) -> None:
    read = rows.read([write(tmp_path / "a.jsonl", labelled())])
    codes = rows.codes_of(read, Codes(("product.quality",), ("anger", "neutral"), (), ("repair",)))
    assert codes.types == ("product.quality", "logistics.delay", "pots.leak")
    assert codes.emotions == ("anger", "neutral", "grievance", "positive")
    assert codes.demands == ("repair", "refund")


def test_targets_share_two_emotions() -> None:
    codes = Codes(("product.quality",), ("anger", "grievance"), (), ())
    row = Row("1", "壶漏水", ("product.quality",), "grievance", "anger", 3, (), ())
    assert targets([row], codes)[0].tolist() == [1, 1, 0, 0.5, 0.5, 0, 0, 0, 1]


def test_long_text_is_cut_at_stops(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [{"text": "一二三四五六七八九。" * 40}, {"message": "甲乙丙丁", "reply": "短"}])
    write(tmp_path / "dev.jsonl", [{"text": "这一句不能看到"}])
    pieces = corpus.read([tmp_path])
    assert max(map(len, pieces)) <= corpus.LONGEST
    assert "".join(pieces[:-1]) == "一二三四五六七八九;" * 40
    assert pieces[-1] == "甲乙丙丁"


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(2, 40))
@settings(max_examples=40)
def test_something_is_hidden_and_nothing_else_changes(seed: int, height: int, width: int) -> None:
    chance = np.random.default_rng(seed)
    ids = chance.integers(tokens.LAST + 1, 200, (height, width))
    ids[:, 0] = tokens.FIRST
    shown, hidden = pretrain.hide(ids, 200, chance)
    assert hidden.any()
    assert not hidden[:, 0].any()
    assert (shown == ids)[~hidden].all()


def test_words_are_taken_apart_into_characters() -> None:
    texts = ["退货退款", "退款太慢"] * 50
    tokenizer = tokens.train_tokenizer(texts, 60)
    assert "退款" in tokenizer.encode("退款").tokens
    ids = tokenizer.encode("退款太慢").ids
    always, never = (tokens.Splitter(tokenizer, rate)(ids, np.random.default_rng(0)) for rate in (1.0, 0.0))
    assert [tokenizer.id_to_token(one) for one in always] == list("退款太慢")
    assert never == ids


def test_first_vectors_put_words_of_like_company_together() -> None:
    texts = [f"{one}{verb}" for one in ("甲", "乙") for verb in ("来", "去", "走")] * 20 + ["丙高", "丙大"] * 40
    tokenizer = tokens.train_tokenizer(texts, 13)
    vectors, counts = tokens.first_vectors(texts, tokenizer, 3, 0)
    a, b, c = (vectors[tokenizer.token_to_id(one)] for one in "甲乙丙")
    assert a @ b > a @ c + 0.2
    assert counts[tokenizer.token_to_id("丙")] == 80


def test_the_linear_part_learns_words_and_hints() -> None:
    texts = ["漏水", "漏水了", "很好", "很好用"] * 10
    marks = [{}, {}, {"types.other": 1.0}, {}] * 10
    wanted = np.array([[1, 0], [1, 0], [0, 1], [0, 0]] * 10, np.float32)
    model = ngrams.unpack(linear.fit(texts, marks, wanted, 4))
    assert len(model.index) == 4
    leaking, good = model.count("漏水"), model.count("很好")
    assert model.logits(leaking, {})[0] > 0 > model.logits(good, {})[0]
    assert model.logits(good, {"types.other": 1.0})[1] > model.logits(good, {})[1]


def test_the_better_part_gets_the_larger_share() -> None:
    codes = Codes(("a", "b"), ("x", "y"), (), ())
    chance = np.random.default_rng(0)
    kinds = chance.integers(0, 2, 400)
    read = [
        Row(str(n), str(n), ("a",) if kind else ("b",), "xy"[kind], None, 1, (), ()) for n, kind in enumerate(kinds)
    ]
    wanted = targets(read, codes)
    good = (wanted * 2 - 1) * 3 + chance.normal(0, 1, wanted.shape)
    noise = chance.normal(0, 3, wanted.shape)
    joints = joining.join(good.astype(np.float32), noise.astype(np.float32), wanted, codes)
    assert joints["types"].share >= 0.8
    assert joints["signals"].threshold == ()
    swapped = joining.join(noise.astype(np.float32), good.astype(np.float32), wanted, codes)
    assert swapped["types"].share <= 0.2


def test_calibration_brings_scores_near_what_holds() -> None:
    chance = np.random.default_rng(0)
    likely = chance.random((4000, 1)).astype(np.float32)
    holds = (chance.random((4000, 1)) < likely).astype(np.float32)
    overdone = 4 * np.log(likely / (1 - likely))
    codes = Codes(("a",), ("x",), (), ())
    scale, shift = joining.line(overdone[:, 0], holds[:, 0] > 0.5)
    joint = plain(codes)["types"].model_copy(update={"scale": (scale,), "shift": (shift,)})
    before = joining.calibration_error(
        joining.scores("types", overdone, plain(codes)["types"]).ravel(), holds.ravel() > 0
    )
    after = joining.calibration_error(joining.scores("types", overdone, joint).ravel(), holds.ravel() > 0)
    assert before > 0.1
    assert after < 0.03


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> base.Base:
    texts = [row["text"] for row in labelled()]
    told: list[tuple[int, int, float]] = []
    plan = pretrain.Plan(steps=3, tokens=256)
    made = base.scratch(texts, TINY, plan, tmp_path_factory.mktemp("tiny"), lambda *one: told.append(one))
    assert [one[:2] for one in told] == [(3, 3)]
    return made


def test_weights_come_back_from_the_file_as_they_went_in(tiny: base.Base) -> None:
    codes = Codes(("a",), ("x",), (), ())
    network = tiny.network(codes, np.full(codes.width, 0.3, np.float32))
    held = export.weights(export.quantized(export.to_onnx(network)))
    for name, value in network.state_dict().items():
        plain_value = value.numpy()
        assert held[name].shape == plain_value.shape
        assert np.abs(held[name] - plain_value).max() <= np.abs(plain_value).max() / 120 + 1e-6, name


class Stop(Exception):
    """Ends a lesson at a chosen step."""


LESSON = finetune.Plan(epochs=3, batch=8)


def teach(tiny: base.Base, saved: Path, stop: int | None = None) -> np.ndarray[Any, Any]:
    """Teach forty texts for three epochs, stopped and begun again at `stop`, and return what is then predicted."""
    codes = Codes(("a",), ("x", "y"), (), ())
    said = [("漏水", ("a",), "y"), ("谢谢", (), "x")]
    read = [Row("", text, types, emotion, None, 0, (), ()) for text, types, emotion in said] * 80
    wanted, texts = targets(read, codes), [row.text for row in read]

    def tell(done: int, total: int, loss: float) -> None:
        if done == stop:
            raise Stop

    for again in range(1 if stop is None else 2):
        network = tiny.network(codes, wanted.mean(0))
        try:
            told = quiet_step if again else tell
            finetune.finetune(network, tiny.reader, texts, wanted, codes, LESSON, saved, told)
        except Stop:
            continue
    return finetune.predict(network, tiny.reader, ["漏水", "谢谢"])


def quiet_step(done: int, total: int, loss: float) -> None:
    assert done <= total


def test_a_stopped_lesson_goes_on_as_it_would_have(tiny: base.Base, tmp_path: Path) -> None:
    whole = teach(tiny, tmp_path / "whole.pt")
    stopped = teach(tiny, tmp_path / "stopped.pt", stop=40)  # the last step of the second epoch
    assert np.allclose(whole, stopped, atol=1e-4)
    assert whole[0, 0] > whole[1, 0]


def quiet(step: str, done: int, total: int, loss: float | None = None) -> None:
    assert done <= total


def test_a_whole_course_from_scratch_and_on_from_its_result(tmp_path: Path) -> None:
    data = write(tmp_path / "train.jsonl", labelled())
    text = write(tmp_path / "more.jsonl", [{"text": row["text"]} for row in labelled()])
    plan = course.Course(
        (data,),
        tmp_path / "one",
        "scratch",
        (text,),
        size=TINY,
        pretraining=pretrain.Plan(steps=4, tokens=512),
        teaching=finetune.Plan(epochs=8, batch=8, rate=3e-3),
        features=300,
    )
    report = course.run(plan, quiet)
    assert report["rows"] == 60
    kit = Kit(Config(model=ModelSection(path=str(plan.out))))
    found = kit.analyze("茶壶漏水，第二天就坏了", now=NOW)
    assert {"product.quality", "pots.leak"} <= {label.code for label in found.types}
    assert not kit.analyze("杯子很好用，谢谢，第三次买", now=NOW).is_complaint
    assert not (plan.out / course.WORK).exists()
    with pytest.raises(InputError, match="E109"):
        course.run(plan, quiet)
    onward = replace(plan, out=tmp_path / "two", base=str(plan.out), teaching=finetune.Plan(epochs=1))
    assert course.run(onward, quiet)["held_out"] == report["held_out"]
    assert Classifier(onward.out).codes == Classifier(plan.out).codes


def test_the_shipped_weights_are_a_base() -> None:
    shipped = base.bundled()
    assert shipped.codes is not None
    ids = windows(["壶漏水"], shipped.reader.tokenizer, shipped.reader.span, shipped.reader.ends)
    assert ids[0][0] == shipped.reader.ends[0]
    classifier = Classifier(Path(__file__).parent.parent / "plugins" / "reading" / "model")
    network = shipped.network(shipped.codes, np.full(shipped.codes.width, 0.5, np.float32))
    texts = ["水壶漏水，要求退货", "快递三天没动"]
    ours = finetune.predict(network, shipped.reader, texts)
    theirs = classifier.joined(classifier.windows(texts))
    types = shipped.codes.columns["types"]
    assert (ours[:, types].argmax(1) == theirs[:, types].argmax(1)).all()


def test_an_encoder_of_a_folder_is_a_base(tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = sorted({char for row in labelled() for char in row["text"]})
    (tmp_path / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), "utf-8")
    BertTokenizer(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path / "bert")
    config = BertConfig(
        vocab_size=5 + len(letters),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(tmp_path / "bert")
    data = write(tmp_path / "train.jsonl", labelled(30))
    plan = course.Course(
        (data,), tmp_path / "out", str(tmp_path / "bert"), teaching=finetune.Plan(epochs=1), features=200
    )
    assert course.run(plan, quiet)["rows"] == 30
    assert Classifier(plan.out).spec.span == 60


@pytest.mark.parametrize(
    ("name", "message"),
    [("scratch", "E111.*needs text"), ("{empty}", "E111.*no encoder")],
)
def test_a_base_that_cannot_be_had(tmp_path: Path, name: str, message: str) -> None:
    data = write(tmp_path / "train.jsonl", labelled(30))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        course.run(course.Course((data,), tmp_path / "out", name.format(empty=tmp_path / "empty")), quiet)


def test_too_few_rows(tmp_path: Path) -> None:
    data = write(tmp_path / "train.jsonl", labelled(5))
    with pytest.raises(InputError, match=r"E112.*only 5"):
        course.run(course.Course((data,), tmp_path / "out"), quiet)


def test_another_course_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    data = write(tmp_path / "train.jsonl", labelled(30))
    plan = course.Course((data,), tmp_path / "out", "scratch")
    with pytest.raises(InputError, match="E111"):
        course.run(plan, quiet)
    with pytest.raises(InputError, match=r"E109.*other settings"):
        course.run(replace(plan, seed=1), quiet)
