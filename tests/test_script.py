from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.script import Detection, convert, detect
from replykit.types import REGIONS, Region, Script, Span


@pytest.mark.parametrize(
    ("text", "script", "region"),
    [
        ("快递等了三天还没到，没人回复我", "Hans", "zh-CN"),
        ("差评", "Hans", "zh-CN"),
        ("发", "Hans", "zh-CN"),
        ("怎么回事", "Hans", "zh-CN"),
        ("以后不去了", "Hans", "zh-CN"),  # 后 alone proves nothing, 以后 does
        ("衣服干净", "Hans", "zh-CN"),
        ("我在台北买的手机坏了", "Hans", "zh-CN"),
        ("貨", "Hant", None),
        ("東西壞了，請幫我處理", "Hant", None),
        ("然後呢", "Hant", None),
        ("宅配送來的東西壞了，我要退費", "Hant", "zh-TW"),
        ("超商取貨沒收到簡訊耶", "Hant", "zh-TW"),
        ("扣了我NT$1,280，請退回", "Hant", "zh-TW"),
        ("扣了我ＮＴ＄１，２８０，請退回", "Hant", "zh-TW"),  # full width
        ("過了鑑賞期就不理人，我要找消保官", "Hant", "zh-TW"),
        ("貨送錯咗喎，你哋幾時換返俾我", "Hant", "zh-HK"),
        ("本店職員態度惡劣，要求退還HK$300", "Hant", "zh-HK"),
        ("速遞至今未到，請電郵回覆", "Hant", "zh-HK"),
        ("快遞至今未到", "Hant", None),
        ("您好，請問訂單進度", "Hant", None),
        ("喇叭壞了，請換一個", "Hant", None),  # 喇 is Cantonese only as a particle
        # Cantonese in simplified characters: the reply is written in the customer's script
        ("唔系啊，佢地话今日送货，而家都冇到", "Hans", "zh-CN"),
        # no evidence of script
        ("佢唔肯", "Unknown", "zh-HK"),
        ("再不退就找12315", "Unknown", "zh-CN"),
        ("垃圾", "Unknown", None),
        ("台中", "Unknown", None),
        ("于小姐", "Unknown", None),
        ("皇后大道", "Unknown", None),
        ("好吃", "Unknown", None),
        ("一", "Unknown", None),
        # strays do not make a text Mixed, real mixing does
        ("這個产品有問題，請幫我處理退貨，謝謝", "Hant", None),
        ("這体", "Hant", None),
        ("我在「鼎豐樓」吃饭等了两个小时，点的菜还没有来，服务员说厨师请假了，这样对待顾客吗？", "Hans", "zh-CN"),
        ("這個產品有問題，请帮我处理退货", "Mixed", None),
    ],
)
def test_script_and_region(text: str, script: Script, region: Region | None) -> None:
    assert detect(text) == Detection("zh", script, region)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "und"),
        ("   \n", "und"),
        ("😡😡😡", "und"),
        ("12345 6789", "und"),
        ("!!!???", "und"),
        ("ok", "und"),
        ("\ud800", "und"),
        ("\x00", "und"),
        ("Where is my parcel? I have been waiting for three weeks.", "en"),
        ("cancel my order", "en"),
        ("My 订单 has not arrived for three weeks, please send the money back", "en"),
        ("Ist meine Bestellung schon unterwegs? Ich warte seit drei Wochen.", "de"),
        ("Где мой заказ? Я жду уже три недели", "ru"),
        ("商品がまだ届いていません。返金してください。", "ja"),
        ("返品したい", "ja"),
        ("カード", "ja"),
        ("배송이 너무 늦어요. 환불해 주세요.", "ko"),
        ("환불", "ko"),
    ],
)
def test_not_chinese(text: str, language: str) -> None:
    assert detect(text) == Detection(language, "Unknown", None)


@pytest.mark.parametrize(
    "text",
    [
        "退款",
        "不行",
        "客服在吗",
        "iPhone 15 Pro Max 黑屏",
        "鲜の味外卖漏了",
        "在メルカリ买的相机坏了三次",
        "退",
        "冇",
        "OK的",
    ],
)
def test_chinese_however_short(text: str) -> None:
    assert detect(text).language == "zh"


def test_only_the_beginning_is_read() -> None:
    assert detect("发" * 20_000 + "發" * 100_000).script == "Hans"


@pytest.mark.parametrize(
    ("text", "region", "converted"),
    [
        ("我们会在三天内处理", "zh-TW", "我們會在三天內處理"),
        ("我们会在三天内处理", "zh-HK", "我們會在三天內處理"),
        ("我們會在三天內處理", "zh-CN", "我们会在三天内处理"),
        ("我们会处理", "zh-CN", "我们会处理"),
        # 台 stays, and so does 臺 where it was written
        ("台北门市，柜台", "zh-TW", "台北門市，櫃檯"),
        ("台湾的臺北", "zh-TW", "台灣的臺北"),
        ("台湾里面", "zh-HK", "台灣裏面"),
        ("两张床，一群人", "zh-HK", "兩張床，一群人"),
        ("说明税费，脱水，阅读", "zh-HK", "說明稅費，脫水，閱讀"),
        # words stay: only the script changes
        ("感谢您的支持，退款程序", "zh-TW", "感謝您的支持，退款程序"),
        ("身份证明文件", "zh-TW", "身份證明文件"),
        ("质量", "zh-TW", "質量"),
        # one character, two traditional ones
        ("头发在发票里", "zh-TW", "頭髮在發票裡"),
        ("以后请联系皇后店", "zh-TW", "以後請聯繫皇后店"),
        ("衣服干了", "zh-TW", "衣服乾了"),
        ("今天干什么", "zh-TW", "今天幹什麼"),
        ("面里有头发", "zh-TW", "麵裡有頭髮"),
        ("面里有头发", "zh-HK", "麵裏有頭髮"),
        # what is not ours stays
        ("您说的「发货太慢」我们记下了", "zh-TW", "您說的「发货太慢」我們記下了"),
        ("您说的“发货太慢”我们记下了", "zh-HK", "您說的“发货太慢”我們記下了"),
        ("详情见https://example.com/帮助/a?q=发票 谢谢", "zh-TW", "詳情見https://example.com/帮助/a?q=发票 謝謝"),
        ("详情见https://example.com/help谢谢", "zh-TW", "詳情見https://example.com/help謝謝"),
        ("订单 AB-12 发货", "zh-TW", "訂單 AB-12 發貨"),
        ("引号没关「发货", "zh-TW", "引號沒關「發貨"),
        ("a\x00发\ud800发", "zh-TW", "a\x00發\ud800發"),
        ("", "zh-TW", ""),
    ],
)
def test_convert(text: str, region: Region, converted: str) -> None:
    assert convert(text, region) == converted


def test_protected_names_stay() -> None:
    text = "范先生、于小姐，您好，关于余额"
    assert convert(text, "zh-TW", [Span(4, 6), Span(0, 2)]) == "范先生、于小姐，您好，關於餘額"
    assert convert(text, "zh-TW", [Span(0, 5), Span(3, 6), Span(10, 900)]) == "范先生、于小姐，您好，关于余额"
    assert convert(text, "zh-TW", [Span(50, 60)]).endswith("關於餘額")


STRAYS = st.sampled_from(["发", "發", "后", "「", "“", "”", "https://", "の", "는", "唔", "喔", "\ud800", "\x00", "😀"])
TEXTS = st.lists(st.one_of(st.text(max_size=8), STRAYS), max_size=12).map("".join)
quick = settings(max_examples=40, deadline=None)


@quick
@given(TEXTS)
def test_detect_never_raises(text: str) -> None:
    found = detect(text)
    assert found == detect(text)
    assert found.region is None or found.region in REGIONS


@quick
@given(TEXTS, st.sampled_from(REGIONS), st.integers(0, 20), st.integers(0, 20))
def test_convert_keeps_what_is_protected(text: str, region: Region, start: int, length: int) -> None:
    assert convert(text, region, [Span(0, len(text))]) == text
    span = Span(start, start + length)
    assert span.of(text) in convert(text, region, [span])


@pytest.mark.parametrize("unit", ["发", "干", "a", "ab ", "「a", "“", "https://a/发", "あ", "😀", "\x00"])
def test_long_texts(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    detect(text)
    assert convert(text, "zh-TW", [Span(0, 3)]).startswith(text[:3])
