"""Batches: every row comes out, in order, whatever is wrong with it; a stopped run goes on; formats keep all."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from replykit.batch import flat, rows, writers
from replykit.batch.jobs import Result, Task, Worker
from replykit.batch.journal import Journal
from replykit.batch.rows import Row
from replykit.batch.run import Batch, run
from replykit.errors import InputError
from tests import fake_kit

LATE = "等了三天，退款！"


def jsonl(path: Path, *lines: object) -> Path:
    written = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(written) + b"\n")
    return path


def loads(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def batch(source: Path, target: Path, job: flat.Job = "reply", **how: Any) -> Batch:
    return Batch(Task(job, fake_kit.NOW), source, target, load=fake_kit.load, **how)


# --- one row


@pytest.mark.parametrize(
    ("job", "values", "code", "says"),
    [
        ("analyze", {"id": 1}, "E104", "no column 'text' (columns: id)"),
        ("analyze", {"text": [1]}, "E104", "column 'text' is a JSON array"),
        ("analyze", {"text": {"a": 1}}, "E104", "column 'text' is a JSON object"),
        ("analyze", {"text": "好" * 100_001}, "E103", "100,001"),
        ("analyze", {"text": "BOOM"}, "E303", "RuntimeError: a plugin raised"),
        ("review", {"text": "x"}, "E104", "no column 'reply'"),
        ("reply", {"text": "x", "order": "{"}, "E106", "not JSON"),
        ("reply", {"text": "x", "order": {"prise": 1}}, "E106", "did you mean 'price'"),
        ("reply", {"text": "x", "store": "nowhere"}, "E203", "no store 'nowhere'"),
        ("reply", {"text": "x", "region": "zh-SG"}, "E105", "no region 'zh-SG'"),
        ("reply", {"text": "x", "sent_at": "yesterday"}, "E104", "not a time"),
    ],
)
def test_a_row_that_fails_says_why(job: flat.Job, values: dict[str, Any], code: str, says: str) -> None:
    result = Worker(Task(job, fake_kit.NOW), fake_kit.load).work(Row(1, values))
    assert result["error"]["code"] == code
    assert says in result["error"]["message"]


@pytest.mark.parametrize(
    "values",
    [
        {"text": ""},
        {"text": None},
        {"text": 12345},
        {"text": "\ud800😀\x00"},
        {"text": "x", "order": None},
        {"text": "x", "order": ""},
        {"text": "x", "sent_at": "2026/11/20 10:30"},
        {"text": "x", "sent_at": None, "store": "", "region": None},
    ],
)
def test_a_row_that_is_odd_but_usable(values: dict[str, Any]) -> None:
    result = Worker(Task("reply", fake_kit.NOW), fake_kit.load).work(Row(1, values))
    assert list(result)[:4] == ["analysis", "plan", "draft", "review"]


def test_a_rows_own_order_counts() -> None:
    worker = Worker(Task("reply", fake_kit.NOW), fake_kit.load)
    for order in ({"price": "CNY 38"}, '{"price": "CNY 38"}'):
        option = worker.work(Row(1, {"text": LATE, "order": order}))["plan"]["options"][0]
        assert option["amount"] == {"value": "38", "currency": "CNY"}


# --- reading


def test_jsonl_keeps_what_it_cannot_read(tmp_path: Path) -> None:
    source = jsonl(
        tmp_path / "in.jsonl",
        b'\xef\xbb\xbf{"id": 1, "text": "a"}',
        b'{"id": 2, "text"',
        b"",
        b'{"id": 3, "text": "\xff"}',
        b"[1]",
        b'{"id": 4, "n": NaN}',
        b"[" * 100_000,
        b'{"id": 5, "text": "b"}\r',
    )
    found = list(rows.read(source))
    assert [row.number for row in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.error and row.error.code for row in found] == [None, "E104", "E102", "E104", "E104", "E104", None]
    assert found[1].values == {"raw": '{"id": 2, "text"'}
    assert found[2].values == {"raw": '{"id": 3, "text": "\ufffd"}'}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("id,text\n1,退款\n".encode(), [{"id": "1", "text": "退款"}]),
        ("\ufeffid,text\r\n1,退款\r\n".encode(), [{"id": "1", "text": "退款"}]),
        ("id,text\n1,我要退款\n".encode("gb18030"), [{"id": "1", "text": "我要退款"}]),
        (b'id,text\n1,"a, ""b""\nc"\n', [{"id": "1", "text": 'a, "b"\nc'}]),
        (b"id,text\n1\n", [{"id": "1", "text": ""}]),
        (b"id,text,text\n1,a,b\n", [{"id": "1", "text": "a", "text (2)": "b"}]),
        (b"", []),
        (b"id,text\n", []),
    ],
)
def test_csv_as_people_save_it(tmp_path: Path, data: bytes, expected: list[dict[str, str]]) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(data)
    assert [row.values for row in rows.read(source)] == expected


def test_csv_keeps_what_it_cannot_read(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes("id,text\n1,退款\n2,换货\n".encode() + b"3,\xff\xfe\n4,a,b\n" + "5,\x00补发\n".encode())
    found = list(rows.read(source))
    assert [row.error and row.error.code for row in found] == [None, None, "E102", "E104", None]
    assert found[2].values == {"raw": "3,\ufffd\ufffd"}
    assert found[3].values["raw"] == "4,a,b"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.jsonl", None, "E101"),
        ("table.txt", b"", "E107"),
        ("table", b"", "E107"),
        ("broken.xlsx", b"no zip", "E101"),
        ("broken.parquet", b"no parquet", "E101"),
    ],
)
def test_an_input_that_is_no_table(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(InputError) as caught:
        run(batch(source, tmp_path / "out.jsonl"))
    assert caught.value.code == code
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    ("output", "report", "code"),
    [
        ("in.jsonl", None, "E109"),
        ("out.doc", None, "E107"),
        ("nowhere/out.jsonl", None, "E109"),
        ("folder.csv", None, "E109"),
        ("out.jsonl", "out.jsonl", "E109"),
        ("out.jsonl", "nowhere/r.html", "E109"),
    ],
)
def test_an_output_that_cannot_be(tmp_path: Path, output: str, report: str | None, code: str) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"text": LATE})
    (tmp_path / "folder.csv").mkdir()
    before = source.read_bytes()
    with pytest.raises(InputError) as caught:
        run(batch(source, tmp_path / output, report=tmp_path / report if report else None))
    assert caught.value.code == code
    assert source.read_bytes() == before


# --- whole runs


def messy(folder: Path) -> Path:
    return jsonl(
        folder / "in.jsonl",
        {"id": "a", "text": LATE, "extra": {"deep": [1]}, "error": "stale"},
        b'{"broken',
        {"id": "b"},
        {"id": "c", "text": "BOOM"},
        {"id": "d", "text": "又是这样", "order": {"price": "CNY 12.50"}},
        {"id": "e", "text": "=HYPERLINK(1)<script>alert(1)</script>", "reply": "+1"},
    )


def test_no_row_is_dropped_and_none_stops_the_run(tmp_path: Path) -> None:
    summary = run(batch(messy(tmp_path), tmp_path / "out.jsonl"))
    found = loads(tmp_path / "out.jsonl")
    assert [row.get("id") for row in found] == ["a", None, "b", "c", "d", "e"]
    assert [row.get("error", {}).get("code") for row in found] == [None, "E104", "E104", "E303", None, None]
    assert found[0]["extra"] == {"deep": [1]}
    assert found[1]["raw"] == '{"broken'
    assert found[4]["warnings"] == ["a note"]
    assert "warnings" not in found[0]
    assert (summary.rows, summary.ok, dict(summary.errors)) == (6, 3, {"E104": 2, "E303": 1})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize("job", ["analyze", "review"])
def test_each_job_writes_its_objects(tmp_path: Path, job: flat.Job) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"id": 1, "text": LATE, "reply": "我们尽快处理", "message": LATE, "k": None})
    summary = run(batch(source, tmp_path / "out.jsonl", job))
    row = loads(tmp_path / "out.jsonl")[0]
    assert list(row) == ["id", "text", "reply", "message", "k", *flat.OBJECTS[job]]
    assert summary.findings == ({"D502": 1} if job == "review" else {})


def test_workers_change_nothing(tmp_path: Path) -> None:
    lines = [{"id": number, "text": LATE * (number % 3)} for number in range(40)]
    source = jsonl(tmp_path / "in.jsonl", *lines, b"broken")
    run(batch(source, tmp_path / "one.jsonl"))
    run(batch(source, tmp_path / "two.jsonl", workers=2))
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


class Stop(BaseException):
    pass


def stopping_after(count: int) -> Any:
    def tick(done: int) -> None:
        if done == count:
            raise Stop

    return tick


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
@pytest.mark.parametrize("torn", [b"", b'{"analysis": {"te'])
def test_a_stopped_run_goes_on(tmp_path: Path, name: str, torn: bytes) -> None:
    source, whole, target = messy(tmp_path), tmp_path / f"whole.{name}", tmp_path / name
    run(batch(source, whole))
    with pytest.raises(Stop):
        run(batch(source, target, tick=stopping_after(3)))
    assert not target.exists()
    part = tmp_path / f"{name}.part"
    part.write_bytes(part.read_bytes() + torn)

    later = batch(source, target, resume=True)
    summary = run(replace(later, task=replace(later.task, now=fake_kit.NOW.replace(year=2027))))
    assert summary.kept == 3
    assert target.read_bytes() == whole.read_bytes()
    assert not part.exists()


@pytest.mark.parametrize("change", ["input", "options", "clock"])
def test_a_stopped_run_is_not_mixed_with_another(tmp_path: Path, change: str) -> None:
    source, target = messy(tmp_path), tmp_path / "out.jsonl"
    with pytest.raises(Stop):
        run(batch(source, target, tick=stopping_after(2)))
    again = batch(source, target, resume=True)
    if change == "input":
        jsonl(source, {"text": "another"})
    elif change == "options":
        again = replace(again, task=replace(again.task, region="zh-TW"))
    else:
        again = replace(again, task=replace(again.task, now=fake_kit.NOW.replace(year=2027)), fixed=True)
    with pytest.raises(InputError) as caught:
        run(again)
    assert caught.value.code == "E109"
    assert Journal(target).path.exists()


def test_an_empty_input(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,text\n", encoding="utf-8")
    summary = run(batch(source, tmp_path / "out.jsonl", report=tmp_path / "report.html"))
    assert summary.rows == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_the_report_escapes_everything(tmp_path: Path) -> None:
    run(batch(messy(tmp_path), tmp_path / "out.jsonl", report=tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    for words in ("发货物流慢", "加急", "修改后发送", "为您退款", "E303", "{&#34;broken"):
        assert words in page


# --- formats


def convert(tmp_path: Path, source: Path, ending: str, job: flat.Job = "reply") -> Path:
    target = tmp_path / f"out{ending}"
    run(batch(source, target, job))
    return target


def test_csv_out(tmp_path: Path) -> None:
    target = convert(tmp_path, messy(tmp_path), ".csv")
    with target.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["id", "text", "extra", "order", "reply", *flat.COLUMNS["reply"], "raw"]
    assert table[0]["extra"] == '{"deep": [1]}'
    assert table[0]["analysis.types"] == "logistics.delay"
    assert table[0]["analysis.is_complaint"] == "true"
    assert table[0]["plan.demands"] == "refund=met"
    assert table[0]["draft.text"].startswith("让您久等了。")
    assert table[0]["review.verdict"] == "mend"
    assert table[1]["error.code"] == "E104"
    assert table[5]["text"].startswith("=HYPERLINK")  # the input's column stays as it was
    assert table[5]["reply"] == "+1"


def test_our_columns_are_no_formulas_in_csv(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    writers.write(target, [{"draft.text": "=1+1", "text": "=1+1", "n": -5}], ["draft.text", "text", "n"])
    assert target.read_text(encoding="utf-8-sig").splitlines()[1] == "'=1+1,=1+1,-5"


def test_xlsx_out_and_in(tmp_path: Path) -> None:
    target = convert(tmp_path, messy(tmp_path), ".xlsx")
    sheet = openpyxl.load_workbook(target).active
    cells = {(cell.column, cell.row): cell for line in sheet.iter_rows() for cell in line}
    assert cells[2, 7].value.startswith("=HYPERLINK")
    assert cells[2, 7].data_type == "s"
    again = [row.values for row in rows.read(target)]
    assert [one["id"] for one in again] == ["a", None, "b", "c", "d", "e"]
    assert again[5]["text"].startswith("=HYPERLINK")

    redone = convert(tmp_path, target, ".jsonl")
    assert loads(redone)[0]["draft"]["text"].startswith("让您久等了。")
    assert "draft.text" not in loads(redone)[0]


def test_xlsx_takes_any_text(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    odd = {"a": "\x00\ud800\x1b", "b": "好" * 40_000, "c": 12345678901234567890, "d": float("nan"), "e": fake_kit.NOW}
    writers.write(target, [odd], list(odd))
    values = next(rows.read(target)).values
    assert values["a"] == "\ufffd" * 3
    assert len(values["b"]) == writers.CELL_LIMIT
    assert values["b"].endswith("full]")
    assert (values["c"], values["d"], values["e"]) == ("12345678901234567890", "nan", "2026-11-24T15:00:00+08:00")


def test_parquet_out_and_in(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    source = tmp_path / "in.parquet"
    columns = {
        "id": pa.array([1, 2], pa.int32()),
        "text": [LATE, None],
        "at": pa.array([fake_kit.NOW, None]),
        "x": [1.5, float("nan")],
        "order": [{"price": {"value": "9.90", "currency": "CNY"}, "status": None}, None],
    }
    pq.write_table(pa.table(columns), source)
    target = convert(tmp_path, source, ".parquet")
    table = pq.read_table(target)
    assert table.schema.field("id").type == pa.int32()
    assert table.column("text").to_pylist() == [LATE, None]
    assert table.column("at").to_pylist()[0] == fake_kit.NOW
    assert "CNY 9.90" in table.column("plan.options").to_pylist()[0]

    lines = loads(convert(tmp_path, source, ".jsonl"))
    assert lines[1]["x"] is None
    assert lines[0]["at"].startswith("2026-11-24T")


def test_columns_of_mixed_kinds_become_text_in_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    source = jsonl(tmp_path / "in.jsonl", {"text": "a", "k": 1}, {"text": "\ud800", "k": "x"}, {"text": "b", "k": [1]})
    values = [row.values for row in rows.read(convert(tmp_path, source, ".parquet", "analyze"))]
    assert [one["k"] for one in values] == ["1", "x", "[1]"]
    assert values[1]["text"] == "\ufffd"


def test_the_same_rows_give_the_same_results_in_every_format(tmp_path: Path) -> None:
    source = jsonl(
        tmp_path / "in.jsonl", {"id": "1", "text": LATE}, {"id": "2", "text": ""}, {"id": "3", "text": "谢谢"}
    )
    results: list[list[Result]] = []
    for ending in rows.KINDS:
        copy = tmp_path / f"copy{ending}"
        writers.write(copy, [row.values for row in rows.read(source)], ["id", "text"])
        out = loads(convert(tmp_path, copy, ".jsonl"))
        results.append([{key: row[key] for key in flat.OBJECTS["reply"]} for row in out])
    assert all(one == results[0] for one in results)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    source = tmp_path / "in.parquet"
    source.write_bytes(b"")
    with pytest.raises(InputError) as caught:
        run(batch(source, tmp_path / "out.jsonl"))
    assert (caught.value.code, caught.value.hint) == ("E108", "pip install 'replykit[parquet]'")


def test_a_quotation_mark_left_open_swallows_no_row(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text('id,text\n1,好\n2,"等了三天\n3,退款\n', encoding="utf-8")
    first, last = rows.read(path)
    assert (first.values, first.error) == ({"id": "1", "text": "好"}, None)
    assert last.error is not None
    assert last.error.code == "E104"
    assert last.values == {"raw": '2,"等了三天\n3,退款'}
