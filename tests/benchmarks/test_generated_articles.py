"""Generated articles: endless, all different, and compressible like real ones."""

from __future__ import annotations

import gzip
from itertools import islice

import pytest

from detector.records import Article, Version
from tests.benchmarks.format_writers import json_line
from tests.benchmarks.generated_articles import generated_articles

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


def test_articles_are_endless_and_all_different() -> None:
    made = list(islice(generated_articles(BASE), 1000))
    for field in ("id", "text", "title", "published", "url"):
        assert len({getattr(article, field) for article in made}) == 1000
    assert made == list(islice(generated_articles(BASE), 1000))


def test_a_generated_text_compresses_like_a_new_one() -> None:
    single = gzip.compress(json_line(next(generated_articles(BASE[:1]))))
    many = gzip.compress(b"".join(map(json_line, islice(generated_articles(BASE[:1]), 10))))
    assert len(many) > 4 * len(single)
    copies = gzip.compress(b"".join(map(json_line, BASE[:1] * 10)))
    assert len(copies) < 2 * len(single)


def test_without_a_text_there_is_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="no article to write"):
        next(generated_articles(BASE[1:2]))
