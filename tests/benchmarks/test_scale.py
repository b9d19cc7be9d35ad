"""The measurement of scale: figures counted without listing pairs, and one small batch measured from end to end."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import scale

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=12)


@given(LABELS)
def test_pairs_are_counted_as_if_each_were_listed(labels: list[tuple[int, int]]) -> None:
    found, story = np.array(labels, np.int64).T
    pairs = list(combinations(labels, 2))
    right = sum(a[0] == b[0] and a[1] == b[1] for a, b in pairs)
    # Stories 0 and 3 are one in two worlds, as are 1 and 4, 2 and 5.
    wrong = sum(a[0] == b[0] and a[1] % 3 != b[1] % 3 for a, b in pairs)
    missed = sum(a[0] != b[0] and a[1] == b[1] for a, b in pairs)
    assert scale.pairs_of(found, story, story % 3) == (right, wrong, missed)


def test_a_small_batch_is_measured_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = (
        (("en", "Flood", "The river rose by two metres in Ghent."), ("fr", "Crue", "Le fleuve a monté à Gand.")),
        (("en", "Vote", "Parliament in Oslo adopted the budget."), ("fr", "Vote", "Oslo adopte le budget.")),
    )
    rows = [
        {"id": f"{story}-{lang}", "title": title, "text": text, "lang": lang, "story": str(story)}
        for story, tellings in enumerate(told)
        for lang, title, text in tellings
    ]
    data = tmp_path / "labelled.jsonl"
    data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    monkeypatch.setattr(scale, "POOLED", 24)
    monkeypatch.setattr(scale, "embeddings_file", lambda: tmp_path / "embeddings.sqlite")
    scale.write_base([data], tmp_path)
    row = scale.measure(tmp_path, 12)
    assert row["articles"] == 12
    assert 2 <= row["stories_planted"] <= 6
    assert row["batches_for_quality"] == 2
    assert set(row["pairwise"]) == {"f1", "precision", "recall"}
    assert set(row["seconds"]) >= {"neutralise", "candidates", "evidence", "score", "cluster", "stories"}
    assert scale.measure(tmp_path, 12, sentences=1)["sentences"] == 12
    assert row["seconds_after_encoding"] == pytest.approx(sum(row["seconds"].values()))
