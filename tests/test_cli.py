"""The command line: one answer on standard output, the rest on standard error, and the documented exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from replykit.batch import flat
from replykit.cli import app, streams
from tests import fake_kit

LATE = "等了三天，我要退款！"
ROOT = Path(__file__).parent.parent
JOBS = [("analyze", "text", 0), ("reply", "text", 0), ("review", "reply", 1)]
COMMANDS = [
    *(["analyze"], ["reply"], ["review"], ["plugins"], ["rules"], ["rule"], ["config"], ["doctor"]),
    *(["batch"], ["batch", "analyze"], ["batch", "reply"], ["batch", "review"]),
]


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = SimpleNamespace(Kit=SimpleNamespace(load=fake_kit.load))
    monkeypatch.setitem(sys.modules, "replykit.pipeline", fake)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("REPLYKIT_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def answer(*arguments: str, stdin: bytes | None = None, code: int = 0) -> Any:
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == code, result.output
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


# --- help and usage


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert command == ["batch"] or "Example: replykit" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("reply",),
        ("reply", LATE, "--region", "zh-SG"),
        ("reply", LATE, "--nonsense"),
        ("review", "x", "--format", "pdf"),
        ("batch", "reply", "in.jsonl"),
        ("batch", "reply", "in.jsonl", "-o", "out.jsonl", "--workers", "0"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_version() -> None:
    assert run("--version").stdout.startswith("replykit 0.")


# --- analyze and reply


def test_analyze() -> None:
    data = answer("analyze", LATE, "--json")
    assert data["text"] == LATE
    assert data["types"][0]["evidence"] == [{"start": 0, "end": 2, "text": "等了"}]
    assert "发货物流慢 logistics.delay" in run("analyze", LATE).stdout


@pytest.mark.parametrize("text", ["", "😀", "\x00", "\udce4", "--", "[bold]x[/bold]", "a\nb\tc"])
def test_any_text_is_taken(text: str) -> None:
    assert answer("analyze", "--json", "--", text)["text"] == text
    assert run("analyze", "--", text).exit_code == 0
    assert run("reply", "--", text).exit_code == 0


@pytest.mark.parametrize(
    ("stdin", "text"),
    [
        ("退款\n".encode(), "退款"),
        ("退款\r\n".encode(), "退款"),
        ("\ufeff一\n二\n\n".encode(), "一\n二\n"),
        (b"", ""),
    ],
)
def test_a_dash_reads_standard_input(stdin: bytes, text: str) -> None:
    assert answer("analyze", "-", "--json", stdin=stdin)["text"] == text


def test_reply_names_the_store_that_it_chose_on_standard_error() -> None:
    result = run("reply", LATE, "--json")
    assert list(json.loads(result.stdout))[:4] == ["analysis", "plan", "draft", "review"]
    assert "store: demo, the bundled one that fits zh-CN" in result.stderr
    assert "store:" not in run("reply", LATE, "--json", "--store", "demo").stderr


def test_the_warnings_of_a_reply_are_said_and_kept() -> None:
    result = run("reply", "又来了", "--json")
    assert "warning: a note" in result.stderr
    assert json.loads(result.stdout)["warnings"] == ["a note"]


def test_now_repeats_the_output() -> None:
    data = answer("reply", LATE, "--now", "2026-11-24T15:00:00+08:00", "--json")
    assert data["plan"]["options"][0]["deadline"] == "2026-11-25T15:00:00+08:00"


def test_an_order_file(tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text('{"price": {"value": "38.00", "currency": "CNY"}}', encoding="utf-8")
    option = answer("reply", LATE, "--order", str(order), "--json")["plan"]["options"][0]
    assert option["amount"] == {"value": "38.00", "currency": "CNY"}


# --- errors


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("analyze", "-"), b"\xc4\xe3", "error E102: standard input is not UTF-8 (byte 0, line 1)"),
        (("analyze", "-"), "好".encode() * 340_000, "error E103"),
        (("analyze", "x", "--now", "soon"), None, "error E105"),
        (("reply", "x", "--store", "nowhere"), None, "error E203: no store 'nowhere'"),
        (("reply", "x", "--order", "missing.json"), None, "error E101"),
        (("review", "x", "--select", "D50,X9"), None, "error E203: no rule 'X9'"),
        (("rule", "D52"), None, "did you mean D502"),
        (("batch", "reply", "missing.jsonl", "-o", "out.jsonl"), None, "error E101"),
        (("batch", "reply", "in.txt", "-o", "out.jsonl"), None, "error E107"),
        (("batch", "reply", "a.jsonl", "-o", "b.jsonl", "--engine", "ray"), None, "error E105: no engine 'ray'"),
    ],
)
def test_an_error_has_a_code_and_a_hint_and_exits_2(arguments: tuple[str, ...], stdin: bytes, says: str) -> None:
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert "  hint: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"prise": 1}', b"\xff"])
def test_a_wrong_order_file(tmp_path: Path, content: bytes) -> None:
    order = tmp_path / "order.json"
    order.write_bytes(content)
    result = run("reply", "x", "--order", str(order))
    assert result.exit_code == 2
    assert "error E10" in result.stderr


def test_the_unexpected_is_short_unless_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("analyze", "BOOM")
    assert result.exit_code == 3
    assert "unexpected RuntimeError: a plugin raised" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("--debug", "analyze", "BOOM").stderr
    monkeypatch.setenv("REPLYKIT_DEBUG", "1")
    assert "Traceback" in run("analyze", "BOOM").stderr


@pytest.mark.parametrize(("problem", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 0)])
def test_being_stopped_is_quiet(monkeypatch: pytest.MonkeyPatch, problem: type[BaseException], code: int) -> None:
    def stop(text: str) -> str:
        raise problem

    monkeypatch.setattr(streams, "read_text", stop)
    monkeypatch.setattr(streams, "abandon", lambda: None)
    result = run("analyze", "x")
    assert result.exit_code == code
    assert "Traceback" not in result.stderr


# --- review


def test_review_exits_1_for_something_to_mend() -> None:
    data = answer("review", "我们尽快处理", "--format", "json", code=1)
    assert data["findings"][0]["text"] == "尽快"
    assert data["verdict"] == "mend"
    assert answer("review", "我们今天处理", "--json")["verdict"] == "send"


def test_review_as_text_underlines() -> None:
    result = run("review", "好的。我们尽快处理。")
    assert result.exit_code == 1
    assert "    我们尽快处理。\n        ^^^^\n" in result.stdout


def test_review_in_the_other_formats() -> None:
    assert answer("review", "尽快处理好", "--format", "sarif", code=1)["version"] == "2.1.0"
    junit = run("review", "尽快处理好", "--format", "junit")
    assert ElementTree.fromstring(junit.stdout)[0].attrib["failures"] == "1"
    page = run("review", "尽快处理好", "--format", "html", "--message", "<b>").stdout
    assert page.startswith("<!doctype html>")
    assert "&lt;b&gt;" in page


def test_fix_prints_the_mended_reply() -> None:
    result = run("review", "尽快处理好", "--fix")
    assert (result.exit_code, result.stdout) == (0, "今天处理好\n")
    assert "可以发送" in result.stderr
    assert answer("review", "尽快处理好", "--fix", "--json")["text"] == "今天处理好"


# --- what is there


def test_plugins() -> None:
    assert [row["status"] for row in answer("plugins", "--json")["plugins"]] == ["ok", "failed"]
    assert "E301: ImportError" in run("plugins").stdout


def test_rules() -> None:
    assert [row["code"] for row in answer("rules", "--json")["rules"]] == ["D502", "P602"]
    assert "vague-time" in run("rules").stdout
    assert answer("rule", "d502", "--json")["bad"][0]["reply"] == "我们会尽快处理"
    assert "客户要一个准确的时间" in run("rule", "D502").stdout


def test_config_says_where_each_value_comes_from(tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_text('store = "demo"\n[review]\nignore = ["S8"]\n', encoding="utf-8")
    data = answer("config", "--json")
    rows = {row["key"]: row for row in data["settings"]}
    assert (rows["store"]["value"], rows["store"]["from"]) == ("demo", str(tmp_path / "replykit.toml"))
    assert rows["role"]["from"] == "default"
    assert rows["review.ignore"]["value"] == ["S8"]
    assert data["searched"][0] == {"path": str(tmp_path / "replykit.toml"), "found": True}
    assert "searched" in run("config").stdout


def test_a_broken_configuration_exits_2(tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_text("stor = 1\n", encoding="utf-8")
    result = run("config")
    assert result.exit_code == 2
    assert "replykit.toml:1" in result.stderr


def test_doctor_exits_3_when_something_is_broken() -> None:
    data = answer("doctor", "--json", code=3)
    status = {row["name"]: row["status"] for row in data["checks"]}
    assert data["ok"] is False
    assert status["plugin bad"] == "fail"
    assert status["plugin good"] == status["stores"] == status["sample message"] == "ok"


# --- batch


@pytest.mark.parametrize(
    ("job", "column", "code"), [("analyze", "text", 0), ("reply", "text", 0), ("review", "reply", 1)]
)
def test_batch(tmp_path: Path, job: str, column: str, code: int) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": 1, column: "尽快退款"}) + "\nbroken\n", encoding="utf-8")
    result = run("batch", job, "in.jsonl", "-o", "out.jsonl", "--report", "report.html")
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "2 rows: 1 ok, 1 with an error, E104 1;" in result.stderr
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert "批量报告" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_batch_without_one_usable_row_exits_2(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,txt\n1,a\n", encoding="utf-8")
    result = run("batch", "analyze", "in.csv", "-o", "out.csv")
    assert result.exit_code == 2
    assert "E104 1" in result.stderr
    assert "no column 'text'" in (tmp_path / "out.csv").read_text(encoding="utf-8")


# --- in a process of its own


def spawn(*arguments: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **how.pop("env", {})}
    command = [sys.executable, "-m", "replykit", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False, **how)


def test_help_in_a_pipe_has_no_color() -> None:
    done = spawn("--help", env={"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout


def test_help_in_a_terminal_that_knows_no_chinese() -> None:
    done = spawn("config", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert not done.stderr


def test_importing_the_command_line_is_light() -> None:
    heavy = ["openpyxl", "pyarrow", "jinja2", "opencc", "multiprocessing", "replykit.pipeline", "xml.etree"]
    code = f"import sys, replykit.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == b"[]"


_WITH_FAKE = """
import sys, types
sys.path.insert(0, {tests!r})
from tests import fake_kit
sys.modules["replykit.pipeline"] = types.SimpleNamespace(Kit=types.SimpleNamespace(load=fake_kit.load))
from replykit.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_ctrl_c_leaves_a_batch_that_goes_on(tmp_path: Path) -> None:
    source, target, whole = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    source.write_text("".join(json.dumps({"id": n, "text": f"{n}"}) + "\n" for n in range(60)), encoding="utf-8")
    part = tmp_path / "out.jsonl.part"
    command = [sys.executable, "-c", _WITH_FAKE.format(tests=str(ROOT / "tests")), "batch", "analyze", str(source)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAKE_KIT_SLEEPS": "0.05"}
    with subprocess.Popen([*command, "-o", str(target)], env=environment, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not (part.is_file() and part.read_bytes().count(b"\n") > 3):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1].decode()
    assert process.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert not target.exists()

    assert run("batch", "analyze", str(source), "-o", str(target), "--resume").exit_code == 0
    assert run("batch", "analyze", str(source), "-o", str(whole)).exit_code == 0
    assert target.read_bytes() == whole.read_bytes()
    assert not part.exists()


def test_the_page_about_the_interface_names_every_option_and_column() -> None:
    page = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
    group: Any = get_command(app)
    commands = [group, *group.commands.values(), *group.commands["batch"].commands.values()]
    options = {
        name for command in commands for parameter in command.params for name in parameter.opts if name[:2] == "--"
    }
    assert sorted(name for name in options - {"--help", "--output", "--version"} if name not in page) == []
    flattened = [column for column in flat.EVERY_COLUMN if "." in column]
    columns = {one if one.count(".") > 1 else one[one.find(".") :] for one in flattened}
    assert sorted(column for column in columns if f"{column}`" not in page) == []
