"""Labelled pairs: which rows are read, and what is measured of their scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.evaluation.labelled_pairs import pair_figures, read_labelled_pairs
from detector.reading.given_pairs import GivenPair
from detector.records import Article, Pair, Relation

TEXT = "The river rose by two metres in the night."
SIDES = {"a": {"id": "x", "text": TEXT}, "b": {"id": "y", "text": TEXT}}


def given_pair(label: str, same_form: bool = False, weight: float = 1.0) -> GivenPair:
    article = Article("x", TEXT)
    return GivenPair(label, article, article, label=label, same_form=same_form, weight=weight)


def scored(probability: float, affair: float, relation: str, languages: tuple[str, str] = ("en", "en")) -> Pair:
    return Pair("a", "b", probability, 0.5, 0.5, 0.5, 0.5, Relation(relation), *languages, storyline_probability=affair)


GIVEN = [
    given_pair("same event", weight=2),
    given_pair("same event"),
    given_pair("same storyline"),
    given_pair("alike", same_form=True, weight=3),
    given_pair("unrelated"),
]
SCORED = [
    scored(0.9, 0.95, "translation", ("en", "it")),
    scored(0.3, 0.5, "follow-up"),
    scored(0.6, 0.9, "same story", ("it", "en")),
    scored(0.5, 0.5, "same form"),
    scored(0.1, 0.1, "different"),
]


def test_rows_with_a_known_label_are_read_and_the_others_are_counted(tmp_path: Path) -> None:
    rows = [
        {"pair": 1, "label": "same event", "same_form": True, "weight": 2.5, **SIDES},
        {"pair": 2, "label": "alike", "weight": -1, **SIDES},
        {"pair": 3, "label": "perhaps", **SIDES},
        {"pair": 4, "label": "alike", "a": SIDES["a"]},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    labelled = read_labelled_pairs(path)
    assert [(pair.label, pair.same_form, pair.weight) for pair in labelled.pairs] == [
        ("same event", True, 2.5),
        ("alike", False, 1.0),
    ]
    assert (labelled.name, labelled.rejected) == ("pairs", 2)


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"pair": 1, **SIDES}), encoding="utf-8")
    with pytest.raises(ValueError, match="no labelled pair; every row needs a label: same event, same storyline"):
        read_labelled_pairs(path)


def test_areas_rank_the_pairs_of_the_two_kinds_by_weight() -> None:
    """The second event, of weight 1 of 3, is below the development and the form, and above the unrelated pair."""
    figures = pair_figures(GIVEN, SCORED)
    assert figures["auc_event"] == pytest.approx((2 * 5 + 1) / (3 * 5))
    assert figures["auc_event_against_development"] == pytest.approx(2 / 3)
    assert figures["auc_event_against_form"] == pytest.approx(2 / 3)
    # Affairs weigh 4, others 4; half of the second event's ties with the form count.
    assert figures["auc_affair"] == pytest.approx((3 * 4 + 1.5 + 1) / 16)
    assert figures["labels"] == {
        "same event": 2,
        "same storyline": 1,
        "alike": 1,
        "unrelated": 1,
        "same form": 1,
    }


def test_links_are_those_the_defaults_make() -> None:
    figures = pair_figures(GIVEN, SCORED)
    assert (figures["event"]["precision"], figures["event"]["recall"]) == pytest.approx((2 / 3, 2 / 3))
    assert (figures["affair"]["precision"], figures["affair"]["recall"]) == (1, 1)
    assert figures["same_form"] == {"f1": 1, "precision": 1, "recall": 1}
    assert figures["false_links"] == {"form": 0, "development": 1, "unrelated": 0}


def test_calibration_is_that_of_the_pairs_that_are_not_plainly_unrelated() -> None:
    calibration = pair_figures(GIVEN, SCORED)["calibration"]
    assert calibration["event"]["all"]["pairs"] == 4
    assert calibration["event"]["by_languages"]["en-it"]["pairs"] == 2
    assert calibration["affair"]["across_languages"]["error"] == pytest.approx((2 * 0.05 + 0.1) / 3)


def test_a_kind_that_is_missing_has_no_area() -> None:
    figures = pair_figures(GIVEN[:1], SCORED[:1])
    assert not any(name.startswith("auc") for name in figures)
