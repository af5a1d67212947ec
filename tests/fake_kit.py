"""A kit without plugins for the tests of the edges: reads a few words, and never needs a clock or a file."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from replykit.config import Config
from replykit.errors import ConfigError, InputError
from replykit.types import (
    Analysis,
    DemandAnswer,
    Draft,
    Edit,
    Emotion,
    Fact,
    Finding,
    FollowUp,
    Label,
    Message,
    Money,
    NotRun,
    Option,
    Order,
    Parts,
    Plan,
    Region,
    Reply,
    Review,
    Source,
    Span,
    Urgency,
)

NOW = datetime(2026, 11, 24, 15, tzinfo=timezone(timedelta(hours=8)))
LONGEST = 100_000


@dataclass(frozen=True)
class FakeExample:
    reply: str
    message: str = ""
    region: Region = "zh-CN"


@dataclass(frozen=True)
class FakeRule:
    code: str
    name: str
    severity: str = "warning"
    origin: tuple[str, ...] = ("K1",)
    needs: frozenset[str] = frozenset()
    why: str = "客户要一个准确的时间"
    bad: tuple[FakeExample, ...] = (FakeExample("我们会尽快处理", "等了三天"),)
    good: tuple[FakeExample, ...] = (FakeExample("11月25日18点前退款"),)


@dataclass(frozen=True)
class FakePolicy:
    name: str = "demo"
    region: Region = "zh-CN"
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class FakePlugin:
    name: str
    module: str
    version: str = ""
    error: str = ""
    provides: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return "failed" if self.error else "ok"


@dataclass(frozen=True)
class FakeKit:
    config: Config = field(default_factory=Config)
    warnings: tuple[str, ...] = ()
    registry = SimpleNamespace(writers={})
    rules = (FakeRule("D502", "vague-time"), FakeRule("P602", "over-limit", "error", needs=frozenset(["policy"])))
    plugins = (
        FakePlugin("good", "pack.good", "1.0", provides=("rules: D502", "policies: demo")),
        FakePlugin("bad", "", error="E301: ImportError: no module"),
    )

    @property
    def policies(self) -> dict[str, FakePolicy]:
        return {"demo": FakePolicy()}

    @property
    def policy(self) -> FakePolicy | None:
        return FakePolicy() if self.config.store else None

    def policy_for(self, region: Region) -> FakePolicy:
        return FakePolicy()

    def analyze(self, message: str | Message, *, now: datetime | None = None) -> Analysis:
        message = Message(message) if isinstance(message, str) else message
        text = message.text
        if len(text) > LONGEST:
            raise InputError("E103", f"the text has {len(text):,} characters, the limit is {LONGEST:,}", "shorten it")
        if "BOOM" in text:
            raise RuntimeError("a plugin raised")
        time.sleep(float(os.environ.get("FAKE_KIT_SLEEPS", "0")))
        late = _labels(text, "等了", "logistics.delay")
        return Analysis(
            text=text,
            types=late,
            emotion=Emotion("anger" if "！" in text else "neutral", None, 2 if "！" in text else 0, 0.9),
            signals=_labels(text, "又", "repeat"),
            demands=_labels(text, "退款", "refund"),
            facts=tuple(Fact("waited", "P3D", span) for span in _spans(text, "三天")),
            urgency=Urgency("urgent" if late else "normal", ("repeat",) if late else ()),
            language="zh",
            script="Hans",
            region=self.config.region or "zh-CN",
            id=message.id,
        )

    def reply(self, message: str | Message, *, order: Order | None = None, now: datetime | None = None) -> Reply:
        analysis = self.analyze(message, now=now)
        at = now or NOW
        source = Source("demo", "3.1")
        amount = order.price if order and order.price else Money(Decimal("5.00"), "CNY")
        option = Option("o1", "refund", "原路退款", at + timedelta(days=1), "售后专员", source, amount, ("refund",))
        plan = Plan(
            kind="complaint",
            demands=(DemandAnswer("refund", "met", "o1", "fits"),),
            options=(option,),
            follow_up=FollowUp(at + timedelta(days=2), "phone", "售后专员", source),
            store="demo",
        )
        parts = Parts("让您久等了。", "很抱歉。", (f"为您退款{amount.value}元。",), "我们会尽快回电。")
        text = parts.empathy + parts.apology + parts.options[0] + parts.follow_up
        draft = Draft(parts, text, analysis.region, "template")
        return Reply(analysis, plan, draft, self.review(text), ("a note",) if "又" in analysis.text else ())

    def review(self, reply: str, **given: Any) -> Review:
        if "BOOM" in reply:
            raise RuntimeError("a plugin raised")
        findings = tuple(
            Finding("D502", "vague-time", "warning", f"“尽快”不是时间: {reply[:8]}", span, Edit(span, "今天", True))
            for span in _spans(reply, "尽快")
        )
        return Review(findings, () if self.policy else (NotRun("P602", "no store policy given"),))

    def fix(self, reply: str, **given: Any) -> str:
        return reply.replace("尽快", "今天")


def load(**settings: Any) -> Any:
    if settings.get("store") not in (None, "demo"):
        raise ConfigError("E203", f"no store {settings['store']!r}", "known: demo")
    config = settings.pop("config", None) or Config()
    return FakeKit(replace(config, **{key: value for key, value in settings.items() if value is not None}))


def _spans(text: str, words: str) -> tuple[Span, ...]:
    at = text.find(words)
    return (Span(at, at + len(words)),) if at >= 0 else ()


def _labels(text: str, words: str, code: str) -> tuple[Label, ...]:
    spans = _spans(text, words)
    return (Label(code, 0.9, spans),) if spans else ()
