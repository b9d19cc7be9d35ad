"""Writes tiny models: a file in the layout of the embedded one, and sentence-transformers folders of other kinds."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 24
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁flood", "▁river", "s", "e", "a", "<mask>")


def q4_0(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> bytes:
    """Rows of 32 four-bit numbers as blocks: a scale, then 16 bytes, each with weight j low and weight j + 16 high."""
    low, high = nibbles[:, :16], nibbles[:, 16:]
    return b"".join(scale.tobytes() + packed.tobytes() for scale, packed in zip(scales, low | (high << 4), strict=True))


class TinyFile:
    """An ``E5S1`` file of one layer with random weights; `expected` holds what each tensor must decode to."""

    def __init__(self, *, block: int = 32, q4_kind: int = 1) -> None:
        self.generator = np.random.default_rng(3)
        self.expected: dict[str, NDArray[np.float32]] = {}
        self._q4_kind = q4_kind
        self._entries: list[tuple[str, int, int, bytes]] = []
        self._tensors()
        vocabulary = self._vocabulary()
        header = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 1, 1e-12, block)
        directory_size = 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name, *_ in self._entries)
        offset = len(header) + len(vocabulary) + directory_size
        directory, body = struct.pack("<i", len(self._entries)), b""
        for name, kind, weights, data in self._entries:
            directory += struct.pack("<H", len(name)) + name.encode()
            directory += struct.pack("<BIQQ", kind, weights, offset + len(body), len(data))
            body += data
        self.content = header + vocabulary + directory + body

    def write(self, path: Path) -> Path:
        path.write_bytes(self.content)
        return path

    def _vocabulary(self) -> bytes:
        blob = b"".join(piece.encode() for piece in PIECES)
        offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
        scores = -np.arange(len(PIECES), dtype="<f4")
        normalised = {"\u00a0": " ", "\u200b": "", "Ⅳ": "IV"}
        table = b"".join(
            struct.pack("<IB", ord(character), len(form)) + np.array([ord(c) for c in form], "<u4").tobytes()
            for character, form in normalised.items()
        )
        return (
            struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
            + offsets.tobytes()
            + scores.tobytes()
            + blob
            + struct.pack("<iI", len(normalised), len(table))
            + table
        )

    def _tensors(self) -> None:
        for name, bert, rows in (("emb.word", "word", len(PIECES)), ("emb.pos", "position", POSITIONS)):
            self._matrix(name, f"embeddings.{bert}_embeddings.weight", rows, HIDDEN)
        self._matrix("emb.type", "embeddings.token_type_embeddings.weight", 1, HIDDEN)
        self._vector("emb.ln.w", "embeddings.LayerNorm.weight", HIDDEN)
        self._vector("emb.ln.b", "embeddings.LayerNorm.bias", HIDDEN)
        layer = "encoder.layer.0."
        for part, bert, rows, columns in (
            ("q", "attention.self.query", HIDDEN, HIDDEN),
            ("k", "attention.self.key", HIDDEN, HIDDEN),
            ("v", "attention.self.value", HIDDEN, HIDDEN),
            ("ao", "attention.output.dense", HIDDEN, HIDDEN),
            ("fi", "intermediate.dense", FEED_FORWARD, HIDDEN),
            ("fo", "output.dense", HIDDEN, FEED_FORWARD),
        ):
            self._matrix(f"L0.{part}.w", f"{layer}{bert}.weight", rows, columns)
            self._vector(f"L0.{part}.b", f"{layer}{bert}.bias", rows)
        for part, bert in (("aln", "attention.output"), ("oln", "output")):
            self._vector(f"L0.{part}.w", f"{layer}{bert}.LayerNorm.weight", HIDDEN)
            self._vector(f"L0.{part}.b", f"{layer}{bert}.LayerNorm.bias", HIDDEN)

    def _matrix(self, name: str, bert: str, rows: int, columns: int) -> None:
        nibbles = self.generator.integers(0, 16, (rows * columns // 32, 32)).astype(np.uint8)
        scales = self.generator.normal(size=len(nibbles)).astype(np.float16)
        self._entries.append((name, self._q4_kind, rows * columns, q4_0(nibbles, scales)))
        values = (nibbles.astype(np.float32) - 8) * scales.astype(np.float32)[:, None]
        self.expected[bert] = values.reshape(rows, columns)

    def _vector(self, name: str, bert: str, size: int) -> None:
        values = self.generator.normal(size=size).astype("<f4")
        self._entries.append((name, 0, size, values.tobytes()))
        self.expected[bert] = values


def write_other_model(folder: Path, pooling: str) -> Path:
    """A random two-layer BERT with a word-piece vocabulary and the given pooling, as anyone may have trained it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz."
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    parts = folder / "parts"
    parts.mkdir(parents=True)
    (parts / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    BertTokenizer(vocab={word: index for index, word in enumerate(words)}).save_pretrained(parts)
    torch.manual_seed(3)
    BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=FEED_FORWARD,
            max_position_embeddings=64,
        )
    ).save_pretrained(parts)
    modules = [Transformer(str(parts), max_seq_length=48), Pooling(HIDDEN, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"), create_model_card=False)
    return folder / "model"
