"""Converts markup to plain text, one paragraph per line, without scripts. Nothing is executed or fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

# Elements that start a new line in XHTML and NITF; all others are inline.
_BLOCK_NAMES = """
address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
abstract block bq byline byttl credit datasource dateline fn hedline hl1 hl2 note body.content body.end body.head
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# Elements of XHTML and NITF whose content is not shown to readers.
_HIDDEN = {"script", "style", "template", "noscript", "head", "title", "media", "svg", "math", "iframe", "object"}
# A comment, a tag or a declaration. Tags and declarations end before the next "<": an unclosed one costs only itself.
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)"""
    r"""|<(?P<closing>/?)(?P<name>[a-z][^\s/<>]*)(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>?)"""
    r"""|<[!?/][^<>]*+>?""",
    re.DOTALL | re.IGNORECASE,
)


def text_of_html(text: str) -> str:
    r"""The text of a fragment of HTML, well-formed or not.

    >>> text_of_html("<p>The river<br>rose &amp; fell.</p><script>x</script> Fin")
    'The river\nrose & fell.\nFin'
    """
    return _join_lines(_html_parts(text))


def text_of_tree(element: Element) -> str:
    """The text of an element of XHTML or NITF, in any namespace."""
    return _join_lines(_tree_parts(element))


def _html_parts(text: str) -> Iterator[str | None]:
    """Like `_tree_parts`. The standard library's parser takes a minute for 100 KB of unclosed tags; this is linear."""
    position = 0
    unclosed: set[str] = set()
    while tag := _TAG.search(text, position):
        yield html.unescape(text[position : tag.start()])
        position = tag.end()
        name = (tag["name"] or "").lower()
        if name in _BLOCKS:
            yield None
        if name in _HIDDEN and not tag["closing"] and name not in unclosed:
            if end := re.compile(rf"</{name}\b", re.IGNORECASE).search(text, position):
                position = end.start()
            else:
                unclosed.add(name)
    yield html.unescape(text[position:])


def _tree_parts(element: Element) -> Iterator[str | None]:
    """Parts of the text, and None at each line break."""
    name = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else "head"
    if name in _HIDDEN:
        return
    is_block = name in _BLOCKS
    if is_block:
        yield None
    yield element.text or ""
    for child in element:
        yield from _tree_parts(child)
        yield child.tail or ""
    if is_block:
        yield None


def _join_lines(parts: Iterable[str | None]) -> str:
    text = "".join("\n" if part is None else part.replace("\n", " ") for part in parts)
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
