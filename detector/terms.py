"""The words, numbers and names of an article, in forms that can be compared across languages.

Numbers lose their script and separators ("1.234,5" is "1234.5"). Words are romanised, so that one name meets itself in
another script; a name is also reduced to a consonant skeleton, in the way of Soundex and its kin, because vowels and
endings are what transliteration and inflection change: Путин, Путина, Putin, Poutine and 푸틴 all give "ptn".
Chinese names keep no sound when romanised and only meet themselves in Chinese and Japanese.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex
from anyascii import anyascii

# A number with its separators, or with spaces between its thousands; a run of a script without spaces; a word with
# its marks and inner apostrophes.
TOKEN = regex.compile(
    r"\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})|\p{Nd}[\p{Nd}.,'’٬٫\u00A0\u202F]*\p{Nd}|\p{Nd}"
    r"|\p{Han}+|[\p{Katakana}ー]+|\p{Hiragana}+|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]+"
    r"|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*"
)
HAN = regex.compile(r"\p{Han}")
HIRAGANA = regex.compile(r"\p{Hiragana}")
UNSPACED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]")
SEPARATORS = regex.compile(r"[.,]")
GROUPING = regex.compile(r"[ '’٬\u00A0\u202F]")
# Spellings of one sound in the Latin letters of different languages, longest first.
SOUNDS = (
    ("sch", "s"), ("tch", "s"), ("tsh", "s"), ("shch", "s"), ("sh", "s"), ("ch", "s"), ("kh", "h"), ("gh", "g"),
    ("zh", "s"), ("dj", "j"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("cz", "s"),
    ("c", "k"), ("q", "k"), ("w", "v"), ("z", "s"), ("x", "ks"),
)  # fmt: skip
VOWELS = regex.compile(r"[aeiouyj]")
REPEATED = regex.compile(r"(.)\1+")
# Shorter skeletons are shared by too many words to mean anything.
SHORTEST_NAME = 3
HAN_SHINGLE, UNSPACED_SHINGLE = 2, 4


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each word, number and name occurs, by its comparable form; and a spelling of each name as written."""

    words: Counter[str]
    numbers: Counter[str]
    names: Counter[str]
    spelling: dict[str, str]


def extract_terms(sentences: Sequence[str]) -> Terms:
    """The terms of the sentences together."""
    terms = Terms(Counter(), Counter(), Counter(), {})
    for sentence in sentences:
        for token in TOKEN.findall(sentence):
            if token[0].isdecimal():
                terms.numbers[number_form(token)] += 1
            else:
                terms.words.update(word_forms(token))
                name = name_form(token)
                if name:
                    terms.names[name] += 1
                    terms.spelling.setdefault(name, token)
    return terms


def numbers_of(sentence: str) -> list[str]:
    """The comparable forms of the numbers in a sentence, in order."""
    return [number_form(token) for token in TOKEN.findall(sentence) if token[0].isdecimal()]


@lru_cache(1 << 16)
def number_form(token: str) -> str:
    """A number without script, grouping and trailing zeros; the decimal mark is a point.

    A single separator before exactly three digits is read as grouping, because news writes "1.234" and "1,234" for
    thousands far more often than for three decimals. Dates and times ("24.02.2026") become one run of digits.
    """
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token)
    plain = GROUPING.sub("", plain).replace("٫", ".")
    parts = SEPARATORS.split(plain)
    marks = SEPARATORS.findall(plain)
    grouped = len(set(marks)) <= 1 and (len(parts) > 2 or (len(parts[-1]) == 3 and parts[0].strip("0") != ""))
    whole, decimals = (parts, "") if len(parts) == 1 or grouped else (parts[:-1], parts[-1].rstrip("0"))
    digits = "".join(whole).lstrip("0") or "0"
    return f"{digits}.{decimals}" if decimals else digits


def word_forms(token: str) -> Iterator[str]:
    """The comparable forms of one token: its romanised form, or overlapping shingles where no space marks words."""
    if HAN.match(token):
        yield from _shingles(token, HAN_SHINGLE)
    elif UNSPACED.match(token):
        yield from _shingles(token, UNSPACED_SHINGLE)
    elif not HIRAGANA.match(token):
        form = romanised(token)
        if len(form) > 1:
            yield form


def _shingles(token: str, size: int) -> Iterator[str]:
    for start in range(max(1, len(token) - size + 1)):
        yield token[start : start + size]


@lru_cache(1 << 18)
def romanised(token: str) -> str:
    """The token in small Latin letters without marks, by `anyascii`; empty where nothing is left."""
    return "".join(c for c in anyascii(token).lower() if "a" <= c <= "z")


@lru_cache(1 << 18)
def name_form(token: str) -> str:
    """The consonant skeleton of a token that may be a name, empty where it cannot be.

    In scripts with capitals a name has one; in the others every word may be a name.
    """
    if token[0].islower() or HAN.match(token) or HIRAGANA.match(token) or UNSPACED.match(token):
        return ""
    form = romanised(token)
    if len(form) < SHORTEST_NAME:
        return ""
    skeleton = _skeleton(form)
    return skeleton if len(skeleton) >= SHORTEST_NAME else ""


def _skeleton(form: str) -> str:
    for spelling, sound in SOUNDS:
        form = form.replace(spelling, sound)
    first = "a" if VOWELS.match(form) else form[0]
    return str(REPEATED.sub(r"\1", first + VOWELS.sub("", form[1:])))
