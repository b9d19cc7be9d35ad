"""Pairs of articles are read from rows; a row that is not a pair is rejected with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.reading.given_pairs import read_pairs

ARTICLE = {"title": "Flood", "text": "The river rose by two metres.", "id": "shared"}
OTHER = {"text": "The minister opened a museum.", "id": "shared"}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_pair_has_two_articles_whose_ids_name_the_pair_and_the_side(tmp_path: Path) -> None:
    pairs, rejected = read_pairs(write(tmp_path / "p.jsonl", {"pair": 7, "a": ARTICLE, "b": OTHER}))
    assert rejected == []
    assert [(pair.name, pair.a.id, pair.b.id) for pair in pairs] == [("7", "7/a", "7/b")]
    assert (pairs[0].a.text, pairs[0].b.text) == (ARTICLE["text"], OTHER["text"])


@pytest.mark.parametrize(("overall", "grade"), [(1, 1.0), (2.5, 0.5), (4, 0.0), (None, None), (True, None)])
def test_a_grade_from_1_to_4_becomes_a_similarity(tmp_path: Path, overall: object, grade: float | None) -> None:
    [pair], _ = read_pairs(write(tmp_path / "p.jsonl", {"pair": "x", "a": ARTICLE, "b": OTHER, "overall": overall}))
    assert pair.grade == grade


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([1], "the row is a list, not an object"),
        ({"a": ARTICLE, "b": OTHER}, 'no "pair": name the pair with a string or an integer'),
        ({"pair": True, "a": ARTICLE, "b": OTHER}, 'no "pair": name the pair with a string or an integer'),
        ({"pair": "x", "a": ARTICLE}, '"b" is null, not an article'),
        ({"pair": "x", "a": ARTICLE, "b": {"text": ""}}, "article \"b\" of pair 'x': no text, or an empty one"),
        ({"pair": "first", "a": OTHER, "b": OTHER}, "duplicate pair 'first': the first is kept"),
    ],
)
def test_a_row_that_is_not_a_pair_costs_only_itself(tmp_path: Path, row: object, reason: str) -> None:
    rows = ({"pair": name, "a": ARTICLE, "b": OTHER} for name in ("first", "last"))
    path = write(tmp_path / "p.jsonl", next(rows), row, next(rows))
    pairs, rejected = read_pairs(path)
    assert [pair.name for pair in pairs] == ["first", "last"]
    assert [(each.path, each.record) for each in rejected] == [(str(path), 2)]
    assert rejected[0].reason.startswith(reason)


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_pairs(tmp_path / "missing.jsonl")
