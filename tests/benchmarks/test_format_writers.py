"""The files for measuring the speed of reading: every format is real, and contains every article."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.reading.formats import registry
from tests.benchmarks.format_writers import ENTRIES_PER_FEED, WRITERS
from tests.benchmarks.generated_articles import SOURCE, generated_articles
from tests.benchmarks.test_generated_articles import BASE

COUNT = ENTRIES_PER_FEED + 4


def test_every_format_that_the_detector_reads_has_a_writer() -> None:
    assert {writer.format for writer in WRITERS.values()} == {format.name for format in registry.FORMATS}


@pytest.mark.parametrize("name", WRITERS)
def test_written_articles_are_read_back(name: str, tmp_path: Path) -> None:
    writer, articles = WRITERS[name], list(islice(generated_articles(BASE), COUNT))
    if missing := writer.missing:
        pytest.skip(f"no {missing}")
    path = tmp_path / writer.name
    writer.write(path, iter(articles))
    reading = read_articles(path)
    assert not reading.rejected
    assert set(reading.summary["formats"]) == {writer.format}
    assert len(reading) == COUNT
    for article, original in zip(reading.articles, articles, strict=True):
        words = original.text.split()
        assert article.text.split()[-len(words) :] == words  # a page may have its headline before
        if writer.format != "text":
            assert article.title == original.title
            assert article.published == original.published
            assert article.source == SOURCE
            assert article.url in (None, original.url)
    if writer.format in ("JSON Lines", "JSON", "CSV", "Parquet", "Arrow"):
        assert reading.articles == articles


def test_missing_packages_of_a_format_are_listed() -> None:
    assert not WRITERS["JSON Lines"].missing
    assert replace(WRITERS["Parquet"], needs=("csv", "no_such_package")).missing == ["no_such_package"]
