"""HTML pages: the main text, found by trafilatura, and what the page declares. Nothing is executed or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from detector.reading.decoding.charset import decode_page
from detector.reading.decoding.optional import library
from detector.reading.formats.page_metadata import metadata
from detector.reading.formats.xml_safe import FORBIDDEN, root_name
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

ELEMENT_LIMIT = 50_000
"""Most elements of one page; a news page has a few thousand."""

LARGE = 2_000
"""Text nodes above which a page is read in trafilatura's fast mode. A news page has a few hundred. The time for its
fallback extractors, and for typographic elements such as bold, grows with the square of this number."""

_TYPOGRAPHY = (
    *("abbr", "b", "cite", "em", "font", "i", "ins", "kbd", "mark", "samp", "small", "strong", "sub", "sup", "tt", "u"),
    "var",
)


def read(content: Content) -> Iterator[Record | Rejected]:
    """The article of a page."""
    yield Record(content.source, None, article_fields(content.read_all("page")))


def article_fields(data: bytes, encoding: str | None = None, url: str | None = None) -> dict[str, object]:
    """The fields of the article on a page: its text, one paragraph per line, and what else the page declares.

    encoding, url: as given by the server, if known. Raises `Unusable` if there is no article.
    """
    tree = _parse_html(data, encoding)
    # Before the extraction, which may change the tree.
    declared = metadata(tree, url)
    return {**declared, "text": _main_text(tree)}


def is_html(head: str) -> bool:
    """Whether a text with this beginning is certainly an HTML page."""
    return root_name(head) in ("html", "head", "body")


def _parse_html(data: bytes, encoding: str | None) -> Any:
    """The element tree of lxml."""
    lxml_html = _library("lxml.html")
    text = decode_page(data, encoding)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(FORBIDDEN.sub("\ufffd", text).encode("utf-8", "replace"), parser=parser)
    except (ValueError, _library("lxml.etree").LxmlError):
        raise Unusable("not an HTML page: it has no elements") from None
    if sum(1 for _ in islice(tree.iter(), ELEMENT_LIMIT + 1)) > ELEMENT_LIMIT:
        raise Unusable(f"page with more than {ELEMENT_LIMIT} elements, too many for one article")
    for element in tree.iter():  # lxml decodes "&#1;" to such a character, and fails when it writes it
        if FORBIDDEN.search(element.text or "") or FORBIDDEN.search(element.tail or ""):
            element.text, element.tail = (FORBIDDEN.sub("\ufffd", each or "") for each in (element.text, element.tail))
    return tree


def _main_text(tree: Any) -> str:
    trafilatura = _library("trafilatura")
    text_nodes = sum(bool(element.text and element.text.strip()) for element in tree.iter())
    text_nodes += sum(bool(element.tail and element.tail.strip()) for element in tree.iter())
    is_large = text_nodes > LARGE
    if is_large:
        _library("lxml.etree").strip_tags(tree, *_TYPOGRAPHY)
        for element in tree.iter():  # joins the adjacent text nodes that remain
            element.text, element.tail = element.text, element.tail
    try:
        document = trafilatura.bare_extraction(tree, include_comments=False, fast=is_large)
    except Exception as error:  # an error inside trafilatura must cost only this page
        raise Unusable(f"no main text found: the page could not be analysed ({type(error).__name__})") from None
    text = document.text if document is not None else None
    if not text:
        raise Unusable("no main text found: the page holds links or pictures, or is filled by scripts")
    return str(text)


def _library(name: str) -> Any:
    return library(name, "HTML pages", "html")


FORMAT = Format("HTML", (".html", ".htm", ".xhtml"), recognizes=lambda content: is_html(content.head_text), read=read)
