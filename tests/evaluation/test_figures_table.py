"""The figures of an evaluation as a table."""

from __future__ import annotations

import io

from rich.console import Console

from detector.evaluation.figures_table import FEWEST_PAIRS, figures_table


def test_each_measure_is_a_row_and_errors_of_few_pairs_are_left_out() -> None:
    figures = {
        "set": "day",
        "pairwise": {"f1": 0.5, "precision": 0.25, "recall": 1.0},
        "auc_event": 0.9,
        "false_links": {"form": 2.0},
        "calibration": {
            "event": {
                "all": {"pairs": 1_000, "error": 0.03},
                "by_languages": {"en-it": {"pairs": FEWEST_PAIRS - 1, "error": 0.5}},
            }
        },
    }
    written = io.StringIO()
    Console(file=written, width=100).print(figures_table(figures))
    rows = [line.split() for line in written.getvalue().splitlines()[1:]]
    assert rows == [
        ["set", "day"],
        ["pairwise", "0.5000", "0.2500", "1.0000"],
        ["auc", "event", "0.9000"],
        ["false", "links:", "form", "2.0000"],
        ["calibration:", "event:", "all", "(1,000", "pairs)", "0.0300"],
    ]
