"""Frames of pandas, polars and Arrow."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.reading.conftest import TEXT


def test_a_frame_is_read_row_by_row() -> None:
    frame = pd.DataFrame(
        {
            "id": [1.0, None, 3.0],
            "Body": [TEXT, TEXT, None],
            "Headline": ["Flood", None, float("nan")],
            "date": [pd.Timestamp("2026-03-04", tz="UTC"), pd.NaT, pd.Timestamp("2026-03-05", tz="UTC")],
        }
    )
    reading = read_articles(frame)
    assert reading.articles == [
        Article("1", TEXT, title="Flood", published="2026-03-04T00:00:00+00:00"),
        Article("frame:2", TEXT),
    ]
    [rejected] = reading.rejected
    assert (rejected.path, rejected.record, rejected.id) == ("<frame>", 3, "3")
    assert list(reading) == list(reading)


def test_a_named_index_is_a_column() -> None:
    frame = pd.DataFrame({"text": [TEXT, TEXT], "id": ["a", "b"]})
    assert list(read_articles(frame.set_index("id"))) == list(read_articles(frame))


def test_nullable_types_are_understood() -> None:
    frame = pd.DataFrame({"id": [1, None], "text": [TEXT, None]}).convert_dtypes()
    reading = read_articles(frame)
    assert reading.articles == [Article("1", TEXT)]
    assert reading.rejected[0].id is None


def test_an_empty_frame_is_an_empty_reading() -> None:
    assert len(read_articles(pd.DataFrame())) == 0


WHEN = datetime.datetime(2026, 3, 4, 10, tzinfo=datetime.UTC)
COLUMNS: dict[str, list[Any]] = {
    "id": [1, 2, None],
    "Body": [TEXT, "Дождь идёт.", None],
    "headline": ["Flut", None, "水灾"],
    "date": [WHEN, None, WHEN],
    "tags": [["a", "b"], [], None],
    "source": [{"title": "Ansa"}, None, {"title": "Tuổi Trẻ"}],
}
FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "polars": pl.DataFrame,
    "polars, lazy": pl.LazyFrame,
    "Arrow": pa.table,
    "Arrow, one batch": pa.RecordBatch.from_pydict,
}
each_kind = pytest.mark.parametrize("kind", FRAMES)


@each_kind
def test_other_frames_are_read_row_by_row(kind: str) -> None:
    reading = read_articles(FRAMES[kind](COLUMNS))
    assert reading.articles == [
        Article("1", TEXT, "Flut", published="2026-03-04T10:00:00+00:00", source="Ansa"),
        Article("2", "Дождь идёт."),
    ]
    assert [(rejected.path, rejected.record) for rejected in reading.rejected] == [("<frame>", 3)]
    assert list(reading) == list(reading)


@each_kind
def test_a_frame_without_a_text_column_raises(kind: str) -> None:
    with pytest.raises(ValueError, match="DataFrame: no column holds the text; columns found: 'nr', 'corps'"):
        read_articles(FRAMES[kind]({"nr": [1], "corps": [TEXT]}))


def test_categories_and_long_strings_of_polars() -> None:
    frame = pl.DataFrame(
        {"text": [TEXT, TEXT], "lang": ["vi", "it"]}, schema={"text": pl.String, "lang": pl.Categorical}
    )
    assert [article.language for article in read_articles(frame).articles] == ["vi", "it"]


def test_no_unused_package_is_imported() -> None:
    code = "import sys; from detector.reading import read_articles; list(read_articles({'text': 'two words'})); "
    code += "print(*{'polars', 'zstandard', 'trafilatura'}.intersection(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
