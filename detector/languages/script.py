"""The script of a text, and the scripts that put no spaces between words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

# The first word of a character's name in Unicode, and the ISO 15924 code of its script.
_CODES = {
    "LATIN": "Latn", "GREEK": "Grek", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "HEBREW": "Hebr", "ARABIC": "Arab",
    "SYRIAC": "Syrc", "THAANA": "Thaa", "NKO": "Nkoo", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym",
    "SINHALA": "Sinh", "THAI": "Thai", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "GEORGIAN": "Geor",
    "HANGUL": "Kore", "ETHIOPIC": "Ethi", "CHEROKEE": "Cher", "CANADIAN": "Cans", "KHMER": "Khmr", "MONGOLIAN": "Mong",
    "TIFINAGH": "Tfng", "HIRAGANA": "Kana", "KATAKANA": "Kana", "CJK": "Hani", "BOPOMOFO": "Bopo", "YI": "Yiii",
    "OL": "Olck", "MEETEI": "Mtei", "BALINESE": "Bali", "JAVANESE": "Java", "SUNDANESE": "Sund", "ADLAM": "Adlm",
}  # fmt: skip

_LEAST_KANA = 0.05
"""The share of kana in Japanese; Chinese may quote a little less."""

EAST_ASIAN = r"\p{Han}\p{Hiragana}\p{Katakana}"
SOUTHEAST_ASIAN = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
WITHOUT_SPACES = EAST_ASIAN + SOUTHEAST_ASIAN
"""Scripts that put no spaces between words, to be put into a character class of the package `regex`."""


def script_of(text: str) -> str:
    """The ISO 15924 code of the script of most letters of `text`; "Zyyy" if it has no letters.

    Han and kana together are "Jpan", Han alone "Hani", Hangul "Kore".
    """
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        counts[_script(character)] += count
    del counts["Zyyy"]
    japanese = counts["Kana"] + counts["Hani"]
    if counts["Kana"] > _LEAST_KANA * japanese:
        counts["Jpan"] = japanese
    del counts["Kana"]
    return min(counts, key=lambda code: (-counts[code], code)) if counts.total() else "Zyyy"


@lru_cache(maxsize=16384)
def _script(character: str) -> str:
    """The script of a letter or of a mark on one; "Zyyy" for other characters."""
    if unicodedata.category(character)[0] not in "LM":
        return "Zyyy"
    name = unicodedata.name(character, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ")
    return _CODES.get(name.split(" ", 1)[0], "Zyyy")


def is_traditional(chinese: str) -> bool:
    """Whether the characters are traditional: Big5 has more of them than GB 2312."""
    return _known_characters(chinese, "big5") > _known_characters(chinese, "gb2312")


def _known_characters(text: str, charset: str) -> int:
    return len(text.encode(charset, errors="ignore"))
