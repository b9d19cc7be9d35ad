"""The values of one record, converted to the fields of an article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from numbers import Integral, Real
from typing import TypeVar
from urllib.parse import urlsplit

import regex

from detector.languages.codes import bcp47
from detector.languages.script import WITHOUT_SPACES
from detector.reading.decoding import limits
from detector.reading.formats.ninjs import plain_value
from detector.reading.mapping.dates import iso_date
from detector.reading.mapping.fields import FieldNames, is_missing, is_url, unwrap_hit
from detector.reading.mapping.messages import kind, listed, quoted, size
from detector.reading.source import Unusable
from detector.records import Version

TEXT_WORDS = 2
"""Fewest words of a text: a single word cannot be compared."""

TITLE_WORDS = 4
"""Fewest words of a title that is used without a text."""

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")
# The mark of a long vowel in Katakana is common to several scripts in Unicode.
_UNSPACED = regex.compile(f"[{WITHOUT_SPACES}ーｰ]")
_TOKEN = re.compile(r"\S+")
# How str() writes a missing date; news-please does this.
_NO_DATE = {"none", "null", "nan", "nat"}
# Statuses of the IPTC, written as codes ("stat:canceled") or URIs that end in one.
_WITHDRAWN = {"canceled": "cancelled by its sender", "withheld": "withheld by its sender"}


class Values:
    """The values of one record. names: the field's name in the record for each field that was read so far.

    Raises `Unusable` if the record has no fields.
    """

    def __init__(self, record: object, names: FieldNames) -> None:
        if not isinstance(record, Mapping):
            raise Unusable(f"the record is {kind(record)}, not an object with fields")
        self._record = unwrap_hit(record)
        self._fields = names
        self._names_in_record = names.names_in(self._record)
        self.names: dict[str, str] = {}

    def id(self) -> str | None:
        """The declared id. 12 and 12.0 both give "12", because tables turn integers into decimals."""
        return self._first_readable("id", _id)

    def title(self) -> str | None:
        """The title, stripped."""
        return self._first_readable("title", _string)

    def language(self) -> str | None:
        """The declared language in BCP 47."""
        return self._first_readable("language", lambda value: bcp47(value) if isinstance(value, str) else None)

    def published(self, language: str | None) -> str | None:
        """The date in ISO 8601. language: decides the order of day and month."""
        return self._first_readable("published", lambda value: iso_date(value, language))

    def unread_date(self) -> object:
        """A date that could not be read; None if there is no date, or one was read."""
        if "published" in self.names:
            return None
        dates = (value for _, value in self._candidates("published"))
        return next((value for value in dates if not (isinstance(value, str) and value.lower() in _NO_DATE)), None)

    def url(self) -> str | None:
        """The URL, as written."""
        return self._first_readable("url", _string)

    def version(self) -> str | None:
        """The version of the item, as its sender counts versions."""
        return self._first_readable("version", lambda value: str(value) if isinstance(value, str | int) else None)

    def source(self) -> str | None:
        """The publisher: its name, or its host if only a URL is given."""
        return self._first_readable("source", _source_name) or self._first_readable("source", _host)

    def withdrawn(self) -> str | None:
        """Why the sender does not allow the record to be used; None if it may be used."""
        status = self._first_readable("status", _string) or ""
        if reason := _WITHDRAWN.get(re.split("[:/#]", status.lower())[-1]):
            return reason
        embargo = self._first_readable("embargoed", lambda value: value)
        if embargo is not None and iso_date(embargo) is None:
            return f"embargoed until {quoted(str(embargo))}, which is not a date"
        return None

    def text(self, title: str | None) -> str:
        """The text; empty if there is none but a title of `TITLE_WORDS`. Raises `Unusable` if there is neither."""
        for name, value in self._candidates("text"):
            self.names["text"] = name
            return _checked_text(plain_value(name, value))
        if title is not None and word_count(title, TITLE_WORDS) == TITLE_WORDS:
            return ""
        names = [str(name) for name in self._record]
        if not names:
            raise Unusable("an empty record")
        column = self._fields.columns.get("text")
        what = "no text, or an empty one" if column is None else f"no value in {quoted(column)}, named for the text"
        raise Unusable(f"{what}; fields found: {listed(names)}")

    def history(self) -> tuple[Version, ...]:
        """The earlier versions of an article that was read before."""
        history = self._record.get("history")
        return history if isinstance(history, tuple) and all(isinstance(each, Version) for each in history) else ()

    def _candidates(self, field: str) -> Iterator[tuple[str, object]]:
        """The names and usable values that the record has for a field, the most specific name first."""
        for name in self._names_in_record.get(field, ()):
            value = self._record[name]
            if self._fields.is_usable(field, name, value):
                yield name, value

    def _first_readable(self, field: str, read: Callable[[object], T | None]) -> T | None:
        """The first value of a field that can be read."""
        for name, value in self._candidates(field):
            result = read(plain_value(name, value))
            if result is not None:
                self.names[field] = name
                return result
        return None


def word_count(text: str, most: int) -> int:
    """The number of words in a text, `most` at most. Numbers and punctuation do not count.

    In scripts without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar, Tibetan) two letters count as a word.
    """
    count = letters = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        unspaced = sum(map(str.isalpha, _UNSPACED.findall(token)))
        letters += unspaced
        count += not unspaced and any(map(str.isalpha, token))
        if count + letters // 2 >= most:
            break
    return min(count + letters // 2, most)


def _checked_text(text: object) -> str:
    if not isinstance(text, str):
        raise Unusable(f"the text is {kind(text)}, not a string")
    if len(text) > limits.RECORD_LIMIT:
        raise Unusable(f"the text is longer than {size(limits.RECORD_LIMIT)}, the limit for one record")
    if word_count(text, TEXT_WORDS) < TEXT_WORDS:
        raise Unusable(f"too little text to compare: {quoted(text.strip())}")
    return _without_surrogates(text)


def _id(value: object) -> str:
    if isinstance(value, str):
        return _stripped(value)
    try:
        if isinstance(value, Integral) and not isinstance(value, bool):
            return str(int(value))
        if isinstance(value, Real) and not isinstance(value, bool):
            number = float(value)
            return str(int(number) if number.is_integer() else number)
    except (ValueError, OverflowError):
        raise Unusable("the id is a number with thousands of digits") from None
    raise Unusable(f"the id is {kind(value)}, not a string or a number")


def _string(value: object) -> str | None:
    return _stripped(value) if isinstance(value, str) else None


def _source_name(value: object) -> str | None:
    """The name of a publisher: a string, an object with a title, name, uri or id, or the first of a list of those."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        names = (value[key] for key in ("title", "name", "uri", "id") if not is_missing(value.get(key)))
        return next(filter(None, map(_source_name, names)), None)
    return None if is_url(value) else _string(value)


def _host(value: object) -> str | None:
    try:
        return urlsplit(value.strip()).hostname if isinstance(value, str) else None
    except ValueError:  # brackets without an IPv6 address
        return None


def _stripped(value: str) -> str:
    """The string stripped, without lone surrogates."""
    return _without_surrogates(value.strip())


def _without_surrogates(text: str) -> str:
    """The text with lone surrogates, which cannot be written to a file, replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
