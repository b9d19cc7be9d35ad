"""Feeds by feedparser: RSS of any version and Atom. One record an entry."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from detector.reading.decoding import limits
from detector.reading.decoding.charset import decoded
from detector.reading.decoding.optional import library
from detector.reading.formats.markup import text_of_html
from detector.reading.formats.xml_safe import FORBIDDEN, defines_entities, root_name
from detector.reading.mapping.messages import quoted, size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

FEED_LIMIT = 64 * limits.MIB
"""Bytes of one feed, which is read as a whole. Those of news sites stay under 2 MiB."""

_ROOTS = {"rss": "", "feed": "http://www.w3.org/2005/Atom", "rdf": "http://purl.org/rss/"}
"""Root element → what else has to stand near the beginning."""

_ENTRY_TAG = re.compile(r"<(/?)(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The entries, numbered from 1 in their order. What is malformed is read as far as it can be, and that is said."""
    data = content.stream.read(FEED_LIMIT + 1)
    if len(data) > FEED_LIMIT:
        raise Unusable(f"a feed over {size(FEED_LIMIT)}: no single feed is as long")
    text = FORBIDDEN.sub("\ufffd", decoded(data))
    if defines_entities(content.head_text):
        raise Unusable("the feed defines entities of its own (in its DOCTYPE), which are not read")
    feed = _parsed(text)
    flaw = _flaw(feed)
    last = len(feed.entries) if flaw and _breaks_off(text) else None
    for number, entry in enumerate(feed.entries, start=1):
        if number == last:
            yield content.place.rejected("the feed breaks off inside this entry", number, _string(entry, "id"))
        else:
            yield Record(content.place, number, _article(dict(entry), dict(feed.feed)))
    if flaw:
        raise Unusable(f"malformed XML: {flaw}; of what stands behind, as much as could be made out was read")


def fits(content: Content) -> bool:
    """Whether the root element is that of a feed."""
    sign = _ROOTS.get(root_name(content.head_text))
    return sign is not None and sign in content.head_text


def _parsed(text: str) -> Any:
    feedparser = library("feedparser", "Feeds", "feeds")
    return feedparser.parse(
        io.BytesIO(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")),  # a string might be taken for a URL
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _flaw(feed: Any) -> str | None:
    """What is wrong with the XML, if anything is."""
    error = feed.get("bozo_exception") if feed.get("bozo") else None
    if error is None or not hasattr(error, "getMessage"):  # the others are warnings: of the encoding and the like
        return None
    return quoted(error.getMessage()).strip("'")


def _breaks_off(text: str) -> bool:
    """Whether the last entry of a feed has no end."""
    last = deque(_ENTRY_TAG.finditer(text), maxlen=1)
    return bool(last) and not last[0][1]


def _article(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, object]:
    """The fields of an entry; what it does not say itself is the feed's."""
    title = entry.get("title_detail") or {}
    language, text = _content(entry)
    link = _string(entry, "link")
    fields = {
        "id": _string(entry, "id") or link,
        "title": _plain(title),
        "text": text,
        "url": link if link and link.startswith(("http://", "https://")) else None,
        # An entry of Atom may have but the time of its last change, and RSS 1.0 has dc:date, which feedparser calls so.
        "published": _string(entry, "published") or _string(entry, "updated") or _string(entry, "created"),
        "language": language or _string(entry, "language") or title.get("language") or _string(feed, "language"),
        "source": _string(entry.get("source") or {}, "title") or _string(feed, "title"),
    }
    return {field: value for field, value in fields.items() if value}


def _content(entry: Mapping[str, Any]) -> tuple[str | None, str]:
    """The declared language and the text: the whole one where it stands in the feed, else the summary."""
    for detail in (*(entry.get("content") or ()), entry.get("summary_detail") or {}):
        if text := _plain(detail):
            return detail.get("language"), text
    return None, ""


def _plain(detail: Mapping[str, Any]) -> str:
    """A text of a feed without its markup; nothing of what is no text, such as a picture in base64."""
    value, kind = detail.get("value"), detail.get("type") or "text/plain"
    if not isinstance(value, str) or not kind.startswith(("text/", "application/xhtml")):
        return ""
    return value.strip() if kind == "text/plain" else text_of_html(value)


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


FORMAT = Format("feed", (".rss", ".atom", ".rdf"), fits, read)
