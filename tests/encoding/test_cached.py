"""Encoding with a cache: the same vectors to the bit from any source, and nothing is encoded twice."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.encoding import cached
from detector.encoding.cache import EmbeddingCache
from detector.encoding.cached import CachedEncoder, vectors_by_article
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from detector.encoding.protocol import BasicEncoder, Progress
from detector.execution import spool
from detector.records import Embeddings, unit
from tests.encoding.languages import SENTENCES
from tests.encoding.tiny import write_other_model

DIMENSIONS = 8
Article = tuple[str, ...]

ARTICLE = st.lists(st.sampled_from("abcdef"), max_size=5).map(tuple)
ARTICLES = st.lists(ARTICLE, max_size=9)


class Stub:
    """Vectors that depend on the text alone, two sentences per window; records the articles it has encoded."""

    name = "stub"

    def __init__(self, fingerprint: str = "one", *, seed: int = 0, windows: bool = True) -> None:
        self.fingerprint, self.seed, self.windows = fingerprint, seed, windows
        self.encoded: list[Article] = []

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        self.encoded += map(tuple, articles)
        sizes = [len(article) for article in articles]
        sentences = [self._vector(text) for article in articles for text in article]
        in_windows = [np.arange(size) // 2 for size in sizes]
        starts = np.cumsum([0, *(-(-size // 2) for size in sizes)])
        if progress:
            for size in sizes:
                progress(size)
        return Embeddings(
            np.array([self._vector("/".join(article)) for article in articles], np.float32).reshape(-1, DIMENSIONS),
            np.array(sentences, np.float32).reshape(-1, DIMENSIONS),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.concatenate(
                [np.zeros(0, np.int64), *(own + start for own, start in zip(in_windows, starts, strict=False))]
            )
            if self.windows
            else None,
        )

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        generator = np.random.default_rng([self.seed, zlib.crc32(text.encode())])
        return unit(generator.normal(size=DIMENSIONS).astype(np.float32))


class WithoutFingerprint:
    """An encoder that cannot identify its vectors."""

    name = "without a fingerprint"

    def __init__(self) -> None:
        self.inner = Stub()

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        return self.inner.encode(articles, progress)


def assert_same(a: Embeddings, b: Embeddings) -> None:
    """Compare to the bit; windows may have other numbers, but must group the sentences in the same way."""
    for name in ("articles", "sentences", "offsets"):
        found, expected = getattr(a, name), getattr(b, name)
        assert found.dtype == expected.dtype, name
        np.testing.assert_array_equal(found, expected, name)
    if a.windows is None or b.windows is None:
        assert a.windows is b.windows
    else:
        np.testing.assert_array_equal(np.unique(a.windows, return_inverse=True)[1], b.windows)


class Counting(Stub):
    """Records how many articles each call has."""

    def __init__(self, *, on_processor: bool) -> None:
        super().__init__()
        self.on_processor = on_processor
        self.given: list[int] = []

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        self.given.append(len(articles))
        return super().encode(articles, progress)


@pytest.mark.parametrize(("on_processor", "given"), [(True, [2, 2, 1]), (False, [3, 2])])
def test_graphics_cards_get_more_articles_at_a_time(
    on_processor: bool, given: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "SHARD", 2)
    monkeypatch.setattr(cached, "SHARD_ON_CARDS", 3)
    encoder = Counting(on_processor=on_processor)
    CachedEncoder(encoder).encode([(letter,) for letter in "abcde"])
    assert encoder.given == given


def expected_of(encoder: BasicEncoder, articles: Sequence[Sequence[str]]) -> Embeddings:
    """The result of the encoder in one call, with sentences in half precision."""
    direct = encoder.encode(articles)
    numbers = None if direct.windows is None else np.unique(direct.windows, return_inverse=True)[1]
    return Embeddings(direct.articles, direct.sentences.astype(np.float16), direct.offsets, numbers)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "embeddings.sqlite"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(ARTICLE, min_size=1, max_size=9),
    st.data(),
    st.integers(1, 6),
    st.integers(1, 6),
    st.booleans(),
    st.booleans(),
)
def test_vectors_are_the_same_to_the_bit_from_any_source(
    articles: list[Article], data: st.DataObject, shard: int, other_shard: int, windows: bool, on_disk: bool
) -> None:
    earlier = data.draw(st.lists(st.sampled_from(articles) | st.just(("g", "h"))))
    expected = expected_of(Stub(windows=windows), articles)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        cache = Path(folder) / "embeddings.sqlite"
        if on_disk:
            patch.setattr(spool, "IN_MEMORY", 0)
        patch.setattr(cached, "SHARD", other_shard)
        CachedEncoder(Stub(windows=windows), cache).encode(earlier)
        patch.setattr(cached, "SHARD", shard)
        for known in (set(earlier), set(articles)):
            stub = Stub(windows=windows)
            encoder = CachedEncoder(stub, cache)
            assert_same(encoder.encode(articles), expected)
            assert set(stub.encoded) == set(articles) - known
            assert len(stub.encoded) == len(set(stub.encoded))
            assert encoder.cached_articles >= sum(article in known for article in articles)
        assert encoder.cached_articles == len(articles)
        assert_same(CachedEncoder(Stub(windows=windows)).encode(articles), expected)


def test_windows_are_numbered_over_all_articles(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    articles = [("a", "b", "c"), (), ("d",), ("a", "b", "c"), ("e", "f")]
    CachedEncoder(Stub(), cache).encode(articles[2:4])
    for shard in (1, 2, 9):
        monkeypatch.setattr(cached, "SHARD", shard)
        found = CachedEncoder(Stub(), cache).encode(articles).windows
        assert found is not None
        assert found.tolist() == [0, 0, 1, 2, 3, 3, 4, 5, 5]


def test_windows_with_gaps_in_their_numbers_stay_apart() -> None:
    # The window of a sentence that is split over three windows is the first of them.
    ones = np.ones((5, 2), np.float32)
    embeddings = Embeddings(ones[:2], ones, np.array([0, 3, 5]), np.array([0, 0, 3, 4, 7]))
    assert [vectors.windows.tolist() for vectors in vectors_by_article(embeddings) if vectors.windows is not None] == [
        [0, 0, 3],
        [0, 3],
    ]


def test_a_text_that_comes_twice_is_encoded_once(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    articles = [("a", "b"), ("c",), ("a", "b"), ("a",), ("a", "b")]
    for shard, times in ((5, 1), (2, 1)):
        monkeypatch.setattr(cached, "SHARD", shard)
        cache.unlink(missing_ok=True)
        stub = Stub()
        encoder = CachedEncoder(stub, cache)
        encoder.encode(articles)
        assert stub.encoded.count(("a", "b")) == times
        assert len(stub.encoded) == 3
    # Without a file, once a shard.
    stub = Stub()
    CachedEncoder(stub).encode(articles)
    assert stub.encoded == [("a", "b"), ("c",), ("a", "b"), ("a",), ("a", "b")]


def test_articles_in_the_cache_are_counted(cache: Path) -> None:
    first, second = CachedEncoder(Stub(), cache), CachedEncoder(Stub(), cache)
    first.encode([("a",), ("b",), ("a",)])
    assert (first.cached_articles, first.written_articles) == (0, 3)
    second.encode([("a",), ("c",), ("a",), ("b",)])
    assert (second.cached_articles, second.written_articles) == (3, 1)


def test_articles_that_the_cache_does_not_take_are_not_counted(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddingCache, "put", lambda *_: False)
    encoder = CachedEncoder(Stub(), cache)
    encoder.encode([("a",), ("b",)])
    assert encoder.written_articles == 0


class Interrupted(Stub):
    """Is interrupted at the second call."""

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode(articles, progress)


def test_every_shard_is_cached_before_the_next_begins(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setattr(cached, "SHARD", 2)
    articles = [("a",), ("b",), ("c",), ("d",), ("e",)]
    interrupted = CachedEncoder(Interrupted(), cache)
    with pytest.raises(KeyboardInterrupt) as raised:
        interrupted.encode(articles)
    assert raised.value.__notes__ == ["2 of 5 articles are cached"]
    assert interrupted.written_articles == 2
    stub = Stub()
    assert_same(CachedEncoder(stub, cache).encode(articles), expected_of(Stub(), articles))
    assert stub.encoded == articles[2:]


def test_an_encoder_without_a_fingerprint_is_not_cached(cache: Path) -> None:
    articles = [("a", "b"), ("c",)]
    for _ in range(2):
        encoder = CachedEncoder(WithoutFingerprint(), cache)
        assert_same(encoder.encode(articles), expected_of(Stub(), articles))
        assert encoder.cached_articles == 0
    assert not cache.exists()


def test_without_a_file_nothing_is_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stub = Stub()
    encoder = CachedEncoder(stub)
    for _ in range(2):
        encoder.encode([("a",)])
    assert (encoder.cached_articles, stub.encoded, list(tmp_path.iterdir())) == (0, [("a",)] * 2, [])


def test_the_vectors_of_another_model_are_not_used(cache: Path) -> None:
    articles = [("a", "b"), ("c",)]
    for seed, fingerprint in ((0, "one"), (1, "other"), (0, "one")):
        encoder = CachedEncoder(Stub(fingerprint, seed=seed), cache)
        assert_same(encoder.encode(articles), expected_of(Stub(seed=seed), articles))
    assert encoder.cached_articles == 2


@pytest.mark.parametrize("articles", [[], [()], [(), ()], [(), ("a",), ()]])
@pytest.mark.parametrize("shard", [1, 9])
def test_without_articles_or_sentences_nothing_fails(
    articles: list[Article], shard: int, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "SHARD", shard)
    for _ in range(2):
        found = CachedEncoder(Stub(), cache).encode(articles)
        assert_same(found, expected_of(Stub(), articles))
        assert found.offsets.tolist() == np.cumsum([0, *map(len, articles)]).tolist()


@settings(max_examples=25, deadline=None)
@given(ARTICLES, ARTICLES, st.integers(1, 5), st.booleans())
def test_progress_adds_up_to_the_sentences(
    articles: list[Article], earlier: list[Article], shard: int, with_cache: bool
) -> None:
    done: list[int] = []
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached, "SHARD", shard)
        encoder = CachedEncoder(Stub(), Path(folder) / "embeddings.sqlite" if with_cache else None)
        encoder.encode(earlier)
        encoder.encode(articles, done.append)
    assert sum(done) == sum(map(len, articles))
    assert min(done, default=0) >= 0


# Real models

STORIES = [[SENTENCES["it"], SENTENCES["vi"]], [SENTENCES["en"]] * 12, [SENTENCES["ja"]], [SENTENCES["am"]] * 3]


@pytest.mark.parametrize("shard", [1, 3])
def test_the_embedded_model_gives_the_same_bits_fresh_and_from_the_file(
    encoder: SentenceTransformerEncoder, cache: Path, monkeypatch: pytest.MonkeyPatch, shard: int
) -> None:
    expected = expected_of(encoder, STORIES)
    monkeypatch.setattr(cached, "SHARD", shard)
    CachedEncoder(encoder, cache).encode(STORIES[1::2])
    for found in (2, 4):
        keeping = CachedEncoder(encoder, cache)
        assert_same(keeping.encode(STORIES), expected)
        assert keeping.cached_articles == found


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    return write_other_model(tmp_path_factory.mktemp("tiny"), "mean")


def test_a_model_loaded_twice_or_moved_has_the_same_fingerprint(tiny: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(tiny, tmp_path / "elsewhere")
    fingerprints = {load_encoder(folder, device="cpu").fingerprint for folder in (tiny, tiny, moved)}
    assert len(fingerprints) == 1
    assert len(fingerprints.pop()) > 30


def test_everything_that_changes_the_vectors_changes_the_fingerprint(tiny: Path, tmp_path: Path) -> None:
    """Another prompt, a weight that is a little larger, another pooling, a shorter window, another vocabulary."""

    def others() -> Iterator[SentenceTransformerEncoder]:
        yield load_encoder(tiny, device="cpu")
        yield load_encoder(tiny, device="cpu", prompt="query: ")
        heavier = load_encoder(tiny, device="cpu")
        next(heavier.model.parameters()).data[0, 0] += 1
        yield heavier
        yield load_encoder(write_other_model(tmp_path, "cls"), device="cpu")
        shorter = load_encoder(tiny, device="cpu")
        shorter.model.max_seq_length = 40
        yield shorter
        cased = load_encoder(tiny, device="cpu")
        cased.model.tokenizer.add_tokens(["river"])
        yield cased

    fingerprints = [encoder.fingerprint for encoder in others()]
    assert len(set(fingerprints)) == len(fingerprints) == 6


def test_the_same_weights_in_another_precision_have_another_fingerprint(tiny: Path) -> None:
    import torch

    fingerprints = set()
    for precision in (torch.float32, torch.bfloat16):
        encoder = load_encoder(tiny, device="cpu")
        encoder.model.to(precision)
        fingerprints.add(encoder.fingerprint)
    assert len(fingerprints) == 2


def test_a_model_with_another_prompt_or_other_weights_does_not_use_the_file(tiny: Path, cache: Path) -> None:
    articles = [["a river rose.", "the town is dry."], ["one."]]
    CachedEncoder(load_encoder(tiny, device="cpu"), cache).encode(articles)
    other = CachedEncoder(load_encoder(tiny, device="cpu", prompt="text: "), cache)
    assert_same(other.encode(articles), expected_of(other.encoder, articles))
    again = CachedEncoder(load_encoder(tiny, device="cpu"), cache)
    again.encode(articles)
    assert (other.cached_articles, again.cached_articles) == (0, 2)


def test_a_model_that_encodes_sentences_separately_is_cached_too(tmp_path: Path, cache: Path) -> None:
    encoder = load_encoder(write_other_model(tmp_path, "cls"), device="cpu")
    articles = [["a river rose.", "the town is dry."], ["one."]]
    expected = expected_of(encoder, articles)
    assert expected.windows is None
    for found in (0, 2):
        keeping = CachedEncoder(encoder, cache)
        assert_same(keeping.encode(articles), expected)
        assert keeping.cached_articles == found


def test_another_window_size_is_another_encoder_with_the_same_model(
    encoder: SentenceTransformerEncoder, cache: Path
) -> None:
    article = [f"Sentence {index} says that {index} people came to the river." for index in range(30)]
    usual = CachedEncoder(encoder, cache)
    narrow = usual.with_windows(64)
    assert isinstance(narrow.encoder, SentenceTransformerEncoder)
    assert narrow.encoder.model is encoder.model
    assert narrow.encoder.fingerprint != encoder.fingerprint == encoder.with_windows(encoder.window_tokens).fingerprint
    wide_windows, narrow_windows = usual.encode([article]).windows, narrow.encode([article]).windows
    assert wide_windows is not None
    assert narrow_windows is not None
    assert narrow_windows.max() > wide_windows.max()
    assert usual.encode([article]).windows is not None
    assert usual.cached_articles == 1
    assert narrow.cached_articles == 0


def test_an_encoder_without_windows_stays_as_it_is(cache: Path) -> None:
    stub = Stub()
    assert CachedEncoder(stub, cache).with_windows(64).encoder is stub
