"""Encoding speed: articles read in full by the detector, against `SentenceTransformer.encode` in float32."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from detector.preparing import prepare
from detector.reading import read_articles
from tests.benchmarks.compared_encoders import our_encoders, plain_model
from tests.benchmarks.timing import timed

BASELINE = "SentenceTransformer.encode, float32, cut at 512 tokens"


def speed(data: Path) -> dict[str, Any]:
    """Seconds and tokens a second: full articles with our encoders, the first 512 tokens with the plain model.

    `share_of_matrix_rate` is that of the first encoder: the operations of its dense layers a second, relative to those
    of one large matrix product after another.
    """
    documents = [prepare(article) for article in read_articles(data).articles]
    texts = [" ".join(document.sentences) for document in documents]
    encoders, plain = our_encoders(), plain_model()
    tokens = encoders["detector"].count_tokens(texts)
    sentences = [document.sentences for document in documents]
    rows = {name: _rate(encoder.encode, sentences, sum(tokens)) for name, encoder in encoders.items()}
    cut = sum(min(count + 2, 512) for count in tokens)
    rows[BASELINE] = _rate(partial(plain.encode, show_progress_bar=False), texts, cut)
    for row in rows.values():
        row["times_as_many"] = row["tokens_per_second"] / rows[BASELINE]["tokens_per_second"]
    first = encoders["detector"]
    operations = rows["detector"]["tokens_per_second"] * operations_per_token(first.model)
    about = {"articles": len(texts), "precision": first.precision}
    return {**about, "share_of_matrix_rate": operations / matrix_rate(first.model), "ways": rows}


def _rate(encode: Callable[[Any], Any], texts: Sequence[Any], tokens: int) -> dict[str, float]:
    """How fast texts with so many tokens in total are encoded, after a warm-up."""
    encode(texts[:4])
    seconds, _ = timed(partial(encode, texts))
    return {"seconds": seconds, "tokens": tokens, "tokens_per_second": tokens / seconds}


def operations_per_token(model: Any) -> float:
    """Floating-point operations of the model's dense layers for one token, without attention."""
    import torch

    return 2.0 * sum(module.weight.numel() for module in model.modules() if isinstance(module, torch.nn.Linear))


def matrix_rate(model: Any, size: int = 2048, times: int = 20) -> float:
    """Floating-point operations a second of large matrix products, in the number format of the model."""
    import torch

    matrix = torch.ones((size, size), dtype=next(model.parameters()).dtype)
    seconds, _ = timed(lambda: [matrix @ matrix for _ in range(times)])
    return 2.0 * size**3 * times / seconds
