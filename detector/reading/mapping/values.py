"""What the fields of one record say, as an article has them; an unusable one is told with the reason."""

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
from detector.reading.mapping.fields import FieldNames, is_missing, is_url, whole
from detector.reading.mapping.messages import kind, listed, quoted, size
from detector.reading.source import Unusable
from detector.records import Version

TEXT_WORDS = 2
"""Words a text has to have: with one there is nothing to compare."""

TITLE_WORDS = 4
"""Words a title has to have where it stands without a text."""

T = TypeVar("T")

_SURROGATE = re.compile("[\ud800-\udfff]")
# The mark of a long vowel in Katakana is common to several scripts in Unicode.
_UNSPACED = regex.compile(f"[{WITHOUT_SPACES}ーｰ]")
_PIECE = re.compile(r"\S+")
# How str() writes a date that is not there; news-please does.
_NO_DATE = {"none", "null", "nan", "nat"}
# Statuses of the IPTC, as codes "stat:canceled" or URIs that end in one.
_WITHDRAWN = {"canceled": "cancelled by its sender", "withheld": "withheld by its sender"}


class Values:
    """The values of one record. `names` tells under which name each field was found that has been asked for.

    Raises `Unusable` where the record has no fields.
    """

    def __init__(self, record: object, names: FieldNames) -> None:
        if not isinstance(record, Mapping):
            raise Unusable(f"the record is {kind(record)}, not an object with fields")
        self._record = whole(record)
        self._fields = names
        self._matching = names.matching(self._record)
        self.names: dict[str, str] = {}

    def id(self) -> str | None:
        """The id a record declares; 12 and 12.0 are the id "12", as tables turn whole numbers into decimal ones."""
        return self._first("id", _id)

    def title(self) -> str | None:
        """The title, without the blanks around it."""
        return self._first("title", _string)

    def language(self) -> str | None:
        """The declared language in BCP 47."""
        return self._first("language", lambda value: bcp47(value) if isinstance(value, str) else None)

    def published(self, language: str | None) -> str | None:
        """The date in ISO 8601; `language` says in which order its numbers stand."""
        return self._first("published", lambda value: iso_date(value, language))

    def unread_date(self) -> object:
        """A date that is there and could not be read; None where there is none or one was read."""
        if "published" in self.names:
            return None
        dates = (value for _, value in self._found("published"))
        return next((value for value in dates if not (isinstance(value, str) and value.lower() in _NO_DATE)), None)

    def url(self) -> str | None:
        """The URL, as it is written."""
        return self._first("url", _string)

    def version(self) -> str | None:
        """Which version of an item the record is, as its sender counts."""
        return self._first("version", lambda value: str(value) if isinstance(value, str | int) else None)

    def source(self) -> str | None:
        """Who published: the name, or the host where only a URL is told."""
        return self._first("source", _source_name) or self._first("source", _host)

    def withdrawn(self) -> str | None:
        """Why the record may not be used, by what its sender says; None where it may."""
        status = self._first("status", _string) or ""
        if reason := _WITHDRAWN.get(re.split("[:/#]", status.lower())[-1]):
            return reason
        embargo = self._first("embargoed", lambda value: value)
        if embargo is not None and iso_date(embargo) is None:
            return f"embargoed until {quoted(str(embargo))}, which is no date"
        return None

    def text(self, title: str | None) -> str:
        """The text; empty where a title of `TITLE_WORDS` stands for it."""
        for name, value in self._found("text"):
            self.names["text"] = name
            return _checked(plain_value(name, value))
        if title is not None and word_count(title, TITLE_WORDS) == TITLE_WORDS:
            return ""
        names = [str(name) for name in self._record]
        if not names:
            raise Unusable("an empty record")
        column = self._fields.columns.get("text")
        what = "no text, or an empty one" if column is None else f"nothing in {quoted(column)}, named for the text"
        raise Unusable(f"{what}; the fields are {listed(names)}")

    def history(self) -> tuple[Version, ...]:
        """The earlier versions that an article already has."""
        history = self._record.get("history")
        return history if isinstance(history, tuple) and all(isinstance(each, Version) for each in history) else ()

    def _found(self, field: str) -> Iterator[tuple[str, object]]:
        """The names the record has for a field, with their values, the most telling first; no value is missing."""
        for name in self._matching.get(field, ()):
            if self._fields.says(field, name, value := self._record[name]):
                yield name, value

    def _first(self, field: str, read: Callable[[object], T | None]) -> T | None:
        """The first value of a field that can be read."""
        for name, value in self._found(field):
            if (result := read(plain_value(name, value))) is not None:
                self.names[field] = name
                return result
        return None


def word_count(text: str, most: int) -> int:
    """The words of a text, counted up to `most`; numbers and signs are none.

    In scripts that put no spaces between words (Han, Kana, Thai, Lao, Khmer, Myanmar, Tibetan) two letters count as
    a word.
    """
    count = letters = 0
    for found in _PIECE.finditer(text):
        piece = found[0]
        unspaced = sum(map(str.isalpha, _UNSPACED.findall(piece)))
        letters += unspaced
        count += not unspaced and any(map(str.isalpha, piece))
        if count + letters // 2 >= most:
            break
    return min(count + letters // 2, most)


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise Unusable(f"the text is {kind(text)}, not a string")
    if len(text) > limits.RECORD_LIMIT:
        raise Unusable(f"the text is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
    if word_count(text, TEXT_WORDS) < TEXT_WORDS:
        raise Unusable(f"too little text to compare: {quoted(text.strip())}")
    return _whole_characters(text)


def _id(value: object) -> str:
    if isinstance(value, str):
        return _clean(value)
    try:
        if isinstance(value, Integral) and not isinstance(value, bool):
            return str(int(value))
        if isinstance(value, Real) and not isinstance(value, bool):
            number = float(value)
            return str(int(number) if number.is_integer() else number)
    except (ValueError, OverflowError):
        raise Unusable("the id is a number of thousands of digits") from None
    raise Unusable(f"the id is {kind(value)}, not a string or a number")


def _string(value: object) -> str | None:
    return _clean(value) if isinstance(value, str) else None


def _source_name(value: object) -> str | None:
    """A source is its name, or an object that has one under title, name, uri or id; of several the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        names = (value[key] for key in ("title", "name", "uri", "id") if not is_missing(value.get(key)))
        return next(filter(None, map(_source_name, names)), None)
    return None if is_url(value) else _string(value)


def _host(value: object) -> str | None:
    try:
        return urlsplit(value.strip()).hostname if isinstance(value, str) else None
    except ValueError:  # brackets that hold no address
        return None


def _clean(value: str) -> str:
    """Without blanks around it; half a surrogate pair, which no file can hold, becomes the replacement character."""
    return _whole_characters(value.strip())


def _whole_characters(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
