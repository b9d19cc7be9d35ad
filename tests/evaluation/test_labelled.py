"""Reading labelled articles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detector.evaluation.labelled import Labelled, read_labelled

TEXT = "The river rose by two metres in the night."


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def day(tmp_path: Path) -> Labelled:
    """Two versions of one document, another document on its event, one on another event."""
    return read_labelled(
        written(
            tmp_path / "day.jsonl",
            {"id": "b", "text": TEXT, "story": "flood", "document": "d1", "ambiguous": "g"},
            {"id": "a", "text": TEXT, "story": "flood", "document": "d1", "ambiguous": "g"},
            {"id": "no story", "text": TEXT},
            {"id": "c", "text": TEXT, "story": "flood", "ambiguous": "g"},
            {"id": "d", "text": TEXT, "story": 7},
            {"id": "empty", "text": "", "story": "flood"},
            {"id": "a", "text": TEXT, "story": "flood"},
        )
    )


PAIRS = np.array([[0, 1], [0, 2], [0, 3]], np.int64)


def test_labels_come_with_the_articles(day: Labelled) -> None:
    assert day.name == "day"
    assert [article.id for article in day.articles] == ["b", "a", "c", "d"]
    assert day.story.tolist() == ["flood", "flood", "flood", "7"]
    assert day.document.tolist() == ["d1", "d1", "c", "d"]
    assert day.ambiguous.tolist() == ["g", "g", "g", ""]


def test_unusable_rows_are_rejected_with_the_reason(day: Labelled) -> None:
    assert [(record.record, record.id) for record in day.rejected] == [(3, "no story"), (6, "empty"), (7, "a")]
    assert "no field 'story'" in day.rejected[0].reason


def test_same_and_counted_follow_the_labels(day: Labelled) -> None:
    assert day.same(PAIRS).tolist() == [True, True, False]
    assert day.counted(PAIRS).tolist() == [True, False, True]


def test_by_document_other_articles_on_the_event_are_not_counted(day: Labelled) -> None:
    documents = day.by_document()
    assert documents.same(PAIRS).tolist() == [True, False, False]
    assert documents.counted(PAIRS).tolist() == [True, False, True]


def test_sorting_by_id_moves_all_labels_with_the_articles(day: Labelled) -> None:
    ordered = day.sorted_by_id()
    assert [article.id for article in ordered.articles] == ["a", "b", "c", "d"]
    assert ordered.document.tolist() == ["d1", "d1", "c", "d"]
    assert ordered.story.tolist() == ["flood", "flood", "flood", "7"]
    assert ordered.name == day.name
    assert ordered.rejected == day.rejected


def test_other_fields_can_be_required(tmp_path: Path) -> None:
    path = written(tmp_path / "lines.jsonl", {"id": "a", "text": TEXT, "document": "d"}, {"id": "b", "text": TEXT})
    found = read_labelled(path, need=("document",))
    assert found.document.tolist() == ["d"]
    assert found.story.tolist() == ["d"]
    assert len(found.rejected) == 1


def test_a_text_file_has_no_labels(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ValueError, match="no labelled article; every row needs story"):
        read_labelled(path)


def test_a_file_without_a_usable_row_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "plain.jsonl", {"id": "a", "text": TEXT})
    with pytest.raises(ValueError, match="no labelled article; every row needs story"):
        read_labelled(path)
    with pytest.raises(FileNotFoundError):
        read_labelled(tmp_path / "none.jsonl")


def test_an_article_without_a_storyline_has_that_of_its_story(tmp_path: Path) -> None:
    data = read_labelled(
        written(
            tmp_path / "day.jsonl",
            {"id": "a", "text": TEXT, "story": "flood", "storyline": "rain"},
            {"id": "b", "text": TEXT, "story": "vote"},
            {"id": "c", "text": TEXT, "story": "repairs", "storyline": "rain"},
            {"id": "d", "text": TEXT, "story": "rain"},
            {"id": "e", "text": TEXT, "story": "vote"},
        )
    )
    pairs = np.array([[0, 2], [1, 4], [0, 3], [0, 1]], np.int64)
    assert data.same_storyline(pairs).tolist() == [True, True, False, False]
    assert data.sorted_by_id().same_storyline(pairs).tolist() == [True, True, False, False]


def test_without_storylines_the_stories_are_the_storylines(day: Labelled) -> None:
    assert day.storyline is None
    assert day.same_storyline(PAIRS).tolist() == day.same(PAIRS).tolist()
