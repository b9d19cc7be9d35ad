"""Prepacked dense layers compute what plain ones do, to the bit; if they are not available, the plain ones stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from detector.encoding.loading import load_encoder, native_precision
from detector.encoding.prepacked import prepacked, use_prepacked
from tests.encoding.tiny import write_other_model

pytestmark = pytest.mark.skipif(native_precision("cpu") != "bfloat16", reason="no native bfloat16")


def layer(inner: int, outer: int, *, bias: bool = True) -> torch.nn.Linear:
    torch.manual_seed(0)
    return torch.nn.Linear(inner, outer, bias=bias).bfloat16()


@pytest.mark.parametrize(
    ("inner", "outer", "bias"), [(384, 384, True), (384, 1536, True), (1536, 384, False), (5, 3, True)]
)
def test_any_number_of_rows_gives_the_bits_of_the_plain_layer(inner: int, outer: int, bias: bool) -> None:
    plain = layer(inner, outer, bias=bias)
    product = prepacked(plain)
    if product is None:
        pytest.skip("this torch prepacks nothing")
    rows = torch.randn(1000, inner).bfloat16()
    with torch.inference_mode():
        whole = plain(rows)
        for count in (1, 2, 7, 16, 33, 64, 65, 192, 500, 1000):
            assert torch.equal(product(rows[:count]), whole[:count]), count
        assert torch.equal(product(rows.view(10, 100, inner)), whole.view(10, 100, outer))


@pytest.mark.parametrize(
    "broken",
    [
        lambda *_: (_ for _ in ()).throw(RuntimeError("not for this processor")),
        lambda rows, weight, bias, *_: torch.zeros(len(rows), 4, dtype=torch.bfloat16),
    ],
)
def test_an_operator_that_fails_or_rounds_otherwise_is_not_used(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Operators:
        _reorder_linear_weight = staticmethod(lambda weight, rows: weight)
        _linear_pointwise = staticmethod(broken)

    monkeypatch.setattr(torch.ops, "mkldnn", Operators)
    assert prepacked(layer(8, 4)) is None
    monkeypatch.setattr(torch.ops, "mkldnn", object())
    assert prepacked(layer(8, 4)) is None


def test_a_model_has_the_vectors_and_the_name_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_other_model(tmp_path, "mean")
    texts = [["a river rose.", "the town is dry."], ["rain " * 90]]
    changed = load_encoder(folder, device="cpu", precision="bfloat16")
    monkeypatch.setattr("detector.encoding.loading.use_prepacked", lambda _: None)
    plain = load_encoder(folder, device="cpu", precision="bfloat16")
    np.testing.assert_array_equal(changed.encode(texts).sentences, plain.encode(texts).sentences)
    assert changed.fingerprint == plain.fingerprint


def test_other_precisions_and_other_layers_are_left_alone() -> None:
    class Own(torch.nn.Linear):
        pass

    layers = torch.nn.Sequential(torch.nn.Linear(8, 4), Own(4, 4).bfloat16())
    use_prepacked(layers)
    assert all("forward" not in vars(layer) for layer in layers)


def test_weights_that_change_are_seen() -> None:
    plain, changed = layer(8, 4), layer(8, 4)
    use_prepacked(changed)
    rows = torch.ones(3, 8)
    with torch.no_grad():
        plain.weight *= 2
        changed.weight *= 2
    assert torch.equal(changed(rows.bfloat16()), plain(rows.bfloat16()))
    assert torch.equal(changed.float()(rows), plain.float()(rows))
