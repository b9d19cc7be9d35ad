"""How each language writes large numbers, dates and the names of countries, from the Unicode CLDR as Babel carries it.

What the CLDR lacks for a language is left out; a language it does not know has no such words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import regex
from babel import Locale, UnknownLocaleError

# Left of a pattern such as "0 Mio'.'" when the word alone is wanted.
AROUND_WORD = "0¤.'\u00a0\u200e\u200f "
# The pieces of a CLDR date pattern: 'quoted words', runs of one field letter, everything else.
PIECES = re.compile(r"'[^']*'|d+|M+|y+|[^'dMy]+")
DAY, MONTH = r"(?P<day>\d{1,2})(?!\d)", r"(?P<month>\d{1,2})(?!\d)"
NOT_DECIMAL = r"(?![.,]\d)"
# "23rd", "1er", "3."
ORDINAL = r"(?:\.|º|\p{L}{1,2}(?!\p{L}))?"


@cache
def locale_of(language: str) -> Locale | None:
    """The CLDR's entry for a language code, None where it has none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@cache
def magnitudes(language: str) -> dict[str, int]:
    """Words that multiply the number before them, in small letters: "million", "млн", "億", "lakh"."""
    locale = locale_of(language)
    words: dict[str, int] = {}
    formats = locale.compact_decimal_formats if locale else {}
    for style in ("short", "long"):
        if style not in formats:
            continue
        for patterns in formats[style].values():
            for size, pattern in patterns.items():
                word = pattern.pattern.strip(AROUND_WORD).lower()
                # A single letter may be a unit ("5 m", "20 T"); a single ideograph is a word.
                if len(word) > 1 or word >= "\u2e80":
                    words[word] = int(size) // 10 ** (pattern.pattern.count("0") - 1)
    return words


@cache
def date_patterns(language: str) -> tuple[regex.Pattern[str], ...]:
    """Patterns of a day and a month as the language writes them; the groups "day" and "month" (or "name") hold them."""
    locale = locale_of(language)
    if locale is None:
        return ()
    names = "|".join(map(regex.escape, sorted(months(language), key=lambda name: (-len(name), name))))
    name = rf"(?P<name>{names})(?![\p{{L}}\d])\.?"
    long, short = ([*PIECES.findall(locale.date_formats[width].pattern)] for width in ("long", "short"))
    word = next((rf"(?:{regex.escape(piece.strip(chr(39)))}\s+)?" for piece in long if piece.startswith("'")), "")
    made = [rf"(?<!\d){DAY}{ORDINAL}\s*{word}{name}"]
    fields = [piece for piece in long if piece[0] in "dM"]
    if fields[0].startswith("MMM"):
        made.append(rf"\b{name}\s*{DAY}{NOT_DECIMAL}")
    elif "M" in fields:
        made.append(r"(?<!\d)" + _in_order(long))
    # Where English is from is not known, and with it what comes first.
    if language != "en":
        made.append(r"(?<![\d./-])" + _in_order(short) + _year(short) + r"(?!\d)")
    return tuple(regex.compile(pattern, regex.IGNORECASE) for pattern in made)


def _in_order(pieces: list[str]) -> str:
    """Day and month in the order and with the mark between them that the pieces of a pattern have."""
    places = [place for place, piece in enumerate(pieces) if piece[0] in "dM"]
    mark = "".join(pieces[places[0] + 1 : places[1]]).strip("' \u200f")
    parts = [DAY if pieces[place][0] == "d" else MONTH for place in places]
    return rf"{parts[0]}\s*{regex.escape(mark)}\s*{parts[1]}"


def _year(pieces: list[str]) -> str:
    """What must follow a day and a month in digits: "5/6" alone is a date where days are written so, "5.6" is not."""
    mark = next(piece for piece in pieces if piece[0] not in "dMy").strip("' \u200f")
    return "" if "/" in mark and pieces[0][0] == "d" else rf"\s*{regex.escape(mark)}\s*\d{{2,4}}"


@cache
def months(language: str) -> dict[str, int]:
    """The names of the months, whole and short, in small letters without a final point."""
    locale = locale_of(language)
    if locale is None:
        return {}
    names = locale.months["format"]
    return {
        name.lower().rstrip("."): number for width in ("abbreviated", "wide") for number, name in names[width].items()
    }


def dates_in(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Month and day of every date the text writes with both, in the language's own order."""
    for pattern in date_patterns(language):
        for match in pattern.finditer(text):
            part = match.groupdict()
            name = part.get("name")
            # Letters such as İ match a name whose small form is not theirs.
            month = months(language).get(name.lower(), 0) if name else int(part["month"])
            day = int(part["day"])
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield month, day


def spelled_date(month: int, day: int) -> str:
    """A day of the year as an English reader writes it."""
    return f"{day} {Locale('en').months['format']['wide'][month]}"


@cache
def territories(language: str) -> dict[str, str]:
    """The names of countries and unions of countries in a language, with their codes ("ID", "EU")."""
    locale = locale_of(language)
    if locale is None:
        return {}
    # Numbers stand for continents, X and Z for what is no country.
    return {name: code for code, name in sorted(locale.territories.items()) if code.isalpha() and code[0] not in "XZ"}
