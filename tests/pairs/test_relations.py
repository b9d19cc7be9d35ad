"""How two articles are related: in one story by what one took from the other, else by affair and form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.relations import Thresholds, levels, relation_codes
from detector.profile import RelationCuts
from detector.records import Relation
from tests.pairs.making import make_features, random_model

CUTS = RelationCuts(wording=0.8, answered=0.3, even=0.9)
SHARES = st.floats(0, 1)


def relation(same: bool, across: bool, reuse: tuple[float, float]) -> Relation:
    level = Relation.SAME_STORY if same else Relation.DIFFERENT
    [code] = relation_codes(CUTS, np.array([level.code]), np.array([across]), make_features(reuse=reuse))
    return Relation.of_code(code)


def level(event: float, affair: float, form: float) -> Relation:
    [code] = levels(np.array([event]), np.array([affair]), np.array([form]), Thresholds(story=0.5, storyline=0.4))
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


@pytest.mark.parametrize(
    ("event", "affair", "form", "expected"),
    [
        (0.5, 0.5, 0.0, "same story"),
        (0.5, 0.5, 0.9, "same story"),
        (0.49, 0.49, 0.0, "follow-up"),
        (0.0, 0.4, 0.0, "follow-up"),
        (0.0, 0.39, 0.0, "different"),
        (0.3, 0.45, 0.5, "same form"),
        (0.3, 0.7, 0.7, "follow-up"),
        (0.3, 0.7, 0.71, "same form"),
        (0.0, 0.1, 0.49, "different"),
        (0.0, 0.1, 0.5, "same form"),
    ],
)
def test_under_the_threshold_a_pair_is_of_one_form_or_a_follow_up_by_what_is_likelier(
    event: float, affair: float, form: float, expected: str
) -> None:
    assert level(event, affair, form) == expected


@pytest.mark.parametrize("name", ["follow-up", "same form", "different"])
def test_what_one_article_took_from_the_other_counts_in_one_story_only(name: str) -> None:
    [code] = relation_codes(CUTS, np.array([Relation(name).code]), np.array([False]), make_features(reuse=(1.0, 1.0)))
    assert Relation.of_code(code) == name


def test_thresholds_are_those_of_the_model_except_the_ones_given() -> None:
    model = random_model()
    assert Thresholds.of(model) == Thresholds(model.threshold, model.storyline_threshold)
    assert Thresholds.of(model, 0.0, 1.0) == Thresholds(0.0, 1.0)


def test_a_relation_is_its_name_and_survives_its_code() -> None:
    names = ["translation", "copy", "partial reuse", "same story", "follow-up", "same form", "different"]
    assert list(Relation) == [f"{name}" for name in Relation] == names
    assert [Relation.of_code(name.code) for name in Relation] == names
