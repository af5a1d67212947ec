"""Nothing promised that was not decided, nothing decided that was left unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from replykit import (
    Draft,
    FollowUp,
    Kit,
    Money,
    Option,
    Parts,
    Plan,
    PromptError,
    Register,
    Source,
    Span,
    Trace,
    hookimpl,
)
from replykit.guard import check
from replykit.testing import FakeWriter, kit
from tests.conftest import NOW, SHANGHAI

SOURCE = Source("shop", "1")
PLAN = Plan(
    "complaint",
    (),
    (
        Option(
            "o1",
            "refund",
            "退款，原路退回",
            datetime(2026, 11, 25, 18, 0, tzinfo=SHANGHAI),
            "售后专员",
            SOURCE,
            Money(Decimal("38.00"), "CNY"),
        ),
    ),
    FollowUp(datetime(2026, 11, 26, 12, 0, tzinfo=SHANGHAI), "phone", "客服", SOURCE),
)
MESSAGE = "等了三个小时，饭凉了，38块钱打水漂，打了5次电话"
EMPATHY = "等了三个小时，饭都凉了，换谁都会恼火。"
OPTION = "退款38元，明天（11月25日，周三）18:00前原路退回。"
FOLLOW = "我们会在后天（11月26日，周四）12:00前给您回电。"


def draft(empathy: str = EMPATHY, option: str = OPTION, follow: str = FOLLOW) -> Draft:
    text = empathy + option + follow
    trace = (Trace("empathy", Span(0, len(empathy)), "t"),)
    return Draft(Parts(empathy, "", (option,), follow), text, "zh-CN", "test", trace)


def breaches(words: Draft, plan: Plan = PLAN) -> list[str]:
    return [breach.what for breach in check(words, plan, MESSAGE, None, NOW, "CNY")]


def test_a_draft_that_says_the_plan_passes() -> None:
    assert breaches(draft()) == []


@pytest.mark.parametrize(
    ("part", "words", "what"),
    [
        ("option", OPTION.replace("38元", "380元"), "a amount that is not in the plan"),
        ("option", OPTION.replace("38元", "三百八十元"), "a amount that is not in the plan"),
        ("option", OPTION + "另外赔您五十块。", "a amount that is not in the plan"),
        ("option", OPTION + "下次购物打８折。", "a discount that is not in the plan"),
        ("option", OPTION + "再补偿30%。", "a percent that is not in the plan"),
        ("option", OPTION + "三天内到账。", "a duration that is not in the plan"),
        ("option", OPTION + "3个工作日内到账。", "a workdays that is not in the plan"),
        ("option", OPTION.replace("18:00", "16:00"), "a datetime that is not in the plan"),
        ("option", OPTION.replace("周三", "周五"), "a date that contradicts itself"),
        ("option", OPTION + "并送您一张优惠券。", "a promise (coupon) that is not in the plan"),
        ("option", OPTION + "我们也会给您换货。", "a promise (exchange) that is not in the plan"),
        ("follow", FOLLOW.replace("12:00", "13:00"), "a datetime that is not in the plan"),
        ("empathy", "等了四个小时，饭都凉了。", "a duration that is not in the plan"),
    ],
)
def test_what_the_plan_does_not_hold_is_a_breach(part: str, words: str, what: str) -> None:
    assert what in breaches(draft(**{part: words}))


@pytest.mark.parametrize(
    ("part", "words", "what"),
    [
        ("option", "退款38元，原路退回。", "the deadline of o1 is not said"),
        ("option", "明天（11月25日，周三）18:00前退款，原路退回。", "the amount of o1 is not said"),
        ("follow", "我们会给您回电。", "the time of the follow-up is not said"),
    ],
)
def test_what_is_left_unsaid_is_a_breach(part: str, words: str, what: str) -> None:
    assert what in breaches(draft(**{part: words}))


@pytest.mark.parametrize(
    "empathy",
    [
        "等了3小时，饭都凉了，38元白花了。",
        "您打了5次电话，等了三个小时。",
        "您希望换货，我们记下了。",
    ],
)
def test_what_the_customer_said_may_be_said_back(empathy: str) -> None:
    assert breaches(draft(empathy=empathy)) == []


def test_what_the_customer_said_may_not_be_promised() -> None:
    assert "a duration that is not in the plan" in breaches(draft(option=OPTION + "三个小时内处理完。"))


def test_an_option_that_is_missing_is_a_breach() -> None:
    second = replace(PLAN.options[0], id="o2", remedy="exchange", title="换货", amount=None)
    assert "an option is not said" in breaches(draft(), replace(PLAN, options=(*PLAN.options, second)))


class Promising:
    """A writer that promises what nobody decided, and one that breaks."""

    @hookimpl
    def register_writers(self, register: Register[object]) -> None:
        register(FakeWriter("全额退款外加赔您500元，今天就到账！", "generous"))
        register(Broken())


class Broken:
    name = "broken"

    def write(self, brief: object) -> Draft:
        raise TimeoutError("the model is asleep")


@pytest.mark.parametrize(("writer", "says"), [("generous", "E403"), ("broken", "E303")])
def test_a_writer_that_fails_is_passed_over_and_the_trace_says_so(writer: str, says: str) -> None:
    reply = kit(Promising(), writer=writer).reply(MESSAGE, now=NOW)
    assert reply.draft.writer == "template"
    assert "500" not in reply.draft.text
    assert any(warning.startswith(says) and writer in warning for warning in reply.warnings)


def test_when_no_writer_is_left_nothing_is_handed_out(toolkit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kit, "_writers", lambda self, policy, region: [FakeWriter("赔您500元")])
    with pytest.raises(PromptError, match="E403"):
        toolkit.reply(MESSAGE, now=NOW)
