"""What the READMEs and docs show is run: the Python job, the first plugin with its settings, the commands, a rule."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from replykit import Kit, load_config, load_rules
from replykit.cli import app
from replykit.testing import NOW, failing_examples, kit

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", READMES)
def test_the_job_from_python(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(blocks(page, "python")[0], {})  # the README's own code
    said = capsys.readouterr().out
    assert "退货" in said
    assert "\nsend\n" in said
    assert "E101" in said


@pytest.mark.parametrize("page", READMES)
def test_the_first_plugin(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = tmp_path / "my_shop"
    shutil.copytree(ROOT / "plugins" / "apparel_cn", shop, ignore=shutil.ignore_patterns("__pycache__"))
    policy = (shop / "policy.toml").read_text("utf-8").replace('name = "apparel-cn"', 'name = "my-shop"')
    (shop / "policy.toml").write_text(policy, encoding="utf-8")
    (shop / "__init__.py").write_text(blocks(page, "python")[1], encoding="utf-8")
    (tmp_path / "replykit.toml").write_text(blocks(page, "toml")[0], encoding="utf-8")
    toolkit = Kit.load(config=load_config(tmp_path))
    assert toolkit.warnings == ()
    assert toolkit.reply("衬衫开线了，我要换货", now=NOW).plan.store == "my-shop"


@pytest.mark.parametrize("page", READMES)
def test_the_commands(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "demo", tmp_path / "demo")
    lines = [line for block in blocks(page, "sh") for line in block.splitlines() if line.startswith("replykit ")]
    assert len(lines) == 3
    for line in lines:
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == (1 if line.startswith("replykit review") else 0), done.output
    assert (tmp_path / "replies.xlsx").exists()
    assert "缩水" in (tmp_path / "replies.html").read_text("utf-8")


def test_the_rule_that_the_docs_show(tmp_path: Path) -> None:
    rule = next(block for block in blocks("docs/rules.md", "toml") if "[[forbid]]" in block)
    (tmp_path / "rules.toml").write_text(rule, encoding="utf-8")
    rules = load_rules(tmp_path)
    assert [one.code for one in rules] == ["X101"]
    assert failing_examples(rules, kit()) == []


def test_the_plugin_that_the_docs_show() -> None:
    module: dict[str, Any] = {}
    exec(blocks("docs/plugins.md", "python")[0], module)
    plugin = type("GiftCardPlugin", (), {"register_analyzers": staticmethod(module["register_analyzers"])})
    read = kit(plugin).analyze("礼品卡用不了，气死我了", now=NOW)
    assert "shop.gift_card" in [label.code for label in read.types]
