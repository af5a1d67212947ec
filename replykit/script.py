"""Which language, script and region a text is written in, and our own words in another region's script.

The script is told from characters that only simplified or only traditional writing has. A language detector is asked
only about text with hardly any Chinese in it, since it takes short Chinese for Korean. Words and exceptions are in
data/regions.toml. The region says how the customer writes; it never says which law holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import tomli

from replykit import resources
from replykit.text import LATIN_END, LATIN_START, converter, fold_width
from replykit.types import REGIONS, Region, Script, Span

_LOOK_AT = 20_000
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
# Quoted words are the customer's. Chinese directly after / or = still belongs to a link; after a letter it does not.
_AS_IS = re.compile(
    rf"「[^「」]{{0,500}}」|“[^“”]{{0,500}}”|(?:https?://|www\.)[!-~]+(?:(?<=[/=])[{_HAN}]{{1,40}}[!-~]*)*"
)
_WORD = re.compile(rf"{LATIN_START}[a-z]+{LATIN_END}", re.IGNORECASE)
_OPENCC: dict[Region, str] = {"zh-CN": "t2s", "zh-TW": "s2tw", "zh-HK": "s2hk"}

# langdetect is right about Latin text of some length only.
_ENOUGH_LETTERS = 12
_SURE = 0.8
# The rarer kind of characters must be this share of all evidence, and two different ones, for a text to be Mixed.
_MIXED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Detection:
    """How a text is written.

    `language` is an ISO 639-1 code, "zh" for anything with Chinese in it (Cantonese too), "und" without letters or
    with too few. `region` is None where the text does not say: the store's own region decides then.
    """

    language: str
    script: Script
    region: Region | None


def detect(text: str) -> Detection:
    """Return how `text` is written, judged by its first 20,000 characters. Never raises.

    A text is Mixed when the rarer script has two different characters and a fifth of the evidence: a stray variant
    or a quoted name does not make it so. Simplified writing means zh-CN even for Cantonese, since the reply is written
    in the customer's script; traditional or undecided writing takes the region that more of its words belong to.
    """
    text = text[:_LOOK_AT]
    language = _language(text)
    if language != "zh":
        return Detection(language, "Unknown", None)
    script, leading = _script(text)
    return Detection("zh", script, "zh-CN" if leading == "Hans" else _region(fold_width(text), leading))


def convert(text: str, region: Region, protect: Sequence[Span] = ()) -> str:
    """Return our own words `text` in the script of `region`.

    The spans `protect` of `text`, quotations in 「」 or “” and links stay as they are, and so does everything that is
    not Chinese. Only the script changes, never the choice of words. Lengths may change, so earlier spans of `text` do
    not hold on the result. Never raises on any text; spans past its end protect nothing.
    """
    kept = sorted([*protect, *(Span(*match.span()) for match in _AS_IS.finditer(text))])
    pieces, at = [], 0
    for span in kept:
        if span.end > at:
            start = max(at, span.start)
            pieces += [_converted(text[at:start], region), text[start : span.end]]
            at = span.end
    return "".join([*pieces, _converted(text[at:], region)])


def _language(text: str) -> str:
    han = sum(map(len, _HAN_RUN.findall(text)))
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    # A lone の or a katakana name inside Chinese is decoration; a Japanese sentence has hiragana all through it.
    if kana > 1 and (not han or (kana * 2 > han and len(_HIRAGANA.findall(text)) > 1)):
        return "ja"
    if hangul > han:
        return "ko"
    letters = sum(map(str.isalpha, text)) - kana - hangul - han
    if han and letters < han * 10:
        return "zh"
    return _foreign(text, letters) if letters else "und"


def _foreign(text: str, letters: int) -> str:
    """Return the language of a text with hardly any Chinese, or "und"."""
    english = frozenset(_data()["latin"]["english"])
    words = [word.lower() for word in _WORD.findall(text[:200])]
    if text.isascii() and len(words) < 8 and english.intersection(words):
        return "en"
    if letters < _ENOUGH_LETTERS and text.isascii():
        return "und"
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0
    try:
        best = detect_langs(text[:2000])[0]
    except LangDetectException:
        return "und"
    return str(best.lang).split("-")[0] if best.prob >= _SURE else "und"


def _script(text: str) -> tuple[Script, Script]:
    """Return the script of `text`, and the one that leads when it is Mixed."""
    told = list(map(_tells, text))
    hans, hant = told.count("Hans"), told.count("Hant")
    if not hans and not hant:
        script: Script = "Hans" if "weak" in told and _weak_evidence(text) else "Unknown"
        return script, script
    leading: Script = "Hans" if hans > hant else "Hant"
    rarer = "Hant" if leading == "Hans" else "Hans"
    enough = min(hans, hant) >= _MIXED_SHARE * (hans + hant)
    mixed = enough and len({char for char in text if _tells(char) == rarer}) > 1
    return "Mixed" if mixed else leading, leading


def _weak_evidence(text: str) -> bool:
    """Tell whether a phrase gives away a character that both scripts have: 以后 is simplified, 皇后 is either."""
    for run in _HAN_RUN.findall(text):
        changed = zip(run, converter("s2t")(run), strict=False)
        if any(before != after and _tells(before) == "weak" for before, after in changed):
            return True
    return False


def _region(text: str, leading: Script) -> Region | None:
    """Return the region whose words weigh most, or None on a tie. Without a script only words that are sure count."""
    scores: dict[Region, int] = {}
    for region in REGIONS:
        words = _data()[region]
        scores[region] = 2 * _found(words["sure"], text)
        if leading == "Hant":
            scores[region] += _found(words.get("words", ()), text)
    if leading == "Hant":
        del scores["zh-CN"]
    best, next_best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    return best if scores[best] > scores[next_best] else None


def _found(words: Iterable[str], text: str) -> int:
    return sum(word in text for word in words)


def _converted(text: str, region: Region) -> str:
    return _HAN_RUN.sub(lambda run: _convert_run(run.group(), region), text) if text else ""


def _convert_run(run: str, region: Region) -> str:
    """Return a run of Chinese characters converted. OpenCC stops at a null character and raises on lone surrogates."""
    data = _data()["convert"]
    words = run
    if region != "zh-CN":
        for simplified, traditional in data["phrases"].items():
            words = words.replace(simplified, traditional)
    result = converter(_OPENCC[region])(words)
    variants = data["variants"][region]
    if len(result) != len(run):
        return result.translate(str.maketrans(variants))
    # A variant that was written on purpose (臺) stays.
    pairs = zip(run, result, strict=True)
    return "".join(new if old == new and _tells(old) == "Hant" else variants.get(new, new) for old, new in pairs)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomli.loads(resources.data("regions.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32_768)
def _tells(char: str) -> Literal["Hans", "Hant", "weak", ""]:
    """Return the script that `char` tells on its own, or "weak" where only the phrase around it may.

    A character that OpenCC changes may still be ordinary in the other script (后 in 皇后): what the everyday levels of
    Big5 and GB 2312 hold is left to phrases.
    """
    exceptions = _data()["script"]
    ideograph = "\u4e00" <= char < "\ua000"
    simplified, traditional = (ideograph and converter(name)(char) != char for name in ("s2t", "t2s"))
    if char in exceptions["traditional"] or (traditional and not simplified and not _in_gb2312(char)):
        return "Hant"
    if char in exceptions["both"]:
        return ""
    shared = simplified and _everyday_big5(char)
    if char in exceptions["simplified"] or (simplified and not traditional and not shared):
        return "Hans"
    return "weak" if shared else ""


def _everyday_big5(char: str) -> bool:
    code = char.encode("big5", errors="ignore")
    return b"\xa4\x40" <= code <= b"\xc6\x7e"


def _in_gb2312(char: str) -> bool:
    return bool(char.encode("gb2312", errors="ignore"))
