"""Encoding: the same vectors in any order and on any number of threads; nothing is truncated, fetched or printed."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from transformers.utils import logging as transformers_logging

from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder, other_cards
from detector.records import unit
from tests.encoding.languages import SENTENCES
from tests.encoding.tiny import HIDDEN, TinyFile, write_other_model

ARTICLES = [
    [SENTENCES["it"], SENTENCES["vi"], SENTENCES["ru"]],
    [SENTENCES["ja"]],
    [SENTENCES["en"]] * 30,
    [SENTENCES["de"], SENTENCES["am"]] * 12,
]


@pytest.fixture
def threads() -> Iterator[None]:
    """Restores the number of threads after the test."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_the_embedded_model_is_the_default(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.name == "multilingual-e5-small"
    assert encoder.precision in ("bfloat16", "float32")
    assert encoder.shares_windows


def test_every_article_and_sentence_has_a_vector_of_length_one(encoder: SentenceTransformerEncoder) -> None:
    embeddings = encoder.encode(ARTICLES)
    assert embeddings.articles.shape == (4, 384)
    assert embeddings.sentences.shape == (58, 384)
    assert embeddings.offsets.tolist() == [0, 3, 4, 34, 58]
    assert {embeddings.articles.dtype, embeddings.sentences.dtype} == {np.dtype(np.float32)}
    for vectors in (embeddings.articles, embeddings.sentences):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_articles_and_articles_without_sentences_are_no_error(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.encode([]).articles.shape == (0, 384)
    embeddings = encoder.encode([[], ["One sentence."]])
    assert not embeddings.articles[0].any()
    assert embeddings.offsets.tolist() == [0, 0, 1]


@pytest.mark.parametrize("odd", ["", " ", "\u200b", "\x00", "<s> </s>", "e" + "\u0301" * 700, "水" * 1500, "🌊" * 600])
def test_odd_sentences_have_vectors_too(encoder: SentenceTransformerEncoder, odd: str) -> None:
    embeddings = encoder.encode([[odd, "A plain sentence."]])
    np.testing.assert_allclose(np.linalg.norm(embeddings.sentences, axis=1), 1, atol=1e-6)


@pytest.mark.slow
def test_the_last_of_three_thousand_words_counts(encoder: SentenceTransformerEncoder) -> None:
    words = SENTENCES["en"].rstrip(".").split()
    body = [" ".join(words[start % 15 :] + words[: start % 15]) + f", {start} times." for start in range(180)]
    assert sum(len(sentence.split()) for sentence in body) > 3000
    one, other = encoder.encode([[*body, "The bridge was saved."], [*body, "The museum was robbed."]]).articles
    assert 0.99 < one @ other < 1 - 1e-6


def test_the_last_word_of_a_sentence_longer_than_any_window_counts(encoder: SentenceTransformerEncoder) -> None:
    long = "and the river rose again " * 150
    embeddings = encoder.encode([[long + "today"], [long + "elephants"]])
    assert embeddings.sentences.shape == (2, 384)
    assert embeddings.sentences[0] @ embeddings.sentences[1] < 1 - 1e-6


def test_the_order_of_articles_and_the_number_of_threads_do_not_change_a_bit(
    encoder: SentenceTransformerEncoder, threads: None
) -> None:
    torch.set_num_threads(1)
    expected = encoder.encode(ARTICLES)
    torch.set_num_threads(2)
    order = [2, 0, 3, 1]
    turned = encoder.encode([ARTICLES[index] for index in order])
    for index, original in enumerate(order):
        np.testing.assert_array_equal(turned.articles[index], expected.articles[original])
        np.testing.assert_array_equal(turned.of(index), expected.of(original))


def test_an_article_has_the_same_vectors_alone_and_with_others(encoder: SentenceTransformerEncoder) -> None:
    together = encoder.encode([*ARTICLES, *([ARTICLES[2]] * 3)])
    for index, article in enumerate(ARTICLES):
        alone = encoder.encode([article])
        np.testing.assert_array_equal(alone.articles[0], together.articles[index])
        np.testing.assert_array_equal(alone.sentences, together.of(index))


def test_progress_adds_up_to_the_sentences(encoder: SentenceTransformerEncoder) -> None:
    done: list[int] = []
    encoder.encode([["and the river rose again " * 150, "Short."], ["Another.", ""]], done.append)
    assert sum(done) == 4


def test_encoding_leaves_warnings_and_logging_as_they_were(encoder: SentenceTransformerEncoder) -> None:
    filters, level = list(warnings.filters), transformers_logging.get_verbosity()
    encoder.encode([["One."] * 3] * 4 + [[SENTENCES["en"]] * 60])
    assert list(warnings.filters) == filters
    assert transformers_logging.get_verbosity() == level


QUIET_AND_OFFLINE = """
import socket

def refuse(*args, **options):
    raise AssertionError("a connection was tried")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from detector.encoding.loading import load_encoder, other_cards
encoder = load_encoder()
print(encoder.encode([["A sentence.", "and the river rose again " * 150]]).sentences.shape)
"""


@pytest.mark.slow
def test_the_embedded_model_needs_no_network_and_prints_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", QUIET_AND_OFFLINE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("(2, 384)\n", "", 0)


DECODED_AT_FIRST_USE = """
import sys
from pathlib import Path
from detector.encoding import model_store
from detector.encoding.loading import load_encoder, other_cards
model_store.packaged_weights = lambda: Path(sys.argv[1])
print(load_encoder(device="cpu", adapter=False).encode([["flood", "river"]]).sentences.shape)
"""


@pytest.mark.slow
def test_the_first_use_prints_nothing_either(tmp_path: Path) -> None:
    weights = TinyFile().write(tmp_path / "tiny.bin")
    done = subprocess.run(
        [sys.executable, "-c", DECODED_AT_FIRST_USE, str(weights)],
        env={**os.environ, "DETECTOR_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == (f"(2, {HIDDEN})\n", "", 0)


@pytest.fixture(scope="module", params=["mean", "cls", "max"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformerEncoder:
    """A model other than the embedded one, with the pooling of the parameter."""
    return load_encoder(write_other_model(tmp_path_factory.mktemp(request.param), request.param), device="cpu")


def test_replicas_share_the_work_and_change_no_vector(other: SentenceTransformerEncoder) -> None:
    articles = [["a river rose.", "the town is dry."], ["rain " * 90], *([f"{word}."] for word in "abcdefghij")]
    replicas = [deepcopy(other.model) for _ in range(2)]
    used: Counter[int] = Counter()
    for number, model in enumerate((other.model, *replicas)):
        model[0].register_forward_pre_hook(lambda *_, number=number: used.update([number]))
    shared = SentenceTransformerEncoder(other.model, name=other.name, replicas=replicas).encode(articles)
    assert set(used) == {0, 1, 2}
    alone = other.encode(articles)
    np.testing.assert_array_equal(shared.sentences, alone.sentences)
    np.testing.assert_array_equal(shared.articles, alone.articles)


@pytest.mark.parametrize(
    ("device", "on", "cards", "others"),
    [
        (None, "cuda:0", 3, ["cuda:1", "cuda:2"]),
        ("cuda", "cuda:0", 2, ["cuda:1"]),
        ("cuda:1", "cuda:1", 2, []),
        (None, "cuda:0", 1, []),
        (None, "cpu", 2, []),
        (None, "mps", 0, []),
    ],
)
def test_all_graphics_cards_are_used_unless_one_is_named(
    device: str | None, on: str, cards: int, others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    assert other_cards(torch.device(on), device) == others


def test_any_other_model_loads(other: SentenceTransformerEncoder) -> None:
    embeddings = other.encode([["a river rose.", "the town is dry."], ["rain " * 90], ["one."]])
    assert embeddings.articles.shape == (3, HIDDEN)
    assert embeddings.sentences.shape == (4, HIDDEN)
    np.testing.assert_allclose(np.linalg.norm(embeddings.articles, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(embeddings.sentences, axis=1), 1, atol=1e-6)
    assert (other.prompt, Path(other.name).name) == ("", "model")


def test_a_sentence_alone_has_the_vector_of_the_model_itself(other: SentenceTransformerEncoder) -> None:
    texts = ["a river rose.", "the town is dry."]
    expected = unit(np.asarray(other.model.encode(texts), np.float32))
    embeddings = other.encode([[text] for text in texts])
    np.testing.assert_allclose(embeddings.articles, expected, atol=0.02 if other.precision == "bfloat16" else 1e-5)


def test_only_mean_pooling_reads_sentences_in_context(other: SentenceTransformerEncoder) -> None:
    [mode] = [module.pooling_mode for module in other.model if hasattr(module, "pooling_mode")]
    assert other.shares_windows == (mode in ("mean", ("mean",), ["mean"]))
    one = other.encode([["a river rose.", "the town is dry."]]).sentences[0]
    alone = other.encode([["a river rose."]]).sentences[0]
    assert np.array_equal(one, alone) != other.shares_windows


def test_the_end_of_a_long_text_counts_in_any_model(other: SentenceTransformerEncoder) -> None:
    one, another = other.encode([["rain " * 90 + "fell"], ["rain " * 90 + "zzzz"]]).sentences
    assert not np.array_equal(one, another)


def test_a_folder_without_a_model_is_named_in_one_line(tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "missing")):
        with pytest.raises(ValueError, match=r"cannot be loaded: .+; give a hub name or a folder$") as caught:
            load_encoder(name)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_hub_name_that_cannot_be_reached_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ValueError, match=r"^model 'nobody/no-such-model' cannot be loaded: ") as caught:
        load_encoder("nobody/no-such-model")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "prompt"),
    [("intfloat/multilingual-e5-large", "query: "), ("models/my_e5", "query: "), ("sentence-transformers/LaBSE", "")],
)
def test_the_prompt_follows_the_name(monkeypatch: pytest.MonkeyPatch, name: str, prompt: str) -> None:
    model = SimpleNamespace(device=torch.device("cpu"), modules=lambda: ())
    monkeypatch.setattr("sentence_transformers.SentenceTransformer", lambda *args, **options: model)
    assert load_encoder(name).prompt == prompt
    assert load_encoder(name, prompt="passage: ").prompt == "passage: "
