"""What is written to be read fast or slowly: each format is the real one, and holds every article."""

from __future__ import annotations

import gzip
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.reading.formats import registry
from detector.records import Article, Version
from tests.benchmarks.written import ENTRIES, FORMATS, SOURCE, json_line, varied

PROSE = "The river rose by two metres in the night, and 2,400 people had to leave their houses <b>&amp; gardens</b>."
BASE = [
    Article(
        "a",
        f"{PROSE}\x00\n\nThe mayor said: “It was never as high.”\n\n{PROSE[::-1]}",
        "Flood & “fire”",
        history=(Version("a"),),
    ),
    Article("title", "", "A headline without a text"),
    Article("b", "\n\n".join(f"Mực nước sông dâng cao hai mét, {n} người phải rời nhà." for n in range(2400, 2405))),
    Article("c", "河水上涨了两米，学校关闭，二千四百人已经离开家园，当局表示水位将在周末之前回落。" * 4, "水灾"),
]
COUNT = ENTRIES + 4


def test_articles_go_on_without_end_and_none_is_like_another() -> None:
    made = list(islice(varied(BASE), 1000))
    for field in ("id", "text", "title", "published", "url"):
        assert len({getattr(article, field) for article in made}) == 1000
    assert made == list(islice(varied(BASE), 1000))


def test_another_text_packs_as_if_it_were_new() -> None:
    one = gzip.compress(json_line(next(varied(BASE[:1]))))
    many = gzip.compress(b"".join(map(json_line, islice(varied(BASE[:1]), 10))))
    assert len(many) > 4 * len(one)
    copies = gzip.compress(b"".join(map(json_line, BASE[:1] * 10)))
    assert len(copies) < 2 * len(one)


def test_without_an_article_there_is_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="no article to write"):
        next(varied(BASE[1:2]))


def test_every_format_that_is_read_is_written() -> None:
    assert {written.format for written in FORMATS.values()} == {format.name for format in registry.FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    written, made = FORMATS[name], list(islice(varied(BASE), COUNT))
    if missing := written.missing:
        pytest.skip(f"no {missing}")
    path = tmp_path / written.name
    written.write(path, iter(made))
    reading = read_articles(path)
    assert not reading.rejected
    assert set(reading.summary["formats"]) == {written.format}
    assert len(reading) == COUNT
    for article, one in zip(reading.articles, made, strict=True):
        words = one.text.split()
        assert article.text.split()[-len(words) :] == words  # a page may have its headline before
        if written.format != "text":
            said = (article.title, article.published, article.source, article.url or one.url)
            assert said == (one.title, one.published, SOURCE, one.url)
    if written.format in ("JSON Lines", "JSON", "CSV", "Parquet", "Arrow"):
        assert reading.articles == made


def test_a_format_whose_package_is_not_installed_is_known() -> None:
    assert not FORMATS["JSON Lines"].missing
    assert replace(FORMATS["Parquet"], needs=("csv", "no_such_package")).missing == ["no_such_package"]
