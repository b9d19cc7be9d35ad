"""NewsML-G2, the IPTC's exchange format of news agencies, and NITF, its older one for texts.

An item under embargo is read: an embargo binds who publishes; one without an end is not, and neither is an item that
its sender cancelled or withholds.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from detector.reading.formats.markup import text_of_html, text_of_tree
from detector.reading.formats.xml_safe import elements, root_name
from detector.reading.mapping.messages import quoted
from detector.reading.source import Content, Format, Record
from detector.records import Rejected

_NAMESPACES = ("{http://iptc.org/std/nar/2006-10-01/}", "")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTAINERS = frozenset(space + name for space in _NAMESPACES for name in ("newsMessage", "itemSet"))
_OTHER_ITEMS = {
    "packageItem": "a package of items has no text of its own: its items are read where they stand",
    "conceptItem": "a concept item is no news",
    "knowledgeItem": "a knowledge item is no news",
    "planningItem": "a planning item is no news yet",
    "catalogItem": "a catalog item is no news",
    "NewsML": "NewsML 1, not NewsML-G2: convert it, or have it sent as NewsML-G2 or ninjs",
}
_PASSED_OVER = {"newsMessage", "itemSet", "header"}
_ROOTS = {name.lower() for name in ("newsMessage", "newsItem", "nitf", *_OTHER_ITEMS)}


def fits(content: Content) -> bool:
    """Whether the first element is one of NewsML-G2, or `nitf`."""
    return root_name(content.head_text) in _ROOTS


def read(content: Content) -> Iterator[Record | Rejected]:
    """The items of a message, or the only one, numbered from 1 in their order."""
    number = 0
    for element in elements(content.stream, _CONTAINERS):
        name = _name(element)
        if name in _PASSED_OVER:
            continue
        number += 1
        if reason := _why_no_text(element):
            yield content.place.rejected(reason, number, element.get("guid"))
        else:
            yield Record(content.place, number, nitf(element) if name == "nitf" else news_item(element))


def news_item(item: Element) -> dict[str, object]:
    """The fields of a `newsItem`, under the names they have there."""
    return {
        "guid": item.get("guid"),
        "version": item.get("version"),
        "pubStatus": _code(_first(item, "itemMeta/pubStatus")),
        "embargoed": _embargo(_first(item, "itemMeta/embargoed")),
        "versionCreated": _words(_first(item, "itemMeta/versionCreated")),
        "firstCreated": _words(_first(item, "itemMeta/firstCreated")),
        "contentCreated": _words(_first(item, "contentMeta/contentCreated")),
        "headline": _headline(item),
        "language": _language(item),
        "provider": _party(_first(item, "itemMeta/provider")),
        "infoSource": _party(_first(item, "contentMeta/infoSource")),
        "text": _text(item),
    }


def nitf(document: Element) -> dict[str, object]:
    """The fields of a `nitf` document that stands by itself."""
    head = _words(_first(document, "body/body.head/hedline/hl1")) or _words(_first(document, "head/title"))
    identified = next(_all(document, "head/docdata/doc-id"), None)
    issued = next(_all(document, "head/docdata/date.issue"), None)
    release = next(_all(document, "head/docdata/date.release"), None)
    dates = (element.get("norm") for element in (issued, release) if element is not None)
    return {
        "guid": None if identified is None else identified.get("id-string"),
        "headline": head,
        "versionCreated": next(filter(None, dates), None),
        "language": document.get(_LANGUAGE),
        "provider": None if identified is None else identified.get("regsrc"),
        "text": _nitf_text(document),
    }


def _text(item: Element) -> str:
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
    """The text of a NITF or XHTML document: of NITF what stands in its `body.content`."""
    body = _first(document, "body/body.content") if _name(document) == "nitf" else None
    return text_of_tree(document if body is None else body)


def _why_no_text(item: Element) -> str | None:
    """Why there is nothing to read: another kind of item, a picture, or a text that stands elsewhere.

    None for every notice of the sender, which counts without a text, and for a text item that is a headline alone.
    """
    name = _name(item)
    if name not in ("newsItem", "nitf"):
        return _OTHER_ITEMS.get(name, f"{quoted(name)} is no item of NewsML-G2")
    status = _code(_first(item, "itemMeta/pubStatus")) or "usable"
    if name == "nitf" or not status.endswith("usable") or _text(item):
        return None
    kind = _code(_first(item, "itemMeta/itemClass")) or ""
    if kind and not kind.endswith(("text", "composite")):
        return f"an item of class {quoted(kind)}, which has no text"
    remote = next(_all(item, "contentSet/remoteContent"), None)
    where = None if remote is None else remote.get("href")
    return f"the text stands elsewhere, at {quoted(where)}, and nothing is fetched" if where else None


def _headline(item: Element) -> str | None:
    """The main headline, else the item's title, else that of the text."""
    headlines = sorted(_all(item, "contentMeta/headline"), key=lambda each: _is_minor(each.get("role", "")))
    titles = (headlines[0] if headlines else None, _first(item, "itemMeta/title"))
    inside = next((each for each in item.iter() if _name(each) == "hl1"), None)
    return next(filter(None, map(_words, (*titles, inside))), None)


def _is_minor(role: str) -> bool:
    return any(word in role.lower() for word in ("sub", "short", "over"))


def _language(item: Element) -> str | None:
    told = _first(item, "contentMeta/language")
    return (None if told is None else told.get("tag")) or item.get(_LANGUAGE)


def _party(party: Element | None) -> str | None:
    """The name of a party, else the literal, the code without its scheme, or the URI that stands for it."""
    if party is None:
        return None
    code = (party.get("qcode") or "").partition(":")[2]
    return _words(_first(party, "name")) or party.get("literal") or code or party.get("uri")


def _code(element: Element | None) -> str | None:
    return None if element is None else element.get("qcode") or element.get("uri") or element.get("literal")


def _embargo(element: Element | None) -> str | None:
    """The end of the embargo; "without end" where the element is there and empty."""
    return None if element is None else _words(element) or "without end"


def _words(element: Element | None) -> str | None:
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


FORMAT = Format("NewsML-G2", (".newsml", ".g2", ".nitf"), fits, read)
