"""Which field of a record holds what: the names other tools use, mapped onto the fields of an `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from detector.reading.mapping.messages import listed, quoted

KNOWN_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "_id", "uri", "uuid", "guid", "article_id", "stories_id"),
        *("url", "link", "permalink", "canonical_link", "source"),
    ),
    "text": (
        *("text", "body", "content", "maintext", "article", "full_text", "raw_text", "cleaned_text", "article_body"),
        *("body_text", "body_main", "bodies", "content_text", "body_xhtml", "body_html", "body_richtext"),
        *("content_html", "summary", "description", "excerpt", "abstract", "snippet"),
    ),
    "title": ("title", "headline", "headline_main", "headlines", "title_page", "title_rss"),
    "language": ("language", "lang", "language_code", "meta_lang", "in_language"),
    "published": (
        *("published", "date_publish", "published_at", "published_date", "pub_date", "publish_date", "date_published"),
        *("publication_date", "date_time_pub", "datetime", "version_created", "first_created", "content_created"),
        *("date", "seen_date", "timestamp"),
    ),
    "source": (
        *("source", "source_name", "name_source", "source_domain", "publisher", "outlet", "source_hostname"),
        *("media_name", "meta_site_name", "site_name", "provider", "info_source", "info_sources", "domain"),
        *("domain_url", "clean_url", "hostname", "copyright_holder"),
    ),
    "url": ("url", "link", "permalink", "canonical_link", "source", "source_url"),
}
"""Article field → the names it goes by, the most telling first; the first one that holds something is taken.
Written in any case and with or without `_`, `-` or spaces: `pubDate`, `Full Text`."""

WIRE_NAMES: dict[str, tuple[str, ...]] = {
    "version": ("version",),
    "status": ("pub_status",),
    "embargoed": ("embargoed", "embargoed_until"),
}
"""What records of news agencies say besides: which version it is, whether it may be used and until when it may not."""

_LONGEST_NAME = 40
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# The URL in the JSON of trafilatura, the name or the host of the source everywhere else.
_URL_OR_NAME = "source"
_OF_A_URL = ("id", "url")
_MOST_KINDS = 256


class FieldNames:
    """Finds the values of Article fields in records; `columns` ({"text": "corps"}) names some fields exactly.

    Raises ValueError where `columns` names a field an Article does not have.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        self.columns = dict(columns or {})
        if unknown := [field for field in self.columns if field not in KNOWN_NAMES]:
            raise ValueError(f"columns: no article field {listed(unknown)}; there are {', '.join(KNOWN_NAMES)}")
        self._known = {
            field: tuple(map(_plain, names))
            for field, names in (KNOWN_NAMES | WIRE_NAMES).items()
            if field not in self.columns
        }
        self._matched: dict[tuple[object, ...], Mapping[str, tuple[str, ...]]] = {}

    def matching(self, record: Mapping[object, object]) -> Mapping[str, tuple[str, ...]]:
        """Field → the names that stand for it in a record, the most telling first; those without any are left out."""
        names = tuple(record)
        if (matching := self._matched.get(names)) is None:  # most records of a file have the same names
            plain: dict[str, list[str]] = {}
            for name in names:
                if isinstance(name, str):
                    plain.setdefault(_plain(name), []).append(name)
            found = ((field, chain(*(plain.get(each, ()) for each in known))) for field, known in self._known.items())
            columns = {field: (column,) for field, column in self.columns.items() if column in names}
            matching = columns | {field: these for field, each in found if (these := tuple(each))}
            if len(self._matched) >= _MOST_KINDS:
                self._matched.clear()
            self._matched[names] = matching
        return matching

    def says(self, field: str, name: str, value: object) -> bool:
        """Whether a value says something of the field: it is not missing, and a URL where it may also be a name."""
        if is_missing(value):
            return False
        return field not in _OF_A_URL or field in self.columns or _plain(name) != _URL_OR_NAME or is_url(value)

    def known(self, names: Iterable[str]) -> set[str]:
        """The article fields for which one of these names stands."""
        exact = set(names)
        plain = set(map(_plain, exact))
        return {field for field in KNOWN_NAMES if plain.intersection(self._known.get(field, ()))} | {
            field for field, column in self.columns.items() if column in exact
        }

    def without_text(self, names: list[str]) -> str | None:
        """What is wrong with a table that has these columns, if none of them can hold the text."""
        for field, column in self.columns.items():
            if column not in names:
                return f"no column {quoted(column)} for the {field}; there are {listed(names)}"
        if self.known(names) & {"text", "title"}:
            return None
        return f"no column holds the text; there are {listed(names)}: name it with columns={{'text': …}}"


def is_missing(value: object) -> bool:
    """Whether a value says nothing: None, NaN, NaT, NA, a blank string, or the word of newsdata.io in its place."""
    if isinstance(value, str):
        return not value.strip() or value.startswith("ONLY AVAILABLE IN ")
    try:
        return value is None or bool(value != value)
    except TypeError:  # pandas.NA is neither equal to itself nor different
        return True
    except ValueError:  # an array compares cell by cell
        return False


def is_url(value: object) -> bool:
    """Whether a value is the URL of a page."""
    return isinstance(value, str) and _URL.fullmatch(value.strip()) is not None


def whole(record: Mapping[object, object]) -> Mapping[object, object]:
    """The record; of a hit of Elasticsearch what it found, with the hit's `_id`."""
    source = record.get("_source")
    return {"_id": record.get("_id"), **source} if isinstance(source, Mapping) else record


def _plain(name: str) -> str:
    """The name without case and signs; nothing for one too long to be known, which the cache need not hold."""
    return _plain_short(name) if len(name) <= _LONGEST_NAME else ""


@lru_cache(maxsize=4096)
def _plain_short(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
