"""`detector evaluate`: the quality of stories, storylines and probabilities on labelled articles or pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from detector.detector import StoryDetector
from detector.evaluation.labelled import Labelled, read_labelled
from detector.evaluation.labelled_pairs import evaluate_pairs, read_labelled_pairs
from detector.evaluation.levels import calibration, false_links
from detector.evaluation.metrics import b_cubed, calibration_error, pairwise
from detector.pairs.relations import Thresholds, levels
from detector.reading.api import read_records
from detector.reading.mapping.fields import FieldNames
from detector.records import Rejected, Relation
from detector.result import Result

# No pair has such a probability: what pairs would be if they were not one event.
NO_EVENT = 2.0


def evaluate_file(path: str | PathLike[str], **options: Any) -> dict[str, Any]:
    """The figures of a file of labelled articles, or of labelled pairs; `options` are those of `StoryDetector`.

    Raises FileNotFoundError if the file does not exist, ValueError if no row can be used.
    """
    first = next((record for record in read_records(path, FieldNames()) if not isinstance(record, Rejected)), None)
    if first is not None and isinstance(first.value, Mapping) and {"a", "b"} <= set(first.value):
        return evaluate_pairs(read_labelled_pairs(path), **options)
    return evaluate(read_labelled(path), **options)


def evaluate(labelled: Labelled, **options: Any) -> dict[str, Any]:
    """Runs the detector on labelled articles and measures the result; `options` are those of `StoryDetector`."""
    result = StoryDetector(**options).detect(list(labelled.articles))
    return figures_of(result, labelled)


@dataclass(frozen=True)
class _Pairs:
    """Every two articles of a result, (pairs, 2), with what is said of them; a pair never compared counts as 0."""

    pairs: NDArray[np.int64]
    probability: NDArray[np.float64]
    storyline_probability: NDArray[np.float64]
    form_probability: NDArray[np.float64]
    languages: NDArray[np.str_]

    @classmethod
    def of(cls, result: Result) -> _Pairs:
        pairs = np.stack(np.triu_indices(len(result.ids), 1), 1)

        def column(values: NDArray[np.float64]) -> NDArray[np.float64]:
            matrix = np.zeros((len(result.ids),) * 2)
            matrix[tuple(result.features.pairs.T)] = values
            return np.asarray(matrix[tuple(pairs.T)])

        scores = result.scores
        return cls(
            pairs=pairs,
            probability=column(scores.probability),
            storyline_probability=column(scores.storyline_probability),
            form_probability=column(scores.form_probability),
            languages=result.batch.table.languages[pairs],
        )

    def rows(self, chosen: NDArray[np.bool_]) -> _Pairs:
        return _Pairs(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


def figures_of(result: Result, labelled: Labelled) -> dict[str, Any]:
    """The quality of a result for the same articles, by the name of the measure.

    Average precision ranks all pairs by probability; a pair that was not a candidate counts as probability 0. It is
    missing if no pair is one story by the labels. Storylines are measured if any article has a label of one.
    """
    truth, every = labelled.sorted_by_id(), _Pairs.of(result)
    counted = every.rows(truth.counted(every.pairs))
    figures = {
        "set": labelled.name,
        "articles": len(truth.articles),
        "rejected": len(labelled.rejected),
        **_story_figures(result, truth, counted),
    }
    if truth.storyline is not None:
        # Two documents of one affair may be in doubt as to the event, but not as to the affair.
        in_question = truth.counted(every.pairs) | truth.same_storyline(every.pairs)
        figures |= _storyline_figures(result, truth, truth.storyline, every.rows(in_question))
    return figures


def _story_figures(result: Result, truth: Labelled, found: _Pairs) -> dict[str, Any]:
    pairs, same = found.pairs, truth.same(found.pairs)
    together = result.labels[pairs[:, 0]] == result.labels[pairs[:, 1]]
    across = found.languages[:, 0] != found.languages[:, 1]
    _, stories = np.unique(truth.story, return_inverse=True)
    # The affair and the form of a false link are those labelled, else those that the scores give.
    scores = (np.zeros(len(pairs)), found.storyline_probability, found.form_probability)
    level = levels(*scores, Thresholds(NO_EVENT, result.storyline_threshold))
    development = level == Relation.FOLLOW_UP.code if truth.storyline is None else truth.same_storyline(pairs)
    figures: dict[str, Any] = {
        "stories_labelled": int(stories.max()) + 1,
        "stories_found": len(result.stories),
        "threshold": result.threshold,
        "pairwise": pairwise(together, same),
        "pairwise_across_languages": pairwise(together[across], same[across]),
        "b_cubed": b_cubed(result.labels, stories, truth.counted_matrix()),
        "false_links": false_links(together & ~same, development, level == Relation.SAME_FORM.code),
        "calibration_error": calibration_error(found.probability, same),
        "calibration": calibration(found.probability, same, found.languages),
    }
    for name, chosen in (
        ("average_precision", np.ones(len(pairs), bool)),
        ("average_precision_across_languages", across),
    ):
        if same[chosen].any():
            figures[name] = float(average_precision_score(same[chosen], found.probability[chosen]))
    return figures


def _storyline_figures(result: Result, truth: Labelled, labelled: NDArray[np.str_], found: _Pairs) -> dict[str, Any]:
    pairs, same = found.pairs, truth.same_storyline(found.pairs)
    labels = storyline_labels(result)
    together = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    across = found.languages[:, 0] != found.languages[:, 1]
    _, storylines = np.unique(labelled, return_inverse=True)
    counted = truth.counted_matrix() | (storylines[:, None] == storylines[None, :])
    return {
        "storylines_labelled": int(storylines.max()) + 1,
        "storylines_found": len(result.storylines),
        "storyline_threshold": result.storyline_threshold,
        "pairwise_storylines": pairwise(together, same),
        "pairwise_storylines_across_languages": pairwise(together[across], same[across]),
        "b_cubed_storylines": b_cubed(labels, storylines, counted),
        "calibration_storylines": calibration(found.storyline_probability, same, found.languages),
    }


def storyline_labels(result: Result) -> NDArray[np.int64]:
    """The storyline of each document of a result, as the index in `Result.storylines`: (documents,)."""
    index_of = {id: index for index, id in enumerate(result.ids)}
    labels = np.zeros(len(result.ids), np.int64)
    for label, storyline in enumerate(result.storylines):
        labels[[index_of[id] for id in storyline.article_ids]] = label
    return labels
