"""How each language writes large numbers, dates and the names of countries, from the Unicode CLDR in Babel.

If the CLDR lacks an entry, it is left out; a language that the CLDR does not know has no entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import regex
from babel import Locale, UnknownLocaleError

# Characters around the word in a pattern such as "0 Mio'.'".
AROUND_WORD = "0¤.'\u00a0\u200e\u200f "
# The parts of a CLDR date pattern: 'quoted words', runs of one field letter, other text.
PATTERN_PARTS = re.compile(r"'[^']*'|d+|M+|y+|[^'dMy]+")
DAY, MONTH = r"(?P<day>\d{1,2})(?!\d)", r"(?P<month>\d{1,2})(?!\d)"
NOT_DECIMAL = r"(?![.,]\d)"
# "23rd", "1er", "3."
ORDINAL = r"(?:\.|º|\p{L}{1,2}(?!\p{L}))?"


@cache
def locale_of(language: str) -> Locale | None:
    """The entry of the CLDR for a language code; None if it has none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@cache
def magnitudes(language: str) -> dict[str, int]:
    """Words that multiply the number before them, in lower case: "million", "млн", "億", "lakh"."""
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
    """Patterns of dates as the language writes them, with the groups "day" and "month" (or "name")."""
    locale = locale_of(language)
    if locale is None:
        return ()
    names = "|".join(map(regex.escape, sorted(months(language), key=lambda name: (-len(name), name))))
    name = rf"(?P<name>{names})(?![\p{{L}}\d])\.?"
    long, short = ([*PATTERN_PARTS.findall(locale.date_formats[width].pattern)] for width in ("long", "short"))
    word = next((rf"(?:{regex.escape(part.strip(chr(39)))}\s+)?" for part in long if part.startswith("'")), "")
    patterns = [rf"(?<!\d){DAY}{ORDINAL}\s*{word}{name}"]
    fields = [part for part in long if part[0] in "dM"]
    if fields[0].startswith("MMM"):
        patterns.append(rf"\b{name}\s*{DAY}{NOT_DECIMAL}")
    elif "M" in fields:
        patterns.append(r"(?<!\d)" + _in_order(long))
    # English may be British or American, so the order of day and month is unknown.
    if language != "en":
        patterns.append(r"(?<![\d./-])" + _in_order(short) + _year(short) + r"(?!\d)")
    return tuple(regex.compile(pattern, regex.IGNORECASE) for pattern in patterns)


def _in_order(parts: list[str]) -> str:
    """Day and month in the order of a pattern, with the mark that it has between them."""
    fields = [index for index, part in enumerate(parts) if part[0] in "dM"]
    mark = "".join(parts[fields[0] + 1 : fields[1]]).strip("' \u200f")
    first, second = (DAY if parts[index][0] == "d" else MONTH for index in fields)
    return rf"{first}\s*{regex.escape(mark)}\s*{second}"


def _year(parts: list[str]) -> str:
    """A pattern of the year that must follow day and month in digits; none after "5/6" if the day comes first."""
    mark = next(part for part in parts if part[0] not in "dMy").strip("' \u200f")
    return "" if "/" in mark and parts[0][0] == "d" else rf"\s*{regex.escape(mark)}\s*\d{{2,4}}"


@cache
def months(language: str) -> dict[str, int]:
    """The full and short names of the months, in lower case without a final full stop."""
    locale = locale_of(language)
    if locale is None:
        return {}
    names = locale.months["format"]
    return {
        name.lower().rstrip("."): month for width in ("abbreviated", "wide") for month, name in names[width].items()
    }


def dates_in(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Month and day of every date in the text that has both, in the order of the language."""
    for pattern in date_patterns(language):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = groups.get("name")
            # Letters such as İ match a name although their lower-case form differs.
            month = months(language).get(name.lower(), 0) if name else int(groups["month"])
            day = int(groups["day"])
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield month, day


def spelled_date(month: int, day: int) -> str:
    """A day of the year in English: "23 October"."""
    return f"{day} {Locale('en').months['format']['wide'][month]}"


@cache
def territories(language: str) -> dict[str, str]:
    """The names of countries and unions of countries in a language, with their codes ("ID", "EU")."""
    locale = locale_of(language)
    if locale is None:
        return {}
    # Codes of digits are continents; codes with X or Z are not countries.
    return {name: code for code, name in sorted(locale.territories.items()) if code.isalpha() and code[0] not in "XZ"}
