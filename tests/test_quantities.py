"""Values in Chinese text: what is read, over which words, and what only looks like a value."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.quantities import Quantity, parse_number, read
from replykit.quantities.dates import weekday
from replykit.quantities.numerals import fold
from replykit.types import Money

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=TZ)  # a Tuesday


def told(text: str, currency: str = "CNY") -> list[tuple[str, object, str]]:
    """Return kind, value and words of each quantity; money as "CNY 30"."""
    return [(one.kind, plain(one), one.span.of(text)) for one in read(text, NOW, currency)]


def plain(one: Quantity) -> object:
    return f"{one.value.currency} {one.value.value:f}" if isinstance(one.value, Money) else one.value


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TZ)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("一百二十", 120),
        ("两百五", 250),
        ("一千二", 1200),
        ("一千零二", 1002),
        ("三万五", 35000),
        ("百二", 120),
        ("千二", 1200),
        ("十五", 15),
        ("廿三", 23),
        ("俩", 2),
        ("仨", 3),
        ("半", "0.5"),
        ("三点五", "3.5"),
        ("伍仟", 5000),
        ("壹佰貳拾", 120),
        ("兩萬零五百", 20500),
        ("一亿二千万", 120_000_000),
        ("二〇二六", 2026),
        ("３００", 300),
        ("1,280", 1280),
        ("１，２８０", 1280),
        ("1.2万", 12000),
        ("3k", 3000),
        ("3百", 300),
        ("2千5", 2500),
        ("2千5百", 2500),
        ("三百多", 300),
        ("13块2", "13.20"),
        ("3块5毛", "3.50"),
        ("五块二毛五分", "5.25"),
    ],
)
def test_one_number(words: str, value: object) -> None:
    assert parse_number(words) == Decimal(str(value))


@pytest.mark.parametrize(
    "words",
    ["", " ", "十几", "几百", "两三", "七八", "万一", "千万", "百", "一般", "1,28", "三百元左右", "abc", "9" * 99],
)
def test_no_one_number(words: str) -> None:
    assert parse_number(words) is None


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("退您三百二十块。", "CNY 320", "三百二十块"),
        ("共３００元整", "CNY 300", "３００元"),
        ("￥1,280", "CNY 1280", "￥1,280"),
        ("一共13块2啊", "CNY 13.20", "13块2"),
        ("便宜了五毛钱", "CNY 0.5", "五毛钱"),
        ("3元5角", "CNY 3.50", "3元5角"),
        ("收80元五金费", "CNY 80", "80元"),
        ("1.2万元的沙发", "CNY 12000", "1.2万元"),
        ("两百多块", "CNY 200", "两百多块"),
        ("NT$18,700", "TWD 18700", "NT$18,700"),
        ("新台幣三千元", "TWD 3000", "新台幣三千元"),
        ("HK$88.5", "HKD 88.5", "HK$88.5"),
        ("港幣伍仟元", "HKD 5000", "港幣伍仟元"),
        ("三百蚊", "CNY 300", "三百蚊"),
        ("US$30", "USD 30", "US$30"),
        ("$50", "USD 50", "$50"),
        ("30美金", "USD 30", "30美金"),
        ("€20", "EUR 20", "€20"),
        ("300日元", "JPY 300", "300日元"),
        ("两块运费", "CNY 2", "两块"),
    ],
)
def test_amounts(text: str, value: str, words: str) -> None:
    assert told(text) == [("amount", value, words)]


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [("320塊", "TWD", "TWD 320"), ("$50", "HKD", "HKD 50"), ("百二蚊", "HKD", "HKD 120"), ("¥50", "TWD", "CNY 50")],
)
def test_a_bare_unit_has_the_region_s_currency(text: str, currency: str, value: str) -> None:
    assert told(text, currency) == [("amount", value, text)]


@pytest.mark.parametrize(
    "text",
    [
        "尺码168",
        "打12315投诉",
        "我是90后",
        "第3代产品",
        "3C认证",
        "一般般",
        "一直没人理",
        "万一坏了呢",
        "千万别买",
        "iPhone 15",
        "4K 720p",
        "168/55kg",
        "13800138000",
        "订单 20261117883021",
        "3单元602室",
        "元旦促销",
        "两块蛋糕",
        "我们一块去",
        "一分不少",
        "十几块",
        "好几十块",
        "三折叠手机",
        "骨折了",
        "百分百满意",
        "九成新",
        "一次性付清",
        "怎么回事",
        "再一次",
        "三年级",
        "五周岁",
        "16:9",
        "有一点慢",
        "三点建议",
        "售后天天推托",
        "目前天气",
        "3号楼",
        "5号电池",
        "想换大一号",
        "細一號有冇貨",
        "工号12号",
        "只退1/3",
        "24/7",
        "每周三开会",
        "周一至周五",
        "13月5日",
        "2月30日",
        "月底退",
        "今日头条",
        "八號風球",
        "大半夜",
        "三折叠屏",
        "九成九是假的",
        "二号卖场",
    ],
)
def test_near_misses(text: str) -> None:
    assert told(text) == []


def test_a_full_width_comma_between_numbers_joins_nothing() -> None:
    assert told("付了299元，300元没退") == [("amount", "CNY 299", "299元"), ("amount", "CNY 300", "300元")]


def test_a_range_of_money_is_no_amount() -> None:
    assert told("赔50-100元") == [("amount_range", "CNY 100", "50-100元")]
    assert told("三百到五百块") == [("amount_range", "CNY 500", "三百到五百块")]


@pytest.mark.parametrize(
    ("text", "kind", "value", "words"),
    [
        ("退30%", "percent", 30, "30%"),
        ("百分之三十", "percent", 30, "百分之三十"),
        ("退三成团费", "percent", 30, "三成"),
        ("给您８折", "discount", 80, "８折"),
        ("打八五折", "discount", 85, "八五折"),
        ("85折", "discount", 85, "85折"),
        ("9.5折", "discount", 95, "9.5折"),
        ("退３０％", "percent", 30, "３０％"),
        ("扣百分之十五", "percent", 15, "百分之十五"),
        ("賠你五成", "percent", 50, "五成"),
        ("利息15.5%", "percent", "15.5", "15.5%"),
        ("全場七折", "discount", 70, "七折"),
        ("会员价９５折", "discount", 95, "９５折"),
        ("打八点五折", "discount", 85, "八点五折"),
        ("一折清倉", "discount", 10, "一折"),
    ],
)
def test_shares(text: str, kind: str, value: int | str, words: str) -> None:
    assert told(text) == [(kind, Decimal(value), words)]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("等了三个小时", 3 * HOUR, "三个小时"),
        ("半小时", HOUR / 2, "半小时"),
        ("一个半小时", 1.5 * HOUR, "一个半小时"),
        ("两小时半", 2.5 * HOUR, "两小时半"),
        ("1小时30分钟", 1.5 * HOUR, "1小时30分钟"),
        ("90分钟", 1.5 * HOUR, "90分钟"),
        ("一個多小時", HOUR, "一個多小時"),
        ("等咗個幾鐘", HOUR, "個幾鐘"),
        ("等咗個半鐘", 1.5 * HOUR, "個半鐘"),
        ("半個鐘頭", HOUR / 2, "半個鐘頭"),
        ("五粒鐘", 5 * HOUR, "五粒鐘"),
        ("24-48小时", 48 * HOUR, "24-48小时"),
        ("7日內", 7 * DAY, "7日"),
        ("两三天", 3 * DAY, "两三天"),
        ("三四天", 4 * DAY, "三四天"),
        ("半个月", 15 * DAY, "半个月"),
        ("两个多小时", 2 * HOUR, "两个多小时"),
        ("大半年", 180 * DAY, "大半年"),
        ("等咗大半個鐘", HOUR / 2, "大半個鐘"),
        ("一个来月", 30 * DAY, "一个来月"),
        ("3至5天", 5 * DAY, "3至5天"),
        ("两周", 14 * DAY, "两周"),
        ("兩個禮拜", 14 * DAY, "兩個禮拜"),
        ("一个半月", 45 * DAY, "一个半月"),
        ("成個月", 30 * DAY, "成個月"),
        ("俩月", 60 * DAY, "俩月"),
        ("半年", 180 * DAY, "半年"),
        ("一年", 365 * DAY, "一年"),
    ],
)
def test_durations(text: str, value: timedelta, words: str) -> None:
    assert told(text) == [("duration", value, words)]


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("3个工作日内", 3, "3个工作日"),
        ("三個工作天", 3, "三個工作天"),
        ("1-3个工作日", 3, "1-3个工作日"),
        ("两到三个工作日", 3, "两到三个工作日"),
        ("七個營業日", 7, "七個營業日"),
        ("10至14個工作天", 14, "10至14個工作天"),
    ],
)
def test_workdays(text: str, value: int, words: str) -> None:
    assert told(text) == [("workdays", value, words)]


@pytest.mark.parametrize(
    ("text", "value", "words"), [("第三次了", 3, "第三次"), ("3次", 3, "3次"), ("三回", 3, "三回"), ("两遍", 2, "两遍")]
)
def test_counts(text: str, value: int, words: str) -> None:
    assert told(text) == [("count", value, words)]


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("明天（11月25日，周三）18:00前给您答复", at(25, 18), "明天（11月25日，周三）18:00前"),
        ("下週二（12/1）中午前回覆", at(1, 12, month=12), "下週二（12/1）中午前"),
        ("今天18:00前", at(24, 18), "今天18:00前"),
        ("於11月25日（周三）下午6点前", at(25, 18), "11月25日（周三）下午6点前"),
        ("聽日（11月25日，星期三）下午6時前", at(25, 18), "聽日（11月25日，星期三）下午6時前"),
        ("2026-11-26 9:30", at(26, 9, 30), "2026-11-26 9:30"),
        ("今晚9点", at(24, 21), "今晚9点"),
        ("尋晚7點", at(23, 19), "尋晚7點"),
        ("今晚12点", at(25, 0), "今晚12点"),
        ("明天下午三点半", at(25, 15, 30), "明天下午三点半"),
        ("今天中午", at(24, 12), "今天中午"),
        ("11/20下午三點左右", at(20, 15), "11/20下午三點左右"),
    ],
)
def test_moments(text: str, value: datetime, words: str) -> None:
    (one,) = read(text, NOW)
    assert (one.kind, one.value, one.span.of(text), one.consistent) == ("datetime", value, words, True)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("昨日收到", date(2026, 11, 23), "昨日"),
        ("琴日收到", date(2026, 11, 23), "琴日"),
        ("后天要用", date(2026, 11, 26), "后天"),
        ("前天坏的", date(2026, 11, 22), "前天"),
        ("周三见", date(2026, 11, 25), "周三"),
        ("上周五", date(2026, 11, 20), "上周五"),
        ("下週二", date(2026, 12, 1), "下週二"),
        ("這禮拜天", date(2026, 11, 29), "這禮拜天"),
        ("11月3号", date(2026, 11, 3), "11月3号"),
        ("十一月三十日", date(2026, 11, 30), "十一月三十日"),
        ("去年12月24號", date(2025, 12, 24), "去年12月24號"),
        ("1月6日", date(2027, 1, 6), "1月6日"),
        ("2026年10月20日", date(2026, 10, 20), "2026年10月20日"),
        ("115年11月3日", date(2026, 11, 3), "115年11月3日"),
        ("11/20", date(2026, 11, 20), "11/20"),
        ("11/9momo買的", date(2026, 11, 9), "11/9"),
        ("27号截止", date(2026, 11, 27), "27号"),
        ("本月25日", date(2026, 11, 25), "本月25日"),
        ("12月3日至7日", date(2026, 12, 3), "12月3日至7日"),
        ("下星期三（2號）", date(2026, 12, 2), "下星期三（2號）"),
    ],
)
def test_dates(text: str, value: date, words: str) -> None:
    assert told(text) == [("date", value, words)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18:00", time(18)),
        ("下午三点半", time(15, 30)),
        ("晚上9点", time(21)),
        ("下午6時", time(18)),
        ("中午前", time(12)),
    ],
)
def test_times(text: str, value: time) -> None:
    assert told(text) == [("time", value, text)]


@pytest.mark.parametrize(
    "text",
    [
        "明天（11月26日，周三）18:00前",
        "明天（11月25日，周四）18:00前",
        "下週二（11/24）中午前",
        "11月25日（周四）下午6点前",
        "明天（2月30日）",
    ],
)
def test_contradicting_words_are_told(text: str) -> None:
    (one,) = read(text, NOW)
    assert not one.consistent
    assert one.span.of(text) == text


def test_direction_settles_what_the_words_leave_open() -> None:
    for text, past, coming in [
        ("周三", date(2026, 11, 18), date(2026, 11, 25)),
        ("1月6日", date(2026, 1, 6), date(2027, 1, 6)),
        ("5号", date(2026, 11, 5), date(2026, 12, 5)),
    ]:
        assert [one.value for one in read(text, NOW, direction="past")] == [past]
        assert [one.value for one in read(text, NOW, direction="coming")] == [coming]
    assert weekday(NOW.date(), 2) == weekday(NOW.date(), 2, "past") == NOW.date()


def test_dates_side_by_side_stay_apart() -> None:
    assert [words for _, _, words in told("11/4、11/9、11/16 三次")] == ["11/4", "11/9", "11/16", "三次"]
    assert [words for _, _, words in told("昨天，周三去的")] == ["昨天", "周三"]
    assert [words for _, _, words in told("11月20日（星期五下單）")] == ["11月20日", "星期五"]


WORDS = ["明天", "周三", "11月25日", "11/20", "18:00", "下午", "6点", "2026", "去年", "中午", "小时", "工作日", "HK$"]
PIECES = st.sampled_from(
    [*"下前号月年日半3三十百万两几099１８个個鐘次第元块毛$¥%折约的（）(),，.：-至/ \n\ud800\x00😀", *WORDS]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_never_raises_and_spans_hold(text: str) -> None:
    found = read(text, NOW)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert len(fold(text)) == len(text)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@settings(max_examples=250, deadline=None)
@given(TEXTS.map(lambda text: text.replace("，", ",").replace("￥", "¥")).map(fold))
def test_full_and_half_width_read_the_same(text: str) -> None:
    assert read(text.translate(_WIDE), NOW) == read(text, NOW)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 99999))
def test_every_whole_number_reads_back(number: int) -> None:
    assert parse_number(f"{number}") == parse_number(f"{number:,}") == number
    assert [plain(one) for one in read(f"退{number}元", NOW)] == [f"CNY {number}"]


@pytest.mark.parametrize("unit", ["9", "十", "下午", "3点", "(", "周一至", "1,", "個半", "￥1-", "第1", "百分之"])
def test_a_long_text_takes_linear_time(unit: str) -> None:
    started = perf_counter()
    read(unit * (40_000 // len(unit)), NOW)
    assert perf_counter() - started < 5
