"""Drafts read whole (tests/golden), their order and trace, and the choice of a quote.

`python -m tests.test_drafting` writes the golden drafts anew: read them as a diff before you keep them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.drafting import TemplateWriter, say_money, template_writers
from replykit.guard import check
from replykit.hookspecs import Brief
from replykit.policy import Policy, load_policy
from replykit.prompting import load_wording, shipped_wording
from replykit.quoting import facts_said, pick_quote, quote_words
from replykit.types import (
    Analysis,
    DemandAnswer,
    Draft,
    Emotion,
    Fact,
    FollowUp,
    Kind,
    Label,
    Message,
    Money,
    Option,
    Order,
    Plan,
    Question,
    Region,
    Source,
    Span,
    Thread,
    Urgency,
)

GOLDEN = Path(__file__).parent / "golden"
ZONES = {"zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei", "zh-HK": "Asia/Hong_Kong"}
CURRENCIES = {"zh-CN": "CNY", "zh-TW": "TWD", "zh-HK": "HKD"}
OWNERS = {"zh-CN": ("售后专员", "客服专员"), "zh-TW": ("售後專員", "客服專員"), "zh-HK": ("售後主任", "客戶服務主任")}
SIGNED = {"zh-CN": "小满商城客服", "zh-TW": "小滿商城客服", "zh-HK": "小滿商店客戶服務部"}


@dataclass(frozen=True)
class Case:
    """A message with what was read and decided, in short: evidence and facts by their words in `text`."""

    name: str
    text: str
    types: str = ""
    evidence: str = ""
    feels: str = "neutral 1"
    signals: str = ""
    demands: str = ""
    facts: str = ""
    domain: str = "goods"
    options: str = ""
    asks: str = ""
    channel: str = "message"
    region: Region = "zh-CN"
    kind: Kind = "complaint"

    @property
    def now(self) -> datetime:
        return datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo(ZONES[self.region]))

    def spans(self, words: str) -> tuple[Span, ...]:
        return (Span(self.text.index(words), self.text.index(words) + len(words)),) if words else ()

    def analysis(self) -> Analysis:
        emotion, intensity = self.feels.split()
        facts = [fact.split("=") for fact in self.facts.split(";") if fact]
        labels = [
            Label(code, 0.9, self.spans(self.evidence) if not i else ()) for i, code in enumerate(self.types.split())
        ]
        return Analysis(
            text=self.text,
            types=tuple(labels),
            emotion=Emotion(emotion, None, int(intensity), 0.9, self.spans(self.evidence)),
            signals=tuple(Label(code, 0.9) for code in self.signals.split()),
            demands=tuple(Label(code.split(":")[0], 0.9) for code in self.demands.split()),
            facts=tuple(Fact(kind, value, self.spans(words)[0]) for kind, words, value in facts),
            urgency=Urgency("normal"),
            language="zh",
            script="Hans" if self.region == "zh-CN" else "Hant",
            region=self.region,
            domain=self.domain,
        )

    def plan(self) -> Plan:
        """Options are written `remedy:amount:title`, demands `code:answer:reason`; each part but the first may lack."""
        options = []
        for number, written in enumerate(self.options.split(), 1):
            remedy, amount, title = ([*written.split(":"), "", ""])[:3]
            options.append(
                Option(
                    id=f"o{number}",
                    remedy=remedy,
                    title=title or TITLES.get(remedy, remedy),
                    deadline=self.now.replace(hour=18) + timedelta(days=number),
                    owner=OWNERS[self.region][0],
                    source=Source("xiaoman", f"2.{number}"),
                    amount=Money(Decimal(amount), CURRENCIES[self.region]) if amount else None,
                    wording=remedy,
                )
            )
        answers = []
        for written in self.demands.split():
            code, answer, reason = ([*written.split(":"), "met", ""])[:3]
            answers.append(DemandAnswer(code, answer or "met", "o1" if answer != "ask" else None, reason))  # type: ignore[arg-type]
        follow_up = FollowUp(
            self.now.replace(hour=20), self.channel, OWNERS[self.region][1], Source("xiaoman", "follow_up")
        )
        asks = tuple(Question(*ask.split(":")) for ask in self.asks.split())
        return Plan(self.kind, tuple(answers), tuple(options), follow_up if self.kind == "complaint" else None, asks)

    def brief(self, variant: int | None = None) -> Brief:
        variant = crc32(self.name.encode()) if variant is None else variant
        thread = Thread(Message(self.text))
        return Brief(thread, self.analysis(), self.plan(), policy(self.region), self.region, self.now, variant)


# What a title commits to beside the remedy's own name, as the shipped stores write it.
TITLES = {
    "return_refund": "退货退款退貨，来回运费由我们承担，來回運費由我們負擔，來回運費由我們承擔",
    "exchange": "换货換新，来回运费由我们承担，來回運費由我們負擔，來回運費由我們承擔",
    "resend": "补发補寄，运费由我们承担，運費由我們負擔，運費由我們承擔",
    "charge_check": "核对扣费，多收的退款",
    "statutory_check": "核实法定赔偿",
    "price_adjust": "补差价",
    "cancel": "取消订单并退款",
    "compensation_review": "核实损失，核定补偿",
    "safety_care": "核查原因",
    "authenticity_check": "核验真伪",
    "refund_review": "核定退费",
    "tech_support": "技术同事处理故障",
}


def policy(region: Region) -> Policy:
    return Policy.model_validate(
        {
            "name": "xiaoman",
            "title": "小满",
            "version": "1",
            "region": region,
            "jurisdiction": region[-2:],
            "currency": CURRENCIES[region],
            "timezone": ZONES[region],
            "as_of": "2026-11-01",
            "voice": {"signature": SIGNED[region]},
            "hours": {"open": "09:00", "close": "21:00"},
            "follow_up": {"owner": "x", "channel": "message", "minutes": {"normal": 9, "urgent": 9, "critical": 9}},
            "remedies": [{"id": "refund", "title": "退款", "owner": "x", "clause": "1", "takes": {"days": 1}}],
        }
    )


CASES = [
    Case(
        "takeaway-delay-cn",
        "等了三个小时，外卖送到饭都凉了！打了五次没人接，我要退款，赔我优惠券也行！",
        "logistics.delay service.unresponsive",
        "饭都凉了",
        "anger 2",
        "chasing overdue",
        "refund",
        "waited=三个小时=PT3H;contacted=五次=5",
        "takeaway",
        "refund:38 coupon:20",
        channel="phone",
    ),
    Case(
        "quality-cn",
        "刚买的电水壶用了两天就不加热了，帮我换一个吧",
        "product.quality",
        "不加热了",
        "disappointment 1",
        "",
        "exchange",
        "product=电水壶=电水壶",
        options="exchange return_refund:129",
        asks="order_id:exchange",
    ),
    Case(
        "safety-injury-cn",
        "孩子喝了你们的酸奶拉肚子，人在医院，你们怎么负责？",
        "product.safety",
        "孩子喝了你们的酸奶拉肚子",
        "anxiety 2",
        "injury vulnerable",
        "compensation:instead",
        "product=酸奶=酸奶",
        options="safety_care compensation_review",
        asks="phone:safety_care",
    ),
    Case(
        "counterfeit-statutory-cn",
        "这双鞋鉴定是假的，退一赔三！不然去12315！",
        "product.counterfeit",
        "鉴定是假的",
        "betrayal 2",
        "threat.regulator",
        "statutory_damages refund",
        options="statutory_check return_refund:899",
        asks="order_id:return_refund photo:return_refund",
    ),
    Case(
        "charge-declined-cn",
        "莫名其妙扣了我25块会员费，退钱，另外补偿我一个月会员",
        "price.charge",
        "扣了我25块会员费",
        "anger 1",
        "",
        "refund compensation:declined:会员时长不作补偿",
        "amount=25块=CNY 25.00",
        "digital",
        "charge_check",
        asks="account:charge_check",
    ),
    Case(
        "attitude-cn",
        "前台翻着白眼跟我说话，什么态度，我要她道歉",
        "service.attitude",
        "前台翻着白眼跟我说话",
        "anger 2",
        "",
        "apology discipline:instead",
        domain="lodging",
        options="service_review callback",
    ),
    Case(
        "approval-unknown-remedy-cn",
        "衣服洗一次就缩水，全额退，再赔我干洗费",
        "product.quality",
        "衣服洗一次就缩水",
        "disappointment 2",
        "",
        "refund compensation",
        options="approval tailor:60:上门量尺改衣一次",
        channel="email",
    ),
    Case(
        "other-invoice-cn",
        "一直没给开发票",
        "other",
        "一直没给开发票",
        "neutral 1",
        "",
        "invoice",
        options="invoice",
        asks="order_id:invoice",
    ),
    Case(
        "abuse-cn",
        "垃圾骗子公司！！！机器三天两头死机，修了又坏，去死吧",
        "aftersales.repair",
        "垃圾骗子公司",
        "anger 3",
        "abuse repeat",
        "repair",
        options="repair refund_review",
    ),
    Case(
        "privacy-cn",
        "天天打推销电话骚扰我",
        "privacy",
        "",
        "grievance 1",
        "",
        "cancel",
        options="stop_contact",
        asks="phone:stop_contact",
    ),
    Case("praise-cn", "师傅修得又快又好，服务很周到", "", "服务很周到", "positive 0", kind="praise"),
    Case(
        "question-cn",
        "请问这款行李箱能不能带上飞机？",
        feels="neutral 0",
        demands="information",
        options="information",
        kind="question",
    ),
    Case("unclear-cn", "😀", feels="neutral 0", options="information", kind="question"),
    Case(
        "system-tw",
        "APP一直閃退，優惠明天就到期了，到底要不要修？",
        "system.fault",
        "APP一直閃退",
        "anxiety 1",
        "deadline",
        "repair",
        "event_at=明天=2026-11-25",
        "digital",
        "tech_support",
        asks="account:tech_support",
        region="zh-TW",
    ),
    Case(
        "delay-tw",
        "包裹卡在物流中心一個禮拜了，客服說「三天內會到」根本沒到",
        "logistics.delay service.promise",
        "包裹卡在物流中心一個禮拜了",
        "grievance 1",
        "overdue",
        "expedite",
        "waited=一個禮拜=P7D;promised=三天內會到=三天內會到",
        options="expedite cancel",
        asks="order_id:expedite",
        region="zh-TW",
    ),
    Case(
        "mismatch-tw",
        "外套收到顏色跟照片差很多，想退貨",
        "product.mismatch",
        "顏色跟照片差很多",
        "disappointment 1",
        "",
        "return",
        "product=外套=外套",
        options="return_refund:1280 exchange",
        region="zh-TW",
    ),
    Case(
        "lodging-tw",
        "房間冷氣壞掉，櫃台叫我們忍一下，要求退費",
        "product.quality service.attitude",
        "房間冷氣壞掉",
        "anger 2",
        "",
        "refund",
        domain="lodging",
        options="refund_review service_review coupon:100",
        region="zh-TW",
        channel="phone",
    ),
    Case("praise-tw", "宅配大哥人超好，謝謝", feels="positive 0", kind="praise", region="zh-TW"),
    Case(
        "price-hk",
        "尋日先買，今日就減價，補返差價俾我啦",
        "price.dispute",
        "今日就減價",
        "disappointment 1",
        "",
        "price_adjust",
        options="price_adjust:88",
        asks="order_id:price_adjust",
        region="zh-HK",
    ),
    Case(
        "damage-hk",
        "速遞送到隻花樽已經爛咗，麻煩補寄，陳小姐",
        "logistics.damage",
        "隻花樽已經爛咗",
        "neutral 1",
        "",
        "resend",
        "name=陳小姐=陳小姐",
        options="resend return_refund:260",
        asks="order_id:resend photo:resend",
        region="zh-HK",
    ),
    Case(
        "refund-hk",
        "退款等咗三個星期都未有消息，問咗四次",
        "aftersales.refund service.unresponsive",
        "",
        "grievance 2",
        "chasing overdue",
        "refund:ask:no_remedy_fits",
        "waited=三個星期=P21D;contacted=四次=4",
        "unknown",
        "owner_takes_over",
        region="zh-HK",
    ),
    Case(
        "question-hk",
        "想問下呢張優惠券可唔可以喺網店用？",
        feels="neutral 0",
        options="information",
        kind="question",
        region="zh-HK",
    ),
]
BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def writer() -> TemplateWriter:
    return TemplateWriter()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Case, writer: TemplateWriter) -> None:
    assert writer.write(case.brief()).text + "\n" == (GOLDEN / f"{case.name}.txt").read_text(encoding="utf-8")


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(BY_NAME)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_variant_says_the_plan_and_nothing_more(case: Case, writer: TemplateWriter) -> None:
    for variant in range(12):
        brief = case.brief(variant)
        draft = writer.write(brief)
        breaches = check(draft, brief.plan, case.text, None, case.now, CURRENCIES[case.region])
        assert [str(breach) for breach in breaches] == []


@pytest.mark.parametrize("region", ["zh-CN", "zh-TW", "zh-HK"])
@pytest.mark.parametrize(
    "domain", ["goods", "takeaway", "dining", "lodging", "digital", "finance", "transport", "unknown"]
)
def test_every_remedy_of_the_shipped_stores_is_worded_as_decided(
    region: Region, domain: str, writer: TemplateWriter
) -> None:
    store = load_policy(files("replykit.bundled.general_stores") / "stores" / f"general-{region[-2:].lower()}.toml")
    case = Case("remedies", "", "other", domain=domain, region=region)
    brief = replace(case.brief(), policy=store)
    option = replace(case, options="x").plan().options[0]
    for remedy in store.remedies:
        given = replace(option, remedy=remedy.id, title=remedy.title, wording=remedy.sentence, owner=remedy.owner)
        priced = replace(given, id="o2", amount=Money(Decimal(20), store.currency))
        plan = replace(brief.plan, options=(given, priced))
        draft = writer.write(replace(brief, plan=plan))
        assert [str(breach) for breach in check(draft, plan, "", None, case.now, store.currency)] == [], draft.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_trace_covers_the_text_in_order(case: Case, writer: TemplateWriter) -> None:
    draft = writer.write(case.brief())
    spans = [trace.span for trace in draft.trace]
    assert spans == sorted(spans)
    between = [draft.text[a.end : b.start] for a, b in pairwise(spans)]
    assert all(re.fullmatch(r"(?:\n(?:\d\. )?)?", gap) for gap in between), between
    assert (spans[0].start, spans[-1].end) == (0, len(draft.text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_parts_stand_in_the_text_in_order(case: Case, writer: TemplateWriter) -> None:
    draft = writer.write(case.brief())
    at = 0
    for words in (draft.parts.empathy, draft.parts.apology, *draft.parts.options, draft.parts.follow_up):
        assert words in draft.text[at:]
        at = draft.text.index(words, at) + len(words)
    assert len(draft.parts.options) == len(case.plan().options)
    assert (draft.parts.apology == "") == (case.kind != "complaint")
    assert draft.text.endswith(SIGNED[case.region])


def test_trace_names_template_plan_item_and_clause(writer: TemplateWriter) -> None:
    draft = writer.write(BY_NAME["takeaway-delay-cn"].brief())
    rows = [(one.part, one.template, one.plan_item, one.clause) for one in draft.trace]
    assert rows == [
        ("empathy", "zh-CN/empathy.v1#greeting", "", ""),
        ("empathy", "zh-CN/empathy.v1#quote-delay-waited", "", ""),
        ("empathy", "zh-CN/empathy.v1#detail-contacted", "", ""),
        ("empathy", "zh-CN/empathy.v1#anger", "", ""),
        ("empathy", "zh-CN/empathy.v1#demand", "", ""),
        ("apology", "zh-CN/apology.v1#delay-takeaway", "", ""),
        ("options", "zh-CN/options.v1#lead-two", "", ""),
        ("options", "zh-CN/options.v1#refund", "o1", "2.1"),
        ("options", "zh-CN/options.v1#coupon", "o2", "2.2"),
        ("follow_up", "zh-CN/follow_up.v1#follow_up-phone", "follow_up", "follow_up"),
        ("signature", "policy#voice.signature", "", ""),
    ]


def test_the_same_case_always_reads_the_same(writer: TemplateWriter) -> None:
    for case in CASES:
        assert writer.write(case.brief(3)) == TemplateWriter().write(case.brief(3))


def test_two_customers_do_not_read_alike(writer: TemplateWriter) -> None:
    case = BY_NAME["takeaway-delay-cn"]
    assert len({writer.write(case.brief(variant)).text for variant in range(20)}) >= 15


def test_a_fact_is_told_once(writer: TemplateWriter) -> None:
    for variant in range(10):
        assert writer.write(BY_NAME["delay-tw"].brief(variant)).text.count("一個禮拜") == 1


def test_customer_text_is_never_compiled(writer: TemplateWriter) -> None:
    case = replace(
        BY_NAME["quality-cn"], text="电水壶{{ 7*7 }}坏了{% raw %}", evidence="坏了", facts="product=电水壶=x"
    )
    assert "49" not in writer.write(case.brief()).text


def test_an_unknown_code_is_noted_not_raised(writer: TemplateWriter) -> None:
    case = replace(BY_NAME["quality-cn"], demands="exchange gift_wrap", asks="shoe_size:exchange 鞋码:exchange")
    draft = writer.write(case.brief())
    assert any("gift_wrap" in note for note in draft.notes)
    assert any("shoe_size" in note for note in draft.notes)
    assert "鞋码" in draft.text


def test_the_orders_product_is_named_where_the_message_names_none(writer: TemplateWriter) -> None:
    brief = replace(BY_NAME["privacy-cn"], types="product.quality").brief()
    brief = replace(brief, thread=replace(brief.thread, order=Order(product="保温杯")))
    assert "保温杯" in writer.write(brief).text


def test_a_stores_sentence_stands_first_and_the_shipped_draft_follows(tmp_path: Path) -> None:
    (tmp_path / "zh-CN").mkdir()
    own = 'version = 2\n[[sentence]]\nid = "coupon"\nslot = "option"\nwhen = { remedies = ["coupon"] }\nhead = "茶券"\n'
    own += "text = [\"由{{ owner }}在{{ deadline }}送您{{ amount or '' }}优惠券喝茶。\"]\n"
    (tmp_path / "zh-CN" / "options.toml").write_text(own, encoding="utf-8")
    first, second, _ = template_writers([load_wording(tmp_path, store="xiaoman")])
    brief = BY_NAME["takeaway-delay-cn"].brief()
    draft = first.write(brief)
    assert draft.parts.options[1] == "茶券：由售后专员在后天（11月26日，周四）18:00前送您20元优惠券喝茶。"
    assert "xiaoman:zh-CN/options.v2#coupon" in {trace.template for trace in draft.trace}
    assert second.write(brief) == TemplateWriter(shipped_wording()).write(brief)


@pytest.mark.parametrize(
    ("amount", "currency", "region", "words"),
    [
        ("38.00", "CNY", "zh-CN", "38元"),
        ("38.50", "CNY", "zh-CN", "38.5元"),
        ("1280", "CNY", "zh-CN", "1280元"),
        ("100", "CNY", "zh-CN", "100元"),
        ("1280", "TWD", "zh-TW", "NT$1,280"),
        ("88", "HKD", "zh-HK", "HK$88"),
        ("88.9", "HKD", "zh-HK", "HK$88.9"),
        ("38", "CNY", "zh-TW", "CNY 38"),
        ("12", "USD", "zh-CN", "USD 12"),
    ],
)
def test_say_money(amount: str, currency: str, region: Region, words: str) -> None:
    assert say_money(Money(Decimal(amount), currency), region) == words


def quoted(text: str, region: Region = "zh-CN", kind: Kind = "complaint") -> str:
    return pick_quote(text, [Span(0, len(text))], region, kind=kind)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("等了很久，饭都凉了！", "饭都凉了"),
        ("而且杯盖裂了。", "杯盖裂了"),
        ("结果，还没发货", "还没发货"),
        ("可口可乐没气了", "可口可乐没气了"),
        ("第一次用就坏了", "第一次用就坏了"),
        ("还款失败扣了钱", "还款失败扣了钱"),
        ("屏幕碎了啊！！", "屏幕碎了"),
        ("wifi连不上", "wifi连不上"),
        ("味道不好吃", "味道不好吃"),  # praise that is denied is no praise
        ("电话打不通 屏幕不亮", "电话打不通"),
        # near misses: what is not quoted
        ("凉了", ""),  # too short
        ("这份饭凉了", ""),  # what does 这 point to
        ("它已经坏了", ""),
        ("垃圾东西坏了", ""),  # abuse
        ("卖的就是破烂，骗子不发货", ""),
        ("再不发货就投诉", ""),  # a threat
        ("不退我就找12315", ""),
        ("以后再也不买了", ""),
        ("质量不错", ""),  # praise
        ("为什么不发货", ""),  # asked of us
        ("到底要不要修", ""),
        ("你们不发货", ""),  # aimed at us
        ("请不要拖了", ""),  # a demand
        ("如果不发货", ""),
        ("物流速度", ""),  # no predicate
        ("单号88213765540不对", ""),  # a long number
        ("见www.abc.com不对", ""),
        ("坏了😡没人管", ""),  # emoji
        ("打[PHONE]没人接", ""),
        ("說好的沒有到貨", ""),  # the other script
        ("不是我说的那种颜色而是完全不同的另外一种很深的蓝颜色", ""),  # too long
        ("没人回复而且", ""),  # cut off
        ("", ""),
    ],
)
def test_quote_of_a_complaint(text: str, quote: str) -> None:
    assert quoted(text) == quote


@pytest.mark.parametrize(
    ("text", "region", "kind", "quote"),
    [
        ("飯都涼了", "zh-TW", "complaint", "飯都涼了"),
        ("饭都凉了", "zh-TW", "complaint", ""),
        ("等咗成個月都未到", "zh-HK", "complaint", "等咗成個月都未到"),
        ("叫全世界唔好買", "zh-HK", "complaint", ""),
        ("師傅很細心，服務很周到", "zh-TW", "praise", "服務很周到"),
        ("服务不好", "zh-CN", "praise", ""),
        ("请问几点关门？", "zh-CN", "question", "几点关门"),
        ("你们几点关门？", "zh-CN", "question", "你们几点关门"),
        ("想問下可唔可以退貨?", "zh-HK", "question", "可唔可以退貨"),
        ("我买了两件", "zh-CN", "question", ""),
    ],
)
def test_quote_by_region_and_kind(text: str, region: Region, kind: Kind, quote: str) -> None:
    assert quoted(text, region, kind) == quote


def test_quote_touches_the_evidence_and_stays_clear_of_what_is_heated() -> None:
    text = "杯盖裂了，热水漏了一地，没法用了"
    assert pick_quote(text, [Span(5, 7)], "zh-CN") == "热水漏了一地"
    assert pick_quote(text, [Span(5, 7)], "zh-CN", avoid=[Span(6, 8)]) == ""
    assert pick_quote(text, [], "zh-CN") == ""


PIECES = [
    "饭凉了",
    "没人管",
    *quote_words().abuse,
    *quote_words().threat,
    "，",
    "。",
    " ",
    "13800001111",
    "😀",
    "\ud800",
    "\x00",
    "吗",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=12).map("".join))
def test_a_quote_never_raises_and_holds_no_abuse(text: str) -> None:
    quote = quoted(text)
    assert quote in text
    assert not any(word in quote.lower() for word in quote_words().abuse + quote_words().threat)
    assert quote == "" or 3 <= len(quote) <= 20


@pytest.mark.parametrize("text", ["饭" * 100_000, "，" * 100_000, "饭凉了，" * 25_000, "a b " * 25_000, "\n" * 100_000])
def test_a_quote_of_a_long_text_is_quick(text: str) -> None:
    assert len(quoted(text)) <= 20


@given(
    st.text(max_size=60),
    st.sampled_from(["zh-CN", "zh-TW", "zh-HK"]),
    st.sampled_from(["complaint", "question", "praise"]),
)
def test_any_text_is_worded(text: str, region: Region, kind: Kind) -> None:
    types = "other" if kind == "complaint" else ""
    case = Case("any", text, types, text, "anger 2", options="callback", region=region, kind=kind)
    draft = TemplateWriter().write(case.brief())
    assert isinstance(draft, Draft)
    assert draft.text.endswith(SIGNED[region])


@pytest.mark.parametrize(
    ("kind", "words", "value", "said"),
    [
        ("waited", "三个小时", "PT3H", {"waited": "三个小时"}),
        ("waited", "三個小時", "PT3H", {}),
        ("contacted", "五次", "5", {"contacted": "五次"}),
        ("contacted", "12次", "12", {"contacted": "12次"}),
        ("contacted", "一次", "1", {}),
        ("contacted", "7条消息", "7", {"contacted": "好多次"}),
        ("name", "王女士", "王女士", {"name": "王女士"}),
        ("name", "王芳", "王芳", {}),
        ("product", "保温杯", "保温杯", {"product": "保温杯"}),
        ("product", "这个", "这个", {}),
        ("product", "垃圾手机", "垃圾手机", {}),
        ("event_at", "周六", "2026-11-28", {"event": "周六"}),
        ("amount", "25块", "CNY 25", {"amount_said": "25块"}),
        ("phone", "13800001111", "13800001111", {}),
        ("order_id", "88213765", "88213765", {}),
    ],
)
def test_facts_as_they_were_said(kind: str, words: str, value: str, said: dict[str, str]) -> None:
    analysis = Case("f", f"他说{words}。", facts=f"{kind}={words}={value}").analysis()
    assert facts_said(analysis, "", "zh-CN") == said


if __name__ == "__main__":
    for one in CASES:
        (GOLDEN / f"{one.name}.txt").write_text(TemplateWriter().write(one.brief()).text + "\n", encoding="utf-8")
