"""Files that replykit ships: beside pyproject.toml in a checkout, inside the package in a wheel."""

from __future__ import annotations

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(__file__).parent


def checkout() -> Path | None:
    """Return the folder of the checkout that this package runs from, or None when it is installed."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "prompts").is_dir() else None


def prompts() -> Traversable:
    """Return the folder of the shipped templates."""
    root = checkout()
    return root / "prompts" if root else files("replykit") / "_prompts"


def data(name: str) -> Traversable:
    """Return the file or folder `name` of the package's own data."""
    return files("replykit") / "data" / name
