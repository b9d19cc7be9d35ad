"""How well both probabilities and the relations agree with pairs labelled by event and storyline.

A row is a pair as in `detector.reading.given_pairs`, with `label`, `same_form` and `weight`, which undoes the draw of a
sample. Every figure is weighted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from detector.comparing import score_pairs
from detector.evaluation.levels import calibration, false_links
from detector.evaluation.metrics import pairwise
from detector.reading.given_pairs import GivenPair, read_pairs
from detector.records import Pair, Relation

EVENT, STORYLINE, ALIKE, UNRELATED = LABELS = ("same event", "same storyline", "alike", "unrelated")
# Calibration is measured on the pairs that are at least so probable: nearly all others are unrelated, and right.
LEAST = 0.15
ONE_STORY = (Relation.TRANSLATION, Relation.COPY, Relation.PARTIAL_REUSE, Relation.SAME_STORY)


@dataclass(frozen=True)
class LabelledPairs:
    """Pairs with labels; rejected: how many rows could not be used."""

    name: str
    pairs: tuple[GivenPair, ...]
    rejected: int = 0


def read_labelled_pairs(path: str | PathLike[str]) -> LabelledPairs:
    """The pairs of a file that have one of `LABELS`; others are rejected.

    Raises FileNotFoundError if the file does not exist, ValueError if no pair has a label.
    """
    pairs, rejected = read_pairs(path)
    labelled = tuple(pair for pair in pairs if pair.label in LABELS)
    if not labelled:
        raise ValueError(f"{path}: no labelled pair; every row needs a label: {', '.join(LABELS)}")
    return LabelledPairs(Path(path).name.split(".")[0], labelled, len(rejected) + len(pairs) - len(labelled))


def evaluate_pairs(labelled: LabelledPairs, **options: Any) -> dict[str, Any]:
    """Scores labelled pairs and measures the scores; `options` are those of `StoryDetector`."""
    scored = [pair for _, pair in score_pairs(labelled.pairs, **options)]
    return {"set": labelled.name, "rejected": labelled.rejected, **pair_figures(labelled.pairs, scored)}


def pair_figures(given: Sequence[GivenPair], scored: Sequence[Pair]) -> dict[str, Any]:
    """The quality of the scores of labelled pairs, in their order, by the name of the measure.

    An area under the curve is missing if the pairs lack one of the two kinds it compares.
    """
    label = np.array([pair.label for pair in given])
    weight = np.array([pair.weight for pair in given])
    event, development = label == EVENT, label == STORYLINE
    affair, form = event | development, np.array([pair.same_form for pair in given], bool) & ~event
    probability = np.array([pair.probability for pair in scored])
    of_affair = np.array([pair.storyline_probability for pair in scored])
    languages = np.array([(pair.language_a, pair.language_b) for pair in scored], np.str_)
    relation = np.array([pair.relation for pair in scored])
    linked = np.isin(relation, ONE_STORY)
    everything = np.ones(len(given), bool)
    ranked = {
        "auc_event": (everything, event, probability),
        "auc_affair": (everything, affair, of_affair),
        "auc_event_against_development": (event | development, event, probability),
        "auc_event_against_form": (event | form, event, probability),
    }
    return {
        "pairs": len(given),
        "labels": {name: int((label == name).sum()) for name in LABELS} | {"same form": int(form.sum())},
        **{
            name: _area(truth[chosen], values[chosen], weight[chosen])
            for name, (chosen, truth, values) in ranked.items()
            if len(set(truth[chosen].tolist())) == 2
        },
        "event": pairwise(linked, event, weight),
        "affair": pairwise(linked | (relation == Relation.FOLLOW_UP), affair, weight),
        "same_form": pairwise(relation == Relation.SAME_FORM, form, weight),
        "false_links": false_links(linked & ~event, development, form, weight),
        "calibration": {
            name: _calibration(values, truth, languages, weight)
            for name, values, truth in (("event", probability, event), ("affair", of_affair, affair))
        },
    }


def _area(truth: NDArray[np.bool_], values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    return float(roc_auc_score(truth, values, sample_weight=weight))


def _calibration(
    values: NDArray[np.float64], truth: NDArray[np.bool_], languages: NDArray[np.str_], weight: NDArray[np.float64]
) -> dict[str, Any]:
    rows = values >= LEAST
    return calibration(values[rows], truth[rows], languages[rows], weight[rows])
