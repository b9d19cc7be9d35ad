"""RSS of any version and Atom, parsed by feedparser: one record per entry."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from detector.reading.decoding import limits
from detector.reading.decoding.charset import decode_page
from detector.reading.decoding.optional import library
from detector.reading.formats.markup import text_of_html
from detector.reading.formats.xml_safe import FORBIDDEN, defines_entities, root_name
from detector.reading.mapping.messages import quoted, size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

FEED_LIMIT = 64 * limits.MIB
"""Bytes of one feed, which is read into memory. Feeds of news sites are under 2 MiB."""

_ROOTS = {"rss": "", "feed": "http://www.w3.org/2005/Atom", "rdf": "http://purl.org/rss/"}
"""Root element → a string that must occur in the head too."""

_ENTRY_TAG = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The entries, numbered from 1. A malformed feed is read as far as possible; a last rejection gives the reason."""
    data = content.stream.read(FEED_LIMIT + 1)
    if len(data) > FEED_LIMIT:
        raise Unusable(f"feed larger than {size(FEED_LIMIT)}, the limit for one feed")
    text = FORBIDDEN.sub("\ufffd", decode_page(data))
    if defines_entities(content.head_text):
        raise Unusable("the feed defines its own entities (in its DOCTYPE), which are not read")
    feed = _parse_feed(text)
    problem = _xml_problem(feed)
    incomplete = len(feed.entries) if problem and _ends_in_entry(text) else None
    for number, entry in enumerate(feed.entries, start=1):
        if number == incomplete:
            yield content.source.rejected("the feed ends inside this entry", number, _string_field(entry, "id"))
        else:
            yield Record(content.source, number, _article_fields(dict(entry), dict(feed.feed)))
    if problem:
        raise Unusable(f"malformed XML: {problem}; what follows was read as far as possible")


def recognizes(content: Content) -> bool:
    """Whether the root element is that of a feed."""
    required = _ROOTS.get(root_name(content.head_text))
    return required is not None and required in content.head_text


def _parse_feed(text: str) -> Any:
    feedparser = library("feedparser", "Feeds", "feeds")
    return feedparser.parse(
        # Bytes, because feedparser fetches a string that looks like a URL.
        io.BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _xml_problem(feed: Any) -> str | None:
    """What is wrong with the XML, if anything."""
    error = feed.get("bozo_exception") if feed.get("bozo") else None
    if error is None or not hasattr(error, "getMessage"):  # the others are warnings, for example about the encoding
        return None
    return quoted(error.getMessage()).strip("'")


def _ends_in_entry(text: str) -> bool:
    """Whether the last entry of a feed has no end tag."""
    last = deque(_ENTRY_TAG.finditer(text), maxlen=1)
    return bool(last) and not last[0][1]


def _article_fields(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, object]:
    """The fields of an entry; language and source come from the feed if the entry has none."""
    title = entry.get("title_detail") or {}
    language, text = _content(entry)
    link = _string_field(entry, "link")
    fields = {
        "id": _string_field(entry, "id") or link,
        "title": _detail_text(title),
        "text": text,
        "url": link if link and link.startswith(("http://", "https://")) else None,
        # Atom entries may only have the time of their last change; feedparser calls the dc:date of RSS 1.0 so too.
        "published": _string_field(entry, "published")
        or _string_field(entry, "updated")
        or _string_field(entry, "created"),
        "language": language
        or _string_field(entry, "language")
        or title.get("language")
        or _string_field(feed, "language"),
        "source": _string_field(entry.get("source") or {}, "title") or _string_field(feed, "title"),
    }
    return {field: value for field, value in fields.items() if value}


def _content(entry: Mapping[str, Any]) -> tuple[str | None, str]:
    """The declared language and the text: the full text if the feed has it, else the summary."""
    for detail in (*(entry.get("content") or ()), entry.get("summary_detail") or {}):
        if text := _detail_text(detail):
            return detail.get("language"), text
    return None, ""


def _detail_text(detail: Mapping[str, Any]) -> str:
    """A text of a feed without its markup; empty if it is not text, such as a picture in base64."""
    value, kind = detail.get("value"), detail.get("type") or "text/plain"
    if not isinstance(value, str) or not kind.startswith(("text/", "application/xhtml")):
        return ""
    return value.strip() if kind == "text/plain" else text_of_html(value)


def _string_field(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


FORMAT = Format("feed", (".rss", ".atom", ".rdf"), recognizes, read)
