"""The output of common tools is read without naming its fields.

The records have the fields the tools document, with shortened values.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.reading.conftest import TEXT, Read

URL = "https://www.example.com/flood.html"

TOOLS: dict[str, tuple[dict[str, Any], Article]] = {
    # newsplease/NewsArticle.py of news-please 1.6.16, get_serializable_dict
    "news-please": (
        {
            "authors": ["A. Writer"],
            "date_download": "2026-03-05 08:00:00",
            "date_modify": "None",
            "date_publish": "2026-03-04 10:15:00",
            "description": "In short.",
            "filename": "https%3A%2F%2Fwww.example.com%2Fflood.html.json",
            "image_url": "https://www.example.com/flood.jpg",
            "language": "en",
            "localpath": None,
            "maintext": TEXT,
            "source_domain": "www.example.com",
            "text": None,
            "title": "Flood",
            "title_page": None,
            "title_rss": None,
            "url": URL,
        },
        Article(URL, TEXT, "Flood", "en", "2026-03-04T10:15:00", "www.example.com", URL),
    ),
    # newspaper/settings.py of newspaper4k 0.9.6, article_json_fields
    "newspaper4k": (
        {
            "url": URL,
            "read_more_link": "",
            "language": "en",
            "title": "Flood",
            "top_image": "",
            "meta_img": "",
            "images": [],
            "movies": [],
            "keywords": ["river"],
            "meta_keywords": [""],
            "tags": None,
            "authors": [],
            "publish_date": "2026-03-04T10:15:00+01:00",
            "summary": "In short.",
            "meta_description": "In short.",
            "meta_lang": "en",
            "meta_favicon": "",
            "meta_site_name": "The Example",
            "canonical_link": URL,
            "text": TEXT,
        },
        Article(URL, TEXT, "Flood", "en", "2026-03-04T10:15:00+01:00", "The Example", URL),
    ),
    # trafilatura/xml.py of trafilatura 2.3.1, build_json_output: "source" is the URL
    "trafilatura": (
        {
            "title": "Flood",
            "author": None,
            "hostname": "example.com",
            "date": "2026-03-04",
            "fingerprint": "d8f8c2b1a0e0e0e0",
            "id": None,
            "license": None,
            "comments": "",
            "raw_text": TEXT,
            "text": TEXT,
            "language": None,
            "image": None,
            "pagetype": "article",
            "filedate": "2026-03-05",
            "source": URL,
            "source-hostname": "The Example",
            "excerpt": "In short.",
            "categories": "",
            "tags": "",
        },
        Article(URL, TEXT, "Flood", None, "2026-03-04", "The Example", URL),
    ),
    # newsapi.ai/documentation, "Article data model"
    "Event Registry": (
        {
            "uri": "8627860201",
            "lang": "eng",
            "isDuplicate": False,
            "date": "2026-03-04",
            "time": "15:24:54",
            "dateTime": "2026-03-04T15:24:54Z",
            "dateTimePub": "2026-03-04T12:18:56Z",
            "dataType": "news",
            "sim": 0.9058823585510254,
            "url": URL,
            "title": "Flood",
            "body": TEXT,
            "source": {"uri": "example.com", "dataType": "news", "title": "The Example"},
            "authors": [],
            "image": None,
            "eventUri": "eng-1814485",
            "sentiment": None,
            "wgt": 300,
            "relevance": 300,
        },
        Article("8627860201", TEXT, "Flood", "en", "2026-03-04T12:18:56+00:00", "The Example", URL),
    ),
    # blog.gdeltproject.org/gdelt-doc-2-0-api-debuts, mode ArtList as JSON: there is no text
    "GDELT": (
        {
            "url": URL,
            "url_mobile": "",
            "title": "Fiscalía de Edomex detiene al presunto",
            "seendate": "20260304T101500Z",
            "socialimage": "",
            "domain": "example.com",
            "language": "Spanish",
            "sourcecountry": "Mexico",
        },
        Article(
            URL, "", "Fiscalía de Edomex detiene al presunto", "es", "2026-03-04T10:15:00+00:00", "example.com", URL
        ),
    ),
    # mediacloud/types.py of mediacloud 5.2.0, Story
    "Media Cloud": (
        {
            "id": "5bfb1b3ce0d0",
            "media_name": "example.com",
            "media_url": "example.com",
            "title": "The river rose by two metres",
            "publish_date": "2026-03-04",
            "url": URL,
            "language": "en",
            "indexed_date": "2026-03-05T02:11:08.481",
        },
        Article("5bfb1b3ce0d0", "", "The river rose by two metres", "en", "2026-03-04", "example.com", URL),
    ),
    # docs.newscatcherapi.com, v2 search
    "NewsCatcher 2": (
        {
            "title": "Flood",
            "author": "A. Writer",
            "published_date": "2026-03-04 10:15:00",
            "published_date_precision": "full",
            "link": URL,
            "clean_url": "example.com",
            "excerpt": "In short.",
            "summary": TEXT,
            "rights": "example.com",
            "rank": 412,
            "topic": "news",
            "country": "CN",
            "language": "cn",
            "authors": "A. Writer",
            "media": "https://www.example.com/flood.jpg",
            "is_opinion": False,
            "twitter_account": "@example",
            "_score": 15.495552,
            "_id": "7a8b94f6755e86f7373868e45998a026",
        },
        Article(
            "7a8b94f6755e86f7373868e45998a026", TEXT, "Flood", "zh", "2026-03-04T10:15:00", "example.com", URL
        ),
    ),
    # newscatcher/types/article_entity.py of newscatcher-sdk 3.0.1
    "NewsCatcher 3": (
        {
            "title": "Flood",
            "author": "A. Writer",
            "published_date": "2026-03-04 10:15:00",
            "parse_date": "2026-03-04 11:00:00",
            "link": URL,
            "domain_url": "example.com",
            "full_domain_url": "www.example.com",
            "name_source": "The Example",
            "parent_url": "https://www.example.com/news",
            "rights": "example.com",
            "rank": 142,
            "media": "https://www.example.com/flood.jpg",
            "language": "en",
            "description": "In short.",
            "content": TEXT,
            "title_translated_en": "Flood",
            "word_count": 6,
            "id": "8f3c2a1b4e5d6f7a8b9c0d1e2f3a4b5c",
            "score": 18.74,
        },
        Article(
            "8f3c2a1b4e5d6f7a8b9c0d1e2f3a4b5c", TEXT, "Flood", "en", "2026-03-04T10:15:00", "The Example", URL
        ),
    ),
    # newsapi.org/docs/endpoints/everything: the content ends after 200 characters
    "NewsAPI": (
        {
            "source": {"id": None, "name": "The Example"},
            "author": None,
            "title": "Flood",
            "description": "In short.",
            "url": URL,
            "urlToImage": None,
            "publishedAt": "2026-03-04T10:15:00Z",
            "content": f"{TEXT} Peo… [+2586 chars]",
        },
        Article(
            URL, f"{TEXT} Peo… [+2586 chars]", "Flood", None, "2026-03-04T10:15:00+00:00", "The Example", URL
        ),
    ),
    # newsdata.io/documentation: fields that are not paid for hold a placeholder
    "newsdata.io": (
        {
            "article_id": "a1b2c3",
            "title": "Flood",
            "link": URL,
            "keywords": None,
            "creator": None,
            "description": TEXT,
            "content": "ONLY AVAILABLE IN PAID PLANS",
            "pubDate": "2026-03-04 10:15:00",
            "pubDateTZ": "UTC",
            "source_id": "example",
            "source_name": "The Example",
            "source_url": "https://www.example.com",
            "language": "english",
            "country": ["united states of america"],
        },
        Article("a1b2c3", TEXT, "Flood", "en", "2026-03-04T10:15:00", "The Example", URL),
    ),
    # README of E3-JSI/dataset-OG2021, the columns of the CSV
    "OG2021": (
        {
            "id": "6593840318",
            "title": "Flood",
            "body": TEXT,
            "lang": "eng",
            "source": "The Example",
            "published_at": "2021-07-23 12:00:00",
            "URL": URL,
            "cluster_id": "og2021-1",
        },
        Article("6593840318", TEXT, "Flood", "en", "2021-07-23T12:00:00", "The Example", URL),
    ),
    # jsonfeed.org/version/1.1
    "JSON Feed": (
        {
            "id": "2",
            "url": URL,
            "title": "Flood",
            "content_html": "<p>The river rose by two metres.</p>",
            "date_published": "2026-03-04T10:15:00-05:00",
            "language": "en-US",
        },
        Article("2", TEXT, "Flood", "en-US", "2026-03-04T10:15:00-05:00", None, URL),
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_every_field_of_a_tool_is_found(tool: str) -> None:
    record, article = TOOLS[tool]
    reading = read_articles([record])
    if tool == "NewsAPI":
        with pytest.warns(UserWarning, match=r"texts cut off by their source: 1, for example '\[\+2586 chars\]'"):
            assert list(reading) == [article]
    else:
        assert list(reading) == [article]


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "NewsAPI"])
@pytest.mark.parametrize(
    "text", ["水位上涨了两米。人们离开家园", "ارتفع النهر مترين في الليل", "Река поднялась на два метра"]
)
def test_texts_in_every_script_are_read_from_a_file(tool: str, text: str, read: Read) -> None:
    record, article = TOOLS[tool]
    other = json.loads(json.dumps(record).replace(TEXT, text))
    expected = article.text.replace(TEXT, text)
    for name, content in (
        ("a.jsonl", json.dumps(other)),
        ("a.json", json.dumps([other], ensure_ascii=False, indent=1)),
    ):
        assert [each.text for each in read(name, content).articles] == [expected]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda record: {"articles": [record], "status": "ok", "totalResults": 1},
        lambda record: {"articles": {"results": [record], "totalResults": 1, "page": 1, "count": 100, "pages": 1}},
        lambda record: {"results": [record], "nextPage": None},
        lambda record: {"data": [record]},
        lambda record: {"items": [record]},
        lambda record: {"stories": [record], "pagination_token": None},
        lambda record: {"took": 1, "hits": {"total": {"value": 1}, "hits": [{"_index": "news", "_source": record}]}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_lists_that_apis_wrap_are_opened(wrapped: Any, indent: int | None, read: Read) -> None:
    record, article = TOOLS["news-please"]
    assert list(read("a.json", json.dumps(wrapped(record), indent=indent))) == [article]


def test_a_hit_of_elasticsearch_gives_its_id() -> None:
    hit = {"_index": "news", "_id": "h1", "_score": 1.0, "_source": {"text": TEXT, "title": "Flood"}}
    assert list(read_articles([hit])) == [Article("h1", TEXT, "Flood")]


def test_the_knowledge_graph_of_gdelt_has_no_names_and_no_text(read: Read) -> None:
    row = "\t".join(["20150218230000-0", "20150218230000", "1", "bbc.co.uk", "http://bbc.co.uk/1", *[""] * 22])
    [rejected] = read("20150218230000.gkg.csv", f"{row}\n{row}\n").rejected
    assert rejected.reason.startswith("no column holds the text; columns found: '20150218230000-0', '20150218230000'")
