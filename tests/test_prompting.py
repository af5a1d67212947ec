"""The wording files: what is checked when they are read, and which sentence is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from replykit.errors import PromptError
from replykit.prompting import SLOTS, Wording, fill, foreign_characters, load_wording, shipped_wording
from replykit.types import REGIONS, Region

FEELING = """version = {version}

[[sentence]]
id = "feeling"
slot = "feeling"
text = ["看明白了。"]
"""


def store(tmp_path: Path, text: str, region: str = "zh-CN", part: str = "empathy") -> Wording:
    folder = tmp_path / region
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.toml").write_text(text, encoding="utf-8")
    return load_wording(tmp_path, store="teashop")


def sentence(slot: str, text: str, more: str = "") -> str:
    return f'version = 1\n\n[[sentence]]\nid = "mine"\nslot = "{slot}"\n{more}\ntext = ["{text}"]\n'


def test_shipped_wording_is_whole() -> None:
    wording = shipped_wording()
    for region in REGIONS:
        for part, slots in SLOTS.items():
            for slot in slots:
                assert wording.sentences[region, part, slot], (region, part, slot)


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_words_the_same_cases(region: Region) -> None:
    wording = shipped_wording()
    ids = {where: {(one.part, one.id) for one in wording if one.region == where} for where in REGIONS}
    assert ids[region] == ids["zh-CN"]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("slot", ["feeling", "sorry", "apology"])
def test_common_sentences_have_variants(region: Region, slot: str) -> None:
    part = "empathy" if slot == "feeling" else "apology"
    texts = {text for one in shipped_wording().sentences[region, part, slot] for text in one.texts}
    assert len(texts) >= 15 or slot == "sorry"


# Words that no reply of ours uses, with those that a region leaves to its neighbors.
NEVER = [
    "尽快",
    "儘快",
    "盡快",
    "马上",
    "馬上",
    "稍后",
    "稍後",
    "第一时间",
    "第一時間",
    "一定",
    "保证",
    "保證",
    "绝对",
    "絕對",
]
NEVER += [
    "承诺",
    "承諾",
    "工单",
    "工單",
    "客诉",
    "客訴",
    "反馈给",
    "相关部门",
    "相關部門",
    "如果",
    "如有",
    "不便",
    "!",
    "！",
]
NEVER += ["理解您的心情", "XX", "您的支持", "最高", "免费", "免費"]
ELSEWHERE = {
    "zh-CN": ["宅配", "簡訊", "品質", "網路", "速遞", "周到", "落单"],
    "zh-TW": ["快遞", "質量", "短信", "反饋", "速遞", "短訊", "外賣", "落單", "視頻", "網絡", "周三", "賬"],
    "zh-HK": ["快遞", "宅配", "外送", "簡訊", "質量", "短信", "反饋", "門市", "網路", "賬"],
}


@pytest.mark.parametrize("region", REGIONS)
def test_no_sentence_uses_a_forbidden_word(region: Region) -> None:
    texts = [(one.name, text) for one in shipped_wording() if one.region == region for text in (*one.texts, one.head)]
    found = [(name, word) for name, text in texts for word in NEVER + ELSEWHERE[region] if word in text]
    assert found == []


@pytest.mark.parametrize("region", REGIONS)
def test_no_sentence_holds_a_number(region: Region) -> None:
    """Numbers come from the plan only; seven days is the name of a right."""
    texts = [text for one in shipped_wording() if one.region == region for text in one.texts]
    assert [
        text for text in texts if any(char.isdigit() for char in text.replace("wish_2", "").replace("ask_2", ""))
    ] == []


@pytest.mark.parametrize("region", REGIONS)
def test_apologies_promise_and_condition_nothing(region: Region) -> None:
    texts = [text for one in shipped_wording() if one.region == region and one.part == "apology" for text in one.texts]
    for word in ["退", "换", "換", "修", "赔", "賠", "若", "要是", "我们的错", "我們的錯", "责任", "責任"]:
        assert [text for text in texts if word in text] == [], word


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        (sentence("feeling", "{{ produkt }}"), "E401", 7, "produkt"),
        (sentence("option", "{{ lipsum() }}"), "E402", 7, "option"),
        (sentence("feeling", "{{ range(9) }}"), "E401", 7, "range"),
        (sentence("feeling", "{{ product }}好"), "E402", 7, "product"),
        (sentence("feeling", "{% if x"), "E402", 7, "template"),
        (sentence("feeling", "這件事"), "E402", 7, "這"),
        (sentence("feelings", "好"), "E402", 7, "feelings"),
        (sentence("feeling", "好", 'wen = "x"'), "E402", 6, "wen"),
        (sentence("feeling", "好", 'when = { type = ["privacy"] }'), "E402", 6, "type"),
        ("version = 1\n", "E402", 1, "sentence"),
        ("version = \n", "E402", 1, "TOML"),
        (sentence("feeling", "好") + "\n" + sentence("feeling", "好")[13:], "E402", 13, "twice"),
    ],
)
def test_errors_name_file_line_and_sentence(tmp_path: Path, text: str, code: str, line: int, says: str) -> None:
    with pytest.raises(PromptError) as caught:
        store(tmp_path, text)
    assert caught.value.code == code
    assert f"empathy.toml:{line}" in caught.value.message
    assert says in str(caught.value)


def test_unknown_variable_lists_those_known(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"known here: .*product.*waited") as caught:
        store(tmp_path, sentence("feeling", "{{ produkt }}"))
    assert "'mine'" in caught.value.message


@pytest.mark.parametrize(
    "more_and_text",
    [('when = { facts = ["product"] }', "{{ product }}好"), ("", "{% if product %}{{ product }}{% endif %}好")],
)
def test_a_value_that_may_lack_is_asked_for_or_tested(tmp_path: Path, more_and_text: tuple[str, str]) -> None:
    assert list(store(tmp_path, sentence("feeling", more_and_text[1], more_and_text[0])))


def test_unknown_part_suggests_one(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no part is called 'empaty'") as caught:
        store(tmp_path, FEELING.format(version=1), part="empaty")
    assert caught.value.code == "E402"
    assert "empathy" in caught.value.hint


def test_folder_without_wording(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no wording here"):
        load_wording(tmp_path, store="teashop")


def test_shipped_wording_may_lack_nothing(tmp_path: Path) -> None:
    (tmp_path / "zh-CN").mkdir()
    (tmp_path / "zh-CN" / "empathy.toml").write_text(FEELING.format(version=1), encoding="utf-8")
    with pytest.raises(PromptError, match="slot 'greeting' has no sentence for every case"):
        load_wording(tmp_path)


def case(**known: str) -> dict[str, frozenset[str]]:
    return {key: frozenset(words.split()) for key, words in known.items()}


@pytest.mark.parametrize(
    ("slot", "known", "id"),
    [
        ("feeling", case(), "feeling"),
        ("feeling", case(emotions="anger", intensity="2"), "anger"),
        ("feeling", case(emotions="anger", intensity="3"), "anger-fierce"),
        ("feeling", case(emotions="anger", intensity="3", signals="injury"), "injury-angry"),
        ("feeling", case(emotions="grievance", signals="chasing repeat"), "grievance-waiting"),
        ("event", case(types="product.quality"), "quality"),
        ("event", case(types="product.mismatch", domains="goods"), "mismatch"),
        ("event", case(types="logistics.delay"), "delay"),
        ("event", case(types="logistics.delay", facts="waited product"), "delay-waited"),
        ("event", case(types="productive.thing"), "event"),
        ("detail", case(also="service.attitude"), "detail-attitude"),
    ],
)
def test_the_most_specific_sentence_is_chosen(slot: str, known: dict[str, frozenset[str]], id: str) -> None:
    chosen = shipped_wording().choose("zh-CN", "empathy", slot, known)
    assert chosen is not None
    assert chosen.id == id


def test_an_optional_slot_may_choose_nothing() -> None:
    assert shipped_wording().choose("zh-CN", "empathy", "detail", case(types="logistics.delay")) is None


def test_override_by_id_and_by_more_conditions(tmp_path: Path) -> None:
    own = store(
        tmp_path,
        FEELING.format(version=7)
        + '[[sentence]]\nid = "tea"\nslot = "feeling"\nwhen = { types = ["product"], domains = ["takeaway"] }\n'
        + 'text = ["一杯好茶没喝上。"]\n',
    )
    shipped = shipped_wording()
    both = shipped.overridden_by(own)
    assert both.store == "teashop"
    plain = both.choose("zh-CN", "empathy", "feeling", case())
    assert plain is not None
    assert (plain.name, plain.texts) == ("teashop:zh-CN/empathy.v7#feeling", ("看明白了。",))
    tea = both.choose("zh-CN", "empathy", "feeling", case(types="product.quality", domains="takeaway"))
    assert tea is not None
    assert tea.id == "tea"
    other = both.choose("zh-TW", "empathy", "feeling", case())
    assert other is not None
    assert other.name == "zh-TW/empathy.v1#feeling"
    assert shipped.choose("zh-CN", "empathy", "feeling", case()) != plain


def test_variants_differ_between_customers_and_never_for_one() -> None:
    anger = shipped_wording().choose("zh-CN", "empathy", "feeling", case(emotions="anger", intensity="2"))
    assert anger is not None
    assert {anger.text(variant) for variant in range(40)} == set(anger.texts)
    assert all(anger.text(variant) == anger.text(variant) for variant in range(40))


def test_a_value_is_never_a_template() -> None:
    assert fill("您说“{{ quote }}”", {"quote": "{{ 7 * 7 }}{% raw %}"}, "x") == "您说“{{ 7 * 7 }}{% raw %}”"


@pytest.mark.parametrize("snippet", ["{{ quote.__class__.__mro__ }}", "{{ missing }}", "{{ quote / 0 }}"])
def test_a_snippet_that_fails_is_one_error(snippet: str) -> None:
    with pytest.raises(PromptError, match=r"zh-CN/empathy.v1#x cannot be worded"):
        fill(snippet, {"quote": "凉了"}, "zh-CN/empathy.v1#x")


@pytest.mark.parametrize(
    ("text", "region", "foreign"),
    [
        ("饭都凉了", "zh-CN", ""),
        ("飯都涼了", "zh-CN", "飯涼"),
        ("飯都涼了", "zh-TW", ""),
        ("饭都凉了", "zh-HK", "饭凉"),
        ("台灣的後面只有一里", "zh-TW", ""),
        ("等咗成個月都未收到", "zh-HK", ""),
        ("吃的用的，了解一下", "zh-TW", ""),
        ("ABC 123 😀", "zh-CN", ""),
        ("", "zh-TW", ""),
        ("\ud800\x00", "zh-TW", ""),
    ],
)
def test_foreign_characters(text: str, region: Region, foreign: str) -> None:
    assert foreign_characters(text, region) == foreign
