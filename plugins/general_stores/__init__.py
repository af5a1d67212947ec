"""One general store a region: sensible, modest terms for any trade, used when no store is named."""

from importlib.resources import files

from replykit import Policy, Register, hookimpl, load_policy


@hookimpl
def register_policies(register: Register[Policy]) -> None:
    """Register the stores that stand in stores/."""
    for folder in sorted((files(__name__) / "stores").iterdir(), key=lambda one: one.name):
        if folder.name.endswith(".toml"):
            register(load_policy(folder))
