"""The wheel, built from the sdist, holds everything and runs away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel made from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def test_the_sdist_holds_what_a_developer_needs(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for name in (
        "prompts/drafts/zh-HK/options.toml",
        "plugins/apparel_cn/policy.toml",
        "tests/conftest.py",
        "Makefile",
    ):
        assert name in names


def test_the_wheel_runs_away_from_the_checkout(built: Path, tmp_path: Path) -> None:
    wheel = next(built.glob("*.whl"))
    place = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(place)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(place)}
    code = (
        "import replykit.cli, replykit.bundled.reading as r; print(replykit.__file__, r.__file__); replykit.cli.main()"
    )
    message = "衬衫洗一次就缩水了，我要换货"
    done = subprocess.run(
        [sys.executable, "-c", code, "reply", message, "--store", "apparel-cn"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=environment,
    )
    first, rest = done.stdout.split("\n", 1)
    assert all(Path(path).is_relative_to(place) for path in first.split())
    assert "云栖衣橱售后" in rest
    assert done.stderr == ""


def test_the_checkout_runs_from_elsewhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "replykit", "doctor"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
