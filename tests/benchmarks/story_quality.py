"""Quality of the stories, against other clusterings of vectors of the same encoder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from detector.detector import StoryDetector
from detector.evaluation.labelled import read_labelled
from tests.benchmarks.baselines import METHODS, LabelledVectors, Labels, best_cut, scored, semhash
from tests.benchmarks.compared_encoders import plain_model, plain_text


def stories(data: Sequence[Path], tune: Sequence[Path] = ()) -> dict[str, Any]:
    """F1 of the stories on each set: the detector at its default threshold, each baseline at its best cut for `tune`.

    Without `tune` the baselines have every advantage: their cut is the best for the labels they are scored on.
    """
    semhash()  # fail now, not in some minutes, if it is not installed
    model = plain_model()
    encoded = {path: _encoded(path, model) for path in dict.fromkeys((*data, *tune))}
    sets, tuning = ([encoded[path] for path in paths] for paths in (data, tune or data))
    results = [StoryDetector(progress=False).detect(list(each.labelled.articles)) for each in sets]
    cuts = {name: best_cut(method, tuning) for name, method in METHODS.items()}

    def row(threshold: float, predicted: Iterable[Labels]) -> dict[str, Any]:
        pairs = zip(sets, predicted, strict=True)
        return {"threshold": threshold, "sets": {each.name: scored(labels, each.labelled) for each, labels in pairs}}

    rows = {"detector": row(results[0].threshold, (result.labels for result in results))}
    for name, method in METHODS.items():
        rows[name] = row(cuts[name], (method.cluster(each.vectors, cuts[name]) for each in sets))
    return {
        "tuned_on": [each.name for each in tuning],
        "articles": {each.name: len(each.vectors) for each in sets},
        "methods": rows,
    }


def _encoded(path: Path, model: Any) -> LabelledVectors:
    """Labelled articles with the vectors of the plain model."""
    labelled = read_labelled(path).sorted_by_id()
    # The declared language is removed: the baselines do not have it either.
    labelled = replace(labelled, articles=tuple(replace(article, language=None) for article in labelled.articles))
    texts = list(map(plain_text, labelled.articles))
    return LabelledVectors(labelled, model.encode(texts, show_progress_bar=False, normalize_embeddings=True))
