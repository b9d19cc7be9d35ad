"""Marked-up text becomes paragraphs, and no markup acts."""

from __future__ import annotations

import time
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reading.formats.markup import text_of_html, text_of_tree


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>The river <b>rose</b>.</p><p>It fell.</p>", "The river rose.\nIt fell."),
        ("  <p>The\n river\t rose.</p>\n\n<p> </p> It fell. ", "The river rose.\nIt fell."),
        ("<ul><li>One</li><li>Two</li></ul><table><tr><td>a</td></tr></table>", "One\nTwo\na"),
        ("<p>R&eacute;gion &amp; &#x6C34;&lt;b&gt;", "Région & 水<b>"),
        ("<script>alert(1)</script><style>p{}</style>Text<!-- no -->", "Text"),
        ("<title>No</title><noscript><p>No</p></noscript>Yes<template>no</template>", "Yes"),
        ("plain words, 2 < 3", "plain words, 2 < 3"),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_trees_become_paragraphs_in_any_namespace() -> None:
    xml = "<body xmlns='urn:x'>a<p>b <em>c</em>d</p>e<br/>f<script>no</script>g<hl2>h</hl2></body>"
    assert text_of_tree(fromstring(xml)) == "a\nb cd\ne\nfg\nh"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "&", "<script>", "<div>", "<![CDATA[", "</", "<b>x</b>", "<a b='"]
)
def test_broken_markup_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    text_of_html(piece * 200_000)
    assert time.process_time() - start < 10


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>", "</p>", "<script>", "</script>", "<", "&lt;", "a", " ", "\n"])).map("".join)
)
def test_every_line_of_the_text_is_stripped(html: str) -> None:
    for line in text_of_html(html).split("\n"):
        assert line == line.strip()
