"""What the store commits to: by policy, order, analysis and calendar, before any word is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from replykit import Kit, Money, Order, Plan, Policy
from replykit.planning import plan
from tests.builders import analysis
from tests.conftest import NOW, SHANGHAI

SHIRT = Order(id="YX1", product="衬衫", price=Money(Decimal("269.00"), "CNY"), received_at=date(2026, 11, 20))


def settle(
    toolkit: Kit, store: str = "apparel-cn", order: Order | None = None, now: datetime = NOW, **case: Any
) -> Plan:
    return plan(analysis(**case), order, toolkit.policies[store], "agent", now)


def remedies(settled: Plan) -> list[str]:
    return [option.remedy for option in settled.options]


@pytest.mark.parametrize(
    ("case", "first", "answers"),
    [
        ({"types": "product.quality", "demands": "return refund"}, "return_refund", ["ask", "ask"]),
        ({"types": "product.mismatch", "demands": "exchange"}, "exchange", ["ask"]),
        ({"types": "logistics.fulfilment", "demands": "resend"}, "resend", ["ask"]),
        ({"types": "logistics.delay", "demands": "expedite"}, "expedite", ["ask"]),
        ({"types": "price.dispute", "demands": "price_adjust"}, "price_adjust", ["ask"]),
        ({"types": "service.attitude", "demands": "discipline apology"}, "service_review", ["met", "met"]),
        ({"types": "product.counterfeit", "demands": "statutory_damages"}, "statutory_check", ["ask"]),
        ({"types": "privacy", "demands": "cancel"}, "stop_contact", ["ask"]),
        ({"types": "other", "demands": "invoice"}, "invoice", ["ask"]),
    ],
)
def test_what_was_asked_for_comes_first(toolkit: Kit, case: dict[str, Any], first: str, answers: list[str]) -> None:
    settled = settle(toolkit, **case)
    assert remedies(settled)[0] == first
    assert [answer.answer for answer in settled.demands] == answers
    assert [answer.code for answer in settled.demands] == case["demands"].split()


TYPES = [
    "product.quality",
    "product.mismatch",
    "product.counterfeit",
    "product.safety",
    "logistics.delay",
    "logistics.damage",
    "logistics.fulfilment",
    "price.dispute",
    "price.charge",
    "service.attitude",
    "service.unresponsive",
    "service.promise",
    "aftersales.refund",
    "aftersales.repair",
    "system.fault",
    "privacy",
    "other",
]
DOMAINS = ["goods", "takeaway", "dining", "lodging", "digital", "finance", "transport", "unknown"]


@pytest.mark.parametrize("store", ["apparel-cn", "general-cn", "general-tw", "general-hk"])
def test_every_complaint_gets_two_or_three_options_with_time_owner_and_source(toolkit: Kit, store: str) -> None:
    for kind in TYPES:
        for domain in DOMAINS:
            settled = settle(toolkit, store, types=kind, domain=domain)
            assert 2 <= len(settled.options) <= 3, (kind, domain)
            assert len(set(remedies(settled))) == len(settled.options)
            for option in settled.options:
                assert option.deadline > NOW
                assert option.owner
                assert option.source.policy == store
                assert option.source.clause
            assert settled.follow_up is not None
            assert settled.follow_up.at > NOW


@pytest.mark.parametrize("store", ["apparel-cn", "general-cn", "general-tw", "general-hk"])
def test_no_deadline_falls_outside_opening_hours(toolkit: Kit, store: str) -> None:
    policy = toolkit.policies[store]
    moments = [datetime(2026, 9, 30, 20, 50, tzinfo=SHANGHAI) + timedelta(hours=7 * step) for step in range(40)]
    for now in moments:
        settled = settle(toolkit, store, now=now, types="logistics.delay product.safety")
        for at in [option.deadline for option in settled.options]:
            local = at.astimezone(policy.calendar.zone)
            assert policy.hours.open < local.time() <= policy.hours.close, (now, at)
            assert policy.calendar.is_open_day(local.date()), (now, at)


def test_a_full_refund_takes_the_price_from_the_order(toolkit: Kit) -> None:
    settled = settle(toolkit, order=SHIRT, types="product.quality", demands="refund")
    option = settled.options[0]
    assert option.amount == SHIRT.price
    assert option.source.law == "消费者权益保护法第二十四条"
    assert option.answers == ("refund",)
    assert [answer.answer for answer in settled.demands] == ["met"]


def test_without_the_order_no_amount_is_named_and_the_number_is_asked_for_once(toolkit: Kit) -> None:
    settled = settle(toolkit, types="product.quality logistics.fulfilment", demands="refund resend")
    assert all(option.amount is None for option in settled.options)
    assert [question.fact for question in settled.questions] == ["order_id", "photo"]


def test_what_the_message_says_is_not_asked_again(toolkit: Kit) -> None:
    settled = settle(toolkit, types="logistics.delay", demands="expedite", facts={"order_id": "YX1"})
    assert settled.questions == ()
    assert settled.demands[0].answer == "met"


def test_above_the_role_s_limit_a_supervisor_decides(toolkit: Kit) -> None:
    coat = Order(id="YX2", price=Money(Decimal("1299.00"), "CNY"))
    policy = toolkit.policies["apparel-cn"]
    read = analysis(types="product.quality", demands="refund")
    agent = plan(read, coat, policy, "agent", NOW).options[0]
    assert (agent.remedy, agent.amount, agent.owner) == ("approval", None, "售后主管")
    senior = plan(read, coat, policy, "senior", NOW).options[0]
    assert (senior.remedy, senior.amount) == ("return_refund", coat.price)


def test_seven_days_without_reason_end(toolkit: Kit) -> None:
    case: dict[str, Any] = {"types": "aftersales.refund", "demands": "return"}
    assert remedies(settle(toolkit, order=SHIRT, **case))[0] == "return_no_reason"
    late = Order(id="YX3", received_at=date(2026, 11, 10))
    assert "return_no_reason" not in remedies(settle(toolkit, order=late, **case))


def test_somebody_hurt_comes_before_everything(toolkit: Kit) -> None:
    settled = settle(
        toolkit, "general-cn", types="product.safety", signals="injury", demands="refund", domain="takeaway"
    )
    assert remedies(settled)[0] == "safety_care"
    assert settled.demands[0].option != "o1"


def test_money_is_not_thrown_at_a_customer_who_refused_it(toolkit: Kit) -> None:
    small = settle(toolkit, "general-cn", types="service.promise", demands="compensation")
    assert remedies(small)[0] == "coupon"
    refused = settle(toolkit, "general-cn", types="service.promise", demands="compensation", signals="rejects_solution")
    assert "coupon" not in remedies(refused)


def test_the_more_urgent_the_sooner(toolkit: Kit) -> None:
    levels = ("critical", "urgent", "normal")
    plans = [settle(toolkit, types="other", level=level) for level in levels]
    deadlines = [settled.options[0].deadline for settled in plans]
    follow_ups = [settled.follow_up.at for settled in plans if settled.follow_up]
    assert deadlines == sorted(set(deadlines))
    assert follow_ups == sorted(set(follow_ups))


def test_praise_gets_thanks_and_no_options(toolkit: Kit) -> None:
    settled = settle(toolkit, emotion="positive", intensity=0)
    assert (settled.kind, settled.options, settled.follow_up, settled.questions) == ("praise", (), None, ())


def test_a_question_gets_one_answer_by_a_time(toolkit: Kit) -> None:
    settled = settle(toolkit, demands="information", intensity=0)
    assert (settled.kind, remedies(settled), settled.follow_up) == ("question", ["information"], None)


def test_a_difference_between_message_and_order_is_noted(toolkit: Kit) -> None:
    settled = settle(toolkit, order=SHIRT, types="product.quality", facts={"amount": "CNY 300.00"})
    assert settled.notes == ("the message says CNY 300.00, the order says CNY 269.00: the order's is used",)
    same = settle(toolkit, order=SHIRT, types="product.quality", facts={"amount": "CNY 269.0"})
    assert same.notes == ()


def test_a_year_without_its_official_arrangement_is_noted(toolkit: Kit) -> None:
    settled = settle(toolkit, now=datetime(2030, 3, 1, 12, 0, tzinfo=SHANGHAI), types="other")
    assert settled.notes == ("the official holiday arrangement of 2030 is not known yet: deadlines may move",)


def test_a_callback_asked_for_is_made_by_phone(toolkit: Kit) -> None:
    settled = settle(toolkit, types="service.unresponsive", demands="callback")
    assert settled.follow_up is not None
    assert settled.follow_up.channel == "phone"
    assert "phone" in [question.fact for question in settled.questions]


def test_a_declined_demand_carries_the_policy_s_reason(toolkit: Kit) -> None:
    policy: Policy = toolkit.policies["general-cn"].model_copy(
        update={"declines": {"discipline": "员工处分属内部事务"}}
    )
    settled = plan(analysis(types="service.attitude", demands="discipline"), None, policy, "agent", NOW)
    assert [(one.code, one.answer, one.reason) for one in settled.demands] == [
        ("discipline", "declined", "员工处分属内部事务")
    ]
    assert len(settled.options) >= 2


def test_another_order_s_price_settles_nothing(toolkit: Kit) -> None:
    settled = settle(toolkit, order=SHIRT, types="product.quality", demands="refund", facts={"order_id": "B999"})
    assert settled.options[0].amount is None
    assert settled.notes == ("the message names order B999: facts of another order are not used",)


def test_who_is_hurt_is_not_asked_to_send_things_back_unasked(toolkit: Kit) -> None:
    settled = settle(toolkit, "general-cn", types="product.safety product.quality", signals="injury")
    assert "return_refund" not in remedies(settled)
    asked = settle(toolkit, "general-cn", types="product.safety", signals="injury", demands="refund")
    assert "return_refund" in remedies(asked)


def test_a_question_about_a_refund_is_not_a_refund(toolkit: Kit) -> None:
    settled = settle(toolkit, "general-cn", demands="refund")
    assert [(one.code, one.answer) for one in settled.demands] == [("refund", "instead")]
