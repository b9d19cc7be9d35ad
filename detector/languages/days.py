"""The words of each language for days: weekdays with their endings, "yesterday", and days of the month.

The names are those of the Unicode CLDR in Babel; `days.toml` adds what Babel leaves out. Abbreviations are not used
("sat", "mar", "sun" are words), except in Chinese, whose short names are what news writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

import regex
from babel import Locale

from detector.languages.cldr import locale_of

# The fields of the CLDR that count weeks by their day: "2 Mondays ago".
_FIELDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# An inflected name begins with so many letters of the name.
_STEM = 3
# Scripts whose words end where the name ends; elsewhere endings follow, or words are not separated.
_ENDS = r"(?![\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}\p{Arabic}\p{Hebrew}\p{M}])"
# The same for the beginning; Arabic and Hebrew put "and" and "on" before a word without a space.
_BEGINS = r"(?<![\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}\p{M}\p{Nd}])"
_HAN = regex.compile(r"\p{Han}{2,}")
# "3日" is a day, "3日間" is a duration.
_NOT_DURATION = "(?![間间])"
# Characters that are written in several ways.
_APOSTROPHE = str.maketrans("’ʼ\u00a0", "'' ")


def weekdays_in(sentence: str, language: str) -> Iterator[int]:
    """The weekdays that a sentence names, 0 for Monday to 6 for Sunday.

    Names are written as the CLDR writes them, which tells "Minggu" (Sunday) from "minggu" (week) in Indonesian and
    "domingo" from a surname; the first word of a sentence may have a capital.
    """
    pattern = _pattern(language, "weekdays")
    if pattern is None:
        return
    names = weekdays(language)
    for match in pattern.finditer(sentence.translate(_APOSTROPHE)):
        written = match.group()
        day = names.get(written)
        if day is None and not match.start():
            day = names.get(written[0].lower() + written[1:])
        if day is None and written.isupper():
            day = _lower_names(language).get(written.lower())
        if day is not None:
            yield day


def relative_days_in(sentence: str, language: str) -> Iterator[int]:
    """The days that a sentence names from its own: −1 for yesterday, 0 for today, 1 for tomorrow."""
    pattern = _pattern(language, "relative")
    if pattern is not None:
        days = relative_days(language)
        for match in pattern.finditer(sentence.translate(_APOSTROPHE)):
            # Letters such as İ match a word although their lower-case form differs.
            if (day := days.get(match.group().lower())) is not None:
                yield day


def month_days_in(sentence: str, language: str) -> Iterator[int]:
    """The days of a month that a sentence gives without the month: "3日"."""
    pattern = _month_day_pattern(language)
    if pattern is not None:
        yield from (day for match in pattern.finditer(sentence) if 1 <= (day := int(match["day"])) <= 31)


@cache
def weekdays(language: str) -> dict[str, int]:
    """The names of the weekdays in a language, as they are written, with their endings."""
    locale = locale_of(language)
    if locale is None:
        return {}
    names: dict[str, int] = {}
    ambiguous = set(_table("ambiguous").get(language, ()))
    for day in range(7):
        wide = {locale.days[context]["wide"][day] for context in ("format", "stand-alone")}
        short = locale.days["format"]["abbreviated"][day]
        if wide & ambiguous:
            continue
        for name in {*wide, *_inflected(locale, day, wide)} | ({short} if _HAN.fullmatch(short) else set()):
            names[name] = day
            # "Thứ Hai" inside a sentence is "thứ Hai"; "thứ hai" means "the second".
            if " " in name:
                names[name[0].lower() + name[1:]] = day
    names |= {name: day for day, name in enumerate(_table("weekdays").get(language, ())) if name}
    return {name.translate(_APOSTROPHE): day for name, day in names.items()}


@cache
def relative_days(language: str) -> dict[str, int]:
    """The words for yesterday, today and tomorrow, in lower case, with −1, 0 and 1."""
    words = _table("relative").get(language, ())
    return {word: day for day, word in enumerate(words, -1) if word}


def _inflected(locale: Locale, day: int, names: set[str]) -> set[str]:
    """The forms of a weekday inside "2 Mondays ago" and the like, found by their beginning."""
    stems = {name[:_STEM].lower() for name in names if " " not in name and len(name) > _STEM}
    words = _words(locale)
    return {word for word in words[day] if word[:_STEM].lower() in stems and sum(word in other for other in words) == 1}


@cache
def _words(locale: Locale) -> list[set[str]]:
    """For each weekday the words of the patterns that count its weeks."""
    # Babel reads these patterns for `format_timedelta` and has no other way to them.
    fields = locale._data.get("date_fields", {})
    words: list[set[str]] = []
    for field in _FIELDS:
        patterns = [pattern for when in fields.get(field, {}).values() for pattern in dict(when).values()]
        words.append(set(" ".join(patterns).replace("{0}", " ").split()))
    return words


@cache
def _pattern(language: str, kind: str) -> regex.Pattern[str] | None:
    words = weekdays(language) if kind == "weekdays" else relative_days(language)
    if not words:
        return None
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return regex.compile(f"{_BEGINS}(?:{'|'.join(map(regex.escape, longest_first))}){_ENDS}", regex.IGNORECASE)


@cache
def _month_day_pattern(language: str) -> regex.Pattern[str] | None:
    """The day of the month with the ideograph that the language puts after it; None if it puts none."""
    locale = locale_of(language)
    pattern = str(locale.datetime_skeletons.get("d", "")) if locale else ""
    mark = pattern.removeprefix("d")
    if len(mark) != 1 or not regex.match(r"\p{Han}", mark):
        return None
    return regex.compile(rf"(?<![\d.,月])(?P<day>\d{{1,2}}){mark}{_NOT_DURATION}")


@cache
def _lower_names(language: str) -> dict[str, int]:
    return {name.lower(): day for name, day in weekdays(language).items()}


@cache
def _table(name: str) -> dict[str, list[str]]:
    source = resources.files(__package__).joinpath("days.toml")
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return tables[name]
