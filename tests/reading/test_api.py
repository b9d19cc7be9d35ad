"""`read_articles` as its callers see it."""

from __future__ import annotations

import io
import json
import os
import random
import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from detector.reading import read_articles
from detector.reading.decoding import limits
from detector.records import Article, Rejected
from tests.reading.conftest import TEXT, Put, lines

SEEDS = Path(__file__).parents[2] / "seeds"


def type_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_the_seeds_are_five_articles_named_after_their_files() -> None:
    reading = read_articles(SEEDS)
    assert [article.id for article in reading.articles] == sorted(path.name for path in SEEDS.iterdir())
    assert reading.articles[0].text == (SEEDS / reading.articles[0].id).read_bytes().decode()
    assert reading.rejected == []
    assert {article.title for article in reading.articles} == {None}


def test_a_reading_can_be_iterated_again_from_the_start(put: Put) -> None:
    reading = read_articles(put("a.jsonl", lines({"id": 1, "text": TEXT}, {"id": 1, "text": TEXT})))
    assert "not read" in repr(reading)
    first = list(reading)
    assert first == list(reading) == [reading[0], reading[1]] == reading[:]
    assert [type(outcome) for outcome in first] == [Article, Rejected]
    assert len(reading) == 2
    assert repr(reading) == "<Reading: 1 articles, 1 rejected>"


def test_a_reading_streams_files_that_are_not_kept(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", 1000)
    path = put("a.jsonl", lines(*({"id": number, "text": TEXT} for number in range(20_000))))
    stream = iter(read_articles(path))
    assert next(stream) == Article("0", TEXT)
    path.write_bytes(b"")
    assert len(list(stream)) < 20_000, "the entire file was read before the first article came"


def test_one_shot_sources_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    type_stdin(monkeypatch, lines({"text": TEXT}, 7).encode())
    typed = read_articles("-")
    assert [next(iter(typed)), *list(typed)] == [typed[0], *typed]
    assert len(typed) == 2
    generated = read_articles({"id": number, "text": TEXT} for number in range(3))
    assert len(list(generated)) == len(list(generated)) == 3


def test_a_pipe_is_remembered_too(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(TEXT,))
    writer.start()
    reading = read_articles(pipe)
    assert list(reading) == list(reading) == [Article("pipe", TEXT)]
    writer.join()


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (TEXT, "stdin"),
        (lines({"text": TEXT}), "stdin:1"),
        (json.dumps([{"text": TEXT}], indent=1), "stdin:1"),
        (f"title\ttext\nFlood\t{TEXT}\n", "stdin:1"),
    ],
)
def test_standard_input_takes_every_format(content: str, id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    type_stdin(monkeypatch, content.encode())
    assert [(article.id, article.text) for article in read_articles("-").articles] == [(id, TEXT)]


def test_the_order_of_the_arguments_does_not_matter(put: Put) -> None:
    names = ["b.txt", "a.jsonl", "sub/c.txt", "a.txt"]
    paths = [put(name, lines({"id": "b.txt", "text": TEXT}) if name.endswith("l") else TEXT) for name in names]
    expected = list(read_articles(sorted(paths)))
    for _ in range(5):
        random.shuffle(paths)
        assert list(read_articles([*paths, paths[0]])) == expected


def test_records_may_be_dicts_articles_or_an_earlier_reading() -> None:
    article = Article("a", TEXT, title="Flood", published="2026-03-04")
    reading = read_articles([article, {"id": "b", "body": TEXT}, {"id": "b", "body": TEXT}, "not a record"])
    assert reading.articles == [article, Article("b", TEXT)]
    assert [rejected.record for rejected in reading.rejected] == [3, 4]
    assert list(read_articles(reading)) == list(reading)
    assert read_articles(article).articles == [article]
    assert read_articles({"id": "b", "text": TEXT}).articles == [Article("b", TEXT)]
    assert len(read_articles([])) == 0


def test_columns_name_the_fields_that_have_other_names(put: Put) -> None:
    path = put("a.csv", f"nr,corps,text\n7,{TEXT},none\n")
    assert list(read_articles(path, columns={"id": "nr", "text": "corps"})) == [Article("7", TEXT)]


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("no/such.txt", FileNotFoundError, "no file or folder 'no/such.txt': check the path"),
        ("no/*.txt", FileNotFoundError, "no file matches 'no/*.txt': check the pattern"),
        (TEXT * 200, FileNotFoundError, "no file or folder 'The river rose by two metres.The river …': check the path"),
        (7, ValueError, "cannot read articles from type int: give a path, a DataFrame or records"),
        (io.StringIO(TEXT), ValueError, "cannot read articles from type StringIO: give a path, a DataFrame or records"),
        ([SEEDS, {"text": TEXT}], ValueError, "a list holds either paths or records, but a dict follows a path"),
        (
            pd.DataFrame({"corps": [TEXT]}),
            ValueError,
            "DataFrame: no column holds the text; columns found: 'corps'. Name it with columns={'text': …}",
        ),
    ],
)
def test_an_unusable_source_raises_one_clear_line(source: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        read_articles(source)
    assert str(raised.value) == message


def test_an_unknown_field_in_columns_raises() -> None:
    with pytest.raises(ValueError, match=r"no article field 'body'; choose from id, text, title"):
        read_articles([], columns={"body": "text"})


RECORDS = st.one_of(
    st.binary(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(["id", "text", "title", "date", "url", "source", "lang"]),
        st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.lists(st.integers(), max_size=2),
    ).map(lambda value: json.dumps(value).encode()),
).map(lambda line: line.replace(b"\n", b" "))
ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@ANY_FOLDER
@given(st.lists(RECORDS, max_size=12))
@example([b'{"text": ' + b"[" * 100_000, b'{"id": 1' + b"0" * 5000 + b"}", b'{"id": 1' + b"0" * 400 + b"}", b"\xff"])
def test_every_line_is_an_article_or_rejected_and_nothing_raises(tmp_path: Path, records: list[bytes]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(b"\n".join([lines({"text": TEXT}).encode().strip(), *records]))
    reading = read_articles(path)
    assert len(reading.articles) + len(reading.rejected) == 1 + sum(bool(record.strip()) for record in records)
    assert len({article.id for article in reading.articles}) == len(reading.articles)
    for rejected in reading.rejected:
        assert len(rejected.reason.splitlines()) == 1
        assert len(rejected.reason) < 500 + len(str(path))


@ANY_FOLDER
@given(
    st.sampled_from([".jsonl", ".json", ".csv", ".tsv", ".txt", ".gz", ".pdf", ""]),
    st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b'{"', b'[{"', b"id,text\n", b'text\tid\n"']),
    st.binary(max_size=200),
)
def test_a_file_of_any_bytes_under_any_name_raises_nothing(
    tmp_path: Path, suffix: str, head: bytes, rest: bytes
) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(head + rest)
    reading = read_articles(path)
    assert len(reading) > 0
    for article in reading.articles:
        article.id.encode(), article.text.encode()
