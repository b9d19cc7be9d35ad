"""A background is a folder that is checked as it is read, and written back without a change."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from detector.profile.background import Background, load_background


def made() -> Background:
    return Background(
        name="courts",
        centre=np.array([0.25, 0, -0.5], np.float32),
        keys=np.array([3, 7, 4_000_000_000], np.uint32),
        counts=np.array([4, 9, 70_000], np.uint32),
        articles={"en": 80_000, "it": 12},
        space="abc",
        provenance={"articles": 12},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made().save(tmp_path)
    return tmp_path


def test_a_background_is_the_same_after_saving_and_loading_and_has_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    loaded = load_background(folder)
    assert loaded.digest == made().digest
    assert (loaded.name, loaded.articles, loaded.space) == ("courts", {"en": 80_000, "it": 12}, "abc")
    assert loaded.counts.tolist() == [4, 9, 70_000]
    assert loaded.total == 80_012
    loaded.save(tmp_path / "again")
    for name in ("background.json", "background.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_counts_that_fit_are_kept_in_two_bytes_and_have_the_same_digest(tmp_path: Path) -> None:
    small = replace(made(), counts=np.array([4, 9, 65_535], np.uint32))
    small.save(tmp_path)
    assert load_file(tmp_path / "background.safetensors")["counts"].dtype == np.uint16
    assert load_background(tmp_path).digest == small.digest


def test_the_digest_is_of_all_that_scores_depend_on() -> None:
    other = [
        replace(made(), centre=made().centre + 1),
        replace(made(), counts=made().counts + 1),
        replace(made(), keys=made().keys - 1),
        replace(made(), articles={"en": 80_000}),
    ]
    assert len({made().digest, *(each.digest for each in other)}) == 5
    assert replace(made(), name="other").digest == made().digest


@given(st.dictionaries(st.integers(0, 2**32 - 1), st.integers(1, 99), max_size=8), st.data())
def test_counts_are_looked_up(counts: dict[int, int], data: st.DataObject) -> None:
    keys = sorted(counts)
    background = replace(
        made(), keys=np.array(keys, np.uint32), counts=np.array([counts[key] for key in keys], np.uint32)
    )
    asked = data.draw(st.lists(st.sampled_from([*keys, 0, 5, 2**32 - 1]), max_size=7))
    assert background.counted(np.array(asked, np.uint32)).tolist() == [counts.get(key, 0) for key in asked]


def test_an_empty_background_has_its_centre_at_the_origin() -> None:
    empty = Background.empty("none", 5)
    assert empty.centre.tolist() == [0] * 5
    assert empty.total == 0
    assert empty.counted(np.array([1, 2], np.uint32)).tolist() == [0, 0]


def test_a_folder_without_a_background_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no background in .*; make one with: detector fit-background"):
        load_background(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 9}, "format 9, expected 1"),
        ({"name": 5}, "name is 5, expected str"),
        ({"articles": {"en": "x"}}, "articles.en is 'x', expected int"),
        ({"articles": {"en": -1}}, "articles.en is -1, expected 0 or more"),
        ({"space": None}, "space is None, expected str"),
    ],
)
def test_a_wrong_value_is_named_with_its_file(folder: Path, change: dict[str, Any], reason: str) -> None:
    path = folder / "background.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    expected = f"background {folder} cannot be read: background.json: {reason}; make it again with: detector fit"
    with pytest.raises(ValueError, match=re.escape(expected)):
        load_background(folder)


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("centre", None, "centre is missing"),
        ("keys", None, "keys is missing"),
        ("counts", np.array([1, 2], np.uint32), "counts has the shape (2,), expected (3,)"),
        ("counts", np.array([1.5, 2, 3]), "counts has the type float64, expected uint32"),
        ("keys", np.array([3, 3, 7], np.uint32), "keys do not rise"),
        ("centre", np.zeros((1, 3), np.float32), "centre has the shape (1, 3), expected (3,)"),
        ("centre", np.array([0, np.nan, 0], np.float32), "centre has a value that is not finite"),
    ],
)
def test_a_wrong_array_is_named_with_its_file(folder: Path, name: str, array: Any, reason: str) -> None:
    path = folder / "background.safetensors"
    arrays = {key: value for key, value in load_file(path).items() if key != name}
    save_file(arrays if array is None else {**arrays, name: array}, path)
    with pytest.raises(ValueError, match=re.escape(f"background.safetensors: {reason}; make it again")):
        load_background(folder)


@pytest.mark.parametrize("content", [b"", b"damaged", b"[]", b"null"])
@pytest.mark.parametrize("file", ["background.json", "background.safetensors"])
def test_a_damaged_file_is_one_line(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ValueError, match=f"cannot be read: {file}: ") as error:
        load_background(folder)
    assert "\n" not in str(error.value)
