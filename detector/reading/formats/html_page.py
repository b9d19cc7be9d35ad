"""HTML pages: the main text by trafilatura, and what a page declares of itself. Nothing is run or fetched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from detector.reading.decoding.charset import decoded
from detector.reading.decoding.optional import library
from detector.reading.formats.page_metadata import metadata
from detector.reading.formats.xml_safe import FORBIDDEN, root_name
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

ELEMENT_LIMIT = 50_000
"""Elements of one page; a news page has some thousands."""

LARGE = 2_000
"""Pieces of text from which on a page is read the fast way. A news page has some hundreds; with more of them the time
that trafilatura takes for its second opinions, and for what is set in bold, grows with their square."""

_TYPOGRAPHY = (
    *("abbr", "b", "cite", "em", "font", "i", "ins", "kbd", "mark", "samp", "small", "strong", "sub", "sup", "tt", "u"),
    "var",
)


def read(content: Content) -> Iterator[Record | Rejected]:
    """The article of a page."""
    yield Record(content.place, None, article(content.whole("page")))


def article(data: bytes, encoding: str | None = None, url: str | None = None) -> dict[str, object]:
    """The fields of the article on a page: its text, a paragraph a line, and what else the page declares.

    encoding and url are what the server said, where it is known. Raises `Unusable` where there is no article.
    """
    tree = _tree(data, encoding)
    # First, because the extraction may change the tree.
    declared = metadata(tree, url)
    return {**declared, "text": _main_text(tree)}


def is_html(head: str) -> bool:
    """Whether a text that begins so is an HTML page for certain."""
    return root_name(head) in ("html", "head", "body")


def _tree(data: bytes, encoding: str | None) -> Any:
    """The page as lxml has it."""
    lxml_html = _library("lxml.html")
    text = decoded(data, encoding)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(FORBIDDEN.sub("\ufffd", text).encode("utf-8", "replace"), parser=parser)
    except (ValueError, _library("lxml.etree").LxmlError):
        raise Unusable("no HTML page: there is no element in it") from None
    if sum(1 for _ in islice(tree.iter(), ELEMENT_LIMIT + 1)) > ELEMENT_LIMIT:
        raise Unusable(f"a page of more than {ELEMENT_LIMIT} elements, which is no single article")
    for element in tree.iter():  # lxml makes such characters of "&#1;", and fails where they are written again
        if FORBIDDEN.search(element.text or "") or FORBIDDEN.search(element.tail or ""):
            element.text, element.tail = (FORBIDDEN.sub("\ufffd", each or "") for each in (element.text, element.tail))
    return tree


def _main_text(tree: Any) -> str:
    trafilatura = _library("trafilatura")
    pieces = sum(bool(element.text and element.text.strip()) for element in tree.iter())
    large = pieces + sum(bool(element.tail and element.tail.strip()) for element in tree.iter()) > LARGE
    if large:
        _library("lxml.etree").strip_tags(tree, *_TYPOGRAPHY)
        for element in tree.iter():  # what stood in them is many small texts till they are put together
            element.text, element.tail = element.text, element.tail
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, fast=large)
    except Exception as error:  # whatever a page brings about in there must cost only that page
        raise Unusable(f"no main text found: the page cannot be made out ({type(error).__name__})") from None
    text = found.text if found is not None else None
    if not text:
        raise Unusable("no main text found: a page of links or pictures, or one that its scripts fill")
    return str(text)


def _library(name: str) -> Any:
    return library(name, "HTML pages", "html")


FORMAT = Format("HTML", (".html", ".htm", ".xhtml"), fits=lambda content: is_html(content.head_text), read=read)
