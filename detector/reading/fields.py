"""Which field of a record holds what: the names other tools use, mapped onto the fields of an `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from detector.reading.wording import listed, quoted

KNOWN_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "uri", "uuid", "guid", "article_id", "url"),
    "text": (
        *("text", "body", "content", "maintext", "article", "full_text", "raw_text", "cleaned_text"),
        *("summary", "description"),
    ),
    "title": ("title", "headline"),
    "language": ("language", "lang", "language_code"),
    "published": (
        *("published", "date_publish", "published_at", "pub_date", "publish_date", "datetime", "date"),
        "timestamp",
    ),
    "source": ("source", "source_domain", "publisher", "domain", "outlet"),
    "url": ("url", "link", "permalink", "source_url"),
}
"""Article field → the names it goes by, the most telling first; the first one that holds something is taken.
Written in any case and with or without `_`, `-` or spaces: `pubDate`, `Full Text`."""

_LONGEST_NAME = 40


class FieldNames:
    """Finds the values of Article fields in records; `columns` ({"text": "corps"}) names some fields exactly.

    Raises ValueError where `columns` names a field an Article does not have.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        self._columns = dict(columns or {})
        if unknown := [field for field in self._columns if field not in KNOWN_NAMES]:
            raise ValueError(f"columns: no article field {listed(unknown)}; there are {', '.join(KNOWN_NAMES)}")
        self._known = {
            field: tuple(map(_plain, names)) for field, names in KNOWN_NAMES.items() if field not in self._columns
        }

    def found(self, record: Mapping[object, object]) -> dict[str, list[object]]:
        """Article field → the values the record holds for it, the most telling first; nothing missing among them."""
        plain: dict[str, object] = {}
        for name, value in record.items():
            if isinstance(name, str) and not is_missing(value):
                plain.setdefault(_plain(name), value)
        found = {field: [plain[name] for name in names if name in plain] for field, names in self._known.items()}
        for field, column in self._columns.items():
            found[field] = [] if is_missing(record.get(column)) else [record[column]]
        return found

    def known(self, names: Iterable[str]) -> set[str]:
        """The article fields for which one of these names stands."""
        exact = set(names)
        plain = set(map(_plain, exact))
        return {field for field, known in self._known.items() if plain.intersection(known)} | {
            field for field, column in self._columns.items() if column in exact
        }

    def without_text(self, names: list[str]) -> str | None:
        """What is wrong with a table that has these columns, if none of them can hold the text."""
        for field, column in self._columns.items():
            if column not in names:
                return f"no column {quoted(column)} for the {field}; there are {listed(names)}"
        if self.known(names) & {"text", "title"}:
            return None
        return f"no column holds the text; there are {listed(names)}: name it with columns={{'text': …}}"


def is_missing(value: object) -> bool:
    """Whether a value says nothing: None, NaN, NaT, NA or a blank string."""
    if isinstance(value, str):
        return not value.strip()
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas.NA is neither equal to itself nor different
        return True
    except ValueError:  # an array compares cell by cell
        return False


def _plain(name: str) -> str:
    """The name without case and signs; nothing for one too long to be known, which the cache need not hold."""
    return _plain_short(name) if len(name) <= _LONGEST_NAME else ""


@lru_cache(maxsize=4096)
def _plain_short(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
