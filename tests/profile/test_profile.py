"""A profile is one folder that is checked as it is read, and written back without a change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from detector.pairs.features import FEATURES
from detector.profile import CURVES, Cuts, Profile, ScoreModel, load_profile, profile_folder
from tests.making import make_profile
from tests.pairs.making import random_model

SHIPPED = "multilingual-e5-small"
PARTS = ("centre", "keys", "counts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small profile."""
    make_profile(
        ("it", "*"), background={("words", "it", "casa"): 7}, background_articles={"it": 9}, scoring=random_model()
    ).save(tmp_path)
    return tmp_path


def test_the_shipped_profile_is_saved_as_the_same_bytes(tmp_path: Path) -> None:
    load_profile(SHIPPED).save(tmp_path)
    for path in profile_folder(SHIPPED).iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_shipped_profile_uses_every_feature() -> None:
    """If not: fit it again, see detector/profiles/README.md."""
    scoring = load_profile(SHIPPED).scoring
    assert scoring is not None
    assert scoring.features == FEATURES


def test_a_profile_is_the_same_after_saving_and_loading(folder: Path) -> None:
    profile, model = load_profile(folder), random_model()
    assert profile.groups == ("it", "*")
    assert profile.cuts == make_profile().cuts
    assert (profile.background.name, profile.background.articles) == ("made", {"it": 9})
    assert profile.background.counts.tolist() == [7]
    assert profile.space == make_profile(("it", "*")).space
    assert profile.metric.dtype == profile.means.dtype == profile.bases.dtype == np.float32
    assert profile.scoring is not None
    for name in ("features", "threshold", "storyline_threshold"):
        assert getattr(profile.scoring, name) == getattr(model, name)
    assert profile.scoring.relations == model.relations
    for kind in CURVES:
        curves, expected = getattr(profile.scoring, kind), getattr(model, kind)
        assert curves.base == expected.base
        for name in FEATURES:
            np.testing.assert_array_equal(curves.knots[name], expected.knots[name])
            np.testing.assert_array_equal(curves.gains[name], expected.gains[name])


def test_a_profile_without_a_score_model_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="profile 'random' has no score model"):
        make_profile().save(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_profile_is_found_by_the_last_part_of_the_name_of_its_model() -> None:
    assert profile_folder("intfloat/Multilingual-E5-Small") == profile_folder(SHIPPED)
    with pytest.raises(FileNotFoundError, match="no profile for 'no/such'; make one with: detector fit-profile"):
        load_profile("no/such")


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(state: dict[str, Any]) -> None:
        for key in path[:-1]:
            state = state[key]
        del state[path[-1]]

    return change


def having(value: object, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(state: dict[str, Any]) -> None:
        for key in path[:-1]:
            state = state[key]
        state[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("name"), "name is missing"),
        (without("scoring"), "scoring.features is missing"),
        *((without("scoring", "cuts", cut.name), f"scoring.cuts.{cut.name} is missing") for cut in fields(Cuts)),
        *((without("scoring", field.name), f"scoring.{field.name}") for field in fields(ScoreModel)),
        (without("scoring", "probability", "gains", "late"), "scoring.probability.gains.late is missing"),
        (having(99, "format"), "format 99, expected 3"),
        (having("high", "scoring", "threshold"), "scoring.threshold is 'high', expected a finite number"),
        (having(True, "scoring", "threshold"), "scoring.threshold is True, expected"),
        (
            having(float("nan"), "scoring", "cuts", "candidate"),
            "scoring.cuts.candidate is nan, expected a finite number",
        ),
        (
            having([0, "x"], "scoring", "similarity", "gains", "late"),
            "scoring.similarity.gains.late is 'x', expected a",
        ),
        (having("it", "groups"), "groups is 'it', expected list"),
        (having([1], "groups"), "groups is 1, expected str"),
        (having({"it": "many"}, "background", "articles"), "background.articles.it is 'many', expected int"),
        (without("background", "name"), "background.name is missing"),
        (having(2, "format"), "format 2, expected 3"),
        (having([1.0, 0.0], "scoring", "similarity", "gains", "late"), "'late' has 2 gains for 4 knots"),
        (having([0, 1, 1, 2], "scoring", "similarity", "knots", "late"), "the knots of 'late' do not rise"),
    ],
)
def test_a_wrong_value_is_named_with_its_file(
    folder: Path, change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    path = folder / "profile.json"
    state = json.loads(path.read_text(encoding="utf-8"))
    change(state)
    path.write_text(json.dumps(state), encoding="utf-8")
    expected = f"profile {folder} cannot be read: profile.json: "
    with pytest.raises(ValueError, match=f"{re.escape(expected)}.*{re.escape(reason)}") as error:
        load_profile(folder)
    assert str(error.value).endswith("; make it again with: detector fit-profile")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["means", "bases", "metric", *(f"background_{part}" for part in PARTS)])
def test_a_missing_array_or_one_of_another_shape_is_named(folder: Path, name: str) -> None:
    path = folder / "arrays.safetensors"
    arrays = load_file(path)
    save_file({key: array for key, array in arrays.items() if key != name}, path)
    with pytest.raises(ValueError, match=f"arrays.safetensors: {name} is missing"):
        load_profile(folder)
    save_file({**arrays, name: arrays[name][:0]}, path)
    with pytest.raises(ValueError, match=r"arrays.safetensors: \w+ has the shape .*, expected"):
        load_profile(folder)


@pytest.mark.parametrize("content", [b"", b"damaged", b"[]", b"null"])
@pytest.mark.parametrize("file", ["profile.json", "arrays.safetensors"])
def test_a_damaged_file_is_one_line(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ValueError, match=f"cannot be read: {file}: ") as error:
        load_profile(folder)
    assert "\n" not in str(error.value)


def test_a_profile_that_is_read_can_be_changed_and_saved(folder: Path, tmp_path: Path) -> None:
    changed: Profile = replace(load_profile(folder), name="other")
    changed.save(tmp_path / "other")
    assert load_profile(tmp_path / "other").name == "other"


def test_a_background_made_elsewhere_is_used_only_in_its_own_space() -> None:
    profile = make_profile()
    own = replace(profile.background, name="beat", space=profile.space)
    assert profile.with_background(own).background is own
    for other, reason in (
        (replace(own, space="another"), "was made with another profile than this 'random'"),
        (replace(own, centre=np.zeros(5, np.float32)), "is for vectors of 5 dimensions, profile 'random' for 16"),
    ):
        with pytest.raises(
            ValueError, match=f"background 'beat' {reason}; make it again with: detector fit-background"
        ):
            profile.with_background(other)


def test_the_space_is_that_of_means_directions_and_map_and_not_of_the_background() -> None:
    profile = make_profile()
    assert replace(profile, background=replace(profile.background, name="other")).space == profile.space
    for field in ("means", "bases", "metric"):
        assert replace(profile, **{field: getattr(profile, field) + 1}).space != profile.space
