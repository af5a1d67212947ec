"""Where settings come from, and what a wrong file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from replykit import ConfigError, load_config
from replykit.config import searched


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "replykit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert (config.store, config.role, config.writer, config.fail_on) == (None, "agent", "template", "warning")
    assert config.path is None


def test_the_nearest_file_upward_counts(tmp_path: Path) -> None:
    write(tmp_path, 'store = "far"')
    near = write(tmp_path / "a", 'store = "near"')
    (tmp_path / "a" / "b").mkdir()
    config = load_config(tmp_path / "a" / "b")
    assert config.store == "near"
    assert config.path == near


def test_the_project_stands_over_the_user_key_by_key(tmp_path: Path) -> None:
    user = write(Path(searched(tmp_path)[-1]).parent, 'store = "mine"\nrole = "senior"')
    project = write(tmp_path / "p", 'store = "ours"')
    config = load_config(tmp_path / "p")
    assert (config.store, config.role) == ("ours", "senior")
    assert config.origin == {"store": project, "role": user}


def test_plugin_folders_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path, '[plugins]\npaths = ["packs/mine"]')
    (tmp_path / "deep").mkdir()
    assert load_config(tmp_path / "deep").plugins.paths == (str(tmp_path / "packs" / "mine"),)


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        ('stroe = "x"', "E202", 1, "did you mean 'store'"),
        ('store = "x"\n\n[review]\nselct = ["E"]', "E202", 4, "did you mean 'select'"),
        ('store = "x"\nfail_on = "never"', "E202", 2, "fail_on"),
        ('region = "zh-SG"', "E202", 1, "region"),
        ('[review.severity]\nD502 = "fatal"', "E202", 2, "D502"),
        ('store = "x"\nrole = ', "E201", 2, "not valid TOML"),
        ("store = 3", "E202", 1, "store"),
    ],
)
def test_a_wrong_file_names_its_line(tmp_path: Path, text: str, code: str, line: int, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert caught.value.code == code
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_bytes('store = "服装"'.encode("gbk"))
    with pytest.raises(ConfigError, match="E201"):
        load_config(tmp_path)
