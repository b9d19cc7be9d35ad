"""The encoders that are measured beside each other."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from detector.encoding.model_store import embedded_model_folder
from detector.records import Article


def our_encoders() -> dict[str, SentenceTransformerEncoder]:
    """The embedded model in the default precision of the machine, and in int8 if its packages are installed."""
    encoders = {"detector": load_encoder(device="cpu")}
    if all(map(find_spec, ("openvino", "nncf"))):
        encoders["detector in int8"] = load_encoder(precision="int8")
    return encoders


def plain_model() -> Any:
    """The embedded model as a user would load it: `SentenceTransformer` with its defaults, in float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(embedded_model_folder()), device="cpu", model_kwargs={"add_pooling_layer": False})


def plain_text(article: Article) -> str:
    """The text of an article as a user would give it to the plain model."""
    return "query: " + f"{article.title or ''} {article.text}".strip()
