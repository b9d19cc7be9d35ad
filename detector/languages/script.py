"""Which script a text is written in, from the names that Unicode gives its characters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

# The first word of a character's Unicode name, and the ISO 15924 code of the script.
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
"""Chinese quotes a little kana; Japanese has at least this share of it."""


def script_of(text: str) -> str:
    """The ISO 15924 code of the script that most letters of `text` are in; "Zyyy" where it has none.

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
    """The script of a letter or of a mark on one; "Zyyy" for all else."""
    if unicodedata.category(character)[0] not in "LM":
        return "Zyyy"
    name = unicodedata.name(character, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ")
    return _CODES.get(name.split(" ", 1)[0], "Zyyy")


def is_traditional(chinese: str) -> bool:
    """Whether the characters are the traditional ones: more of them stand in Big5 than in GB 2312."""
    return _known(chinese, "big5") > _known(chinese, "gb2312")


def _known(text: str, charset: str) -> int:
    return len(text.encode(charset, errors="ignore"))
