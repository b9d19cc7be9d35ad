"""Frames."""

from __future__ import annotations

import pandas as pd

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
    assert reading.articles == [Article("1", TEXT)] and reading.rejected[0].id is None


def test_an_empty_frame_is_an_empty_reading() -> None:
    assert len(read_articles(pd.DataFrame())) == 0
