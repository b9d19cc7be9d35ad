"""NewsML-G2 and NITF, field by field as in the examples of the IPTC and of APA.

They are the listings 2, 22, 24 and 25 of iptc/newsml-g2, and t/expected of apa-it/xml-newsml-g2.
"""

from __future__ import annotations

import pytest

from detector.reading import Reading
from detector.records import Article
from tests.reading.conftest import Read

NITF_BODY = """
<body>
  <body.head>
    <hedline><hl1>Fed to halt QE to avert "bubble"</hl1></hedline>
    <byline>By Meredith Jameson, <byttl>Staff Reporter</byttl></byline>
  </body.head>
  <body.content>
    <p>(New York, NY - October 21) The <em>Federal Reserve</em>
       will stop buying.</p>
    <p>Markets &amp; banks had expected that.</p>
  </body.content>
</body>"""
TEXT = "(New York, NY - October 21) The Federal Reserve will stop buying.\nMarkets & banks had expected that."
INLINE_NITF = f"""<inlineXML contenttype="application/nitf+xml">
  <nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">{NITF_BODY}</nitf></inlineXML>"""
INLINE_XHTML = """<inlineXML contenttype="application/xhtml+xml">
  <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Saisonstart</title><style>p {}</style></head>
  <body><h1>Saisonstart im Schweizerhaus</h1><p>Großer Andrang<br/>am Eröffnungstag.</p></body></html></inlineXML>"""
GUID = "urn:newsml:acmenews.com:20161121:US-FINANCE-FED"
META = """
<itemMeta>
  <itemClass qcode="ninat:text"/>
  <provider qcode="nprov:AP"><name>Acme News</name></provider>
  <versionCreated>2017-11-21T16:25:32-05:00</versionCreated>
  <firstCreated>2016-11-21T15:21:06-05:00</firstCreated>
  <pubStatus qcode="stat:usable"/>
</itemMeta>"""
CONTENT_META = """
<contentMeta>
  <contentCreated>2016-11-21T15:21:06-05:00</contentCreated>
  <located qcode="geoloc:NYC"><name>New York, NY</name></located>
  <creator uri="http://www.acmenews.com/staff/mjameson"><name>Meredith Jameson</name></creator>
  <infoSource qcode="is:AP"><name>Associated Press</name></infoSource>
  <language tag="en-US"/>
  <slugline>US-Finance-Fed</slugline>
  <headline> Fed to halt QE to avert "bubble"</headline>
</contentMeta>"""


def item(
    content: str = INLINE_NITF, meta: str = META, content_meta: str = CONTENT_META, guid: str = GUID, version: int = 10
) -> str:
    """A news item."""
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}"
      standard="NewsML-G2" standardversion="2.24" xml:lang="en-US">
      <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_30.xml"/>
      <rightsInfo><copyrightHolder><name>Acme</name></copyrightHolder></rightsInfo>
      {meta}{content_meta}<contentSet>{content}</contentSet></newsItem>"""


def message(*items: str) -> str:
    """A news message around items."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
      <newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
      <header><sent>2017-10-19T11:17:00.150Z</sent><sender>thomsonreuters.com</sender></header>
      <itemSet>{"".join(items)}</itemSet></newsMessage>"""


ARTICLE = Article(GUID, TEXT, 'Fed to halt QE to avert "bubble"', "en-US", "2017-11-21T16:25:32-05:00", "Acme News")


def reasons(reading: Reading) -> list[tuple[int | None, str]]:
    return [(rejected.record, rejected.reason) for rejected in reading.rejected]


@pytest.mark.parametrize("name", ["a.xml", "a.newsml", "a", "a.txt"])
def test_every_field_of_an_item_is_found(name: str, read: Read) -> None:
    reading = read(name, '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- wire -->\n' + item())
    assert list(reading) == [ARTICLE]
    assert reading.summary["formats"] == {"NewsML-G2": 1}
    assert reading.summary["fields"]["published"] == {"versionCreated": 1}


def test_every_item_of_a_message_is_read(read: Read) -> None:
    reading = read("a.xml", message(*(item(guid=f"N{number}") for number in range(1, 4))))
    assert [article.id for article in reading.articles] == ["N1", "N2", "N3"]
    assert not reading.rejected


def test_text_in_xhtml_becomes_paragraphs(read: Read) -> None:
    [article] = read("a.xml", item(INLINE_XHTML)).articles
    assert article.text == "Saisonstart im Schweizerhaus\nGroßer Andrang\nam Eröffnungstag."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<inlineData contenttype='text/plain'>The river rose.</inlineData>", "The river rose."),
        ("<inlineData> The river rose.\n\nTwo metres. </inlineData>", "The river rose.\n\nTwo metres."),
        ("<inlineData contenttype='text/html'>&lt;p>It&lt;/p>&lt;p>rose.&lt;/p></inlineData>", "It\nrose."),
        ("<inlineData contenttype='image/png'>aGVsbG8gd29ybGQ=</inlineData>" + INLINE_NITF, TEXT),
        ("<remoteContent href='a.jpg'/>" + INLINE_NITF, TEXT),
    ],
)  # fmt: skip
def test_the_first_content_with_text_is_used(content: str, text: str, read: Read) -> None:
    assert [article.text for article in read("a.xml", item(content)).articles] == [text]


@pytest.mark.parametrize(
    ("provider", "source"),
    [
        ('<provider qcode="nprov:apa"><name>APA</name></provider>', "APA"),
        ('<provider literal="TUBN"/>', "TUBN"),
        ('<provider qcode="nprov:AFP"/>', "AFP"),
        ('<provider uri="http://www.acmenews.com/about/"/>', "www.acmenews.com"),
        ("", None),
    ],
)
def test_the_provider_is_the_source_if_there_is_no_other(provider: str, source: str | None, read: Read) -> None:
    meta = f"<itemMeta>{provider}<firstCreated>2026-03-04T10:15:00Z</firstCreated></itemMeta>"
    [article] = read("a.xml", item(meta=meta, content_meta="")).articles
    assert (article.source, article.published) == (source, "2026-03-04T10:15:00+00:00")
    assert (article.title, article.language) == ('Fed to halt QE to avert "bubble"', "en-US")


def test_the_main_headline_comes_before_the_others(read: Read) -> None:
    content_meta = """<contentMeta><headline role="apahltype:subtitle">Großer Andrang</headline>
      <headline role="apahltype:title">Saisonstart im <b>Schweizerhaus</b></headline>
      <language tag="de"/></contentMeta>"""
    [article] = read("a.xml", item(content_meta=content_meta)).articles
    assert (article.title, article.language) == ("Saisonstart im Schweizerhaus", "de")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ('<pubStatus qcode="stat:canceled"/>', "cancelled by its sender"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "cancelled by its sender"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld by its sender"),
        ("<embargoed/>", "embargoed until 'without end', which is not a date"),
    ],
)
@pytest.mark.parametrize("content", [INLINE_NITF, ""])
def test_withdrawn_and_withheld_items_are_rejected_and_counted(
    status: str, reason: str, content: str, read: Read
) -> None:
    meta = f'<itemMeta><itemClass qcode="ninat:text"/>{status}</itemMeta>'
    reading = read("a.xml", message(item(content, meta), item(guid="N2")))
    assert [article.id for article in reading.articles] == ["N2"]
    assert [(each.record, each.reason, each.id) for each in reading.rejected] == [(1, reason, GUID)]
    assert reading.summary["rejected"] == {
        reason.split(" '")[0] + (" …, which is not a date" if "'" in reason else ""): 1
    }


def test_an_embargo_with_an_end_only_concerns_publication(read: Read) -> None:
    meta = "<itemMeta><embargoed>2099-01-01T00:00:00Z</embargoed></itemMeta>"
    assert len(read("a.xml", item(meta=meta)).articles) == 1


def test_items_without_text_are_rejected_with_the_reason(read: Read) -> None:
    picture = '<itemMeta><itemClass qcode="ninat:picture"/></itemMeta>'
    reading = read(
        "a.xml",
        message(
            '<packageItem guid="P1"><itemRef residref="N1"/></packageItem>',
            item('<remoteContent href="http://example.com/a.jpg"/>', picture),
            item('<remoteContent href="http://example.com/a.txt"/>'),
            '<planningItem guid="P2"/>',
            "<other/>",
            item("", content_meta=""),
        ),
    )
    assert reasons(reading) == [
        (1, "a package has no text of its own: its items are read where they occur"),
        (2, "an item of class 'ninat:picture', which has no text"),
        (3, "the text is only linked, to 'http://example.com/a.txt', and nothing is fetched"),
        (4, "a planning item, not news yet"),
        (5, "'other' is not an item of NewsML-G2"),
        (6, "no text, or an empty one; fields found: 'guid', 'version', 'pubStatus', 'embargoed', 'versionCreated', "
            "'firstCreated', 'contentCreated', 'headline', …"),
    ]  # fmt: skip


def test_a_flash_is_a_headline_without_text(read: Read) -> None:
    assert list(read("a.xml", item(""))) == [Article(GUID, "", ARTICLE.title, "en-US", ARTICLE.published, "Acme News")]


def test_newsml_1_is_rejected_by_name(read: Read) -> None:
    [reason] = reasons(read("a.xml", '<?xml version="1.0"?><NewsML Version="1.2"><NewsItem/></NewsML>'))
    assert reason == (1, "NewsML 1, not NewsML-G2: convert it, or ask for NewsML-G2 or ninjs")


def test_nitf_without_newsml_is_read(read: Read) -> None:
    head = """<head><title>A title</title><docdata><doc-id id-string="iptc.1" regsrc="AFP"/>
      <date.issue norm="20260304T101500Z"/></docdata></head>"""
    document = f'<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf xml:lang="fr">{head}{NITF_BODY}</nitf>'
    assert list(read("a.xml", document)) == [
        Article("iptc.1", TEXT, 'Fed to halt QE to avert "bubble"', "fr", "2026-03-04T10:15:00+00:00", "AFP")
    ]


def test_damage_costs_only_the_data_after_it(read: Read) -> None:
    reading = read("a.xml", message(item(guid="N1"), item(guid="N2"))[:-500])
    assert [article.id for article in reading.articles] == ["N1"]
    assert len(reading.rejected) == 1
    assert reading.rejected[0].reason.startswith("malformed XML")


def test_custom_entities_are_not_read(read: Read) -> None:
    bomb = '<!DOCTYPE newsItem [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + item().replace("Markets", "&b;")
    [rejected] = read("a.newsml", bomb).rejected
    assert "entities" in rejected.reason


@pytest.mark.parametrize(
    "text", ["水位上涨了两米 人们离开家园", "ارتفع النهر مترين في الليل", "Река поднялась на два метра"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_texts_in_every_script_are_unchanged(text: str, encoding: str, read: Read) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?>' + item(f"<inlineData>{text}</inlineData>")
    assert [article.text for article in read("a.xml", document.encode(encoding)).articles] == [text]


def test_a_long_row_of_comments_takes_no_time_to_detect(read: Read) -> None:
    reading = read("hostile.xml", "<!---->" * 2000 + "x")
    assert not reading.articles
    assert len(reading.rejected) == 1
