"""Attention by products: exact for every shape, and transformers' own function if scores are too large or small."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.integrations import sdpa_attention
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from detector.encoding.attention import NAME, products
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from tests.encoding.languages import SENTENCES

SEEDS = st.integers(0, 10**6)
Tensors = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def both_ways() -> torch.nn.Module:
    """A layer that attends to earlier and later positions."""
    layer = torch.nn.Module()
    layer.is_causal = False  # type: ignore[assignment]
    return layer


def random_tensors(seed: int, *shape: int, spread: float = 1.0) -> Tensors:
    """Query, key and value in bfloat16."""
    generator = torch.Generator().manual_seed(seed)
    query, key, value = (torch.randn(shape, generator=generator) for _ in range(3))
    return (spread * query).bfloat16(), (spread * key).bfloat16(), value.bfloat16()


def scores_of(query: torch.Tensor, key: torch.Tensor, scaling: float | None = None) -> torch.Tensor:
    """The scores in float64: (texts, heads, positions, positions)."""
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    return scale * query.double() @ key.double().transpose(-1, -2)


def by_the_book(scores: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Softmax attention in float64: (texts, positions, heads, dimensions)."""
    return (scores.softmax(-1) @ value.double()).transpose(1, 2)


def assert_near(found: torch.Tensor, scores: torch.Tensor, value: torch.Tensor) -> None:
    """The result is exact except for the rounding of scores, weights and results to the 8 digits of bfloat16."""
    expected = by_the_book(scores, value)
    assert found.shape == expected.shape
    digit = 2.0**-8
    off = 2 * np.expm1(digit * float(scores[scores.isfinite()].abs().max())) + 4 * digit
    assert float((found.double() - expected).abs().max()) <= off * float(value.abs().max())


@pytest.fixture
def own_function(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of texts of each call that went to transformers' own function."""
    calls: list[int] = []
    forward: Callable[..., Any] = sdpa_attention.sdpa_attention_forward

    def counted(module: torch.nn.Module, query: torch.Tensor, *others: Any, **named: Any) -> Any:
        calls.append(len(query))
        return forward(module, query, *others, **named)

    monkeypatch.setattr(sdpa_attention, "sdpa_attention_forward", counted)
    return calls


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 70), st.integers(1, 40), st.floats(0.1, 2), SEEDS)
def test_the_result_is_softmax_attention(
    texts: int, heads: int, positions: int, dimensions: int, spread: float, seed: int
) -> None:
    query, key, value = random_tensors(seed, texts, heads, positions, dimensions, spread=spread)
    found, weights = products(both_ways(), query, key, value, None)
    assert weights is None
    assert found.dtype == torch.bfloat16
    assert found.is_contiguous()
    assert_near(found, scores_of(query, key), value)


def test_plain_attention_does_not_use_the_other_function(own_function: list[int]) -> None:
    query, key, value = random_tensors(1, 2, 3, 20, 8)
    products(both_ways(), query, key, value, None, position_bias=None)
    products(torch.nn.Module(), query, key, value, None, is_causal=False)
    assert own_function == []


def test_a_given_scale_is_used() -> None:
    query, key, value = random_tensors(2, 2, 2, 9, 4)
    found, _ = products(both_ways(), query, key, value, None, scaling=1.5)
    assert_near(found, scores_of(query, key, scaling=1.5), value)
    assert not torch.equal(found, products(both_ways(), query, key, value, None)[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(1, 300), SEEDS)
def test_a_text_does_not_depend_on_the_other_texts(texts: int, positions: int, seed: int) -> None:
    query, key, value = random_tensors(seed, texts, 2, positions, 32)
    together, _ = products(both_ways(), query, key, value, None)
    for text in range(texts):
        one = slice(text, text + 1)
        alone, _ = products(both_ways(), query[one], key[one], value[one], None)
        assert torch.equal(alone[0], together[text])


def test_a_mask_goes_to_the_other_function_and_is_applied(own_function: list[int]) -> None:
    query, key, value = random_tensors(3, 2, 2, 7, 8)
    mask = torch.ones(2, 1, 7, 7, dtype=torch.bool)
    mask[1, :, :, 4:] = False
    found, _ = products(both_ways(), query, key, value, mask)
    assert own_function == [2]
    assert_near(found, scores_of(query, key).masked_fill(~mask, -torch.inf), value)


@pytest.mark.parametrize("declared", ["by the call", "by the layer", "by nobody"])
def test_causal_attention_goes_to_the_other_function(own_function: list[int], declared: str) -> None:
    query, key, value = random_tensors(4, 2, 2, 7, 8)
    layer = both_ways() if declared == "by the call" else torch.nn.Module()
    if declared == "by the layer":
        layer.is_causal = True  # type: ignore[assignment]
    found, _ = products(layer, query, key, value, None, is_causal=True if declared == "by the call" else None)
    assert own_function == [2]
    later = torch.ones(7, 7, dtype=torch.bool).triu(1)
    assert_near(found, scores_of(query, key).masked_fill(later, -torch.inf), value)


def test_a_bias_by_position_goes_to_the_other_function(own_function: list[int]) -> None:
    # Transformers before 5.4 has no bias by position and ignores the argument.
    knows_bias = "position_bias" in inspect.signature(sdpa_attention_forward).parameters
    query, key, value = random_tensors(5, 2, 2, 7, 8)
    bias = torch.randn(1, 2, 7, 7, generator=torch.Generator().manual_seed(1)).bfloat16()
    found, _ = products(both_ways(), query, key, value, None, position_bias=bias)
    assert own_function == [2]
    assert_near(found, scores_of(query, key) + (bias.double() if knows_bias else 0), value)


def test_keys_of_another_text_go_to_the_other_function(own_function: list[int]) -> None:
    (query, _, _), (_, key, value) = random_tensors(6, 2, 2, 7, 8), random_tensors(7, 2, 2, 11, 8)
    found, _ = products(both_ways(), query, key, value, None)
    assert own_function == [2]
    assert_near(found, scores_of(query, key), value)


def test_dropout_goes_to_the_other_function(own_function: list[int]) -> None:
    found, _ = products(both_ways(), *random_tensors(8, 2, 2, 7, 8), None, dropout=0.9)
    assert own_function == [2]
    assert bool((found == 0).any())


# The exponential of 88.8 is beyond bfloat16, and a few that are nearly as large add up to more; those below −87.4 lose
# their digits, and those below −92.2 are zero.
EXTREME = (86, 87.5, 88, 88.5, 89, 120, 3000, -69, -75, -87.5, -90, -92, -95, -120, -3000)


@pytest.mark.parametrize("score", EXTREME)
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_scores_of_any_size_are_right(score: float, size: float) -> None:
    # All scores are about the same, so how they are rounded plays no part.
    query = torch.ones(1, 2, 8, 4).bfloat16()
    key = torch.full((1, 2, 8, 4), score / 2).bfloat16()
    value = (size * torch.randn(1, 2, 8, 4, generator=torch.Generator().manual_seed(9))).bfloat16()
    found, _ = products(both_ways(), query, key, value, None)
    expected = by_the_book(scores_of(query, key), value)
    assert float((found.double() - expected).abs().max()) <= 0.01 * float(value.abs().max())


@pytest.mark.parametrize("score", [300, -300])
def test_only_the_text_with_extreme_scores_goes_to_the_other_function(own_function: list[int], score: float) -> None:
    query, key, value = random_tensors(10, 4, 2, 9, 4)
    plain, _ = products(both_ways(), query, key, value, None)
    # One position of one head is enough.
    query[2, 1, 5], key[2, 1] = 1, score / 2
    found, _ = products(both_ways(), query, key, value, None)
    assert own_function == [1]
    assert_near(found[2:3], scores_of(query, key)[2:3], value[2:3])
    others = torch.tensor([0, 1, 3])
    assert torch.equal(found[others], plain[others])


# The embedded model

TEXTS = list(SENTENCES.values())
ARTICLES = [*(TEXTS[start : start + 6] for start in range(0, len(TEXTS), 6)), [SENTENCES["en"], SENTENCES["ja"]] * 12]


@pytest.fixture(scope="module")
def native() -> SentenceTransformerEncoder:
    """The embedded model in bfloat16, as it is."""
    encoder = load_encoder(adapter=False)
    if encoder.precision != "bfloat16" or encoder.model.device.type != "cpu":
        pytest.skip("this machine has no processor that multiplies bfloat16 natively, or a graphics card")
    return encoder


def attends_by(encoder: SentenceTransformerEncoder) -> set[str]:
    """How the transformer of a model attends."""
    configurations = (getattr(module, "config", None) for module in encoder.model.modules())
    return {configuration._attn_implementation for configuration in configurations if configuration is not None}


@pytest.mark.slow
def test_the_embedded_model_uses_products_if_bfloat16_is_native(
    native: SentenceTransformerEncoder, own_function: list[int]
) -> None:
    assert attends_by(native) == {NAME}
    native.encode(ARTICLES[:3])
    assert own_function == []


@pytest.fixture(scope="module")
def exact() -> SentenceTransformerEncoder:
    """The embedded model in float32, as it is: an adapter would add its own rounding."""
    return load_encoder(device="cpu", precision="float32", adapter=False)


@pytest.mark.slow
def test_in_other_precisions_the_attention_does_not_change(exact: SentenceTransformerEncoder) -> None:
    assert exact.precision == "float32"
    assert NAME not in attends_by(exact)


@pytest.mark.slow
def test_vectors_are_those_of_float32(native: SentenceTransformerEncoder, exact: SentenceTransformerEncoder) -> None:
    found, expected = native.encode(ARTICLES), exact.encode(ARTICLES)
    assert (found.articles * expected.articles).sum(1).min() > 0.9999
    assert (found.sentences * expected.sentences).sum(1).min() > 0.9999


def test_a_window_has_the_same_vectors_alone_and_beside_others_of_its_length(
    native: SentenceTransformerEncoder,
) -> None:
    articles = [[f"On day {day} the river rose in the night.", SENTENCES["it"]] for day in range(10, 40)]
    assert len({sum(native.count_tokens(article)) for article in articles}) == 1
    together = native.encode(articles)
    for index in (0, 7, 29):
        alone = native.encode([articles[index]])
        np.testing.assert_array_equal(alone.articles[0], together.articles[index])
        np.testing.assert_array_equal(alone.sentences, together.of(index))
