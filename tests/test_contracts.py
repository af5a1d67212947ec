"""The design, held as tests: what is light, what is public, how long things may get, and that the docs keep up."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import replykit
from replykit import errors, hookspecs

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "replykit").rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))
HEAVY = (
    "torch",
    "transformers",
    "onnxruntime",
    "opencc",
    "langdetect",
    "fastapi",
    "ray",
    "pydantic",
    "typer",
    "jinja2",
    "holidays",
)


def imported_by(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_replykit_is_light() -> None:
    assert imported_by("import replykit").isdisjoint(HEAVY)


def test_a_draft_loads_nothing_that_is_not_in_the_base_install() -> None:
    code = "from replykit.testing import kit, NOW\nkit().reply('饭凉了，等了两个小时，退款！', now=NOW)"
    assert imported_by(code).isdisjoint(("torch", "transformers", "langdetect", "pyarrow", "openpyxl", "typer"))


def test_the_public_names() -> None:
    assert set(dir(replykit)) == set(replykit.__all__)
    for name in replykit.__all__:
        assert getattr(replykit, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = replykit.nothing


def test_the_two_files_that_tell_the_story_are_short() -> None:
    for name in ("pipeline.py", "hookspecs.py"):
        assert len((ROOT / "replykit" / name).read_text("utf-8").splitlines()) <= 150, name


@pytest.mark.parametrize("path", MODULES + PLUGINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_or_function_is_long(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


def test_no_module_is_a_drawer_for_everything() -> None:
    assert {path.stem for path in MODULES + PLUGINS}.isdisjoint(
        {"utils", "helpers", "core", "models", "manager", "common"}
    )


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_plugins_use_only_the_public_names(path: Path) -> None:
    """What is bundled comes in by a stranger's door: `from replykit import NAME`, or a module of its own."""
    own = "replykit.bundled." + path.relative_to(ROOT / "plugins").parts[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("replykit.") for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "replykit":
            if node.module == "replykit":
                assert {alias.name for alias in node.names} <= set(replykit.__all__)
            else:
                assert node.module.startswith(own)


def test_every_module_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in layer.split("|")}
    there = {
        f"replykit.{path.relative_to(ROOT / 'replykit').parts[0].removesuffix('.py')}"
        for path in MODULES
        if path.name != "__main__.py"
    }
    assert there - {"replykit.__init__", "replykit.bundled"} == named


def test_every_error_code_is_raised_and_documented() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in MODULES if path.name != "errors.py")
    for code, meaning in errors.CODES.items():
        assert f"| `{code}` | {meaning} |" in page
        assert f'"{code}' in source, f"{code} is never used"


def test_every_hook_is_documented() -> None:
    page = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    hooks = [name for name, value in vars(hookspecs).items() if hasattr(value, "replykit_spec")]
    assert len(hooks) == 8
    for name in hooks:
        assert f"`{name}(" in page


def test_the_documents_name_no_file_that_is_not_there() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / name).exists(), f"{page.name} links to {name}"
