"""Parses untrusted XML: streamed in bounded memory, without custom entities, and without fetching anything."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterator
from html.entities import html5
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from detector.reading.decoding import limits
from detector.reading.decoding.charset import choose_codec, declared_charset
from detector.reading.mapping.messages import size
from detector.reading.source import Unusable

DEPTH_LIMIT = 256
"""Deepest nesting of elements. No news format comes near."""

ELEMENT_LIMIT = 100_000
"""Most elements of one record. In memory an element takes many times its bytes in the file."""

# Everything before the root element. The groups are atomic: with backtracking, many comments would be split in all
# possible ways.
_PROLOG = re.compile(
    r"(?:(?>\s+|<\?.*?>|<!--.*?-->)|(?><!doctype\s+([\w.:-]+)[^>\[]*(?:\[.*?\]\s*)?>))*+", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)(?=[\s/>])")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that are forbidden in XML but occur in feeds; a parser stops at the first one."""


def iterate_records(stream: BinaryIO, containers: Container[str] = ()) -> Iterator[Element]:
    """The records of a document, each as soon as it is complete.

    containers: tags whose children are the records, such as {"rss", "channel"}; a container itself is yielded without
    its children when it opens. Without containers the root is the only record. Tags are written "{namespace}name".

    The bytes are UTF-8 or in the encoding they declare. Character entities of HTML (&nbsp;) are decoded; characters
    that XML forbids or the encoding lacks become U+FFFD. Raises `Unusable` after the last complete record: for
    malformed XML, for entities that the document defines, and for a record over `RECORD_LIMIT` bytes, `ELEMENT_LIMIT`
    or `DEPTH_LIMIT`.

    >>> import io
    >>> [each.tag for each in iterate_records(io.BytesIO(b"<rss><item><title/></item><item/></rss>"), {"rss"})]
    ['rss', 'item', 'item']
    """
    builder = _RecordBuilder(containers)
    length = 0
    for chunk in _decoded_chunks(stream):
        error = builder.feed(chunk)
        length = 0 if builder.ready else length + len(chunk)
        yield from builder.take_ready()
        if error is not None:
            raise error
        if length > limits.RECORD_LIMIT:
            raise Unusable(f"an XML element is longer than {size(limits.RECORD_LIMIT)}, the limit for one record")


def root_name(head: str) -> str:
    """The name of the root element of XML or HTML, in lower case without its prefix; "" if the head shows none.

    HTML may omit the root element, so a DOCTYPE of HTML counts as well.

    >>> root_name('<?xml version="1.0"?><!-- made by hand --><rdf:RDF>'), root_name("<!doctype html><title>")
    ('rdf', 'html')
    """
    prolog = _PROLOG.match(head)
    tag = _TAG.match(head, prolog.end() if prolog else 0)
    doctype = ((prolog and prolog[1]) or "").lower()
    return doctype if doctype == "html" or tag is None else tag[1].rpartition(":")[2].lower()


def defines_entities(head: str) -> bool:
    """Whether the DOCTYPE defines entities, as XML bombs and references to local files do."""
    prolog = _PROLOG.match(head)
    return prolog is not None and "<!entity" in prolog[0].lower()


class _RecordBuilder:
    """Builds the records from the events of the parser."""

    def __init__(self, containers: Container[str]) -> None:
        self.ready: list[Element] = []
        self._containers = containers
        self._depth = 0  # open elements of the document
        self._record_depth = 0  # open elements of the record
        self._begin_record()
        self._parser = expat.ParserCreate("utf-8", "}")
        self._parser.buffer_text = True
        self._parser.UseForeignDTD(True)  # so that an undefined entity does not stop the parser
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SkippedEntityHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, text: str) -> Unusable | None:
        """Parse the next text, "" at the end; returns the error, if any."""
        try:
            self._parser.Parse(text.encode("utf-8"), not text)
        except Unusable as unusable:
            return unusable
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            return Unusable(f"malformed XML: {what} (line {error.lineno}, column {error.offset + 1})")
        return None

    def take_ready(self) -> list[Element]:
        """The records completed since the last call."""
        ready, self.ready = self.ready, []
        return ready

    def _begin_record(self) -> None:
        self._builder = TreeBuilder()
        self._element_count = 0

    def _doctype(self, name: str, system: str | None, public: str | None, defines: bool) -> None:
        if defines:
            raise Unusable("the XML defines its own entities (in its DOCTYPE), which are not read")

    def _entity(self, name: str, of_parameter: bool) -> None:
        self._characters(html5.get(f"{name};", f"&{name};"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._element_count += 1
        if self._depth > DEPTH_LIMIT:
            raise Unusable(f"XML elements are nested more than {DEPTH_LIMIT} deep")
        if self._element_count > ELEMENT_LIMIT:
            raise Unusable(f"an XML record has more than {ELEMENT_LIMIT} elements")
        tag, attributes = _clark(tag), {_clark(name): value for name, value in attributes.items()}
        if not self._record_depth and tag in self._containers:
            self.ready.append(Element(tag, attributes))
            return
        self._record_depth += 1
        self._builder.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._record_depth:
            return
        self._record_depth -= 1
        self._builder.end(_clark(tag))
        if not self._record_depth:
            self.ready.append(self._builder.close())
            self._begin_record()

    def _characters(self, text: str) -> None:
        if self._record_depth:
            self._builder.data(text)


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _decoded_chunks(stream: BinaryIO) -> Iterator[str]:
    """The document in chunks of text, the last one empty."""
    data = stream.read(limits.MIB)
    decoder = codecs.getincrementaldecoder(choose_codec(data, declared_charset(data)))("replace")
    while data:
        if text := decoder.decode(data):
            yield FORBIDDEN.sub("\ufffd", text)
        data = stream.read(limits.MIB)
    if text := decoder.decode(b"", final=True):
        yield text
    yield ""
