"""Scoring given pairs of articles (`detector score`). All articles of a file are one batch, as in a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detector.detector import StoryDetector
from detector.pairs.features import pair_features
from detector.reading.mapping.given_pairs import GivenPair
from detector.records import Pair
from detector.reporting.csv_writer import csv_lines
from detector.reporting.files import text, write

COLUMNS = ("similarity", "probability", "cosine", "coverage_a", "coverage_b", "relation", "language_a", "language_b")


def score_pairs(pairs: Sequence[GivenPair], **options: Any) -> list[tuple[str, Pair]]:
    """The name and the `Pair` of each given pair, in the order given; `options` are those of `StoryDetector`.

    Raises `ValueError` where there is no pair.
    """
    if not pairs:
        raise ValueError("no pair to score: the input holds none that can be used")
    result = StoryDetector(**options).detect([article for pair in pairs for article in (pair.a, pair.b)])
    place = {document.article.id: number for number, document in enumerate(result.documents)}
    chosen = np.array([sorted((place[pair.a.id], place[pair.b.id])) for pair in pairs], np.int64)
    evidence = pair_features(result.batch, chosen)
    scores = result.scorer.score(evidence, result.batch.across(chosen), result.threshold)
    scored = result.with_pairs(evidence, scores)
    return [(pair.name, scored.listed(number)) for number, pair in enumerate(pairs)]


def write_scores(scored: Sequence[tuple[str, Pair]], path: Path) -> None:
    """Write the scores as CSV: the name of the pair, then `COLUMNS`; numbers with six decimals."""
    rows = ((name, *(getattr(pair, column) for column in COLUMNS)) for name, pair in scored)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path.parent, {path.name: text(csv_lines(("pair", *COLUMNS), rows))})
