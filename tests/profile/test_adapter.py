"""An adapter is one small file that is checked as it is read; two can be averaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from detector.profile import load_profile, profile_folder
from detector.profile.adapter import ADAPTER_FILE, METADATA, Adapter, LayerChange, averaged, layers_of, read_adapter
from tests.making import make_adapter, make_profile
from tests.pairs.making import random_model

# The most that the adapter of a profile of the package may weigh, in bytes.
LARGEST = 8e6


def update(adapter: Adapter, name: str) -> np.ndarray:
    """What is added to the weights of a layer, computed as defined."""
    if name not in adapter.layers:
        return np.zeros(1)
    layer = adapter.layers[name]
    return adapter.scale * (layer.up.astype(np.float64) @ layer.down.astype(np.float64))


def test_an_adapter_is_the_same_after_saving_and_reading(tmp_path: Path) -> None:
    adapter = make_adapter({"a.b": (3, 4), "a.c": (5, 4)}, provenance={"files": ["x"], "note": "é"})
    adapter.save(tmp_path / "one")
    read = read_adapter(tmp_path / "one")
    assert read == adapter
    assert hash(read) == hash(adapter)
    assert (read.model, read.base, read.scale) == (adapter.model, adapter.base, adapter.scale)
    assert read.provenance == adapter.provenance
    read.save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_digest_depends_on_all_that_affects_the_vectors_and_on_nothing_else() -> None:
    adapter = make_adapter({"a": (3, 4)})
    layer = adapter.layers["a"]
    same = [replace(adapter, provenance={"seed": 1}), replace(adapter, base="other")]
    assert {each.digest for each in same} == {adapter.digest}
    others = [
        replace(adapter, scale=1.0),
        replace(adapter, layers={"b": layer}),
        replace(adapter, layers={"a": replace(layer, up=-layer.up)}),
        replace(adapter, layers={"a": replace(layer, down=-layer.down)}),
    ]
    assert len({each.digest for each in (adapter, *others)}) == 5


@given(st.integers(0, 99), st.floats(0.25, 4), st.floats(0.25, 4))
def test_the_average_changes_each_layer_by_the_mean_of_both_changes(seed: int, scale_a: float, scale_b: float) -> None:
    a = make_adapter({"both": (5, 4), "first": (3, 4)}, scale=scale_a, seed=seed)
    b = make_adapter({"both": (5, 4), "second": (3, 4)}, scale=scale_b, seed=seed + 1)
    mean = averaged(a, b)
    assert set(mean.layers) == {"both", "first", "second"}
    assert mean.layers["both"].down.shape == (4, 4)
    for name in mean.layers:
        expected = (update(a, name) + update(b, name)) / 2
        np.testing.assert_allclose(update(mean, name), expected, atol=2e-3 * np.abs(expected).max())
    assert mean.provenance == {"mean_of": [a.provenance, b.provenance]}


def test_adapters_of_two_models_have_no_average() -> None:
    adapter = make_adapter({"a": (3, 4)})
    for other in (replace(adapter, model="other"), replace(adapter, base="other")):
        with pytest.raises(ValueError, match=r"belongs to 'random'.*the other to"):
            averaged(adapter, other)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda matrices: matrices.clear(), "changes no layer"),
        (lambda matrices: matrices.pop("a.B"), "a.B is missing"),
        (lambda matrices: matrices.pop("a.A"), "a.A is missing"),
        (lambda matrices: matrices.update({"a.C": matrices["a.A"]}), "a.C is neither"),
        (lambda matrices: matrices.update({"A": matrices["a.A"]}), "A is neither|.B is missing"),
        (lambda matrices: matrices.update({"a.A": matrices["a.A"][0]}), "a.A has the shape"),
        (lambda matrices: matrices.update({"a.A": matrices["a.A"][:1]}), "their ranks differ"),
        (lambda matrices: matrices.update({"a.A": matrices["a.A"] * np.nan}), "not a finite number"),
        (lambda matrices: matrices.update({"a.A": np.full((2, 4), 1e9, np.float32)}), "not a finite number"),
        (lambda matrices: matrices.update({"a.A": np.ones((2, 4), np.int64)}), "of int64, expected a matrix"),
    ],
)
def test_wrong_matrices_are_named(change: Callable[[dict[str, Any]], Any], reason: str) -> None:
    layer = make_adapter({"a": (3, 4)}).layers["a"]
    matrices: dict[str, Any] = {"a.A": layer.down, "a.B": layer.up}
    change(matrices)
    with pytest.raises(ValueError, match=reason):
        layers_of(matrices)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (None, "metadata of an adapter are missing"),
        ([], "metadata of an adapter are missing"),
        ({"format": 9}, "format 9, expected 1"),
        ({"model": 3}, "model is 3, expected str"),
        ({"base": None}, "base is None, expected str"),
        ({"scale": "2"}, "scale is '2', expected float"),
        ({"scale": float("nan")}, "scale is nan, expected a finite number"),
        ({"scale": 0.0}, "scale is 0.0, expected a finite number other than 0"),
        ({"provenance": "me"}, "provenance is 'me', expected dict"),
    ],
)
def test_wrong_metadata_are_named(facts: Any, reason: str, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    adapter = make_adapter({"a": (3, 4)})
    replace(make_profile(scoring=random_model()), adapter=adapter).save(folder)
    path = folder / ADAPTER_FILE
    with safe_open(path, "numpy") as file:
        right = json.loads(file.metadata()[METADATA])
    wrong = {**right, **facts} if isinstance(facts, dict) else facts
    save_file(load_file(path), path, {} if facts is None else {METADATA: json.dumps(wrong)})
    with pytest.raises(ValueError, match=f"profile .* cannot be read: adapter.safetensors: .*{reason}") as error:
        load_profile(folder)
    assert "\n" not in str(error.value)


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"damaged")
    with pytest.raises(ValueError, match="header") as error:
        read_adapter(tmp_path / "damaged")
    assert "\n" not in str(error.value)
    with pytest.raises(FileNotFoundError):
        read_adapter(tmp_path / "none")


def test_a_profile_keeps_its_adapter_and_only_its_own(tmp_path: Path) -> None:
    profile, adapter = make_profile(scoring=random_model()), make_adapter({"a": (3, 4)})
    profile.save(tmp_path)
    assert load_profile(tmp_path).adapter is None
    replace(profile, adapter=adapter).save(tmp_path)
    assert load_profile(tmp_path).adapter == adapter
    with pytest.raises(ValueError, match="holds an adapter that profile 'random' was not fitted with"):
        profile.save(tmp_path)
    assert load_profile(tmp_path).adapter == adapter


def test_the_adapters_of_the_package_are_small() -> None:
    for path in profile_folder("any").parent.glob(f"*/{ADAPTER_FILE}"):
        assert path.stat().st_size <= LARGEST, path


def test_layers_are_in_the_precision_of_the_file() -> None:
    layer = layers_of({"a.A": np.ones((1, 4), np.float32), "a.B": np.ones((3, 1), np.float64)})["a"]
    assert isinstance(layer, LayerChange)
    assert layer.down.dtype == layer.up.dtype == np.float16
