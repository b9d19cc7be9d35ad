"""`detector evaluate`: the quality of the stories and the probabilities on labelled articles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.table import Table
from sklearn.metrics import average_precision_score

from detector.detector import StoryDetector
from detector.evaluation.labelled import Labelled
from detector.evaluation.metrics import b_cubed, calibration_error, pairwise
from detector.result import Result


def evaluate(labelled: Labelled, **options: Any) -> dict[str, Any]:
    """Runs the detector on labelled articles and measures the result; `options` are those of `StoryDetector`."""
    result = StoryDetector(**options).detect(list(labelled.articles))
    return figures_of(result, labelled)


def figures_of(result: Result, labelled: Labelled) -> dict[str, Any]:
    """The quality of a result for the same articles, by the name of the measure.

    Average precision ranks all pairs by probability; a pair that was not a candidate counts as probability 0. It is
    missing if no pair is one story by the labels.
    """
    truth = labelled.sorted_by_id()
    pairs = np.stack(np.triu_indices(len(truth.articles), 1), 1)
    probability = np.zeros((len(truth.articles),) * 2)
    probability[tuple(result.features.pairs.T)] = result.scores.probability
    counted = truth.counted(pairs)
    pairs = pairs[counted]
    same, values = truth.same(pairs), probability[tuple(pairs.T)]
    together = result.labels[pairs[:, 0]] == result.labels[pairs[:, 1]]
    across = result.batch.across(pairs)
    _, stories = np.unique(truth.story, return_inverse=True)
    figures: dict[str, Any] = {
        "set": labelled.name,
        "articles": len(truth.articles),
        "rejected": len(labelled.rejected),
        "stories_labelled": int(stories.max()) + 1,
        "stories_found": len(result.stories),
        "threshold": result.threshold,
        "pairwise": pairwise(together, same),
        "pairwise_across_languages": pairwise(together[across], same[across]),
        "b_cubed": b_cubed(result.labels, stories, truth.counted_matrix()),
        "calibration_error": calibration_error(values, same),
    }
    for name, chosen in (
        ("average_precision", np.ones(len(pairs), bool)),
        ("average_precision_across_languages", across),
    ):
        if same[chosen].any():
            figures[name] = float(average_precision_score(same[chosen], values[chosen]))
    return figures


def figures_table(figures: Mapping[str, Any]) -> Table:
    """The figures as a table for the terminal."""
    table = Table("measure", "F1", "precision", "recall", box=None, pad_edge=False, header_style="dim")
    for name, value in figures.items():
        label = name.replace("_", " ")
        if isinstance(value, Mapping):
            table.add_row(label, *(f"{value[part]:.4f}" for part in ("f1", "precision", "recall")))
        else:
            table.add_row(label, f"{value:.4f}" if isinstance(value, float) else str(value))
    return table
