"""A policy file becomes values, or an error that names the line and what to write."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from replykit import Money, Policy, PolicyError, load_policy
from replykit.policy import Share, fitting

GOOD = """
name = "corner-shop"
title = "街角小店"
version = "1"
region = "zh-CN"
jurisdiction = "CN"
currency = "CNY"
timezone = "Asia/Shanghai"
as_of = 2026-11-01

[voice]
signature = "小店客服"

[hours]
open = "09:00"
close = "18:00"

[follow_up]
owner = "客服"
channel = "message"
minutes = { normal = 480, urgent = 240, critical = 120 }

[limits.agent]
refund = "100"

[[remedies]]
id = "refund"
title = "退款，原路退回"
owner = "客服"
clause = "1"
takes = { days = 2 }
answers = ["refund"]
amount = { percent = 100 }
"""


def load(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


def test_a_good_file(tmp_path: Path) -> None:
    policy = load(tmp_path, GOOD)
    assert policy.limit("agent", "refund") == Money(Decimal(100), "CNY")
    assert policy.limit("agent", "coupon") is None
    assert policy.remedies[0].sentence == "refund"


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ('currency = "CNY"', 'curency = "CNY"', 7, "did you mean 'currency'"),
        ('currency = "CNY"', 'currency = "yuan"', 7, "currency"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Beijing"', 8, "no time zone 'Asia/Beijing'"),
        ('close = "18:00"', 'close = "08:00"', 14, "open must be before close"),
        ('refund = "100"', "refund = 99.9", 24, "write money in quotes"),
        ('refund = "100"', 'refnd = "100"', 1, "names a remedy that is not there: refnd"),
        ("takes = { days = 2 }", "takes = { days = 2, minutes = 3 }", 31, "exactly one of"),
        ("takes = { days = 2 }", "takes = { days = 0 }", 31, "greater than 0"),
        ('answers = ["refund"]', 'answers = ["refnud"]', 32, "did you mean 'refund'"),
        ("takes = { days = 2 }", 'when = { types = ["product.safty"] }\ntakes = { days = 2 }', 31, "'product.safety'"),
        ('answers = ["refund"]', 'anwsers = ["refund"]', 32, "did you mean 'answers'"),
        ("minutes = { normal = 480, urgent = 240, critical = 120 }", "minutes = { normal = 480 }", 21, "urgent"),
    ],
)
def test_a_wrong_key_or_value_names_its_line_or_that_of_its_table(
    tmp_path: Path, before: str, after: str, line: int, says: str
) -> None:
    assert GOOD.count(before) == 1
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, GOOD.replace(before, after))
    assert caught.value.code == "E252"
    assert f"policy.toml:{line}: " in caught.value.message
    assert says in str(caught.value)


def test_a_remedy_twice_is_an_error(tmp_path: Path) -> None:
    remedy = GOOD[GOOD.index("[[remedies]]") :]
    with pytest.raises(PolicyError, match="a remedy's id stands twice: refund"):
        load(tmp_path, GOOD + remedy)


@pytest.mark.parametrize(
    ("share", "price", "gives"),
    [
        (Share(fixed=Decimal(20)), None, "20"),
        (Share(percent=100), None, None),
        (Share(percent=100), "269.00", "269.00"),
        (Share(percent=20), "268.99", "53.79"),
        (Share(percent=20, cap=Decimal(30)), "268.99", "30"),
    ],
)
def test_how_much_a_remedy_gives(share: Share, price: str | None, gives: str | None) -> None:
    money = Money(Decimal(price), "CNY") if price else None
    assert share.of(money, "CNY") == (Money(Decimal(gives), "CNY") if gives else None)


def test_a_price_in_another_currency_gives_no_amount() -> None:
    assert Share(percent=100).of(Money(Decimal(88), "HKD"), "CNY") is None


def test_without_a_name_the_general_store_of_the_region_is_chosen(tmp_path: Path) -> None:
    own = load(tmp_path, GOOD)
    general = own.model_copy(update={"name": "general-cn", "general": True})
    hong_kong = own.model_copy(update={"name": "general-hk", "general": True, "region": "zh-HK"})
    stores = [own, hong_kong, general]
    assert fitting(stores, "zh-CN") is general
    assert fitting(stores, "zh-HK") is hong_kong
    assert fitting([own], "zh-TW") is own
    assert fitting([], "zh-TW") is None
