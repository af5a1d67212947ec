"""What patterns need, and that leaving out those that cannot match changes nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from replykit.prefilter import ANY, Sieve, grams, pattern, spans

ALPHABET = "退货a,"
TEXTS = st.text(ALPHABET, max_size=9)
Case = tuple[str, str]  # a pattern, and words that it should match

LITERALS = st.text(ALPHABET, min_size=1, max_size=3).map(lambda word: (word, word))
ONES = [(".", "a"), ("[退货]", "货"), ("[^退货]", "a"), ("[退a-c]", "b"), ("(?i:A)", "a"), ("(?>退|货)", "货")]
GAPS = [("[^,]{0,3}", "a"), (".{1,2}", "退a"), ("^", ""), ("$", ""), ("(?<!退)", ""), ("(?!退)", ""), ("(?=a)", "")]
TIMES = [("?", 0), ("??", 1), ("*", 2), ("{1,2}", 1), ("{2,3}?", 3), ("{0,2}", 0)]


def in_a_row(cases: list[Case]) -> Case:
    return "".join(source for source, _ in cases), "".join(words for _, words in cases)


def one_of(cases: list[Case]) -> Case:
    return f"(?:{'|'.join(sorted(source for source, _ in cases))})", cases[0][1]


def repeated(case: tuple[Case, tuple[str, int]]) -> Case:
    (source, words), (sign, times) = case
    return f"(?:{source}){sign}", words * times


def grown(inner: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    some = st.lists(inner, min_size=1, max_size=3)
    return some.map(in_a_row) | some.map(one_of) | st.tuples(inner, st.sampled_from(TIMES)).map(repeated)


CASES = st.recursive(LITERALS | st.sampled_from(ONES + GAPS), grown, max_leaves=8)


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("退", ["退"]),
        ("退货", ["退货"]),
        ("仅退款", ["仅退", "退款"]),
        ("(?:不|没)退", ["不退 没退"]),
        ("不(?:能|给)?退", ["不退 不能 不给"]),  # one pair alone tells where a word is no longer than that
        ("[了过]{0,2}退款", ["退款"]),
        ("钱.{0,6}(?:没|不)退", ["不退 没退", "钱"]),  # the rarer first
        ("(?:退款|.{0,3}货)到", ["到", "退款 货"]),
        ("(?:退|换){2}", ["退 换"]),
        ("退(?!货)款", ["退款"]),
        ("(?:退款)?", [""]),
        ("退款|.", [""]),
        (r"\d{2}", [""]),
        ("[0-2]折", ["0折 1折 2折"]),
        ("[a-c退]{1,3}货", ["货", "a b c 退"]),
        ("[\u4e00-\u9fff]", [""]),
        (".(?=退)", ["退"]),
        (".(?<=退|换)", ["退 换"]),
        ("[^退]", [""]),
        ("(?i:A)", [""]),
        ("(?i)a", [""]),
    ],
)
def test_what_a_pattern_needs(source: str, needs: list[str]) -> None:
    assert list(pattern(source).needs) == [set(need.split(" ")) for need in needs]


@pytest.mark.parametrize(
    ("text", "found"), [("钱没给退", False), ("没退钱", True), ("钱还没退", True), ("钱还没有退", False), ("", False)]
)
def test_a_text_must_hold_a_word_of_every_need(text: str, found: bool) -> None:
    assert pattern("钱.{0,6}没退").fits(grams(text)) is found


@pytest.mark.parametrize("text", ["钱没给退", "没退钱", "钱还没退", "没给我退钱", ""])
def test_a_search_that_is_left_out_would_have_found_nothing(text: str) -> None:
    source = "(?:没|不)[给我]{0,2}退"
    found = [match.group() for match in pattern(source).finditer(text)]
    assert found == [match.group() for match in re.finditer(source, text)]


@pytest.mark.parametrize("source", ["(退", "退)", "[退", "*", r"\1"])
def test_what_is_no_regular_expression_is_refused_at_once(source: str) -> None:
    with pytest.raises(re.error):
        pattern(source)


@settings(max_examples=300)
@given(CASES, TEXTS, TEXTS)
@example(("退[^,]{0,3}货", "退a货"), "", "")
@example((r"(退|货)a\1", "货a货"), "", "")
@example(("(?:退货|退款|[换修]){2,3}?a", "修退货a"), "", "")
def test_no_match_is_hidden(case: Case, before: str, after: str) -> None:
    source, words = case
    for text in (words, before + words + after):
        assert pattern(source).fits(grams(text)) or not re.search(source, text)
        spans_found = [match.span() for match in pattern(source).finditer(text)]
        assert spans_found == [match.span() for match in re.finditer(source, text)]


@given(st.lists(CASES, min_size=1, max_size=4), TEXTS)
@example([("货a", "货a"), ("退货", "退货"), ("a", "a")], "退货a退")
def test_patterns_side_by_side_match_as_one_alternation(cases: list[Case], between: str) -> None:
    sources, text = [source for source, _ in cases], between.join(words for _, words in cases)
    joined = [found.span() for found in re.finditer("|".join(map("(?:{})".format, sources)), text)]
    assume(all(start < end for start, end in joined))
    possible = Sieve([map(pattern, sources)]).possible(grams(text))
    assert list(spans(possible.get(0, []), text)) == joined


def test_a_sieve_keeps_groups_and_order_apart() -> None:
    one, other, free = pattern("退款"), pattern("退.{0,2}货"), pattern(r"\d")
    sieve = Sieve([[other, one], [], [one, free]])
    assert sieve.possible(grams("退款")) == {0: [one], 2: [one, free]}
    assert sieve.possible(grams("退了货")) == {0: [other], 2: [free]}
    assert sieve.possible(grams("")) == {2: [free]}
    assert free.needs == (ANY,)


def test_only_what_can_match_is_compiled() -> None:
    one, other = pattern("退.款"), pattern("换.货")
    assert list(spans(Sieve([[one, other]]).possible(grams("退个款"))[0], "退个款")) == [(0, 3)]
    assert "regex" in vars(one)
    assert "regex" not in vars(other)
