"""An adapter is merged when a model is loaded; encoder and profile must have the same one."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import detector.detector
from detector import Article, Profile, StoryDetector
from detector.encoding import loading
from detector.encoding.adapter import base_digest, dense_layers, merge_adapter, transformer_of
from detector.encoding.cached import CachedEncoder
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.profile.adapter import Adapter
from detector.records import Embeddings
from tests.encoding.tiny import HIDDEN, write_other_model
from tests.making import make_adapter, make_profile
from tests.pairs.making import random_model

ARTICLES = [["a river rose in the night.", "the town is dry."], ["rain " * 40], ["the minister resigned."]]
QUERY = "encoder.layer.0.attention.self.query"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_other_model(tmp_path_factory.mktemp("model"), "mean")


@pytest.fixture(scope="module")
def adapter(model: Path) -> Adapter:
    return fitting_adapter(load_encoder(model, device="cpu", precision="float32"))


@pytest.fixture(scope="module")
def profile(adapter: Adapter) -> Profile:
    return replace(make_profile(scoring=random_model(), dimensions=HIDDEN), adapter=adapter)


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    """The detector keeps the encoder of no other test."""
    detector.detector._loaded_encoder.cache_clear()
    yield
    detector.detector._loaded_encoder.cache_clear()


def fitting_adapter(encoder: SentenceTransformerEncoder, seed: int = 0) -> Adapter:
    """A random adapter of every dense layer of the encoder."""
    inner = transformer_of(encoder.model)
    layers = {name: layer for name, layer in dense_layers(inner).items() if name.startswith("encoder.")}
    shapes = {name: (layer.out_features, layer.in_features) for name, layer in layers.items()}
    return replace(make_adapter(shapes, seed=seed), model=encoder.name, base=base_digest(inner, shapes))


def with_side_branches(encoder: SentenceTransformerEncoder, adapter: Adapter) -> SentenceTransformerEncoder:
    """The encoder with each adapted layer computing base(x) + scale · B(A(x)), as in training."""

    def beside(layer: torch.nn.Linear, down: torch.Tensor, up: torch.Tensor) -> None:
        plain = layer.forward
        layer.forward = lambda rows: plain(rows) + adapter.scale * (rows @ down.T @ up.T)  # type: ignore[assignment]

    for name, change in adapter.layers.items():
        layer = dense_layers(transformer_of(encoder.model))[name]
        beside(layer, torch.from_numpy(change.down).float(), torch.from_numpy(change.up).float())
    return encoder


def test_a_merged_model_gives_the_vectors_of_one_with_the_adapter_beside_it(model: Path, adapter: Adapter) -> None:
    plain = load_encoder(model, device="cpu", precision="float32")
    before = plain.encode(ARTICLES)
    expected = with_side_branches(plain, adapter).encode(ARTICLES)
    found = load_encoder(model, device="cpu", precision="float32", adapter=adapter).encode(ARTICLES)
    np.testing.assert_allclose(found.sentences, expected.sentences, atol=1e-6)
    np.testing.assert_allclose(found.articles, expected.articles, atol=1e-6)
    assert np.abs(found.sentences - before.sentences).max() > 0.01


def test_the_embedded_model_can_be_adapted_in_float32_and_bfloat16() -> None:
    plain = load_encoder(device="cpu", precision="float32", adapter=False)
    adapter = fitting_adapter(plain)
    texts = [["The river rose in the night.", "People left their homes."], ["Il fiume è cresciuto."]]
    expected = with_side_branches(plain, adapter).encode(texts).articles
    for precision, closeness in (("float32", 1e-5), ("bfloat16", 3e-2)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            encoder = load_encoder(device="cpu", precision=precision, adapter=adapter)
        assert encoder.precision == precision
        np.testing.assert_allclose(encoder.encode(texts).articles, expected, atol=closeness)


def test_weights_are_rounded_once(model: Path, adapter: Adapter) -> None:
    exact = load_encoder(model, device="cpu", precision="float32", adapter=adapter).model.state_dict()
    rounded = load_encoder(model, device="cpu", precision="bfloat16", adapter=adapter).model.state_dict()
    for name, values in rounded.items():
        assert torch.equal(values, exact[name].to(values.dtype)), name


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_adapter_that_changes_nothing_changes_not_a_bit(model: Path, adapter: Adapter, precision: str) -> None:
    layers = {name: replace(layer, up=layer.up * 0) for name, layer in adapter.layers.items()}
    plain = load_encoder(model, device="cpu", precision=precision)
    idle = load_encoder(model, device="cpu", precision=precision, adapter=replace(adapter, layers=layers))
    assert idle.fingerprint == plain.fingerprint
    np.testing.assert_array_equal(idle.encode(ARTICLES).sentences, plain.encode(ARTICLES).sentences)


def test_the_files_of_the_model_are_only_read(model: Path, adapter: Adapter) -> None:
    def digests() -> dict[Path, str]:
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in model.rglob("*") if path.is_file()}

    before = digests()
    load_encoder(model, device="cpu", adapter=adapter)
    assert digests() == before


def test_the_cache_keeps_adapted_vectors_apart(model: Path, adapter: Adapter, tmp_path: Path) -> None:
    other = replace(adapter, scale=adapter.scale / 2)
    encoders = [load_encoder(model, device="cpu", adapter=each) for each in (False, adapter, other)]
    assert len({encoder.fingerprint for encoder in encoders}) == 3
    assert [encoder.adapter for encoder in encoders] == [None, adapter.digest, other.digest]
    for encoder in (*encoders, encoders[1]):
        cached = CachedEncoder(encoder, tmp_path / "cache.sqlite")
        np.testing.assert_array_equal(cached.encode(ARTICLES).articles, encoder.encode(ARTICLES).articles)
        assert cached.adapter == encoder.adapter
    assert cached.cached_articles == len(ARTICLES)


def test_int8_is_quantised_from_the_merged_weights(
    model: Path, adapter: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    pytest.importorskip("nncf")
    monkeypatch.setenv("DETECTOR_CACHE", str(tmp_path))
    encoder = load_encoder(model, precision="int8", adapter=adapter)
    exact = load_encoder(model, device="cpu", precision="float32", adapter=adapter).encode(ARTICLES)
    plain = load_encoder(model, precision="int8")
    assert encoder.adapter == adapter.digest
    assert encoder.fingerprint != plain.fingerprint
    near = (encoder.encode(ARTICLES).articles * exact.articles).sum(1)
    assert (near > (plain.encode(ARTICLES).articles * exact.articles).sum(1)).all()


def test_without_an_adapter_named_the_one_of_the_package_is_used(
    model: Path, adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "shipped_adapter", lambda name: adapter if name == str(model) else None)
    assert load_encoder(model, device="cpu").adapter == adapter.digest
    assert load_encoder(model, device="cpu", adapter=False).adapter is None


def test_an_adapter_of_another_model_is_one_line(model: Path, adapter: Adapter) -> None:
    strange = make_adapter({"encoder.layer.9.output.dense": (HIDDEN, HIDDEN)})
    with pytest.raises(ValueError, match=r"layer encoder\.layer\.9.* has no such layer; use .* 'random'") as error:
        load_encoder(model, device="cpu", adapter=strange)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=r"of shape \(3, 4\), but model .* has one of the shape \(32, 32\)"):
        load_encoder(model, device="cpu", adapter=make_adapter({QUERY: (3, 4)}))


def test_other_weights_than_those_learned_on_are_noted_once(model: Path, adapter: Adapter) -> None:
    with pytest.warns(UserWarning, match="learned on other weights than those of model") as caught:
        encoder = load_encoder(model, device="cpu", adapter=replace(adapter, base="other"))
    assert len(caught) == 1
    assert encoder.adapter == adapter.digest


def test_a_model_without_a_transformer_is_one_line(adapter: Adapter) -> None:
    with pytest.raises(ValueError, match="no transformer"):
        merge_adapter(torch.nn.Sequential(torch.nn.Linear(2, 2)), adapter, "other")  # type: ignore[arg-type]


def test_the_detector_loads_the_model_with_the_adapter_of_its_profile(model: Path, profile: Profile) -> None:
    assert profile.adapter
    articles = [Article("a", "The river rose."), Article("b", "The town is dry.")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        adapted = StoryDetector(model=model, profile=profile, cache=False).detect(articles)
        plain = StoryDetector(model=model, profile=replace(profile, adapter=None), cache=False).detect(articles)
    assert adapted.run["model"]["adapter"] == profile.adapter.digest
    assert plain.run["model"]["adapter"] is None
    expected = load_encoder(model, adapter=profile.adapter).encode([["The river rose."]]).articles
    np.testing.assert_array_equal(adapted.scored_batch.batch.raw.articles[0], expected[0])


def test_the_model_is_loaded_once_for_one_adapter(model: Path, profile: Profile, tmp_path: Path) -> None:
    profile.save(tmp_path)
    articles = [Article("a", "The river rose."), Article("b", "The town is dry.")]
    for _ in range(2):
        StoryDetector(model=model, profile=tmp_path, cache=False).detect(articles)
    assert detector.detector._loaded_encoder.cache_info().misses == 1


class Own:
    """An encoder of a user, whose name is that of a profile."""

    name = EMBEDDED_MODEL
    adapter: str | None = None

    def encode(self, articles: object, progress: object = None) -> Embeddings:
        raise AssertionError("vectors that do not fit the profile are not made")


def test_an_encoder_without_the_adapter_of_the_profile_with_its_name_is_an_error(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article("a", "The river rose."), Article("b", "The town is dry.")]
    for own, found in ((None, profile), ("0" * 32, replace(profile, adapter=None))):
        monkeypatch.setattr(detector.detector, "load_profile", lambda name, found=found: found)
        monkeypatch.setattr(Own, "adapter", own)
        with pytest.raises(ValueError, match=r"fitted on vectors .* would be wrong; use load_encoder") as error:
            StoryDetector(model=Own()).detect(articles)
        assert "\n" not in str(error.value)


def test_a_named_profile_is_used_with_a_warning(profile: Profile) -> None:
    assert profile.adapter
    articles = [Article("a", "The river rose."), Article("b", "The town is dry.")]
    vectors = np.eye(2, HIDDEN, dtype=np.float32)
    with pytest.warns(UserWarning, match=r"with adapter \w+, but those of 'ready embeddings'"):
        StoryDetector.from_embeddings(vectors, profile=profile).detect(articles)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        StoryDetector.from_embeddings(vectors, profile=profile, adapter=profile.adapter.digest).detect(articles)
