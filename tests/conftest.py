"""Keep every test out of the real home and on one fixed clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from replykit import Kit
from replykit.testing import kit

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday afternoon, inside opening hours.
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=SHANGHAI)

# Shared machines stall: a slow example is not a failure, and the same examples run everywhere.
settings.register_profile("replykit", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("replykit")


@pytest.fixture(autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    empty: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(empty))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(empty))
    monkeypatch.chdir(empty)


@pytest.fixture(scope="session")
def toolkit() -> Kit:
    """The shipped plugins with the default configuration."""
    return kit()
