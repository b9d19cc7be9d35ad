"""Marked-up text as plain text: a paragraph a line, what is no text left out. Nothing in it is run or fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

# Elements that begin a new line in XHTML and in NITF; what stands inside the others flows on.
_BLOCK_NAMES = """
address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
abstract block bq byline byttl credit datasource dateline fn hedline hl1 hl2 note body.content body.end body.head
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# In XHTML and in NITF; what stands inside is not read by anybody.
_UNSEEN = {"script", "style", "template", "noscript", "head", "title", "media", "svg", "math", "iframe", "object"}
# A comment, an element's tag, a declaration. None goes beyond the next "<", so what is not closed costs only itself.
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)"""
    r"""|<(?P<closing>/?)(?P<name>[a-z][^\s/<>]*)(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>?)"""
    r"""|<[!?/][^<>]*+>?""",
    re.DOTALL | re.IGNORECASE,
)


def text_of_html(text: str) -> str:
    """The text of a piece of HTML, whole or broken.

    >>> text_of_html("<p>The river<br>rose &amp; fell.</p><script>x</script> Fin")
    'The river\\nrose & fell.\\nFin'
    """
    return _lines(_pieces_of_html(text))


def text_of_tree(element: Element) -> str:
    """The text of an XML element, XHTML or NITF in any namespace."""
    return _lines(_pieces(element))


def _pieces_of_html(text: str) -> Iterator[str | None]:
    """As `_pieces`. The standard library's parser takes a minute for some 100 KB of tags that are not closed."""
    place = 0
    unclosed: set[str] = set()
    while tag := _TAG.search(text, place):
        yield html.unescape(text[place : tag.start()])
        place = tag.end()
        name = (tag["name"] or "").lower()
        if name in _BLOCKS:
            yield None
        if name in _UNSEEN and not tag["closing"] and name not in unclosed:
            if end := re.compile(rf"</{name}\b", re.IGNORECASE).search(text, place):
                place = end.start()
            else:
                unclosed.add(name)
    yield html.unescape(text[place:])


def _pieces(element: Element) -> Iterator[str | None]:
    """Pieces of text, and None where a line ends."""
    name = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else "head"
    if name in _UNSEEN:
        return
    block = name in _BLOCKS
    if block:
        yield None
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if block:
        yield None


def _lines(pieces: Iterable[str | None]) -> str:
    text = "".join("\n" if piece is None else piece.replace("\n", " ") for piece in pieces)
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
