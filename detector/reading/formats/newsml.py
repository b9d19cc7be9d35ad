"""NewsML-G2, the IPTC's exchange format for news agencies, and NITF, its older format for texts.

An item under embargo is read, because an embargo only concerns publication. An item is rejected if its embargo has no
end, or if its sender cancelled or withholds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from detector.reading.formats.markup import text_of_html, text_of_tree
from detector.reading.formats.xml_safe import iterate_records, root_name
from detector.reading.mapping.messages import quoted
from detector.reading.source import Content, Format, Record
from detector.records import Rejected

_NAMESPACES = ("{http://iptc.org/std/nar/2006-10-01/}", "")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTAINERS = frozenset(space + name for space in _NAMESPACES for name in ("newsMessage", "itemSet"))
_OTHER_ITEMS = {
    "packageItem": "a package has no text of its own: its items are read where they occur",
    "conceptItem": "a concept item, not news",
    "knowledgeItem": "a knowledge item, not news",
    "planningItem": "a planning item, not news yet",
    "catalogItem": "a catalog item, not news",
    "NewsML": "NewsML 1, not NewsML-G2: convert it, or ask for NewsML-G2 or ninjs",
}
_ENVELOPE = {"newsMessage", "itemSet", "header"}
_ROOTS = {name.lower() for name in ("newsMessage", "newsItem", "nitf", *_OTHER_ITEMS)}


def recognizes(content: Content) -> bool:
    """Whether the root element belongs to NewsML-G2, or is `nitf`."""
    return root_name(content.head_text) in _ROOTS


def read(content: Content) -> Iterator[Record | Rejected]:
    """The items of a message, or the only item, numbered from 1."""
    number = 0
    for element in iterate_records(content.stream, _CONTAINERS):
        name = _name(element)
        if name in _ENVELOPE:
            continue
        number += 1
        if reason := _reason_for_no_text(element):
            yield content.source.rejected(reason, number, element.get("guid"))
        else:
            yield Record(content.source, number, nitf(element) if name == "nitf" else news_item(element))


def news_item(item: Element) -> dict[str, object]:
    """The fields of a `newsItem`, under their names there."""
    return {
        "guid": item.get("guid"),
        "version": item.get("version"),
        "pubStatus": _code(_first(item, "itemMeta/pubStatus")),
        "embargoed": _embargo(_first(item, "itemMeta/embargoed")),
        "versionCreated": _text_of(_first(item, "itemMeta/versionCreated")),
        "firstCreated": _text_of(_first(item, "itemMeta/firstCreated")),
        "contentCreated": _text_of(_first(item, "contentMeta/contentCreated")),
        "headline": _headline(item),
        "language": _item_language(item),
        "provider": _party(_first(item, "itemMeta/provider")),
        "infoSource": _party(_first(item, "contentMeta/infoSource")),
        "text": _content_text(item),
    }


def nitf(document: Element) -> dict[str, object]:
    """The fields of a `nitf` document outside of NewsML."""
    head = _text_of(_first(document, "body/body.head/hedline/hl1")) or _text_of(_first(document, "head/title"))
    doc_id = next(_all(document, "head/docdata/doc-id"), None)
    issued = next(_all(document, "head/docdata/date.issue"), None)
    release = next(_all(document, "head/docdata/date.release"), None)
    dates = (element.get("norm") for element in (issued, release) if element is not None)
    return {
        "guid": None if doc_id is None else doc_id.get("id-string"),
        "headline": head,
        "versionCreated": next(filter(None, dates), None),
        "language": document.get(_LANGUAGE),
        "provider": None if doc_id is None else doc_id.get("regsrc"),
        "text": _nitf_text(document),
    }


def _content_text(item: Element) -> str:
    """The text of the first content that has one."""
    for content in _all(item, "contentSet"):
        for part in content:
            if text := _part_text(part):
                return text
    return ""


def _part_text(part: Element) -> str:
    name, kind = _name(part), part.get("contenttype", "").lower()
    if name == "inlineXML":
        return "\n".join(filter(None, map(_nitf_text, part)))
    if name == "inlineData" and (not kind or kind.startswith("text/")):
        data = "".join(part.itertext())
        return text_of_html(data) if "html" in kind else data.strip()
    return ""


def _nitf_text(document: Element) -> str:
    """The text of an XHTML document, or of the `body.content` of a NITF document."""
    body = _first(document, "body/body.content") if _name(document) == "nitf" else None
    return text_of_tree(document if body is None else body)


def _reason_for_no_text(item: Element) -> str | None:
    """Why there is nothing to read: another kind of item, a picture, or a text that is only linked.

    None if there is a text, for notices of the sender, which need none, and for text items with only a headline.
    """
    name = _name(item)
    if name not in ("newsItem", "nitf"):
        return _OTHER_ITEMS.get(name, f"{quoted(name)} is not an item of NewsML-G2")
    status = _code(_first(item, "itemMeta/pubStatus")) or "usable"
    if name == "nitf" or not status.endswith("usable") or _content_text(item):
        return None
    kind = _code(_first(item, "itemMeta/itemClass")) or ""
    if kind and not kind.endswith(("text", "composite")):
        return f"an item of class {quoted(kind)}, which has no text"
    remote = next(_all(item, "contentSet/remoteContent"), None)
    url = None if remote is None else remote.get("href")
    return f"the text is only linked, to {quoted(url)}, and nothing is fetched" if url else None


def _headline(item: Element) -> str | None:
    """The main headline, else the item's title, else that of the text."""
    headlines = sorted(_all(item, "contentMeta/headline"), key=lambda each: _is_minor(each.get("role", "")))
    titles = (headlines[0] if headlines else None, _first(item, "itemMeta/title"))
    in_text = next((each for each in item.iter() if _name(each) == "hl1"), None)
    return next(filter(None, map(_text_of, (*titles, in_text))), None)


def _is_minor(role: str) -> bool:
    return any(word in role.lower() for word in ("sub", "short", "over"))


def _item_language(item: Element) -> str | None:
    language = _first(item, "contentMeta/language")
    return (None if language is None else language.get("tag")) or item.get(_LANGUAGE)


def _party(party: Element | None) -> str | None:
    """The name of a party, else its literal, its code without the scheme, or its URI."""
    if party is None:
        return None
    code = (party.get("qcode") or "").partition(":")[2]
    return _text_of(_first(party, "name")) or party.get("literal") or code or party.get("uri")


def _code(element: Element | None) -> str | None:
    return None if element is None else element.get("qcode") or element.get("uri") or element.get("literal")


def _embargo(element: Element | None) -> str | None:
    """The end of the embargo; "without end" if the element is empty, None if it is missing."""
    return None if element is None else _text_of(element) or "without end"


def _text_of(element: Element | None) -> str | None:
    return None if element is None else " ".join("".join(element.itertext()).split()) or None


def _first(element: Element, path: str) -> Element | None:
    return next(_all(element, path), None)


def _all(element: Element, path: str) -> Iterator[Element]:
    """The elements at a path of names, whatever their namespace."""
    name, _, rest = path.partition("/")
    for child in element:
        if _name(child) == name:
            yield from _all(child, rest) if rest else (child,)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


FORMAT = Format("NewsML-G2", (".newsml", ".g2", ".nitf"), recognizes, read)
