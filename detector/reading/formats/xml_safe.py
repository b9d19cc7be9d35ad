"""XML from strangers: streamed in bounded memory, without entities of its own, and nothing is ever fetched for it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Container, Iterator
from html.entities import html5
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from detector.reading.decoding import limits
from detector.reading.decoding.charset import charset, declared
from detector.reading.mapping.messages import size
from detector.reading.source import Unusable

DEPTH_LIMIT = 256
"""Elements inside each other. No format of news comes near."""

ELEMENT_LIMIT = 100_000
"""Elements of one record, which take far more memory than the bytes they are written in."""

# What may stand before the first element. Each part is taken whole or not at all: else a head of many comments would be
# tried in all the ways to part it.
_PROLOG = re.compile(
    r"(?:(?>\s+|<\?.*?>|<!--.*?-->)|(?><!doctype\s+([\w.:-]+)[^>\[]*(?:\[.*?\]\s*)?>))*+", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)(?=[\s/>])")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold and feeds hold all the same; one of them would end the reading."""


def elements(stream: BinaryIO, containers: Container[str] = ()) -> Iterator[Element]:
    """The records of a document, each as soon as it is whole.

    containers: the tags whose children are the records, such as {"rss", "channel"}; such an element comes without its
    children, when it opens. Without any, the root is the only record. Tags are written "{namespace}name".

    The bytes are UTF-8, or in the encoding they declare. Character entities of HTML (&nbsp;) are known; a character
    that XML forbids or the encoding does not have becomes U+FFFD. Raises `Unusable` behind the last whole record: for
    malformed XML, for entities that the document defines, for a record over `RECORD_LIMIT` bytes, over `ELEMENT_LIMIT`
    or over `DEPTH_LIMIT`.

    >>> [each.tag for each in elements(io.BytesIO(b"<rss><item><title/></item><item/></rss>"), {"rss"})]
    ['rss', 'item', 'item']
    """
    records = _Records(containers)
    held = 0
    for chunk in _text(stream):
        flaw = records.feed(chunk)
        held = 0 if records.ready else held + len(chunk)
        yield from records.taken()
        if flaw is not None:
            raise flaw
        if held > limits.RECORD_LIMIT:
            raise Unusable(f"an XML element is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")


def root_name(head: str) -> str:
    """The name of a document's root element, of XML or HTML, as its beginning shows it; "" where it shows none.

    In lower case and without its prefix. In HTML, where the element itself may be left out, the DOCTYPE counts.

    >>> root_name('<?xml version="1.0"?><!-- made by hand --><rdf:RDF>'), root_name("<!doctype html><title>")
    ('rdf', 'html')
    """
    prolog = _PROLOG.match(head)
    tag = _TAG.match(head, prolog.end() if prolog else 0)
    declared = ((prolog and prolog[1]) or "").lower()
    return declared if declared == "html" or tag is None else tag[1].rpartition(":")[2].lower()


def defines_entities(head: str) -> bool:
    """Whether the DOCTYPE before the root element defines entities, as XML bombs do and references to files."""
    prolog = _PROLOG.match(head)
    return prolog is not None and "<!entity" in prolog[0].lower()


def parsed(data: bytes) -> Element:
    """The root of a whole document. Raises `Unusable` as `elements` does."""
    [root] = elements(io.BytesIO(data))
    return root


class _Records:
    """Builds the records from what the parser reports."""

    def __init__(self, containers: Container[str]) -> None:
        self.ready: list[Element] = []
        self._containers = containers
        self._depth = 0  # of all elements that are open
        self._inside = 0  # of those that are open in the record
        self._begin()
        self._parser = expat.ParserCreate("utf-8", "}")
        self._parser.buffer_text = True
        self._parser.UseForeignDTD(True)  # else an entity that nobody has defined ends the reading
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SkippedEntityHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, text: str) -> Unusable | None:
        """Reads on, or with "" to the end; gives what is wrong."""
        try:
            self._parser.Parse(text.encode("utf-8"), not text)
        except Unusable as flaw:
            return flaw
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            return Unusable(f"malformed XML: {what} (line {error.lineno}, column {error.offset + 1})")
        return None

    def taken(self) -> list[Element]:
        """The records that have become whole since the last time."""
        taken, self.ready = self.ready, []
        return taken

    def _begin(self) -> None:
        self._builder = TreeBuilder()
        self._count = 0

    def _doctype(self, name: str, system: str | None, public: str | None, defines: bool) -> None:
        if defines:
            raise Unusable("the XML defines entities of its own (a DOCTYPE with declarations), which are not read")

    def _entity(self, name: str, of_parameter: bool) -> None:
        self._characters(html5.get(f"{name};", f"&{name};"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_LIMIT:
            raise Unusable(f"XML elements are nested more than {DEPTH_LIMIT} deep")
        if self._count > ELEMENT_LIMIT:
            raise Unusable(f"an XML record has more than {ELEMENT_LIMIT} elements")
        tag, attributes = _clark(tag), {_clark(name): value for name, value in attributes.items()}
        if not self._inside and tag in self._containers:
            self.ready.append(Element(tag, attributes))
            return
        self._inside += 1
        self._builder.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._inside:
            return
        self._inside -= 1
        self._builder.end(_clark(tag))
        if not self._inside:
            self.ready.append(self._builder.close())
            self._begin()

    def _characters(self, text: str) -> None:
        if self._inside:
            self._builder.data(text)


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _text(stream: BinaryIO) -> Iterator[str]:
    """The document in pieces, the last one empty."""
    data = stream.read(limits.MIB)
    decoder = codecs.getincrementaldecoder(charset(data, declared(data)))("replace")
    while data:
        if text := decoder.decode(data):
            yield FORBIDDEN.sub("\ufffd", text)
        data = stream.read(limits.MIB)
    if text := decoder.decode(b"", final=True):
        yield text
    yield ""
