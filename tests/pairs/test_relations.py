"""How two articles of one story are related."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.relations import relation_codes
from detector.profile import RelationCuts
from detector.records import Relation
from tests.pairs.making import make_features

CUTS = RelationCuts(wording=0.8, answered=0.3, even=0.9)
SHARES = st.floats(0, 1)


def relation(same: bool, across: bool, reuse: tuple[float, float]) -> Relation:
    [code] = relation_codes(CUTS, np.array([same]), np.array([across]), make_features(reuse=reuse))
    return Relation.of_code(code)


@pytest.mark.parametrize(
    ("same", "across", "reuse", "expected"),
    [
        (True, False, (0.8, 1.0), "copy"),
        (True, False, (0.1, 0.8), "partial reuse"),
        (True, False, (0.79, 0.79), "same story"),
        (True, True, (0.5, 0.46), "translation"),
        (True, True, (0.27, 0.3), "translation"),
        (True, True, (0.5, 0.4), "partial reuse"),
        (True, True, (0.29, 0.29), "same story"),
        (False, True, (1.0, 1.0), "different"),
        (False, False, (1.0, 1.0), "different"),
    ],
)
def test_relations_depend_on_how_much_of_each_article_is_in_the_other(
    same: bool, across: bool, reuse: tuple[float, float], expected: str
) -> None:
    """Within one language shared wording counts; across, how well the sentences match, and how evenly."""
    assert relation(same, across, reuse) == expected


@given(st.booleans(), st.booleans(), SHARES, SHARES)
def test_the_order_of_the_articles_changes_no_relation(same: bool, across: bool, a: float, b: float) -> None:
    assert relation(same, across, (a, b)) == relation(same, across, (b, a))


def test_a_relation_is_its_name_and_survives_its_code() -> None:
    names = ["translation", "copy", "partial reuse", "same story", "different"]
    assert list(Relation) == [f"{name}" for name in Relation] == names
    assert [Relation.of_code(name.code) for name in Relation] == names
