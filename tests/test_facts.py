"""Facts of customers' messages in three regions: kind, value and exact words, and what must not be read."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.facts import FactAnalyzer
from replykit.types import Fact, Region

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
ANALYZER = FactAnalyzer()
CN, TW, HK = "zh-CN", "zh-TW", "zh-HK"


def facts(text: str, region: Region = "zh-CN") -> tuple[Fact, ...]:
    return ANALYZER.read(text, NOW, region).facts


def told(text: str, kind: str, region: Region = "zh-CN") -> list[tuple[str, str]]:
    return [(fact.value, fact.span.of(text)) for fact in facts(text, region) if fact.kind == kind]


@pytest.mark.parametrize(
    ("region", "text", "value", "words"),
    [
        (CN, "订单号：2026 1124 0087，一直没发货", "202611240087", "2026 1124 0087"),
        (CN, "订单尾号4471的那单", "4471", "4471"),
        (CN, "单号ＡＢ１２３４５，怎么还没到", "AB12345", "ＡＢ１２３４５"),
        (TW, "訂單編號 TW-2026-8812 少寄一件", "TW-2026-8812", "TW-2026-8812"),
        (TW, "報修單 S1124-0457 沒人處理", "S1124-0457", "S1124-0457"),
        (HK, "張單#7731045漏咗嘢", "7731045", "7731045"),
        (HK, "維修單號 RP-20881 跟成點", "RP-20881", "RP-20881"),
        (HK, "單號 MK-55102\n個外賣員唔見咗", "MK-55102", "MK-55102"),
    ],
)
def test_order_numbers(region: Region, text: str, value: str, words: str) -> None:
    assert told(text, "order_id", region) == [(value, words)]
    assert told(text, "phone", region) == told(text, "tracking_no", region) == []


@pytest.mark.parametrize(
    ("region", "text", "value"),
    [
        (CN, "SF1234567890123一直卡在杭州", "SF1234567890123"),
        (CN, "快递单号 773300128899456 显示签收", "773300128899456"),
        (TW, "黑貓單號 5521-8834-1190 沒更新", "552188341190"),
        (HK, "單號 KC88120043HK 仲未到", "KC88120043HK"),
    ],
)
def test_tracking_numbers(region: Region, text: str, value: str) -> None:
    assert [found for found, _ in told(text, "tracking_no", region)] == [value]
    assert told(text, "order_id", region) == []


@pytest.mark.parametrize(
    ("region", "text", "value"),
    [
        (CN, "请打13812345678", "13812345678"),
        (CN, "联系我 138 1234 5678", "13812345678"),
        (TW, "請回電0912-345-678謝謝", "0912345678"),
        (HK, "打俾我 9123 4567", "91234567"),
        (HK, "電話91234567陳太", "91234567"),
    ],
)
def test_phones(region: Region, text: str, value: str) -> None:
    assert [found for found, _ in told(text, "phone", region)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "打了你们热线400-800-1234没人接",
        "打12315投诉",
        "統編 28871034",
        "你们客服电话021-55667788打不通",
        "身份证110101199003071234",
        "订单号 3098 1127 5540",
    ],
)
def test_no_phone_of_the_customer(text: str) -> None:
    assert told(text, "phone") == []


@pytest.mark.parametrize(
    ("region", "text", "values"),
    [
        (CN, "退我380", ["CNY 380.00"]),
        (CN, "卖399的耳机，隔天降到299", ["CNY 399.00", "CNY 299.00"]),
        (CN, "满299减60用不了", ["CNY 299.00", "CNY 60.00"]),
        (CN, "两百五买的，退我两百五", ["CNY 250.00"]),
        (CN, "实付３００元", ["CNY 300.00"]),
        (CN, "早餐13块2", ["CNY 13.20"]),
        (CN, "补三百很难吗", ["CNY 300.00"]),
        (CN, "让我赔199检测费", ["CNY 199.00"]),
        (CN, "共扣了56.80两次", ["CNY 56.80"]),
        (CN, "花了小两万", ["CNY 20000.00"]),
        (CN, "你们说赔30元，我花了30块", ["CNY 30.00"]),
        (TW, "刷了1,280沒收到貨", ["TWD 1280"]),
        (TW, "多收手續費兩千四", ["TWD 2400"]),
        (TW, "退我320塊", ["TWD 320"]),
        (HK, "收咗我$1,680", ["HKD 1680"]),
        (HK, "扣咗HK$27.9", ["HKD 27.90"]),
        (HK, "港幣伍仟元唔見咗", ["HKD 5000"]),
        (HK, "美元612.40", ["USD 612.40"]),
    ],
)
def test_amounts(region: Region, text: str, values: list[str]) -> None:
    assert [value for value, _ in told(text, "amount", region)] == values


@pytest.mark.parametrize(
    "text",
    [
        "尺码168，体重55",
        "打12315",
        "我是90后",
        "第3代，过了3C认证",
        "一般般，一直没人理，万一坏了呢，千万别买",
        "iPhone 15，4K，256G",
        "退一赔三，假一赔十",
        "打8折，退30%",
        "扣了68,000积分",
        "收到2件，少了3个",
        "赔50-100元",
        "一分钱没多收",
        "2026年买的，退2次了",
        "撕开是2025.08过期",
        "退货3天了",
        "订单 20261124008812",
        "一共来了16个人",
        "双11买的耳机",
        "莫名被扣800多兆",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert told(text, "amount") == []


@pytest.mark.parametrize(
    ("region", "text", "value", "words"),
    [
        (CN, "我等了三个小时还没到", "PT3H", "三个小时"),
        (CN, "到现在五天了没人理", "P5D", "五天"),
        (CN, "申请退款一个半月了还没到账", "P45D", "一个半月"),
        (CN, "说好24小时回电，今天第11天", "P11D", "第11天"),
        (CN, "排队排了90分钟", "PT90M", "90分钟"),
        (TW, "等了兩週都沒消息", "P14D", "兩週"),
        (TW, "現在都快50個小時了", "PT50H", "快50個小時"),
        (HK, "等咗半個鐘都冇人聽", "PT30M", "半個鐘"),
        (HK, "遲咗成個月喇", "P30D", "成個月"),
    ],
)
def test_waits(region: Region, text: str, value: str, words: str) -> None:
    assert told(text, "waited", region) == [(value, words)]


@pytest.mark.parametrize(
    "text",
    [
        "用了三个月就坏了",
        "保修期一年",
        "孩子六个月",
        "请在三天内答复",
        "我在你家买了四年了",
        "買咗兩日就壞",
        "24小时客服",
        "七天无理由退货",
        "懷孕11週",
        "等了半天",
        "48小时才能解锁",
        "2026年",
    ],
)
def test_what_is_no_wait(text: str) -> None:
    assert told(text, "waited") == []


@pytest.mark.parametrize(
    ("region", "text", "value", "words"),
    [
        (CN, "催了四次都没人管", "4", "四次"),
        (CN, "第三次催了", "3", "第三次"),
        (CN, "微信问了三回", "3", "三回"),
        (TW, "客服打了六通電話", "6", "六通電話"),
        (HK, "致電三次都冇人聽", "3", "三次"),
    ],
)
def test_contacts(region: Region, text: str, value: str, words: str) -> None:
    assert told(text, "contacted", region) == [(value, words)]


@pytest.mark.parametrize("text", ["送修三次了", "一次性付清", "师傅来了两次", "考了两次没过", "推销电话一天三个"])
def test_what_is_no_contact(text: str) -> None:
    assert told(text, "contacted") == []


@pytest.mark.parametrize(
    ("region", "text", "kind", "value", "words"),
    [
        (CN, "11月3号买的，昨天坏了", "bought_at", "2026-11-03", "11月3号"),
        (CN, "11月3号买的，昨天坏了", "event_at", "2026-11-23", "昨天"),
        (CN, "去年双十一买的", "bought_at", "2025-11-11", "去年双十一"),
        (CN, "1月6号才买的", "bought_at", "2026-01-06", "1月6号"),
        (CN, "周三约的师傅没来", "event_at", "2026-11-18", "周三"),
        (CN, "周六要参加婚礼", "event_at", "2026-11-28", "周六"),
        (TW, "11/18買的除濕機", "bought_at", "2026-11-18", "11/18"),
        (TW, "下週四要出國", "event_at", "2026-12-03", "下週四"),
        (HK, "琴日買嘅蛋糕", "bought_at", "2026-11-23", "琴日"),
        (HK, "聽日12點前要用", "event_at", "2026-11-25T12:00", "聽日12點前"),
        (HK, "於11月17日早上8時20分出事", "event_at", "2026-11-17T08:20", "11月17日早上8時20分"),
    ],
)
def test_dates(region: Region, text: str, kind: str, value: str, words: str) -> None:
    assert told(text, kind, region) == [(value, words)]


@pytest.mark.parametrize(
    "text",
    [
        "昨天打电话给你们",
        "生产日期11月2号",
        "我明天就打12315",
        "今天必须解决",
        "请于下星期五前回复",
        "上个月底买的",
        "每月5号扣款",
    ],
)
def test_what_is_no_date_of_the_case(text: str) -> None:
    assert told(text, "event_at") == told(text, "bought_at") == []


@pytest.mark.parametrize(
    ("region", "text", "words"),
    [
        (CN, "客服说48小时内退款，没退", "48小时内退款"),
        (CN, "你们承诺“七天无理由退货”，现在又不退", "七天无理由退货"),
        (CN, "海报写着“首杯免费，第二杯半价”，结果照收", "首杯免费，第二杯半价"),
        (TW, "客服答應三天內回電", "三天內回電"),
        (TW, "網站寫「終身保固」", "終身保固"),
        (HK, "職員表示「三個工作天內會有專人聯絡」", "三個工作天內會有專人聯絡"),
    ],
)
def test_promises(region: Region, text: str, words: str) -> None:
    assert told(text, "promised", region) == [(words, words)]


@pytest.mark.parametrize(
    "text", ["客服说“这是人为损坏”", "店員說「系統規定不能退」", "按假一赔十来", "我说三天内必须退款"]
)
def test_what_is_no_promise(text: str) -> None:
    assert told(text, "promised") == []


@pytest.mark.parametrize(
    ("region", "text", "name"),
    [
        (CN, "我是李女士，请回电", "李女士"),
        (CN, "联系人 周敏 13812345678", "周敏"),
        (TW, "請處理。\n林小姐 0912-345-678", "林小姐"),
        (HK, "謝謝。\n陳大文 謹啟", "陳大文"),
    ],
)
def test_names(region: Region, text: str, name: str) -> None:
    assert told(text, "name", region) == [(name, name)]


@pytest.mark.parametrize(
    "text", ["请尽快处理，谢谢", "客服王小姐很好", "高兴不起来", "我是凌晨，到的", "感謝陳先生幫忙"]
)
def test_what_is_no_name_of_the_customer(text: str) -> None:
    assert told(text, "name") == []


@pytest.mark.parametrize(
    ("region", "text", "product"),
    [
        (CN, "刚买的空气炸锅坏了", "空气炸锅"),
        (CN, "昨天收到的儿童羽绒服开线", "儿童羽绒服"),
        (TW, "這台除濕機漏水", "除濕機"),
        (HK, "喺你哋度買咗部12公升抽濕機", "12公升抽濕機"),
    ],
)
def test_products(region: Region, text: str, product: str) -> None:
    assert told(text, "product", region) == [(product, product)]


@pytest.mark.parametrize("text", ["打电话没人接", "借室友手机发的", "我要退款"])
def test_what_is_no_product(text: str) -> None:
    assert told(text, "product") == []


def test_a_whole_message() -> None:
    text = "我11/18買的氣炸鍋壞了，訂單 TW-2026-8812，請退我1,280，電話 0912-345-678"
    assert [(fact.kind, fact.value) for fact in facts(text, "zh-TW")] == [
        ("bought_at", "2026-11-18"),
        ("product", "氣炸鍋"),
        ("order_id", "TW-2026-8812"),
        ("amount", "TWD 1280"),
        ("phone", "0912345678"),
    ]


WORDS = [
    "退我",
    "380",
    "订单",
    "AB-12345",
    "等了",
    "三个小时",
    "问了",
    "3次",
    "承诺",
    "明天",
    "11月3号",
    "买的",
    "手机",
    "我是",
]
PIECES = st.sampled_from([*"号说“”，,$元前第天\n\ud800\x00😀", *WORDS, "李女士", "9123 4567", "13812345678"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@settings(max_examples=250, deadline=None)
@given(TEXTS, st.sampled_from([CN, TW, HK]))
def test_never_raises_and_spans_hold(text: str, region: Region) -> None:
    found = facts(text, region)
    assert all(0 <= fact.span.start < fact.span.end <= len(text) and fact.value for fact in found)
    apart = [fact for fact in found if fact.kind != "promised"]  # an amount may stand inside a promise
    assert not any(a.span.overlaps(b.span) for i, a in enumerate(apart) for b in apart[:i])


@pytest.mark.parametrize(
    "unit",
    ["退我380，", "说“", "李", "9", "订单 A1-", "等了三天", "手机", "\n李明", "11月3号买的", "打了3次", "“", "9123 "],
)
def test_a_long_text_takes_linear_time(unit: str) -> None:
    started = perf_counter()
    facts(unit * (20_000 // len(unit)))
    assert perf_counter() - started < 5
