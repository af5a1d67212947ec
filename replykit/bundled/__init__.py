"""The import name of the shipped plugins: the top-level plugins/ folder of a checkout, this folder in a wheel."""

from replykit import resources

_root = resources.checkout()
if _root is not None:
    __path__.append(str(_root / "plugins"))
