"""Judges one record: an `Article`, or `Rejected` with the reason. Never raises, whatever the record holds."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real

from detector.reading import limits
from detector.reading.dates import iso_date
from detector.reading.fields import FieldNames, is_missing
from detector.reading.raw import Place, Record, Unusable
from detector.reading.wording import escaped, kind, listed, quoted, size
from detector.records import Article, Rejected

TEXT_WORDS = 2
"""Words a text has to have: with one there is nothing to compare."""

TITLE_WORDS = 4
"""Words a title has to have where it stands without a text."""

_SURROGATE = re.compile("[\ud800-\udfff]")
# Thai, Lao, Tibetan; Myanmar; Khmer; Kana; Han; Myanmar and Kana again: scripts that put no spaces between words.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


@dataclass(slots=True)
class UnreadDates:
    """The articles of one reading whose date could not be read: how many, and one of the dates with its file."""

    count: int = 0
    example: str = ""

    def add(self, value: object, place: Place) -> None:
        """One more, which had this value as its date."""
        self.count += 1
        self.example = self.example or f"{quoted(value) if isinstance(value, str) else kind(value)} in {place.shown}"

    def warn(self) -> None:
        """Say so in one warning, if there are any."""
        if self.count:
            warnings.warn(
                f"dates that could not be read: {self.count}, for example {self.example}; give ISO 8601, or declare "
                "the language of the article by its code, such as vi or en-GB",
                stacklevel=2,
            )


class Judge:
    """Judges the records of one reading in their order, and so knows which ids are taken."""

    def __init__(self, names: FieldNames, unread_dates: UnreadDates) -> None:
        self._names = names
        self._unread_dates = unread_dates
        self._taken: dict[str, tuple[Place, int | None]] = {}

    def judged(self, record: Record) -> Article | Rejected:
        """The article, or why there is none.

        A declared id that is taken costs the record. An id made from a file name that is taken is made from the whole
        path instead: it was nobody's choice, and folders such as `it/` and `de/` often hold the same file names.
        """
        declared: str | None = None
        try:
            found = self._names.found(_fields(record.value))
            declared = _id(found["id"])
            title, language = _string(found["title"]), _string(found["language"])
            article = Article(
                id=self._free(declared, record),
                text=_text(found["text"], title, record.value),
                title=title,
                language=language,
                published=next(filter(None, (iso_date(value, language) for value in found["published"])), None),
                source=_string([name for value in found["source"] for name in _source_names(value)]),
                url=_string(found["url"]),
            )
        except Unusable as flaw:
            return record.place.rejected(str(flaw), record.number, None if declared is None else escaped(declared))
        self._taken[article.id] = (record.place, record.number)
        if found["published"] and article.published is None:
            self._unread_dates.add(found["published"][0], record.place)
        return article

    def _free(self, declared: str | None, record: Record) -> str:
        """The id of the record. Raises `Unusable` where it is taken."""
        ending = "" if record.number is None else f":{record.number}"
        made = (record.place.name + ending, record.place.shown + ending)
        ids = made if declared is None else (declared,)
        for id in ids:
            if id not in self._taken:
                return id
        place, number = self._taken[ids[-1]]
        where = place.shown if number is None else f"{place.shown}, record {number}"
        raise Unusable(f"duplicate id {quoted(ids[-1])}: it stands first in {where}, which is kept")


def word_count(text: str, most: int) -> int:
    """The words of a text, counted up to `most`; numbers and signs are none.

    In scripts that put no spaces between words (Han, Kana, Thai, Lao, Khmer, Myanmar, Tibetan) two letters count as
    a word.
    """
    count = letters = 0
    for piece in text.split():
        unspaced = sum(map(str.isalpha, _UNSPACED.findall(piece)))
        letters += unspaced
        count += not unspaced and any(map(str.isalpha, piece))
        if count + letters // 2 >= most:
            break
    return min(count + letters // 2, most)


def _fields(value: object) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        raise Unusable(f"the record is {kind(value)}, not an object with fields")
    return value


def _id(values: list[object]) -> str | None:
    """The id a record declares; 12 and 12.0 are the id "12", as tables turn whole numbers into decimal ones."""
    if not values:
        return None
    value = values[0]
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


def _text(values: list[object], title: str | None, record: object) -> str:
    """The text of a record; empty where a title of `TITLE_WORDS` stands for it."""
    if not values:
        if title is not None and word_count(title, TITLE_WORDS) == TITLE_WORDS:
            return ""
        names = [str(name) for name in record] if isinstance(record, Mapping) else []
        raise Unusable(f"no text, or an empty one; the fields are {listed(names)}" if names else "an empty record")
    text = values[0]
    if not isinstance(text, str):
        raise Unusable(f"the text is {kind(text)}, not a string")
    if len(text) > limits.RECORD_LIMIT:
        raise Unusable(f"the text is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
    if word_count(text, TEXT_WORDS) < TEXT_WORDS:
        raise Unusable(f"too little text to compare: {quoted(text.strip())}")
    return _SURROGATE.sub("\ufffd", text)


def _string(values: list[object]) -> str | None:
    """The first of the values that is a string."""
    return next((_clean(value) for value in values if isinstance(value, str)), None)


def _source_names(value: object) -> list[object]:
    """A source is its name, or an object that has one under title, name, uri or id."""
    if not isinstance(value, Mapping):
        return [value]
    return [value[key] for key in ("title", "name", "uri", "id") if not is_missing(value.get(key))]


def _clean(value: str) -> str:
    """Without blanks around it; half a surrogate pair, which no file can hold, becomes the replacement character."""
    return _SURROGATE.sub("\ufffd", value.strip())
