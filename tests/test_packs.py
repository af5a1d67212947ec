"""`plugin new` writes a pack that passes `plugin check`; `plugin check` names what comes out wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from replykit.cli import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("plugin", "new", "tea-house").exit_code == 0
    return tmp_path / "tea_house"


def test_a_new_pack_is_right_from_the_start(pack: Path) -> None:
    done = run("plugin", "check", str(pack))
    assert done.exit_code == 0, done.output
    assert "tea_house: 1 stores, 4 examples, 0 rules, 0 wrong" in done.output


def test_the_bundled_pack_passes_its_own_examples() -> None:
    done = run("plugin", "check", str(Path(__file__).parent.parent / "plugins" / "apparel_cn"))
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "says"),
    [
        ("examples.toml", '"return_refund"', '"exchange"', 1, "the first remedies are"),
        ("examples.toml", '"269元"', '"296元"', 1, "the draft does not say '296元'"),
        ("examples.toml", 'never = ["抱歉", "退"]', 'never = ["谢谢"]', 1, "the draft says '谢谢'"),
        ("examples.toml", "remedies", "remedys", 3, "did you mean 'remedies'"),
        ("policy.toml", "currency", "curency", 3, "unknown key 'curency'"),
        ("wording/zh-CN/options.toml", "{{ owner }}", "{{ owned }}", 3, "unknown variable 'owned'"),
        ("__init__.py", "import files", "import fils", 3, "cannot import name 'fils'"),
    ],
)
def test_what_is_wrong_is_named(pack: Path, file: str, before: str, after: str, code: int, says: str) -> None:
    path = pack / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    done = run("plugin", "check", str(pack))
    assert done.exit_code == code
    assert says in done.output


@pytest.mark.parametrize("name", ["Tea House", "../evil", "茶馆", "-x"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("plugin", "new", "--", name).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(pack: Path) -> None:
    done = run("plugin", "new", "tea-house")
    assert done.exit_code == 2
    assert "is there already" in done.output
