"""Maps the field names that other tools use to the fields of an `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
"""Article field → the names it goes by, the most specific first; the first one with a value is used. Names match in any
case and with or without `_`, `-` or spaces: `pubDate`, `Full Text`."""

WIRE_NAMES: dict[str, tuple[str, ...]] = {
    "version": ("version",),
    "status": ("pub_status",),
    "embargoed": ("embargoed", "embargoed_until"),
}
"""Further fields of news agencies: the version, whether the record may be used, and until when it may not."""

_LONGEST_NAME = 40
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# In the JSON of trafilatura this is the URL of the page; everywhere else it is the name or host of the publisher.
_URL_OR_NAME = "source"
_FIELDS_FROM_URL = ("id", "url")
_CACHED_RECORD_TYPES = 256


class FieldNames:
    """Finds the values of Article fields in records. columns: exact names of some fields, such as {"text": "corps"}.

    Raises ValueError if `columns` names a field that an Article does not have.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        self.columns = dict(columns or {})
        if unknown := [field for field in self.columns if field not in KNOWN_NAMES]:
            raise ValueError(f"columns: no article field {listed(unknown)}; choose from {', '.join(KNOWN_NAMES)}")
        self._known = {
            field: tuple(map(_normalized, names))
            for field, names in (KNOWN_NAMES | WIRE_NAMES).items()
            if field not in self.columns
        }
        self._cache: dict[tuple[object, ...], Mapping[str, tuple[str, ...]]] = {}

    def names_in(self, record: Mapping[object, object]) -> Mapping[str, tuple[str, ...]]:
        """Field → the record's names for it, the most specific first. Fields without a name are left out.

        Cached, because most records of a file have the same names.
        """
        names = tuple(record)
        matches = self._cache.get(names)
        if matches is None:
            if len(self._cache) >= _CACHED_RECORD_TYPES:
                self._cache.clear()
            matches = self._cache[names] = self._match(names)
        return matches

    def _match(self, names: tuple[object, ...]) -> Mapping[str, tuple[str, ...]]:
        by_normalized: dict[str, list[str]] = {}
        for name in names:
            if isinstance(name, str):
                by_normalized.setdefault(_normalized(name), []).append(name)
        matches: dict[str, tuple[str, ...]] = {
            field: (column,) for field, column in self.columns.items() if column in names
        }
        for field, known_names in self._known.items():
            present = tuple(name for known in known_names for name in by_normalized.get(known, ()))
            if present:
                matches[field] = present
        return matches

    def is_usable(self, field: str, name: str, value: object) -> bool:
        """Whether a value can be used for the field: it is not missing, and is a URL if the field needs one."""
        if is_missing(value):
            return False
        may_be_name = field in _FIELDS_FROM_URL and field not in self.columns and _normalized(name) == _URL_OR_NAME
        return is_url(value) if may_be_name else True

    def fields_of(self, names: Iterable[str]) -> set[str]:
        """The article fields that these names mean."""
        exact = set(names)
        normalized = set(map(_normalized, exact))
        return {field for field in KNOWN_NAMES if normalized.intersection(self._known.get(field, ()))} | {
            field for field, column in self.columns.items() if column in exact
        }

    def header_problem(self, names: list[str]) -> str | None:
        """What is wrong with a table that has these columns: a named column or the text is missing. None if nothing."""
        for field, column in self.columns.items():
            if column not in names:
                return f"no column {quoted(column)} for the {field}; columns found: {listed(names)}"
        if self.fields_of(names) & {"text", "title"}:
            return None
        return f"no column holds the text; columns found: {listed(names)}. Name it with columns={{'text': …}}"


def is_missing(value: object) -> bool:
    """Whether a value is missing: None, NaN, NaT, NA, a blank string, or the placeholder of newsdata.io."""
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


def unwrap_hit(record: Mapping[object, object]) -> Mapping[object, object]:
    """The record itself, or the document inside a search hit of Elasticsearch, with the hit's `_id`."""
    document = record.get("_source")
    return {"_id": record.get("_id"), **document} if isinstance(document, Mapping) else record


def _normalized(name: str) -> str:
    """The name in lower case, letters and digits only; empty if it is too long to be a known one, or to be cached."""
    return _normalized_short(name) if len(name) <= _LONGEST_NAME else ""


@lru_cache(maxsize=4096)
def _normalized_short(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
