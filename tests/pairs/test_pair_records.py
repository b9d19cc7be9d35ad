"""A row of features and scores as a pair of articles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detector.pairs.features import PairFeatures
from detector.pairs.pair_records import pair_record
from detector.pairs.scoring import Scores
from detector.preparing.document_table import DocumentTable
from detector.records import Relation
from tests.making import make_document

TABLE = DocumentTable.of([make_document(id, "Text.", language=code) for id, code in (("a", "it"), ("b", "vi"))])


def features(**columns: float) -> PairFeatures:
    values: dict[str, Any] = {name: np.zeros(1) for name in PairFeatures.__dataclass_fields__}
    values["pairs"] = np.array([[0, 1]])
    return PairFeatures(**values | {name: np.array([value]) for name, value in columns.items()})


def scores(relation: str) -> Scores:
    event, affair, form, alike = (np.array([number]) for number in (0.9, 0.95, 0.1, 0.8))
    return Scores(event, affair, form, alike, np.array([Relation(relation).code]))


def test_a_pair_has_the_ids_the_languages_and_the_values_of_its_row() -> None:
    pair = pair_record(
        TABLE, features(cosine=0.7, coverage_a=0.6, coverage_b=0.5, days_apart=2.0), scores("same story"), 0
    )
    assert (pair.article_a, pair.article_b, pair.language_a, pair.language_b) == ("a", "b", "it", "vi")
    assert (pair.probability, pair.storyline_probability, pair.similarity) == (0.9, 0.95, 0.8)
    assert pair.relation == "same story"
    assert (pair.cosine, pair.coverage_a, pair.coverage_b, pair.days_apart) == (0.7, 0.6, 0.5, 2.0)
    assert pair.contained is None
    assert pair.evidence is None


def test_unknown_days_are_none() -> None:
    assert pair_record(TABLE, features(days_apart=np.nan), scores("different"), 0).days_apart is None


@pytest.mark.parametrize(("reuse_a", "reuse_b", "contained"), [(0.9, 0.3, "a"), (0.3, 0.9, "b")])
def test_of_partial_reuse_the_article_that_is_mostly_in_the_other_is_contained(
    reuse_a: float, reuse_b: float, contained: str
) -> None:
    row = replace(features(), reuse_a=np.array([reuse_a]), reuse_b=np.array([reuse_b]))
    assert pair_record(TABLE, row, scores("partial reuse"), 0).contained == contained
