"""How well relations are named: the relation that the detector gives each pair against the known one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.protocol import Encoder
from detector.evaluation.known_relations import KnownPair, language_of
from detector.pairs.batch import Batch
from detector.pairs.features import pair_features
from detector.pairs.pair_records import pair_record
from detector.pairs.relations import Thresholds
from detector.pairs.scoring import Scorer
from detector.preparing import prepare
from detector.profile import Profile
from detector.records import Pair, Relation


def batch_of_pairs(
    known: Sequence[KnownPair], encoder: Encoder, profile: Profile, *, use_declared_language: bool = False
) -> tuple[Batch, NDArray[np.int64]]:
    """All articles of the pairs as one batch, as in a report, and the indices of the two articles of each: (pairs, 2).

    The language is identified from the text, as for articles that declare none, unless `use_declared_language`.
    """
    articles = {article.id: article for pair in known for article in (pair.a, pair.b)}
    documents = [prepare(replace(articles[id], language=None)) for id in sorted(articles)]
    if use_declared_language:
        documents = [
            replace(document, language=language_of(articles[document.article.id]) or document.language)
            for document in documents
        ]
    batch = Batch.of(documents, encoder.encode([document.sentences for document in documents]), profile)
    index_of = {document.article.id: index for index, document in enumerate(documents)}
    return batch, np.array([sorted((index_of[pair.a.id], index_of[pair.b.id])) for pair in known], np.int64)


def predicted_pairs(known: Sequence[KnownPair], encoder: Encoder, profile: Profile) -> list[Pair]:
    """What the detector reports for each pair, at the threshold of the profile."""
    batch, pairs = batch_of_pairs(known, encoder, profile)
    scorer, features = Scorer.of(profile), pair_features(batch, pairs)
    scores = scorer.score(features, batch.across(pairs), Thresholds.of(scorer.model))
    return [pair_record(batch.table, features, scores, row) for row in range(len(pairs))]


def figures_of(known: Sequence[KnownPair], predicted: Sequence[Pair]) -> dict[str, Any]:
    """Confusion matrix, precision, recall and accuracy of the relations, and the share right of each kind of pair.

    "contained" counts, among the pairs rightly named partial reuse, those whose contained article is the right one.
    """
    confusion: dict[str, Counter[str]] = {relation: Counter() for relation in Relation}
    kinds: dict[str, list[bool]] = defaultdict(list)
    contained = []
    for pair, answer in zip(known, predicted, strict=True):
        confusion[pair.relation][answer.relation] += 1
        kinds[f"{pair.relation}: {pair.kind}"].append(answer.relation == pair.relation)
        if answer.relation == pair.relation == "partial reuse":
            contained.append(answer.contained == pair.contained)
    return {
        "confusion": {truth: {name: row[name] for name in Relation} for truth, row in confusion.items()},
        "kinds": {kind: {"right": sum(right), "of": len(right)} for kind, right in kinds.items()},
        "contained": {"right": sum(contained), "of": len(contained)},
        **rates(confusion),
    }


def rates(confusion: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Precision and recall of each relation in the matrix, and the share of all pairs that are named right."""
    right = {name: confusion[name][name] for name in confusion}
    predicted = {name: sum(confusion[truth][name] for truth in confusion) for name in confusion}
    actual = {name: sum(confusion[name][answer] for answer in confusion) for name in confusion}
    return {
        "relations": {
            name: {"precision": right[name] / max(1, predicted[name]), "recall": right[name] / max(1, actual[name])}
            for name in confusion
            if actual[name]
        },
        "accuracy": sum(right.values()) / max(1, sum(actual.values())),
    }
