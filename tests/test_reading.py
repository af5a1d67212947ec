"""What the bundled lexicons alone read: each family with finds, negations and near misses, in three regions."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from importlib import import_module
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.analysis import UPSET, analyze
from replykit.config import Config, ModelSection
from replykit.folding import fold
from replykit.hookspecs import Analyzer
from replykit.lexicon import SURE, Lexicon
from replykit.types import Analysis, Message, Reading

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
ANALYZERS: list[Analyzer] = []
import_module("replykit.bundled.reading").register_analyzers(ANALYZERS.append, Config(model=ModelSection(path="none")))
LEXICON = next(one for one in ANALYZERS if one.name == "reading")


def read(text: str) -> Reading:
    return LEXICON.read(text, NOW, "zh-CN")


def analysis(text: str) -> Analysis:
    return analyze(Message(text), [LEXICON], NOW, "zh-CN")


def sure(text: str, family: str) -> dict[str, list[str]]:
    found = getattr(read(text), family)
    return {one.code: [span.of(text) for span in one.evidence] for one in found if one.score >= SURE}


TYPES = [
    ("product.quality", "才用两天屏幕就黑屏了", "刚买的音箱就有杂音", "部機用咗一日就壞咗"),
    ("product.mismatch", "和图片完全不一样，色差太大", "尺碼不對，與描述不符", "件衫貨不對辦"),
    ("product.counterfeit", "怀疑是假货", "這支根本是翻新機", "懷疑買到A貨"),
    ("product.safety", "面包发霉了，吃完拉肚子", "便當裡吃到蟑螂", "飲完成晚肚痛"),
    ("logistics.delay", "下单五天还没发货", "宅配遲遲不出貨", "等咗成個禮拜仲未到"),
    ("logistics.damage", "汤全洒了，盒子也压扁了", "紙箱破損，杯子碎了", "隻碗送到碎晒，包裝破"),
    ("logistics.fulfilment", "少送了一份米饭", "寄錯顏色，還少了一個配件", "漏咗支凍檸茶，少咗個湯"),
    ("price.dispute", "刚买完第二天就降价了", "比實體店貴，不值這個價", "買貴咗，隔日就減價"),
    ("price.charge", "莫名其妙被扣费，自动续费也没提醒", "信用卡被重複扣款", "碌多咗一次卡，乱收费"),
    ("service.attitude", "客服态度恶劣，直接挂我电话", "店員臉色很難看，態度超差", "個職員黑面，冇禮貌"),
    ("service.unresponsive", "打了五次电话都没人接", "客服已讀不回，互相推諉", "熱線冇人聽，冇人跟進"),
    ("service.promise", "说好送的保温杯没有兑现承诺", "當初承諾免運，現在出爾反爾", "應承咗送貨又甩底"),
    ("aftersales.refund", "七天无理由也不给退货", "申請退款被拒絕", "唔肯退錢"),
    ("aftersales.repair", "返厂维修了三次还没修好", "保固期內卻要收維修費", "部雪櫃整咗三次都整唔好，維修"),
    ("system.fault", "APP闪退，登录不了", "網頁打不開，一直收不到驗證碼", "個app死機，登唔到"),
    ("privacy", "天天收到骚扰电话，我的信息泄露了", "個資外洩，一直接到推銷電話", "私隱外洩，成日有推銷電話"),
    ("other", "要发票一直不给开", "沒有發票，統編也沒打", "冇發票，唔開發票"),
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, *texts in TYPES for text in texts])
def test_every_type_in_three_regions(code: str, text: str) -> None:
    assert code in sure(text, "types")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("product.safety", "没有过敏，很温和"),
        ("product.safety", "卫生间很干净"),
        ("product.counterfeit", "国庆放假的时候买的"),
        ("logistics.damage", "包装很好，没有破损"),
        ("service.attitude", "服务态度很好，很热情"),
        ("price.dispute", "价格不贵，很划算"),
        ("price.charge", "本店免费包邮"),
        ("aftersales.refund", "我不是要退款，只想问问进度"),
        ("aftersales.refund", "唔係要退錢"),
        ("logistics.delay", "昨天下单今天就到，速度很快"),
        ("privacy", "隐私保护做得好"),
    ],
)
def test_near_misses_of_types(code: str, text: str) -> None:
    assert code not in sure(text, "types")


SIGNALS = [
    ("abuse", "你们就是一群骗子", "骗子"),
    ("abuse", "真是奸商，不要脸", "奸商"),
    ("abuse", "仆街，黑店嚟", "仆街"),
    ("threat.review", "等着收差评吧", "差评"),
    ("threat.review", "我要發文叫大家不要買", "大家不要買"),
    ("threat.platform", "再这样我就申请平台介入", "平台介入"),
    ("threat.regulator", "如果再不处理就投诉到12315", "12315"),
    ("threat.regulator", "我要向消保官申訴", "消保官"),
    ("threat.regulator", "我會去消委會同海關投訴", "消委會"),
    ("threat.legal", "我会找律师起诉你们", "律师"),
    ("threat.legal", "不退錢我就寄存證信函", "存證信函"),
    ("threat.legal", "唔賠我就去小額錢債", "小額錢債"),
    ("threat.media", "再拖就找电视台曝光", "找电视"),
    ("threat.media", "我會搵記者", "記者"),
    ("churn", "以后再也不来了", "再也不"),
    ("churn", "唔會再幫襯", "唔會再"),
    ("repeat", "修好没两天又坏了", "又坏"),
    ("repeat", "整咗又壞，第三次喇", "第三次"),
    ("rejects_solution", "十块钱的券我不要", "券我不要"),
    ("rejects_solution", "這個方案我不接受", "不接受"),
    ("overdue", "等了三个小时还没送到", "等了"),
    ("chasing", "我已经催了好几次", "催了"),
    ("vulnerable", "家里有孕妇", "孕妇"),
    ("vulnerable", "老人家行動不便", "行動不便"),
    ("injury", "孩子吃完上吐下泻，去医院了", "上吐下泻"),
    ("injury", "玻璃割傷手，流血不止", "流血"),
    ("deadline", "明天就是婚礼，等着用", "婚礼"),
    ("vip", "我是你們的老客戶了", "老客戶"),
]


@pytest.mark.parametrize(("code", "text", "words"), SIGNALS)
def test_every_signal_with_its_words(code: str, text: str, words: str) -> None:
    found = sure(text, "signals")
    assert code in found
    assert any(words in one or one in words for one in found[code])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("abuse", "这手机信号真垃圾"),
        ("abuse", "接到骗子电话，提醒一下"),
        ("threat.platform", "我不想投诉你们，请尽快处理"),
        ("threat.platform", "不会去平台投诉的"),
        ("threat.regulator", "实付315元"),
        ("threat.regulator", "我不会去12315，好好说就行"),
        ("threat.regulator", "我唔會去消委會投訴"),
        ("threat.legal", "看到广告里写着包邮"),
        ("threat.legal", "我没打算起诉"),
        ("threat.media", "这款多媒体音箱不错"),
        ("threat.media", "網紅店，打卡的人很多"),
        ("threat.review", "好评，没有差评"),
        ("injury", "没有过敏，很好用"),
        ("injury", "看到价格有点头疼"),
        ("churn", "再也不用担心没电了"),
        ("deadline", "生日蛋糕很好吃"),
        ("vip", "会员价多少"),
        ("threat.regulator", "客服说“去12315投诉也没用”"),  # the staff's words
    ],
)
def test_near_misses_of_signals(code: str, text: str) -> None:
    assert code not in sure(text, "signals")


DEMANDS = [
    ("refund", "请退款"),
    ("refund", "為什麼還沒有退款"),
    ("refund", "退返錢俾我"),
    ("return", "我要退货"),
    ("exchange", "请给我换一个新的"),
    ("exchange", "为什么不给换"),
    ("resend", "少的那份请补发"),
    ("repair", "什么时候派人来修"),
    ("compensation", "我要求賠償"),
    ("statutory_damages", "必须退一赔三"),
    ("statutory_damages", "假一賠十"),
    ("price_adjust", "请补差价"),
    ("expedite", "麻烦尽快发货"),
    ("expedite", "幾時先送到，快啲啦"),
    ("cancel", "我要取消订单"),
    ("apology", "要求店长公开道歉"),
    ("explanation", "請給我一個解釋"),
    ("discipline", "请严肃处理这名员工"),
    ("callback", "请回电"),
    ("improve", "希望你们改进服务"),
    ("invoice", "麻烦开发票"),
    ("information", "请问支持货到付款吗"),
]


@pytest.mark.parametrize(("code", "text"), DEMANDS)
def test_every_demand(code: str, text: str) -> None:
    assert code in sure(text, "demands")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("refund", "我不是要退款"),
        ("refund", "唔係要退錢，只想知道幾時到"),
        ("refund", "并非要求退款"),
        ("compensation", "沒有要什麼賠償"),
        ("compensation", "不用赔"),
        ("compensation", "并非要求赔偿"),
        ("exchange", "客服说“只能换货”"),
        ("exchange", "我不想换货"),
        ("apology", "不用道歉了"),
        ("cancel", "商家取消了我的订单"),
    ],
)
def test_what_the_customer_does_not_ask_for(code: str, text: str) -> None:
    assert code not in sure(text, "demands")


@pytest.mark.parametrize(
    ("emotion", "text"),
    [
        ("anger", "什么态度！气死我了！！"),
        ("anger", "真是谢谢你们了，等了一个月还没发货"),
        ("anger", "呵呵，你們可真行，客服態度爛透了"),
        ("disappointment", "味道一般，有点失望"),
        ("anxiety", "急用，怎么办，麻烦尽快"),
        ("grievance", "等了这么久没人理，心累，算了"),
        ("betrayal", "虚假宣传，感觉上当受骗了"),
        ("positive", "质量很好，物流也快，很满意"),
        ("positive", "店員很親切，好吃又實惠，推薦"),
        ("neutral", "请问这款有黑色吗"),
    ],
)
def test_the_leading_emotion(emotion: str, text: str) -> None:
    assert analysis(text).emotion.primary == emotion


@pytest.mark.parametrize(
    "text", ["衣服很好看，快递也快，下次还来！", "質感很好，出貨快，推薦", "好好食，下次再嚟", "谢谢客服，很耐心，满意"]
)
def test_praise_is_no_complaint(text: str) -> None:
    found = analysis(text)
    assert (found.is_complaint, found.emotion.primary, found.emotion.intensity) == (False, "positive", 0)


@pytest.mark.parametrize("text", ["请问这款可以水洗吗？", "請問有門市可以自取嗎？", "想問下有冇現貨？"])
def test_a_question_asks_for_information(text: str) -> None:
    found = analysis(text)
    assert not found.is_complaint
    assert found.emotion.primary == "neutral"
    assert [one.code for one in found.demands] == ["information"]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (3, "骗子！！！滚！！！你们去死吧！！！"),
        (2, "太差劲了，客服态度恶劣，必须投诉！！"),
        (1, "有点小瑕疵，颜色不太对"),
        (0, "很好"),
    ],
)
def test_intensity(level: int, text: str) -> None:
    assert analysis(text).emotion.intensity == level


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        ("goods", "快递到了，充电器坏了"),
        ("takeaway", "骑手把外卖送错了"),
        ("dining", "訂位後到餐廳等了一小時才上菜"),
        ("lodging", "酒店房间隔音很差"),
        ("digital", "宽带断网，流量也被扣"),
        ("finance", "信用卡被银行扣年费"),
        ("transport", "航班取消，机票不给退"),
    ],
)
def test_the_trade(domain: str, text: str) -> None:
    assert analysis(text).domain == domain


# Messages to service: (text, types, demands, signals) that must be certain enough to rest a reply on; "" for none.
SERVICE = [
    ("衬衫洗第一次就缩水，袖子短了一大截，我要退货退款", "product.quality", "return refund", ""),
    ("T恤洗两次就起球掉色，请给我换一件", "product.quality", "exchange", ""),
    ("書包背三天拉鍊壞掉，可以換一個嗎", "product.quality", "exchange", ""),
    ("件外套收到先知袖口有個窿，又唔畀退", "product.quality aftersales.refund", "", ""),
    ("尺码和详情页对不上，想换大一号", "product.mismatch", "exchange", ""),
    ("實物與圖片差好遠，鞋面的花色完全不一樣", "product.mismatch", "", ""),
    ("件衫貨不對板，碼數偏細，想換大一碼", "product.mismatch", "exchange", ""),
    ("拿去专柜验出假货，要求退一赔三", "product.counterfeit", "statutory_damages", ""),
    ("序號查不到，這台根本是翻新當新賣", "product.counterfeit", "", ""),
    ("對鞋拎去鑑定唔過，擺明係假嘢", "product.counterfeit", "", ""),
    ("孩子吃了你们的蛋糕，夜里一直吐，里面吃出一小截塑料", "product.safety", "", "injury vulnerable"),
    ("延長線插上去就冒火花，手麻了一下", "product.safety", "", "injury"),
    ("碗粥入面有條蟲，食完一直嘔吐", "product.safety", "", "injury"),
    ("快递被丢驿站，没打电话就走了", "logistics.delay", "", ""),
    ("貨態停在轉運中心三天沒動，請盡快送達，還要等多久", "logistics.delay", "expedite", ""),
    ("件貨仲未收到，幾時送呀", "logistics.delay", "expedite", ""),
    ("收到时碗碎了三个，箱子里没有泡沫", "logistics.damage", "", ""),
    ("系統顯示已取件，可是包裹被領走了不是我", "logistics.damage", "", ""),
    ("樽豉油送到碎晒，倒瀉晒", "logistics.damage", "", ""),
    ("我少收到一盒濾紙，請補寄給我", "logistics.fulfilment", "resend", ""),
    ("订单里少了一双袜子，还发错颜色，请补发", "logistics.fulfilment", "resend", ""),
    ("你哋執錯貨，漏咗支叉電線，麻煩補返", "logistics.fulfilment", "resend", ""),
    ("刚买就降了一百，你们却不给价保，请补差价", "price.dispute", "price_adjust", ""),
    ("折扣碼用不了，結帳沒折到，請補差額", "price.dispute", "", ""),
    ("張券話唔適用，冇減到", "price.dispute", "", ""),
    ("会员到期前没有提醒就自动续费扣了198，请退还并关掉自动续费", "price.charge", "refund cancel", ""),
    ("同一筆刷了兩次，請退回多扣的錢", "price.charge", "refund", ""),
    ("碌咗兩次卡，退返錢俾我", "price.charge", "refund", ""),
    ("店員在全店面前說我媽媽「買不起就不要摸」，我只要一個道歉和說明", "service.attitude", "apology explanation", ""),
    ("客服语气很冲，直接挂断我电话，必须道歉", "service.attitude", "apology", ""),
    ("個職員反白眼，好串，要佢同我道歉", "service.attitude", "apology", ""),
    ("问了三遍都没人回复，转来转去", "service.unresponsive", "", "chasing"),
    ("從頭到尾都是機器人，請轉真人，給我一個電話", "service.unresponsive", "callback", ""),
    ("熱線冇人接，email又冇人覆", "service.unresponsive", "", ""),
    ("你哋話七日內可以換，而家又話唔得", "service.promise", "", ""),
    ("当初说好三天内上门，结果又改期", "service.promise", "", ""),
    ("店長答應過幫我留貨，卻賣給別人", "service.promise", "", ""),
    ("退货申请被驳回，运费还要我出运费", "aftersales.refund", "", ""),
    ("拆封就不能退，退回購物金我不收", "aftersales.refund", "", ""),
    ("退款拖咗成個月，一直冇退款", "aftersales.refund", "", ""),
    ("返修两次还没修好，说我人为损坏", "aftersales.repair", "", ""),
    ("保固期內送廠，說缺零件，還未修好", "aftersales.repair", "", ""),
    ("部機整極都整唔好，等緊零件", "aftersales.repair", "", ""),
    ("付款失败，一直转圈，下不了单", "system.fault", "", ""),
    ("登不進去，驗證碼收不到", "system.fault", "", ""),
    ("個app入唔到，收唔到驗證碼", "system.fault", "", ""),
    ("张口就报出我的名字，资料外泄了", "privacy", "", ""),
    ("把我的照片放到群裡，請刪除所有照片", "privacy", "improve", ""),
    ("寄往舊址，畀人拆閱，張單印埋我電話", "privacy", "", ""),
    ("抬头开错，找了三次都说在处理，请重开", "other", "invoice", ""),
    ("統編打錯了，請重新開立，重開一張", "other", "invoice", ""),
    ("冇收據，唔開發票", "other", "", ""),
    ("后天婚礼要用，求加急", "", "expedite", "deadline"),
    ("家母行動不便，麻煩派人來修", "", "repair", "vulnerable"),
    ("老會員了，再不處理就請平台仲裁", "", "", "vip threat.platform"),
    ("紅包不要，代金券我不收", "", "", "rejects_solution"),
    ("再唔處理就海關見", "", "", "threat.regulator"),
    ("请处理这位师傅，严惩", "", "discipline", ""),
    ("要求賠償醫藥費", "", "compensation", ""),
    ("请问怎么申请延保", "", "information", ""),
]


@pytest.mark.parametrize(("text", "types", "demands", "signals"), SERVICE)
def test_messages_to_service_are_certain(text: str, types: str, demands: str, signals: str) -> None:
    found = analysis(text)
    certain = found.certain()
    assert set(types.split()) <= {one.code for one in certain.types}
    assert set(demands.split()) <= {one.code for one in certain.demands}
    assert set(signals.split()) <= {one.code for one in found.signals}


@pytest.mark.parametrize(
    "text",
    [
        "昨天来送货的师傅特别细心，沙发搬上六楼还帮忙把旧的挪走，一定要夸夸他",
        "謝謝維修站的師傅，很有耐心，沒多收錢，值得表揚",
        "多謝你哋個職員，好有耐性，抵讚",
        "退款已收到，谢谢，比想象快",
        "客服小姐姐很专业又热心，五分钟就处理好，点赞",
        "想问下这件尺码偏大还是偏小",
        "請問鍋子可以用洗碗機嗎",
        "想問下件貨大概幾時到，唔急",
        "请问发票可以开公司抬头吗",
    ],
)
def test_praise_and_questions_to_service_are_no_complaint(text: str) -> None:
    found = analysis(text)
    assert not found.is_complaint
    assert found.emotion.intensity == 0


@pytest.mark.parametrize(
    ("family", "code", "text"),
    [
        ("types", "aftersales.refund", "鞋底开胶，我要退货退款"),  # asking is a demand, not that type
        ("types", "aftersales.refund", "屏幕不亮，要求换货"),
        ("types", "price.dispute", "貴公司與貴店職員請留意"),
        ("types", "product.safety", "优惠券过期了怎么办"),
        ("types", "service.attitude", "信用卡客服可以挂失吗"),
        ("types", "service.unresponsive", "扫地机器人不回充"),
        ("types", "other", "发票和照片附上了"),
        ("demands", "refund", "先别跟我说退钱"),
        ("demands", "refund", "退款收到了，谢谢"),
        ("demands", "exchange", "换来换去还是这批货，我不换了"),
        ("demands", "resend", "补发的配件收到了"),
        ("demands", "invoice", "发票还在，型号PX6"),
        ("signals", "chasing", "昨晚拨了热线，顺手登记了投诉"),
        ("signals", "chasing", "催费一天三个电话"),
        ("signals", "threat.platform", "朋友已经投诉过"),
        ("signals", "threat.media", "请查cctv"),
        ("signals", "threat.regulator", "单号SF1405561230098"),
    ],
)
def test_near_misses_of_messages_to_service(family: str, code: str, text: str) -> None:
    found = analysis(text)
    sources = found.signals if family == "signals" else getattr(found.certain(), family)
    assert code not in {one.code for one in sources}


def test_a_word_has_one_weight_in_a_code() -> None:
    doubled: set[tuple[object, ...]] = set()
    seen: set[tuple[object, ...]] = set()
    for part in Lexicon.load(files("replykit.bundled.reading") / "lexicon").parts:
        for word in {fold(word) for word in part.cue.words}:
            key = (part.family, part.cue.code, part.cue.against, part.cue.labels, word)
            doubled |= {key} & seen
            seen.add(key)
    assert not doubled


def test_every_code_of_the_taxonomy_has_cues() -> None:
    lexicon = Lexicon.load(files("replykit.bundled.reading") / "lexicon")
    codes = {
        part.family: {one.cue.code for one in lexicon.parts if one.family == part.family} for part in lexicon.parts
    }
    assert {family: len(found) for family, found in codes.items()} == {
        "types": 17,
        "signals": 15,
        "demands": 17,
        "emotions": 7,
        "intensity": 2,
        "domain": 7,
    }


def test_a_hundred_characters_are_quick_and_a_long_text_does_not_hang() -> None:
    started = time.perf_counter()
    read("你们的客服说1天退款，等了3个小时还没到。" * 5000)
    assert time.perf_counter() - started < 10  # about 0.3 s; no rate is tested


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("没不要退款投诉差评好！？，。“”「」说客服3天😀\ud800 a"), max_size=60).map("".join))
def test_evidence_lies_inside_and_nothing_contradicts(text: str) -> None:
    found = analysis(text)
    assert analysis(text) == found
    for one in (*found.types, *found.signals, *found.demands):
        assert all(span.of(text) for span in one.evidence)
    if not found.is_complaint:
        assert found.emotion.primary not in UPSET


@pytest.mark.parametrize("text", ["我要跳楼，不处理我今天就自杀", "真的活不下去了，錢都沒了", "唔想生啦，攞返啲錢俾我"])
def test_who_speaks_of_dying_goes_to_a_person_at_once(text: str) -> None:
    found = analysis(text)
    assert found.has("injury")
    assert found.urgency.level == "critical"
