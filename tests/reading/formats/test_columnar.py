"""Parquet and Arrow: every kind of column, batches, damage."""

from __future__ import annotations

import datetime
import gzip
import io
import sys
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest

from detector.reading import read_articles
from detector.reading.decoding import limits, optional
from detector.records import Article
from tests.reading.conftest import TEXT, Put, Read

WHEN = datetime.datetime(2026, 3, 4, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def parquet(table: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    pa.parquet.write_table(table, stream, **options)
    return stream.getvalue()


def arrow_file(table: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    with pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table, **options)
    return stream.getvalue()


def arrow_stream(table: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table, **options)
    return stream.getvalue()


def feather(table: Any) -> bytes:
    stream = io.BytesIO()
    pa.feather.write_feather(table, stream, compression="lz4")
    return stream.getvalue()


WRITERS = {
    "a.parquet": parquet,
    "a.arrow": arrow_file,
    "b.arrow": arrow_stream,
    "a.arrows": arrow_stream,
    "a.feather": feather,
}
each_format = pytest.mark.parametrize("name", WRITERS)


def table(rows: int) -> Any:
    return pa.table({"id": [str(n) for n in range(rows)], "text": [f"{TEXT} {n**9}" for n in range(rows)]})


@each_format
@pytest.mark.parametrize("packed", [False, True])
def test_every_kind_of_column(name: str, packed: bool, read: Read) -> None:
    columns = {
        "id": pa.array([1, 2, None], pa.int64()),
        "Headline": pa.array(["Flut", None, "水灾"]).dictionary_encode(),
        "body": pa.array(["Der Fluss stieg.", "Дождь идёт.", "下大雨了"], pa.large_string()),
        "published": pa.array([WHEN, None, WHEN], pa.timestamp("us", "Asia/Ho_Chi_Minh")),
        "source": pa.array([{"title": "Ansa"}, None, {"title": "Tuổi Trẻ"}]),
        "tags": pa.array([["a"], [], None]),
        "vector": pa.array([[0.5, 1.0], [1.0, 2.0], [0.0, 0.0]], pa.list_(pa.float32(), 2)),
        "lang": pa.array([b"de", b"ru", b"zh"], pa.binary()),
    }
    content = WRITERS[name](pa.table(columns))
    assert read(name, gzip.compress(content) if packed else content).articles == [
        Article("1", "Der Fluss stieg.", "Flut", "de", "2026-03-04T10:00:00+07:00", "Ansa"),
        Article("2", "Дождь идёт.", language="ru"),
        Article(f"{name}:3", "下大雨了", "水灾", "zh", "2026-03-04T10:00:00+07:00", "Tuổi Trẻ"),
    ]


@each_format
def test_the_format_is_detected_by_the_content(name: str, read: Read) -> None:
    for other in ("a", "a.txt", "a.csv"):
        assert len(read(other, WRITERS[name](table(3))).articles) == 3


@each_format
def test_from_standard_input_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(WRITERS[name](table(3))))))
    assert len(read_articles("-").articles) == 3


@each_format
def test_a_row_that_is_not_an_article_costs_only_itself(name: str, read: Read) -> None:
    reading = read(name, WRITERS[name](pa.table({"id": ["a", "b", "c"], "text": [TEXT, None, "x"]})))
    assert [article.id for article in reading.articles] == ["a"]
    assert [(rejected.record, rejected.id) for rejected in reading.rejected] == [(2, "b"), (3, "c")]


@each_format
def test_a_text_column_of_lists_rejects_each_row(name: str, read: Read) -> None:
    reading = read(
        name, WRITERS[name](pa.table({"text": [["a", "b"], None], "title": ["Four words stand here", None]}))
    )
    assert [rejected.reason for rejected in reading.rejected][:1] == ["the text is a list, not a string"]


@each_format
def test_a_table_without_a_text_is_rejected_once(name: str, read: Read) -> None:
    [rejected] = read(name, WRITERS[name](pa.table({"nr": [1, 2], "corps": ["x", "y"]}))).rejected
    assert rejected.reason == "no column holds the text; columns found: 'nr', 'corps'. Name it with columns={'text': …}"
    [rejected] = read(name, WRITERS[name](pa.table({"text": pa.array([], pa.string())}))).rejected
    assert rejected.reason == "empty file: no records in it"


def test_damage_costs_only_the_data_after_it(read: Read) -> None:
    several = {
        "a.parquet": parquet(table(2000), row_group_size=500, compression="none", use_dictionary=False),
        "a.arrow": arrow_file(table(2000), max_chunksize=500),
        "a.arrows": arrow_stream(table(2000), max_chunksize=500),
    }
    for name, content in several.items():
        middle = content.index(f"{TEXT} {1200**9}".encode()) if name == "a.parquet" else len(content) // 2
        broken = (
            content[: middle - 5000] + b"\xff" * 200 + content[middle - 4800 :]
            if name == "a.parquet"
            else content[:middle]
        )
        reading = read(name, broken)
        assert len(reading.articles) >= 400, name
        assert reading.rejected[-1].reason.startswith("damaged"), name


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_a_file_that_ends_in_its_header(name: str, read: Read) -> None:
    [rejected] = read(name, WRITERS[name](table(9))[:40]).rejected
    assert rejected.reason.startswith(("damaged: ", "a binary file"))


def test_text_that_is_not_utf_8_costs_its_row(read: Read) -> None:
    content = arrow_stream(table(3)).replace(f"{TEXT} 1".encode(), b"\xff" + f"{TEXT} 1".encode()[1:])
    reading = read("a.arrows", content)
    assert [article.id for article in reading.articles] == ["0", "2"]
    assert [(rejected.record, rejected.reason) for rejected in reading.rejected] == [(2, "damaged row: ArrowInvalid")]


def test_the_copy_of_a_file_that_must_be_seekable_is_bounded(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SPOOL_LIMIT", 1000)
    content = parquet(table(500))
    assert len(read("a.parquet", content).articles) == 500, "a file with a path is read where it lies"
    [rejected] = read("a.parquet.gz", gzip.compress(content)).rejected
    assert rejected.reason == "larger than 1000 bytes: decompress the file and give its path"


@each_format
def test_without_pyarrow_the_file_is_rejected_with_the_pip_command(
    name: str, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(name, WRITERS[name](table(3)))
    optional.library.cache_clear()
    for module in ("pyarrow.parquet", "pyarrow.ipc"):
        monkeypatch.setitem(sys.modules, module, None)
    [rejected] = read_articles(path).rejected
    assert rejected.reason.endswith("files need a package: pip install 'detector[parquet]'")
    optional.library.cache_clear()
