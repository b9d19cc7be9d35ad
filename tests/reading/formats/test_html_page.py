"""A page becomes the article on it, with what it declares and nothing that it does not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detector.reading.decoding import limits, optional
from detector.reading.formats import html_page
from detector.reading.formats.html_page import article_fields
from detector.records import Article, Rejected
from tests.reading.conftest import Put, Read
from tests.reading.pages import (
    ARABIC,
    ARABIC_PARAGRAPHS,
    CHINESE,
    CHINESE_PARAGRAPHS,
    FRENCH,
    FRENCH_PARAGRAPHS,
    english,
)


def reason(outcome: object) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def test_a_page_with_open_graph(read: Read) -> None:
    [page] = read("a.html", FRENCH).articles
    url = "https://www.courrier-du-fleuve.example/2026/03/04/loire-crue-orleans"
    assert page == Article(
        id=url,
        text=page.text,
        title="La Loire en crue à Orléans : 2 400 évacués",
        language="fr-FR",
        published="2026-03-04T06:42:00+01:00",
        source="Le Courrier du Fleuve",
        url=url,
    )
    assert page.text.splitlines()[-3:] == list(FRENCH_PARAGRAPHS)
    assert not {"Accueil", "Mentions", "dataLayer", "color"} & set(page.text.split())


def test_a_page_with_json_ld(read: Read) -> None:
    [page] = read("a.htm", ARABIC).articles
    assert page == Article(
        id="https://nahr.example/news/1234",
        text=page.text,
        title="الفيضان يجبر 2400 شخص على مغادرة منازلهم",
        language="ar",
        published="2026-03-04T08:15:00+03:00",
        source="أخبار النهر",
        url="https://nahr.example/news/1234",
    )
    assert page.text.splitlines()[-3:] == list(ARABIC_PARAGRAPHS)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_a_page_in_the_charset_it_declares(encoding: str, read: Read) -> None:
    [page] = read("a.html", CHINESE.encode(encoding)).articles
    assert page == Article(
        id="a.html",
        text=page.text,
        title="长江水位上涨两米 二千四百人转移",
        language="zh-CN",
        published="2026-03-04T08:30:00",
    )
    assert page.text.splitlines()[-3:] == list(CHINESE_PARAGRAPHS)


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Наводнение в городе", "cp1251", '<meta charset="windows-1251">'),
        ("Đập nước bị vỡ – “hai” người", "cp1258", "<meta charset=windows-1258>"),
        ("Crue à Orléans – “deux”", "cp1252", '<meta charset="iso-8859-1">'),
        ("Crue à Orléans – “deux”", "cp1252", ""),
        ("洪水が町を襲う", "cp932", '<meta charset="Shift_JIS">'),
        ("洪水が町を襲う", "utf-8", '<meta charset="iso-8859-1">'),
    ],
)
def test_bytes_that_are_not_utf_8_are_in_the_charset_that_is_declared(text: str, encoding: str, declared: str) -> None:
    page = english(1, declared, f"<p>{text}</p>").encode(encoding, "ignore")
    assert str(article_fields(page)["text"]).splitlines()[-1] == text.encode(encoding, "ignore").decode(encoding)


def test_the_charset_of_the_server_comes_before_that_of_the_page() -> None:
    page = english(
        1, '<meta charset="iso-8859-1"><link rel="canonical" href="https://b.example/2">', "<p>вода дома</p>"
    )
    fields = article_fields(page.encode("koi8-r"), "KOI8-R", "https://a.example/1")
    assert str(fields["text"]).endswith("вода дома")
    assert (fields["url"], fields["source"]) == ("https://a.example/1", "a.example")


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ('<meta itemprop="datePublished" content="2026-03-04">', "", "2026-03-04"),
        ('<meta name="DC.date.issued" content="2026-03-04T10:00Z">', "", "2026-03-04T10:00:00+00:00"),
        ("", '<time datetime="2026-03-04T10:00:00+01:00">Wednesday</time>', "2026-03-04T10:00:00+01:00"),
        ("", "<time pubdate datetime='2026-03-04'>4</time><time datetime='2026-03-05'>5</time>", "2026-03-04"),
        (
            '<meta property="article:published_time" content="soon"><meta name="date" content="2026-03-04">',
            "",
            "2026-03-04",
        ),
        # Two times, and neither is declared as that of publication.
        ("", "<time datetime='2026-03-04'>4</time><time datetime='2026-03-05'>5</time>", None),
        ('<meta property="article:modified_time" content="2026-03-04">', "", None),
        (
            '<link rel="canonical" href="https://a.example/2026/03/04/flood">',
            "<p>Wednesday, 4 March 2026, 10:15 a.m.</p>",
            None,
        ),
        ('<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2026-03-04"}</script>', "", None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-03-</script>', "", None),
        ("", "<footer>Copyright 2026. Updated: March 4, 2026</footer>", None),
    ],
)
def test_only_a_declared_date_counts(head: str, body: str, published: str | None, read: Read) -> None:
    assert [page.published for page in read("a.html", english(1, head, body)).articles] == [published]


@pytest.mark.parametrize(
    ("head", "title", "source", "url"),
    [
        ("", "Flood 1 in the town", None, None),
        ('<meta property="og:title" content="A &amp;quot;flood&amp;quot;">', 'A "flood"', None, None),
        ('<link rel="canonical" href="/flood">', "Flood 1 in the town", None, None),
        ('<link rel="canonical" href="javascript:alert(1)">', "Flood 1 in the town", None, None),
        (
            '<meta property="og:url" content="//www.a.example/1">',
            "Flood 1 in the town",
            "a.example",
            "https://www.a.example/1",
        ),
        (
            '<script type="application/ld+json">[{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", '
            '"headline": "Another"}]}, {"@type": "LiveBlogPosting", "headline": "Live", "publisher": "The Bank"}]'
            "</script>",
            "Live",
            "The Bank",
            None,
        ),
    ],
)
def test_title_source_and_url_are_those_declared(
    head: str, title: str, source: str | None, url: str | None, read: Read
) -> None:
    [page] = read("a.html", english(1, head)).articles
    assert (page.title, page.source, page.url) == (title, source, url)


@pytest.mark.parametrize("name", ["a", "a.txt", "a.html", "a.dat"])
@pytest.mark.parametrize("start", ["", "\n<!-- saved from the web -->\n", '<?xml version="1.0" encoding="UTF-8"?>\n'])
def test_a_page_is_detected_by_its_content(name: str, start: str, read: Read) -> None:
    assert [page.title for page in read(name, start + english(1)).articles] == ["Flood 1 in the town"]


def test_a_fragment_of_a_page_is_detected_by_its_name(read: Read) -> None:
    text = "The river rose by two metres on Tuesday, and the people of the town had to leave."
    assert [page.text for page in read("a.html", f"<div><p>{text}</p></div>").articles] == [text]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><nav><a href='/'>Home</a><img src='/b'></nav></body></html>",
        "<html><head><title>App</title></head><body><div id=root></div><script>run()</script></body></html>",
        "<html></html>",
        "<!doctype html>",
        "<html>" + "<script>" * 100,
    ],
)
def test_a_page_without_main_text_is_rejected(page: str, read: Read) -> None:
    [outcome] = read("a.html", page)
    assert reason(outcome).startswith(("no main text found: ", "not an HTML page: ", "too little text to compare: "))


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000,
        "<b>" * 33_000,
        "<ul><li>" * 12_000,
        "<table><tr><td>" * 6000,
        "<div class='" + "x " * 50_000 + "'>",
        "<div " + " ".join(f"a{number}=x" for number in range(10_000)) + ">",
        "<p>x" * 25_000,
        "<p>" + "<b>x</b> " * 11_000,
        "<a href=x>x</a>" * 6000,
        "<!--" * 25_000,
        "<" * 100_000,
        "&" * 100_000,
        "\x00\x1b[31m" * 20_000,
        "<p>&#1;&#27;[31m&#xfffe;</p>" * 3000,
        "<script type='application/ld+json'>" + "[" * 90_000 + "</script>",
        "<title>" + " - " * 30_000 + "</title>",
    ],
)
def test_a_hostile_page_takes_bounded_time_and_breaks_nothing(hostile: str, read: Read) -> None:
    reading = read("a.html", english(1, body=hostile))
    article_fields(english(2).encode())  # the packages are loaded by now
    start = time.process_time()
    assert len(reading) == 1
    assert time.process_time() - start < 10


def test_control_characters_are_replaced(read: Read) -> None:
    [page] = read("a.html", english(1).replace("<h1>Flood", "<h1>&#1;Fl\x0bood&#27;")).articles
    assert page.title is not None
    assert page.title.isprintable()
    assert not {"\x01", "\x0b", "\x1b"} & set(page.text)


def test_the_limits(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    [outcome] = read("a.html", english(1, body="<p>x</p>" * html_page.ELEMENT_LIMIT))
    assert reason(outcome) == "page with more than 50000 elements, too many for one article"
    monkeypatch.setattr(limits, "RECORD_LIMIT", 900)
    [outcome] = read("b.html", english(1, body="<!--" + "x" * 900 + "-->"))
    assert reason(outcome) == "the page is longer than 900 bytes, the limit for one record"


def test_pages_do_not_depend_on_those_read_before(put: Put, read: Read) -> None:
    alone = read("z.html", english(1)).articles[0]
    pages = [article_fields(english(number, body="<p>Follow us for more.</p>" * 3).encode()) for number in range(200)]
    assert article_fields(english(1, body="<p>Follow us for more.</p>" * 3).encode()) == pages[1]
    assert read("z.html", english(1)).articles[0] == alone


@pytest.mark.slow
def test_pages_are_the_same_in_every_process(put: Put) -> None:
    path = put("a.html", FRENCH)
    program = f"from detector.reading import read_articles; print(ascii(read_articles({str(path)!r}).articles))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_without_its_package_a_page_is_rejected_once(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trafilatura", "trafilatura.metadata", "lxml.html"):
        monkeypatch.setitem(sys.modules, name, None)
    optional.library.cache_clear()
    [outcome] = read("a.html", FRENCH)
    assert reason(outcome) == "HTML pages need a package: pip install 'detector[html]'"
    optional.library.cache_clear()


def test_nothing_is_written_to_the_terminal(read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    assert len(read("a.html", "<html><body></body></html>")) == 1
    assert capfd.readouterr() == ("", "")
