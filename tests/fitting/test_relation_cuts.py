"""The cuts for relations, fitted on pairs whose relation is known."""

from __future__ import annotations

import numpy as np
import pytest

from detector.evaluation.known_relations import KnownPair
from detector.fitting.relation_cuts import fit_cuts
from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import relation_codes
from detector.records import Article, Relation


def test_cuts_are_chosen_that_separate_the_relations() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    rows = [  # relation, two languages, share of a that is in b, share of b that is in a
        ("copy", False, 0.9, 0.95), ("partial reuse", False, 0.4, 1.0), ("same story", False, 0.1, 0.2),
        ("translation", True, 0.6, 0.62), ("partial reuse", True, 0.3, 0.5), ("same story", True, 0.2, 0.19),
    ]  # fmt: skip
    known = [KnownPair(a, b, relation, relation, "d") for relation, *_ in rows]
    across = np.array([two_languages for _, two_languages, *_ in rows])
    reuse_a, reuse_b = (np.array([row[column] for row in rows], float) for column in (2, 3))
    zeros = np.zeros(len(rows))
    evidence = PairFeatures(
        pairs=np.zeros((len(rows), 2), np.int64),
        matrix=np.zeros((len(rows), len(FEATURES))),
        cosine=zeros, coverage_a=zeros, coverage_b=zeros, reuse_a=reuse_a, reuse_b=reuse_b, days_apart=zeros,
    )  # fmt: skip
    cuts = fit_cuts(known, across, evidence)
    predicted = relation_codes(cuts, np.full(len(rows), Relation.SAME_STORY.code), across, evidence)
    assert [Relation.of_code(code) for code in predicted] == [relation for relation, *_ in rows]
    assert 0.4 < cuts.wording < 0.9
    assert 0.2 < cuts.answered < 0.5
    assert 0.6 < cuts.even < 0.97
    with pytest.raises(ValueError, match="no pair to learn 'translation' from across languages"):
        fit_cuts(known[:3], across[:3], evidence.rows(slice(3)))
