"""The words, numbers and names of an article, in forms that can be compared across languages.

Numbers lose their script and separators ("1.234,5" is "1234.5"); one that a word multiplies has its value too
("2,5 Mio." is also "2500000"), and a date is a term of its own, "--10-23" as ISO 8601 wrote a month and a day. Words
are romanised, so that one name meets itself in another script; a name is also reduced to a consonant skeleton, in the
way of Soundex and its kin, because vowels and endings are what transliteration and inflection change: Путин, Путина,
Putin, Poutine and 푸틴 all give "ptn". Chinese names keep no sound when romanised and only meet themselves in Chinese
and Japanese; countries meet in all languages, by their codes ("@ID" is Indonésie and 印度尼西亚).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain

import regex
from anyascii import anyascii

from detector.languages.cldr import dates_in, magnitudes, spelled_date, territories
from detector.languages.script import SOUTHEAST_ASIAN

# A number with its separators, or with spaces between its thousands.
NUMBER = r"\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})|\p{Nd}[\p{Nd}.,'’٬٫\u00A0\u202F]*\p{Nd}|\p{Nd}"
# A run of a script without spaces; a word with its marks and inner apostrophes.
TOKEN = regex.compile(
    rf"\p{{Han}}+|[\p{{Katakana}}ー]+|\p{{Hiragana}}+|[{SOUTHEAST_ASIAN}]+"
    r"|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*"
)
HAN = regex.compile(r"\p{Han}")
KATAKANA = regex.compile(r"\p{Katakana}")
HIRAGANA = regex.compile(r"\p{Hiragana}")
UNSPACED = regex.compile(f"[{SOUTHEAST_ASIAN}]")
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
# Letters a word and the name of a country begin with together at least; from so many letters a name is long.
SHARED_START, LONG_NAME = 4, 8
HAN_SHINGLE, UNSPACED_SHINGLE = 2, 4


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each word, number and name occurs, by its comparable form; and a spelling of each name as written."""

    words: Counter[str]
    numbers: Counter[str]
    names: Counter[str]
    spelling: dict[str, str]


def extract_terms(sentences: Sequence[str], language: str) -> Terms:
    """The terms of the sentences together, all in one language."""
    terms = Terms(Counter(), Counter(), Counter(), {})
    for sentence in sentences:
        numbers, rest = numbers_and_rest(sentence, language)
        for forms in numbers:
            terms.numbers.update(forms)
        terms.numbers.update(f"--{month:02}-{day:02}" for month, day in dates_in(sentence, language))
        tokens = TOKEN.findall(rest)
        terms.words.update(chain.from_iterable(map(word_forms, tokens)))
        for name, spelling in (*names_in(tokens), *countries_in(sentence, tokens, language)):
            terms.names[name] += 1
            terms.spelling.setdefault(name, spelling)
    return terms


def numbers_and_rest(sentence: str, language: str) -> tuple[list[tuple[str, ...]], str]:
    """The comparable forms of each number in a sentence, in order, and the sentence without them.

    A number has the form it is written in and, where words multiply it, its value: "2,5 Mio." is ("2.5", "2500000").
    The other article may be in a language whose words for millions are not known.
    """
    numbers: list[tuple[str, ...]] = []

    def take(match: regex.Match[str]) -> str:
        written = value = number_form(match["number"])
        for word in match.capturesdict().get("magnitude", ()):
            value = times(value, magnitudes(language).get(word.lower(), 1))
        numbers.append((written,) if value == written else (written, value))
        return " "

    rest = _number_pattern(language).sub(take, sentence)
    return numbers, rest


@cache
def _number_pattern(language: str) -> regex.Pattern[str]:
    words = sorted(magnitudes(language), key=lambda word: (-len(word), word))
    follows = (
        rf"(?:[ \u00a0\u202f]?(?P<magnitude>{'|'.join(map(regex.escape, words))})(?!\p{{Latin}}|\p{{Cyrillic}})){{0,2}}"
    )
    return regex.compile(rf"(?P<number>{NUMBER}){follows if words else ''}", regex.IGNORECASE)


def shown_number(form: str) -> str:
    """A number or date for a person to read, from its comparable form."""
    if form.startswith("--"):
        return spelled_date(int(form[2:4]), int(form[5:7]))
    return form


def times(form: str, factor: int) -> str:
    """A number in its comparable form, multiplied."""
    return f"{(Decimal(form) * factor).normalize():f}"


def names_in(tokens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The tokens that may be names: their comparable form, and as they are written."""
    for token in tokens:
        form = name_form(token)
        if form:
            yield form, token


def countries_in(sentence: str, tokens: Sequence[str], language: str) -> Iterator[tuple[str, str]]:
    """The countries a sentence names: "@" and their code, and as they are written.

    Names of one word are met with their endings ("Indonesian", "Индонезии"); longer ones word by word in the same way.
    """
    spaced, unspaced = _country_names(language)
    if unspaced:
        yield from ((f"@{unspaced[1][match.group()]}", match.group()) for match in unspaced[0].finditer(sentence))
    for place, token in enumerate(tokens):
        if token[0].islower():
            continue
        for forms, code in spaced.get(romanised(token)[:SHARED_START], ()):
            written = tokens[place : place + len(forms)]
            if len(written) == len(forms) and all(map(_inflected, map(romanised, written), forms)):
                yield f"@{code}", " ".join(written)
                break


def _inflected(word: str, name: str) -> bool:
    """Whether a word is a name, but for its ending: the shorter the name, the less of it may change."""
    if len(name) <= SHARED_START:
        return word == name
    changed, added = (1, 1) if len(name) == SHARED_START + 1 else (1, 4) if len(name) < LONG_NAME else (2, 4)
    return word.startswith(name[:-changed]) and len(word) <= len(name) + added


@cache
def _country_names(
    language: str,
) -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], tuple[regex.Pattern[str], dict[str, str]] | None]:
    """Names of countries by the start of their first word, longest first; and those of scripts without spaces."""
    spaced: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    unspaced: dict[str, str] = {}
    for name, code in territories(language).items():
        if HAN.search(name) or UNSPACED.search(name) or HIRAGANA.search(name) or KATAKANA.search(name):
            unspaced[name] = code
        else:
            forms = tuple(filter(None, map(romanised, TOKEN.findall(name))))
            if forms:
                spaced.setdefault(forms[0][:SHARED_START], []).append((forms, code))
    for candidates in spaced.values():
        candidates.sort(key=lambda candidate: (-len(candidate[0]), candidate))
    pattern = "|".join(map(regex.escape, sorted(unspaced, key=lambda name: (-len(name), name))))
    return spaced, (regex.compile(pattern), unspaced) if unspaced else None


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


def word_forms(token: str) -> tuple[str, ...]:
    """The comparable forms of one token: its romanised form, or overlapping shingles where no space marks words."""
    if not token.isascii():
        if HAN.match(token):
            return _shingles(token, HAN_SHINGLE)
        if UNSPACED.match(token):
            return _shingles(token, UNSPACED_SHINGLE)
        if HIRAGANA.match(token):
            return ()
    form = romanised(token)
    return (form,) if len(form) > 1 else ()


def _shingles(token: str, size: int) -> tuple[str, ...]:
    return tuple(token[start : start + size] for start in range(max(1, len(token) - size + 1)))


@lru_cache(1 << 16)
def romanised(token: str) -> str:
    """The token in small Latin letters without marks, by `anyascii`; empty where nothing is left."""
    return "".join(c for c in anyascii(token).lower() if "a" <= c <= "z")


@lru_cache(1 << 16)
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
