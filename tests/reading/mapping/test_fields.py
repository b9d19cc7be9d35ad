"""Which field of a record becomes which field of the article."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from detector.reading import read_articles
from detector.reading.mapping.fields import is_missing
from detector.records import Article
from tests.reading.conftest import TEXT


def one(record: Mapping[str, object]) -> Article:
    [article] = read_articles([record]).articles
    return article


@pytest.mark.parametrize("name", ["id", "ID", "uri", "uuid", "guid", "article_id", "Article-ID", "url"])
def test_names_of_the_id(name: str) -> None:
    assert one({name: "x", "text": TEXT}).id == "x"


@pytest.mark.parametrize(
    "name",
    [
        *("text", "body", "content", "maintext", "article", "full_text", "fulltext", "FullText", "raw_text"),
        *("cleaned_text", "summary", "description"),
    ],
)
def test_names_of_the_text(name: str) -> None:
    assert one({name: TEXT}).text == TEXT


@pytest.mark.parametrize(
    "name",
    [
        *("published", "date", "date_publish", "published_at", "publishedAt", "pub_date", "pubDate"),
        *("publish_date", "datetime", "timestamp"),
    ],
)
def test_names_of_the_date(name: str) -> None:
    assert one({name: "2026-03-04", "text": TEXT}).published == "2026-03-04"


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("title", "title headline Headline"),
        ("source", "source source_domain publisher domain outlet"),
        ("url", "url link permalink source_url"),
    ],
)
def test_names_of_the_other_fields(field: str, names: str) -> None:
    for name in names.split():
        assert getattr(one({name: " x ", "text": TEXT}), field) == "x"


@pytest.mark.parametrize("name", ["language", "lang", "language_code", "meta_lang", "inLanguage"])
def test_names_of_the_language(name: str) -> None:
    assert one({name: " ENG ", "text": TEXT}).language == "en"


def test_an_unknown_language_is_left_out() -> None:
    assert one({"language": "unknown", "text": TEXT}) == one({"language": ["en"], "text": TEXT})
    assert one({"language": "?", "lang": "fra", "text": TEXT}).language == "fr"


def test_the_most_specific_name_with_a_value_is_used() -> None:
    full = {"summary": "In short.", "text": TEXT, "url": "u", "uri": "x", "date": "04/03/26", "published": None}
    assert one(full) == Article("x", TEXT, url="u")
    assert one({**full, "text": " ", "uri": float("nan"), "date": "2026-03-04"}) == Article(
        "u", "In short.", url="u", published="2026-03-04"
    )


@pytest.mark.parametrize("source", [{"title": "Ansa"}, {"id": None, "name": "Ansa"}, {"uri": "Ansa"}, "Ansa"])
def test_a_source_may_be_an_object(source: object) -> None:
    assert one({"text": TEXT, "source": source}).source == "Ansa"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://www.ansa.it/rss", "www.ansa.it"),
        ({"uri": "https://ansa.it", "title": ""}, None),
        ([{"name": "Ansa"}, {"name": "AFP"}], "Ansa"),
        ("https://[broken", None),
        ([], None),
    ],
)
def test_a_source_given_as_a_url_is_its_host(source: object, name: str | None) -> None:
    assert one({"text": TEXT, "source": source}).source == name


def test_a_name_is_preferred_to_a_host() -> None:
    assert one({"text": TEXT, "source": "https://ansa.it/1", "publisher": "Ansa"}).source == "Ansa"


def test_the_summary_counts_the_names_that_were_read() -> None:
    reading = read_articles([{"uri": "a", "Body": TEXT, "lang": "it"}, {"id": "b", "text": TEXT}, {"id": "c"}])
    assert len(reading.articles) == 2
    assert reading.summary["fields"] == {
        "id": {"id": 1, "uri": 1},
        "language": {"lang": 1},
        "text": {"Body": 1, "text": 1},
    }
    assert reading.summary["rejected"] == {"no text, or an empty one": 1}


def test_a_column_that_no_record_has_gives_a_warning() -> None:
    reading = read_articles([{"corps": TEXT, "titre": "x"}], columns={"text": "corps", "title": "titel"})
    with pytest.warns(UserWarning, match="columns: no record has a value in 'titel' for the title"):
        assert len(reading.articles) == 1
    [rejected] = read_articles([{"corps": TEXT, "nr": 1}], columns={"text": "corp"}).rejected
    assert rejected.reason == "no value in 'corp', named for the text; fields found: 'corps', 'nr'"


def test_optional_fields_of_a_wrong_type_are_left_out() -> None:
    assert one({"id": 1, "text": TEXT, "title": 7, "lang": ["en"], "url": {}, "source": []}) == Article("1", TEXT)


@pytest.mark.parametrize("value", [None, "", " \n", float("nan"), np.nan, pd.NaT, pd.NA])
def test_empty_values_are_missing(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", [0, False, "0", [], np.array([1, 2]), pd.Timestamp(0)])
def test_other_values_are_not_missing(value: object) -> None:
    assert not is_missing(value)
