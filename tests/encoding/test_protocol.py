"""What is asked of an encoder, and the defaults of an encoder that lacks some of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from detector.encoding.cached import CachedEncoder
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.precomputed import PrecomputedEmbeddings
from detector.encoding.protocol import BasicEncoder, CompleteEncoder, Encoder, Progress
from detector.records import Embeddings


class Basic:
    """An encoder with the two members that every encoder needs."""

    name = "basic"

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        vectors = np.ones((len(articles), 2), np.float32)
        return Embeddings(vectors, vectors, np.arange(len(articles) + 1))


class Full(Basic):
    """An encoder with every member."""

    name = "full"
    fingerprint = "abc"
    precision = "int4"
    prompt = "text: "
    adapter = "0a1b"
    packages = ("numpy",)
    on_processor = False

    def __init__(self, window_tokens: int = 100) -> None:
        self.window_tokens = window_tokens

    def with_windows(self, tokens: int) -> Full:
        return Full(tokens)


def members(encoder: Encoder) -> list[object]:
    names = ("name", "fingerprint", "precision", "prompt", "adapter", "packages", "on_processor")
    return [getattr(encoder, name) for name in names]


@pytest.mark.parametrize(
    "encoder",
    [Full(), CompleteEncoder(Basic()), CachedEncoder(Basic()), PrecomputedEmbeddings(np.eye(2, dtype=np.float32))],
    ids=lambda encoder: type(encoder).__name__,
)
def test_complete_encoders_have_every_member(encoder: object) -> None:
    assert isinstance(encoder, Encoder)


def test_the_embedded_model_has_every_member(encoder: SentenceTransformerEncoder) -> None:
    assert isinstance(encoder, Encoder)


def test_a_name_and_encode_are_enough_for_a_basic_encoder() -> None:
    assert isinstance(Basic(), BasicEncoder)
    assert not isinstance(Basic(), Encoder)


@pytest.mark.parametrize("wrapper", [CompleteEncoder, CachedEncoder])
def test_a_basic_encoder_gets_defaults(wrapper: type[CompleteEncoder]) -> None:
    encoder = wrapper(Basic())
    assert members(encoder) == ["basic", None, None, None, None, (), True]
    assert members(encoder.with_windows(10)) == members(encoder)
    assert len(encoder.encode([["a"], ["b"]]).articles) == 2


@pytest.mark.parametrize("wrapper", [CompleteEncoder, CachedEncoder])
def test_a_full_encoder_keeps_its_own_members(wrapper: type[CompleteEncoder]) -> None:
    assert members(wrapper(Full())) == ["full", "abc", "int4", "text: ", "0a1b", ("numpy",), False]


@pytest.mark.parametrize("wrapper", [CompleteEncoder, CachedEncoder])
def test_windows_are_changed_in_a_copy(wrapper: type[CompleteEncoder]) -> None:
    original = Full()
    narrow = wrapper(original).with_windows(10).encoder
    assert isinstance(narrow, Full)
    assert (original.window_tokens, narrow.window_tokens) == (100, 10)


def test_a_fingerprint_becomes_text() -> None:
    basic = Basic()
    vars(basic)["fingerprint"] = 7
    assert CompleteEncoder(basic).fingerprint == "7"
