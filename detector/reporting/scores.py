"""The scores of given pairs as a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detector.records import Pair
from detector.reporting.csv_writer import csv_lines
from detector.reporting.files import text, write

COLUMNS = (
    "similarity",
    "probability",
    "cosine",
    "coverage_a",
    "coverage_b",
    "relation",
    "language_a",
    "language_b",
    "storyline_probability",
)


def write_scores(scored: Sequence[tuple[str, Pair]], path: Path) -> None:
    """Write the name of each pair, then `COLUMNS`; numbers with six decimals. Raises `OSError` if it cannot."""
    rows = ((name, *(getattr(pair, column) for column in COLUMNS)) for name, pair in scored)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path.parent, {path.name: text(csv_lines(("pair", *COLUMNS), rows))})
