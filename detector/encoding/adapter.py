"""Merges an adapter into the weights of a loaded model; checks that an encoder and a profile have the same one.

A merged model costs what the plain one does.

W + scale · B · A is computed in float32 for each adapted layer (LoRA: Hu et al., 2021, arXiv:2106.09685); the result is
then rounded to the precision of the model. Files are only read.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from detector.encoding.protocol import Encoder
from detector.profile import Profile
from detector.profile.adapter import Adapter

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel


def merge_adapter(model: SentenceTransformer, adapter: Adapter, name: str) -> None:
    """Add the adapter to the weights of the model, which must be in float32; `name` is its name in messages.

    Raises `ValueError` if the model lacks a layer of the adapter or has it in another shape. Warns if the layers have
    other weights than those the adapter was learned on: for example those of another version of the model.
    """
    import torch

    inner = transformer_of(model)
    layers = {}
    for layer_name, change in adapter.layers.items():
        layer = dense_layers(inner).get(layer_name)
        expected = (len(change.up), change.down.shape[1])
        if layer is None or tuple(layer.weight.shape) != expected:
            found = "no such layer" if layer is None else f"one of the shape {tuple(layer.weight.shape)}"
            raise ValueError(
                f"the adapter changes layer {layer_name} of shape {expected}, but model {name!r} has {found}; "
                f"use the adapter with its own model, {adapter.model!r}, or make one with: detector fit-adapter"
            )
        layers[layer_name] = layer
    if adapter.base != base_digest(inner, layers):
        warnings.warn(
            f"the adapter was learned on other weights than those of model {name!r}: it is used, but may help less; "
            "make one for these weights with: detector fit-adapter",
            stacklevel=2,
        )
    with torch.no_grad():
        for layer_name, change in adapter.layers.items():
            weight = layers[layer_name].weight
            update = change.up.astype(np.float32) @ change.down.astype(np.float32) * np.float32(adapter.scale)
            weight += torch.from_numpy(update).to(weight.device)


def check_adapter(encoder: Encoder, profile: Profile, *, named: bool) -> None:
    """Checks that the vectors of an encoder are those that the profile was fitted on.

    Raises `ValueError` if they are not and the profile was only found by the name of the model. Warns if the user named
    it: then the vectors may have the adapter though the encoder, perhaps the user's own, does not state it.
    """
    expected = profile.adapter.digest if profile.adapter else None
    if encoder.adapter == expected:
        return
    problem = (
        f"profile {profile.name!r} was fitted on vectors {_with(expected)}, but those of {encoder.name!r} are "
        f"{_with(encoder.adapter)}"
    )
    if named:
        warnings.warn(
            f"{problem}: the scores are wrong, unless `adapter` of the encoder or of from_embeddings should state "
            "another; or use load_encoder(adapter=profile.adapter or False)",
            stacklevel=4,
        )
        return
    raise ValueError(
        f"{problem}, so the scores would be wrong; use load_encoder(adapter=profile.adapter or False), "
        "or name a profile that was fitted on these vectors"
    )


def _with(digest: str | None) -> str:
    return f"with adapter {digest}" if digest else "without an adapter"


def base_digest(inner: torch.nn.Module, names: Iterable[str]) -> str:
    """Digest of the weights of the named dense layers, as float32: 32 hexadecimal digits."""
    layers = dense_layers(inner)
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(names):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(layers[name].weight.detach().float().cpu().numpy()).data)
    return digest.hexdigest()


def dense_layers(inner: torch.nn.Module) -> dict[str, torch.nn.Linear]:
    """Every dense layer of a transformer by its name."""
    from torch.nn import Linear

    return {name: module for name, module in inner.named_modules() if isinstance(module, Linear)}


def transformer_of(model: SentenceTransformer) -> PreTrainedModel:
    """The transformer inside a model. Raises `ValueError` if it has none."""
    from transformers import PreTrainedModel

    inner = next((module for module in model.modules() if isinstance(module, PreTrainedModel)), None)
    if inner is None:
        raise ValueError("the model has no transformer, so no adapter can be used with it")
    return inner
