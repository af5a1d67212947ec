"""The house rules: every rule proves itself by its own examples, and near misses are held with exact spans."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit import Found, Kit, Order, Outgoing, PluginError, Span, load_rules
from replykit.review import apply_fixes, review
from replykit.rules import Example, Rule
from replykit.testing import failing_examples, kit, outgoing
from replykit.types import Region
from tests.builders import analysis
from tests.conftest import NOW

RULES: dict[str, Rule] = {rule.code: rule for rule in kit().rules}
EXAMPLES = [
    pytest.param(code, kind, example, id=f"{code}-{kind}-{number}")
    for code, rule in RULES.items()
    for kind in ("bad", "good")
    for number, example in enumerate(getattr(rule, kind))
]
UPSET = analysis("气死我了！等了三个小时外卖还没到！", types="logistics.delay", emotion="anger", intensity=2)
CALM = analysis("请问有没有尺码表？", emotion="neutral", intensity=0)
PRAISE = analysis("菜很好吃，下次还来！", emotion="positive", intensity=0)


def words(code: str, reply: str, region: Region = "zh-CN", **given: object) -> list[str]:
    """Return the words that the rule `code` finds in `reply`."""
    outgoing = replace(Outgoing(reply, region, NOW, "agent"), **given)  # type: ignore[arg-type]
    if outgoing.analysis and outgoing.message is None:
        outgoing = replace(outgoing, message=outgoing.analysis.text)
    found = review(outgoing, [RULES[code]])
    assert not found.warnings
    assert not found.not_run
    assert all(one.message and one.span.end <= len(reply) for one in found.findings)
    return [one.span.of(reply) for one in found.findings]


def test_the_required_rules_are_there() -> None:
    required = "E101 E102 E103 A201 A203 B301 O401 D501 D502 P601 P602 F701 S803 S805"
    assert set(required.split()) <= set(RULES)


def test_errors_by_default_are_those_of_the_documents() -> None:
    errors = {"B303", "P601", "P602", "P603", "P604", "S805", "S806", "C901", "C902", "C903", "C904", "C905", "C907"}
    assert {code for code, rule in RULES.items() if rule.severity == "error"} == errors & set(RULES)


def test_a_plugin_s_author_is_told_what_is_wrong(toolkit: Kit) -> None:
    rule = RULES["D502"]
    assert failing_examples([rule], toolkit) == []
    good, bad = rule.good, rule.bad
    turned = SimpleNamespace(code="D502", name=rule.name, severity=rule.severity, needs=rule.needs, check=rule.check)
    turned.bad, turned.good = good, bad
    assert len(failing_examples([turned], toolkit)) == len(good) + len(bad)


@pytest.mark.parametrize(("code", "kind", "example"), EXAMPLES)
def test_every_rule_proves_itself(toolkit: Kit, code: str, kind: str, example: Example) -> None:
    found = review(outgoing(example, toolkit), [RULES[code]])
    assert not found.warnings
    assert bool(found.findings) == (kind == "bad")
    assert kind == "good" or not found.not_run
    assert all(one.span.start < one.span.end for one in found.findings)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_messages_quote_and_are_written_in_both_scripts(rule: Rule) -> None:
    hans, hant = rule.message.hans, rule.message.hant  # type: ignore[attr-defined]
    assert hans != hant
    assert "\n" not in hans + hant
    assert ("{words}" in hans) == ("{words}" in hant)


# code, region, reply, the words found
BY_THEMSELVES: list[tuple[str, Region, str, list[str]]] = [
    ("A203", "zh-CN", "您好，如果给您造成不便，我们深表歉意。", ["如果给您造成不便，我们深表歉意"]),
    ("A203", "zh-TW", "若有冒犯之處，還請見諒。", ["若有冒犯之處，還請見諒"]),
    ("A203", "zh-HK", "如對您造成任何不便，敬請原諒。", ["如對您造成任何不便，敬請原諒"]),
    ("A203", "zh-CN", "让您空等三个小时，非常抱歉。如果今天18:00前还没到，请告诉我们。", []),
    ("A203", "zh-TW", "造成您的困擾，非常抱歉。若有問題請回覆。", []),
    ("A203", "zh-HK", "令您久等，對不起。如需協助請致電。", []),
    ("B301", "zh-CN", "您好，这是物流公司的问题。", ["是物流公司的问题"]),
    ("B301", "zh-CN", "您好，扣费是系统自动扣的，与我们无关。", ["系统自动扣", "与我们无关"]),
    ("B301", "zh-CN", "包裹是快递弄丢的。", ["快递弄丢的"]),
    ("B301", "zh-TW", "由於廠商的疏失，顏色有誤。", ["由於廠商的疏失"]),
    ("B301", "zh-HK", "呢個係速遞公司嘅問題，唔關我哋事。", ["係速遞公司嘅問題", "唔關我哋事"]),
    ("B301", "zh-CN", "不管是快递还是仓库的问题，都由我们来处理。", []),
    ("B301", "zh-CN", "您说这是物流公司的问题，我们去核实。", []),
    ("B301", "zh-CN", "退款由系统自动原路退回，系统会自动发送短信。", []),
    ("B301", "zh-TW", "即使是物流公司的問題，也由我們先為您負責。", []),
    ("B301", "zh-HK", "我們已聯絡速遞公司，明天12:00前回覆您。", []),
    ("D501", "zh-CN", "我们为您退款38元。", ["退款"]),
    ("D501", "zh-TW", "我們會重寄一個新的給您。", ["重寄"]),
    ("D501", "zh-HK", "我哋會為您更換一部新機。", ["更換一部"]),
    ("D501", "zh-CN", "您的退款正在处理。", ["退款"]),
    ("D501", "zh-CN", "我们为您退款38元。今天18:00前到账。", []),
    ("D501", "zh-CN", "您希望退款，这件商品无法退款。", []),
    ("D501", "zh-CN", "请问您希望退款还是换货？", []),
    ("D501", "zh-CN", "退款进度可以在订单页看到。", []),
    ("D501", "zh-CN", "38元已经退款。", []),
    ("D501", "zh-TW", "我們重寄一個新的給您，三天內寄出。", []),
    ("D501", "zh-HK", "維修主任會在11月24日（星期二）下午6時前為您安排維修。", []),
    ("D502", "zh-CN", "我们会尽快为您处理，稍后回复您。", ["尽快", "稍后"]),
    ("D502", "zh-TW", "我們將盡速處理，近日內與您聯絡。", ["盡速", "近日內"]),
    ("D502", "zh-HK", "我哋會儘快跟進，第一時間通知您。", ["儘快", "第一時間"]),
    ("D502", "zh-CN", "为了账户安全，请您尽快更换密码。", []),
    ("D502", "zh-CN", "您希望尽快收到，我们11月25日18:00前送到。", []),
    ("D502", "zh-CN", "您说“马上到”，让您空等了。", []),
    ("D502", "zh-CN", "我们尽快在今天18:00前处理好。", []),
    ("D502", "zh-TW", "我們會儘快處理，最晚11月25日18:00前完成。", []),
    ("D502", "zh-TW", "沒能及時回覆您，非常抱歉。", []),
    ("D502", "zh-HK", "建議您盡快到醫院檢查。", []),
    ("P601", "zh-CN", "我们保证明天一定送到，绝对没问题。", ["保证", "一定", "绝对"]),
    ("P601", "zh-TW", "以後不會再發生，100%讓您滿意。", ["不會再", "100%"]),
    ("P601", "zh-HK", "最高補償HK$500。", ["最高補償"]),
    ("P601", "zh-CN", "不一定当天到，请您一定留意短信。", []),
    ("P601", "zh-CN", "保证金、保质期和质量保证书都在盒子里，一定程度上可以参考。", []),
    ("P601", "zh-CN", "等了这么久，您一定很着急。", []),
    ("P601", "zh-CN", "为了保证您的信息安全，请私信。感谢您的肯定。", []),
    ("P601", "zh-TW", "我們無法保證當天送到，保證金會退回。", []),
    ("P601", "zh-HK", "品質保證書在盒內，請您一定保留單據。", []),
    ("S803", "zh-TW", "您好，我們會为您退款。", ["为"]),
    ("S803", "zh-CN", "您好，我们会為您處理。", ["為", "處"]),
    ("S803", "zh-HK", "多謝你嘅來信，我哋会跟進。", ["会"]),
    ("S803", "zh-TW", "您說「饭都凉了」，我們很抱歉。", []),
    ("S803", "zh-CN", "您好，我们今天为您处理，晚安。", []),
    ("S803", "zh-HK", "請於十二時後到門市，我們在台面等您。", []),
    ("S803", "zh-TW", "陈先生您好，我們會為您退款。", []),
    ("S805", "zh-CN", "您好，{{name}}，订单【订单号】退款XX元。", ["{{name}}", "【订单号】", "XX"]),
    ("S805", "zh-TW", "親愛的[姓名]，＿＿月＿＿日前完成。", ["[姓名]", "＿＿", "＿＿"]),
    ("S805", "zh-HK", "單號***的包裹，致電××同事。", ["***", "××"]),
    ("S805", "zh-CN", "【青禾服饰】您好，尾号138****1234的手机会接到电话。", []),
    ("S805", "zh-CN", "请填写地址（**市**区**路**号）。", []),
    ("S805", "zh-TW", "WH-XX5耳機和XXL、3XL外套已寄出。", []),
    ("S805", "zh-HK", "【重要】訂單A12***89已出貨。", []),
]


@pytest.mark.parametrize(("code", "region", "reply", "expected"), BY_THEMSELVES)
def test_rules_that_read_the_reply_alone(code: str, region: Region, reply: str, expected: list[str]) -> None:
    assert words(code, reply, region) == expected


ANSWERS: list[tuple[str, str, list[str]]] = [
    ("E101", "您好，请提供订单号。我们来查。", ["您好，请提供订单号。"]),
    ("E101", "您好，請提供單號，感謝您的理解。", ["您好，請提供單號，感謝您的理解。"]),
    ("E101", "请您先别着急，我们来查。", ["请您先别着急，我们来查。"]),
    ("E101", "饭点等了三个小时，换谁都会恼火。", []),
    ("E101", "讓您等了三個小時，難怪您生氣。", []),
    ("E101", "要你等咗三個鐘，明白您嘅感受。", []),
    ("A201", "您好，饭点空等，换谁都会恼火。我们来查。", ["您好，饭点空等，换谁都会恼火。"]),
    ("A201", "您好，您希望我们道歉，我们来查。", ["您好，您希望我们道歉，我们来查。"]),
    ("A201", "让您空等，非常抱歉。", []),
    ("A201", "讓您空等，真的對不起。", []),
    ("A201", "要你等咗咁耐，唔好意思。", []),
    ("O401", "非常抱歉，感谢您的反馈。", ["非常抱歉，感谢您的反馈。"]),
    ("O401", "非常抱歉，請問訂單編號是多少？", ["非常抱歉，請問訂單編號是多少？"]),
    ("O401", "非常抱歉，今天18:00前退您38元。", []),
    ("O401", "非常抱歉，11月25日前重寄一份給您。", []),
    ("O401", "非常抱歉，我們的主任會查核經過，今日下午6時前致電給您。", []),
    ("F701", "非常抱歉。今天退款38元。感谢您的支持。", ["感谢您的支持。"]),
    ("F701", "非常抱歉。已為您退款。祝您購物愉快。", ["祝您購物愉快。"]),
    ("F701", "非常抱歉。明天12:00前给您回电，告诉您处理结果。", []),
    ("F701", "非常抱歉。客服專員會在今天19:00前用訊息告訴您辦到哪一步。", []),
    ("F701", "好抱歉。主任會在聽日12:00前致電給您。", []),
    ("E102", "给您带来不便，非常抱歉。", ["带来不便"]),
    ("E102", "非常理解您的心情。", ["理解您的心情"]),
    ("E102", "您说“等了三个小时”，给您带来不便，非常抱歉。", []),
    ("E103", "由于单量较大，您可以查看进度。给您带来不便，抱歉。", ["不便"]),
    ("E103", "空等三个小时，非常抱歉。由于单量较大，您可以查看进度。", []),
    ("A204", "非常抱歉。我们会改进。", ["抱歉"]),
    ("A204", "让您饿着肚子空等，非常抱歉。", []),
    ("E104", "亲～马上到哦", ["亲"]),
    ("E104", "您的母亲等了三个小时，非常抱歉，10~20分钟内到。", []),
]


@pytest.mark.parametrize(("code", "reply", "expected"), ANSWERS)
def test_rules_that_read_the_message_too(code: str, reply: str, expected: list[str]) -> None:
    assert words(code, reply, analysis=UPSET) == expected


@pytest.mark.parametrize("code", ["E101", "E102", "E103", "A201", "A204", "O401", "F701"])
@pytest.mark.parametrize("read", [CALM, PRAISE], ids=["question", "praise"])
def test_a_question_or_praise_asks_for_no_apology(code: str, read: object) -> None:
    assert words(code, "您好，尺码表在商品页的最下方，谢谢。", analysis=read) == []


LIMITS: list[tuple[str, Region, dict[str, str], dict[str, str], list[str]]] = [
    ("补偿您三百元。", "zh-CN", {"compensation": "50"}, {}, ["三百元"]),
    ("补偿您５１元。", "zh-CN", {"compensation": "50"}, {}, ["５１元"]),
    ("补偿您50元。", "zh-CN", {"compensation": "50"}, {}, []),
    ("补偿您三百元。", "zh-CN", {"coupon": "20"}, {}, ["三百元"]),
    ("先送您30元优惠券，再送您30元优惠券。", "zh-CN", {"coupon": "50"}, {}, ["30元"]),
    ("您可以选择30元优惠券，或者40元优惠券。", "zh-CN", {"coupon": "50"}, {}, []),
    ("送您满300元可用的20元优惠券。", "zh-CN", {"coupon": "20"}, {}, []),
    ("您要求赔偿300元，我们补偿您50元。", "zh-CN", {"compensation": "50"}, {}, []),
    ("我们不能赔偿300元。", "zh-CN", {"compensation": "50"}, {}, []),
    ("這筆訂單為您免單。", "zh-TW", {"refund": "500"}, {"price": "1280"}, ["免單"]),
    ("這筆訂單為您免單。", "zh-TW", {"refund": "1500"}, {"price": "1280"}, []),
    ("補償您８折，退您差額。", "zh-TW", {"compensation": "100"}, {"price": "1280"}, ["８折"]),
    ("全額退款HK$88。", "zh-HK", {"refund": "50"}, {"price": "88"}, ["全額退款", "HK$88"]),
    ("退款500元。", "zh-CN", {}, {}, []),
]


@pytest.mark.parametrize(("reply", "region", "limits", "facts", "expected"), LIMITS)
def test_over_limit(
    toolkit: Kit, reply: str, region: Region, limits: dict[str, str], facts: dict[str, str], expected: list[str]
) -> None:
    found = review(outgoing(Example(reply=reply, region=region, limits=limits, order=facts), toolkit), [RULES["P602"]])
    assert [one.span.of(reply) for one in found.findings] == expected


def test_a_stray_character_is_mended_by_its_neighbors() -> None:
    text = "您好，我們會为您换發票，头发請清理。"
    found = review(Outgoing(text, "zh-TW", NOW), [RULES["S803"]])
    mended = apply_fixes(text, found.findings)
    assert mended == "您好，我們會為您換發票，頭髮請清理。"
    assert not review(Outgoing(mended, "zh-TW", NOW), [RULES["S803"]]).findings


@pytest.mark.parametrize("region", ["zh-CN", "zh-TW", "zh-HK"])
def test_our_own_drafts_pass(toolkit: Kit, region: Region) -> None:
    messages = {
        "zh-CN": "气死我了！等了一个半小时才送到，饭都凉了，退钱！",
        "zh-TW": "太離譜了！寄來的鍋子整個是破的，客服還已讀不回，我要退貨！",
        "zh-HK": "好嬲！等咗成個月都未收到貨，打嚟又冇人聽，我要退錢！",
    }
    reply = kit(region=region).reply(messages[region], now=NOW)
    assert [(one.code, one.span.of(reply.draft.text)) for one in reply.review.findings] == []


@given(
    st.text(
        alphabet=st.sampled_from(
            "亲～您好尽快退款30元【订单号】XX**我们保证一定抱歉如果物流问题。，？“”為们\n\0😀\ud800"
        ),
        max_size=60,
    )
)
def test_never_raises_and_spans_lie_inside(reply: str) -> None:
    outgoing = Outgoing(reply, "zh-CN", NOW, "agent", UPSET.text, UPSET, None, Order(id="A123456"))
    found = review(outgoing, list(RULES.values()))
    assert not found.warnings
    assert all(one.span.start < one.span.end <= len(reply) for one in found.findings)
    mended = apply_fixes(reply, found.findings)
    again = review(replace(outgoing, text=mended), list(RULES.values()))
    assert apply_fixes(mended, again.findings) == mended


@pytest.mark.parametrize(
    "reply", ["", "\0", "\ud800", "😀" * 50, "一" * 100_000], ids=["empty", "null", "lone", "emoji", "long"]
)
def test_odd_texts(reply: str) -> None:
    outgoing = Outgoing(reply, "zh-CN", NOW, "agent", UPSET.text, UPSET)
    assert review(outgoing, list(RULES.values())).warnings == ()


FILE = """
[[forbid]]
code = "X101"
name = "no-dear"
message = { hans = "“{words}”太亲昵", hant = "「{words}」太親暱" }
why = "客户不是亲。"
words = ["亲"]
unless = ["母亲"]
bad = [{ reply = "亲，您好" }]
good = [{ reply = "您的母亲" }]

[[substitute]]
code = "X102"
name = "better-word"
message = { hans = "“{words}”换个说法", hant = "「{words}」換個說法" }
why = "说人话。"
words = ["工单"]
swap = { "工单" = "问题" }
safe = true
bad = [{ reply = "工单已处理" }]
good = [{ reply = "问题已处理" }]

[[limit]]
code = "X103"
name = "one-thanks"
message = { hans = "“{words}”说了{count}次", hant = "「{words}」說了{count}次" }
why = "说一次就够。"
words = ["谢谢"]
most = 1
bad = [{ reply = "谢谢，谢谢" }]
good = [{ reply = "谢谢" }]

[[code]]
code = "X104"
name = "by-code"
message = { hans = "有{words}", hant = "有{words}" }
why = "代码查。"
bad = [{ reply = "一" }]
good = [{ reply = "二" }]
[code.words]
one = ["一"]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "own.toml").write_text(text, "utf-8")
    return folder


def test_a_strangers_rules_are_data(tmp_path: Path) -> None:
    checks = {"X104": lambda outgoing, words: [Found(span) for span in outgoing.where(words["one"])]}
    rules = load_rules(write(tmp_path, FILE), checks)
    assert [rule.code for rule in rules] == ["X101", "X102", "X103", "X104"]
    text = "亲，母亲的工单一，谢谢，谢谢"
    found = review(Outgoing(text, "zh-CN", NOW), rules)
    assert [(one.code, one.span.of(text), one.message) for one in found.findings] == [
        ("X101", "亲", "“亲”太亲昵"),
        ("X102", "工单", "“工单”换个说法"),
        ("X104", "一", "有一"),
        ("X103", "谢谢", "“谢谢”说了2次"),
    ]
    assert apply_fixes(text, found.findings) == "亲，母亲的问题一，谢谢，谢谢"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('unless = ["母亲"]', 'unles = ["母亲"]', r"own\.toml:8: unknown key.*did you mean 'unless'"),
        ('words = ["亲"]', 'words = ["(亲"]', r"own\.toml:7: .*not a regular expression: '\(亲'"),
        ('"工单" = "问题"', '"工单" = "新工单"', r"own\.toml:12.*itself among the words"),
        ("most = 1", "most = 0", r"own\.toml:29: "),
        ("[[limit]]", "[[limit", r"own\.toml:2\d: not valid TOML"),
        ("", "", r"no function checks X104"),
    ],
)
def test_a_wrong_file_names_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(PluginError, match=told) as problem:
        load_rules(write(tmp_path, FILE.replace(old, new, 1)))
    assert problem.value.code == "E306"


def test_a_finding_in_a_traditional_reply_is_told_in_traditional() -> None:
    found = review(Outgoing("我們會儘快處理。", "zh-TW", NOW), [RULES["D502"]])
    assert found.findings[0].message.startswith("「儘快」不是時間")
    assert found.findings[0].span == Span(3, 5)
