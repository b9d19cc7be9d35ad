"""The measurement of batch sizes: pairs are counted without listing them, and a small batch is measured end to end."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import batch_size

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=12)


@given(LABELS)
def test_counted_pairs_equal_listed_pairs(labels: list[tuple[int, int]]) -> None:
    found, story = np.array(labels, np.int64).T
    pairs = list(combinations(labels, 2))
    right = sum(a[0] == b[0] and a[1] == b[1] for a, b in pairs)
    # Stories 0 and 3 repeat one story of the base, as do 1 and 4, 2 and 5.
    wrong = sum(a[0] == b[0] and a[1] % 3 != b[1] % 3 for a, b in pairs)
    missed = sum(a[0] != b[0] and a[1] == b[1] for a, b in pairs)
    assert batch_size.count_pairs(found, story, story % 3) == (right, wrong, missed)


@pytest.mark.slow
def test_a_small_batch_is_measured_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = (
        (("en", "Flood", "The river rose by two metres in Ghent."), ("fr", "Crue", "Le fleuve a monté à Gand.")),
        (("en", "Vote", "Parliament in Oslo adopted the budget."), ("fr", "Vote", "Oslo adopte le budget.")),
    )
    rows = [
        {"id": f"{story}-{lang}", "title": title, "text": text, "lang": lang, "story": str(story)}
        for story, versions in enumerate(stories)
        for lang, title, text in versions
    ]
    data = tmp_path / "labelled.jsonl"
    data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    monkeypatch.setattr(batch_size, "ARTICLES_FOR_QUALITY", 24)
    monkeypatch.setattr(batch_size, "embeddings_file", lambda: tmp_path / "embeddings.sqlite")
    batch_size.write_base([data], tmp_path)
    row = batch_size.measure(tmp_path, 12)
    assert row["articles"] == 12
    assert 2 <= row["stories_planted"] <= 6
    assert row["batches_for_quality"] == 2
    assert set(row["pairwise"]) == {"f1", "precision", "recall"}
    assert set(row["seconds"]) >= {"neutralise", "candidates", "evidence", "score", "cluster", "stories"}
    assert batch_size.measure(tmp_path, 12, sentences=1)["sentences"] == 12
    assert row["seconds_after_encoding"] == pytest.approx(sum(row["seconds"].values()))
