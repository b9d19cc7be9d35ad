"""The numbers and dates of a text in forms that can be compared across languages.

A number loses its script and its separators: "1.234,5" is "1234.5". If a word multiplies it, its value is a second
form: "2,5 Mio." is also "2500000". A date has the form "--10-23", as ISO 8601 used to write a month and a day.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache

import regex

from detector.languages.cldr import dates_in, magnitudes, spelled_date

# A number with its separators, or with spaces between its thousands.
NUMBER = r"\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})|\p{Nd}[\p{Nd}.,'’٬٫\u00A0\u202F]*\p{Nd}|\p{Nd}"
SEPARATORS = regex.compile(r"[.,]")
GROUPING = regex.compile(r"[ '’٬\u00A0\u202F]")


def numbers_and_rest(sentence: str, language: str) -> tuple[list[tuple[str, ...]], str]:
    """The comparable forms of each number in a sentence, in order, and the sentence without them.

    The first form is the number as written, the last its value; they differ if words multiply it: "2,5 Mio." is
    ("2.5", "2500000"). Both are kept because the other article may be in a language whose words for millions are
    unknown.
    """
    numbers: list[tuple[str, ...]] = []

    def take(match: regex.Match[str]) -> str:
        written = value = number_form(match["number"])
        for word in match.capturesdict().get("magnitude", ()):
            value = _times(value, magnitudes(language).get(word.lower(), 1))
        numbers.append((written,) if value == written else (written, value))
        return " "

    rest = _number_pattern(language).sub(take, sentence)
    return numbers, rest


def date_forms(sentence: str, language: str) -> Iterator[str]:
    """The comparable forms of the dates in a sentence."""
    for month, day in dates_in(sentence, language):
        yield f"--{month:02}-{day:02}"


def shown_number(form: str) -> str:
    """A number or date for a person to read, from its comparable form."""
    if form.startswith("--"):
        return spelled_date(int(form[2:4]), int(form[5:7]))
    return form


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
    integer, decimals = (parts, "") if len(parts) == 1 or grouped else (parts[:-1], parts[-1].rstrip("0"))
    digits = "".join(integer).lstrip("0") or "0"
    return f"{digits}.{decimals}" if decimals else digits


def _times(form: str, factor: int) -> str:
    return f"{(Decimal(form) * factor).normalize():f}"


@cache
def _number_pattern(language: str) -> regex.Pattern[str]:
    """A number, and up to two words of the language that multiply it."""
    words = sorted(magnitudes(language), key=lambda word: (-len(word), word))
    follows = (
        rf"(?:[ \u00a0\u202f]?(?P<magnitude>{'|'.join(map(regex.escape, words))})(?!\p{{Latin}}|\p{{Cyrillic}})){{0,2}}"
    )
    return regex.compile(rf"(?P<number>{NUMBER}){follows if words else ''}", regex.IGNORECASE)
