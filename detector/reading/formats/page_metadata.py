"""What an HTML page declares about its article. Only declarations count: no date is guessed from the text."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from detector.reading.decoding.optional import library
from detector.reading.mapping.dates import iso_date

_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "article:published", "datepublished"),
    *("dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "dc:date"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime"),
    *("pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publication-date", "date"),
)
# Fields of JSON-LD that lead to the article. Any other field holds another article, or a part of this one.
_LEADING_TO_ARTICLE = ("@graph", "mainEntity", "mainEntityOfPage")
_ARTICLE_TYPES = ("Article", "Posting", "Report")
_MOST_NODES = 1000


def metadata(tree: Any, url: str | None = None) -> dict[str, object]:
    """The fields title, language, published, source and url, as far as they are declared.

    tree: the page as parsed by lxml. url: where it was fetched; if it is None, the URL that the page declares is used.
    """
    meta = _meta_elements(tree)
    linked = _json_ld_article(tree)
    language = _page_language(tree, meta, linked)
    url = url or next(filter(None, map(_absolute, (*_canonical(tree), meta.get("og:url")))), None)
    dates = [linked.get("datePublished"), *map(meta.get, _PUBLISHED), _only_time(tree)]
    declared = [date for date in dates if isinstance(date, str) and date.strip()]
    fields = {
        "url": url,
        "title": _one_line(linked.get("headline")) or _one_line(meta.get("og:title")) or _shown_title(tree),
        "language": language,
        # An unreadable date is passed on, so that it is counted as unread.
        "published": next((date for date in declared if iso_date(date, language)), declared[0] if declared else None),
        "source": _one_line(meta.get("og:site_name")) or _publisher(linked) or _site_host(url),
    }
    return {field: value for field, value in fields.items() if value}


def _meta_elements(tree: Any) -> dict[str, str]:
    """Name of a meta element, in lower case → its content; the first one if several have the same name."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if content and content.strip():
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if name := element.get(attribute):
                    meta.setdefault(name.strip().lower(), content.strip())
    return meta


def _json_ld_article(tree: Any) -> Mapping[str, object]:
    """The article in the JSON-LD of the page (schema.org); empty if there is none."""
    nodes: list[object] = []
    for element in tree.iter("script"):
        if (element.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            try:
                nodes.append(json.loads(element.text or "", strict=False))
            except (ValueError, RecursionError):  # broken JSON-LD is common; other declarations remain
                continue
    for _ in range(_MOST_NODES):
        if not nodes:
            break
        node = nodes.pop(0)
        if isinstance(node, list):
            nodes[:0] = node[:_MOST_NODES]
        elif isinstance(node, Mapping):
            if any(isinstance(name, str) and name.endswith(_ARTICLE_TYPES) for name in _listed(node.get("@type"))):
                return node
            nodes.extend(node[key] for key in _LEADING_TO_ARTICLE if key in node)
    return {}


def _only_time(tree: Any) -> str | None:
    """The time of publication in the page's elements, if there is only one; else the only time in the `article`."""
    published = {
        element.get("content") or element.get("datetime") or "".join(element.itertext())
        for element in tree.xpath("//*[@itemprop='datePublished' or (self::time and @pubdate)]")
    }
    if not published:
        within = next(tree.iter("article"), tree)
        published = {element.get("datetime") for element in within.iter("time") if element.get("datetime")}
    return published.pop() if len(published) == 1 else None


def _page_language(tree: Any, meta: Mapping[str, str], linked: Mapping[str, object]) -> str | None:
    declared = (
        tree.get("lang"),
        tree.get("xml:lang"),
        meta.get("content-language", "").partition(",")[0],
        linked.get("inLanguage"),
        meta.get("og:locale"),
    )
    return next((each.strip().replace("_", "-") for each in declared if isinstance(each, str) and each.strip()), None)


def _shown_title(tree: Any) -> str | None:
    """The title found by trafilatura: the only `h1`, else the page's title without the name of the site."""
    try:
        return _one_line(library("trafilatura.metadata", "HTML pages", "html").extract_title(tree))
    except (TypeError, ValueError):  # trafilatura raises these for malformed pages
        return None


def _publisher(linked: Mapping[str, object]) -> str | None:
    names = (each.get("name") if isinstance(each, Mapping) else each for each in _listed(linked.get("publisher")))
    return next(filter(None, map(_one_line, names)), None)


def _canonical(tree: Any) -> Iterator[str | None]:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            yield element.get("href")


def _absolute(url: str | None) -> str | None:
    """The URL if it is an absolute one, with "https:" added if it starts with "//"; else None."""
    url = (url or "").strip()
    url = f"https:{url}" if url.startswith("//") else url
    return url if url.lower().startswith(("http://", "https://")) and _site_host(url) else None


def _site_host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _one_line(value: object) -> str | None:
    """A text on one line, with HTML escapes decoded, which are common in JSON-LD."""
    return " ".join(html.unescape(value).split()) or None if isinstance(value, str) else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
