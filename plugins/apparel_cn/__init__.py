"""A whole store pack: a mainland apparel shop. Nearly all of it is data; copy this folder to begin your own."""

from importlib.resources import files

from replykit import Policy, Register, Wording, hookimpl, load_policy, load_wording


@hookimpl
def register_policies(register: Register[Policy]) -> None:
    """Register the shop's policy."""
    register(load_policy(files(__name__) / "policy.toml"))


@hookimpl
def register_prompts(register: Register[Wording]) -> None:
    """Register the shop's own sentences."""
    register(load_wording(files(__name__) / "wording", store="apparel-cn"))
