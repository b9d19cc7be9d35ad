"""A row of features and scores as the `Pair` that users see."""

from __future__ import annotations

import numpy as np

from detector.pairs.features import PairFeatures
from detector.pairs.scoring import Scores
from detector.preparing.document_table import DocumentTable
from detector.records import Pair, Relation


def pair_record(table: DocumentTable, features: PairFeatures, scores: Scores, row: int) -> Pair:
    """The pair in one row of the features and scores; `table` is that of the batch."""
    a, b = features.pairs[row].tolist()
    days_apart = float(features.days_apart[row])
    relation = Relation.of_code(scores.relation[row])
    contained = a if features.reuse_a[row] > features.reuse_b[row] else b
    return Pair(
        article_a=table.ids[a],
        article_b=table.ids[b],
        probability=float(scores.probability[row]),
        storyline_probability=float(scores.storyline_probability[row]),
        similarity=float(scores.similarity[row]),
        cosine=float(features.cosine[row]),
        coverage_a=float(features.coverage_a[row]),
        coverage_b=float(features.coverage_b[row]),
        relation=relation,
        language_a=str(table.languages[a]),
        language_b=str(table.languages[b]),
        days_apart=None if np.isnan(days_apart) else days_apart,
        contained=table.ids[contained] if relation is Relation.PARTIAL_REUSE else None,
    )
