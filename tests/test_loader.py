"""Plugins: what registers, what fails alone, what is refused."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from replykit import Config, Kit, Message, Order, PluginError, Reading, Register, Reply, hookimpl
from replykit.config import PluginSection
from replykit.testing import NOW, kit

ROOT = Path(__file__).parent.parent


def config(path: Path) -> Config:
    return Config(plugins=PluginSection(paths=(str(path),)))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A store pack of data files alone."""
    folder = tmp_path / "tea-house"
    folder.mkdir()
    text = (ROOT / "plugins" / "apparel_cn" / "policy.toml").read_text("utf-8")
    (folder / "policy.toml").write_text(text.replace('name = "apparel-cn"', 'name = "tea-house"'), encoding="utf-8")
    return folder


class Raising:
    @hookimpl
    def register_analyzers(self, register: Register[object]) -> None:
        raise RuntimeError("no dictionary")


class Misspelt:
    @hookimpl
    def register_anlyzers(self, register: Register[object]) -> None:
        """Never called."""


class Nameless:
    @hookimpl
    def register_analyzers(self, register: Register[object]) -> None:
        register(object())


class Clashing:
    @hookimpl
    def register_policies(self, register: Register[object]) -> None:
        from replykit.policy import load_policy

        register(load_policy(ROOT / "plugins" / "apparel_cn" / "policy.toml"))


class BadAnalyzer:
    name = "bad"

    def read(self, text: str, now: datetime, region: str) -> Reading:
        raise ValueError("cannot read")


class BringsBadAnalyzer:
    @hookimpl
    def register_analyzers(self, register: Register[object]) -> None:
        register(BadAnalyzer())


class Shop:
    """A store's system that knows an order, and an observer."""

    def __init__(self) -> None:
        self.seen: list[Reply] = []

    @hookimpl
    def order_facts(self, message: Message) -> dict[str, object]:
        return {"id": "YX9", "price": {"value": "99.00", "currency": "CNY"}}

    @hookimpl
    def reply_finished(self, reply: Reply) -> None:
        self.seen.append(reply)


class Down:
    @hookimpl
    def order_facts(self, message: Message) -> Order:
        raise ConnectionError("shop system is down")

    @hookimpl
    def reply_finished(self, reply: Reply) -> None:
        raise OSError("disk full")


def test_the_shipped_plugins_load() -> None:
    toolkit = kit()
    assert toolkit.warnings == ()
    assert {"reading", "house_rules", "general_stores", "apparel_cn"} <= {one.name for one in toolkit.plugins}
    assert set(toolkit.policies) >= {"apparel-cn", "general-cn", "general-hk", "general-tw"}


@pytest.mark.parametrize(
    ("plugin", "says"),
    [
        (Raising(), "RuntimeError: no dictionary"),
        (Misspelt(), "unknown hook 'register_anlyzers'"),
        (Nameless(), "E301"),
    ],
)
def test_one_that_fails_is_named_and_the_others_load(plugin: object, says: str) -> None:
    toolkit = kit(plugin)
    assert len(toolkit.warnings) == 1
    assert says in toolkit.warnings[0]
    assert type(plugin).__name__ in toolkit.warnings[0]
    assert toolkit.reply("等了三天还没发货", now=NOW).draft.text


def test_a_key_claimed_twice_names_both_plugins() -> None:
    with pytest.raises(
        PluginError, match="E302: plugins 'apparel_cn' and 'Clashing-1' both register policies 'apparel-cn'"
    ):
        kit(Clashing())


def test_an_analyzer_that_raises_costs_nothing_but_a_warning() -> None:
    reply = kit(BringsBadAnalyzer()).reply("等了三天还没发货", now=NOW)
    assert reply.analysis.types[0].code == "logistics.delay"
    assert any("E303" in warning and "bad" in warning for warning in reply.warnings)


def test_a_store_s_system_brings_the_order_and_an_observer_sees_the_reply() -> None:
    shop = Shop()
    reply = kit(shop, store="apparel-cn").reply("衣服开线了，我要退款", now=NOW)
    assert "99元" in reply.draft.text
    assert shop.seen == [reply]


def test_a_store_s_system_that_is_down_costs_nothing_but_a_warning() -> None:
    reply = kit(Down()).reply("衣服开线了，我要退款", now=NOW)
    assert reply.draft.text
    assert [warning.split()[1] for warning in reply.warnings] == ["order_facts", "reply_finished"]


def test_a_folder_of_data_is_a_store(pack: Path) -> None:
    toolkit = Kit.load(config=config(pack), store="tea-house")
    assert toolkit.warnings == ()
    assert toolkit.reply("杯子碎了，补发", now=NOW).plan.store == "tea-house"


def test_a_title_that_promises_less_than_the_shipped_sentence_is_worded_by_itself(pack: Path) -> None:
    policy = pack / "policy.toml"
    text = policy.read_text("utf-8").replace("退货退款，来回运费由我们承担", "退货退款")
    policy.write_text(text, encoding="utf-8")
    reply = Kit.load(config=config(pack), store="tea-house").reply("衣服开线了，我要退货退款", now=NOW)
    assert "退货退款，由售后专员负责" in reply.draft.text
    assert "运费" not in reply.draft.text.split("2.")[0]
    assert any(warning.startswith("E403: writer 'template' was passed over") for warning in reply.warnings)


def test_a_folder_with_code_is_a_plugin(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plugins" / "apparel_cn", tmp_path / "mine")
    policy = tmp_path / "mine" / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('name = "apparel-cn"', 'name = "mine"'), encoding="utf-8")
    code = tmp_path / "mine" / "__init__.py"
    code.write_text(code.read_text("utf-8").replace('store="apparel-cn"', 'store="mine"'), encoding="utf-8")
    assert "mine" in Kit.load(config=config(tmp_path / "mine")).policies


def test_a_policy_with_a_typo_fails_alone_and_is_told_when_the_store_is_asked_for(pack: Path) -> None:
    policy = pack / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace("currency", "curency"), encoding="utf-8")
    toolkit = Kit.load(config=config(pack))
    assert f"{policy}:9: unknown key 'curency'" in toolkit.warnings[0]
    with pytest.raises(replykit_error(), match="did you mean 'currency'"):
        Kit.load(config=config(pack), store="tea-house")


def replykit_error() -> type[Exception]:
    from replykit import ConfigError

    return ConfigError


@pytest.mark.parametrize(("make", "says"), [(True, "neither __init__.py nor policy.toml"), (False, "is no folder")])
def test_a_folder_that_is_no_plugin_says_why(tmp_path: Path, make: bool, says: str) -> None:
    if make:
        (tmp_path / "empty").mkdir()
    assert says in Kit.load(config=config(tmp_path / "empty")).warnings[0]


def test_a_plugin_left_out_is_not_loaded() -> None:
    toolkit = kit(plugins=PluginSection(disable=("apparel_cn",)))
    assert "apparel-cn" not in toolkit.policies
