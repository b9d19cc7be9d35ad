"""What makes an article, and the reasons why a record is rejected."""

from __future__ import annotations

import re
from typing import Any

import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.reading.conftest import TEXT, Put, lines


def reason(record: Any) -> str:
    [rejected] = read_articles([record]).rejected
    return rejected.reason


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"text": ["a", "b"]}, "the text is a list, not a string"),
        ({"text": {"a": "b"}}, "the text is an object, not a string"),
        ({"text": 7}, "the text is a number, not a string"),
        ({"text": True}, "the text is true or false, not a string"),
        ({"id": [1], "text": TEXT}, "the id is a list, not a string or a number"),
        ({"id": 10**5000, "text": TEXT}, "the id is a number with thousands of digits"),
        ({"id": 1}, "no text, or an empty one; fields found: 'id'"),
        ({"title": "Only three words", "text": None}, "no text, or an empty one; fields found: 'title', 'text'"),
        ({}, "an empty record"),
        ({"text": " Advertisement\n"}, "too little text to compare: 'Advertisement'"),
        ({"text": "x" * 500}, f"too little text to compare: '{'x' * 39}…'"),
        ({"text": "\n".join("!" * 50)}, "too little text to compare: '" + "!\\n" * 13 + "…'"),
        (None, "the record is null, not an object with fields"),
        (7, "the record is a number, not an object with fields"),
    ],
)
def test_reasons(record: object, expected: str) -> None:
    assert reason(record) == expected


def test_a_title_of_four_words_is_enough_without_a_text() -> None:
    records = [{"id": "a", "title": "River floods the town"}, {"id": "b", "headline": "河水淹没小镇中心", "text": " "}]
    assert read_articles(records).articles == [
        Article("a", "", title="River floods the town"),
        Article("b", "", title="河水淹没小镇中心"),
    ]


def test_numbers_become_ids_the_same_way_everywhere() -> None:
    records = [{"id": id, "text": f"{TEXT} {index}"} for index, id in enumerate((7, 7.0, "7", 1.5))]
    reading = read_articles(records)
    assert [article.id for article in reading.articles] == ["7", "1.5"]
    assert {rejected.reason for rejected in reading.rejected} == {
        "duplicate id '7': already used by <records>, record 1, which is kept"
    }


def test_the_first_of_two_declared_ids_is_kept_by_the_order_of_paths(put: Put) -> None:
    paths = [put(name, lines({"id": "x", "text": f"{TEXT} {name}"})) for name in ("b.jsonl", "a.jsonl")]
    reading = read_articles(paths)
    assert reading.articles == [Article("x", f"{TEXT} a.jsonl")]
    [rejected] = reading.rejected
    assert (rejected.path, rejected.record, rejected.id) == (str(paths[0]), 1, "x")
    assert rejected.reason == f"duplicate id 'x': already used by {paths[1]}, record 1, which is kept"


def test_equal_file_names_in_two_folders_are_not_duplicates(put: Put) -> None:
    texts = [put(f"{language}/1.txt", TEXT) for language in ("de", "it")]
    records = [put(f"{language}/2.jsonl", lines({"text": TEXT})) for language in ("de", "it")]
    reading = read_articles([*texts, *records])
    assert [article.id for article in reading.articles] == ["1.txt", "2.jsonl:1", str(texts[1]), f"{records[1]}:1"]


def test_dates_that_cannot_be_read_are_counted_with_a_warning(put: Put) -> None:
    dates = ("2026-03-04", "03/04/2026", None, "yesterday", 7)
    records = [{"id": number, "text": TEXT, "date": value} for number, value in enumerate(dates)]
    path = put("a.jsonl", lines({"text": "Rejected", "date": "03/04/2026"}, *records))
    reading = read_articles(path)
    warning = re.escape(
        f"dates that could not be read: 3, for example '03/04/2026' in {path}; write dates in ISO 8601, or declare"
    )
    with pytest.warns(UserWarning, match=warning):
        assert [article.published for article in reading.articles] == ["2026-03-04", None, None, None, None]
    assert reading.unread_dates == 3


@pytest.mark.filterwarnings("error")
def test_the_declared_language_or_a_clearer_field_makes_a_date_readable() -> None:
    records: list[dict[str, Any]] = [
        {"text": TEXT, "date": "03/04/2026", "language": "vi"},
        {"text": TEXT, "date": "03/04/2026", "timestamp": "2026-03-04"},
    ]
    reading = read_articles(records)
    assert [article.published for article in reading.articles] == ["2026-04-03", "2026-03-04"]
    assert reading.unread_dates == 0


def test_a_lone_surrogate_becomes_the_replacement_character(put: Put) -> None:
    path = put("a.jsonl", '{"id": "\\ud800", "text": "two \\udc00words", "title": "\\ud83d\\ude00"}\n')
    assert list(read_articles(path)) == [Article("\ufffd", "two \ufffdwords", title="😀")]
