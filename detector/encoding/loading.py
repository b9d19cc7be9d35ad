"""Loading an encoder: the embedded model, or any sentence-transformers model, in the number format of the machine."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

from detector.encoding import PRECISIONS
from detector.encoding.adapter import merge_adapter
from detector.encoding.attention import use_products
from detector.encoding.e5_small import NO_POOLER
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.int8 import Int8Encoder
from detector.encoding.model_store import embedded_model_folder
from detector.encoding.prepacked import use_prepacked
from detector.encoding.quiet import first_line, quiet
from detector.profile import shipped_adapter
from detector.profile.adapter import Adapter

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

EMBEDDED_MODEL = "multilingual-e5-small"


def load_encoder(
    model: str | Path | None = None,
    *,
    prompt: str | None = None,
    device: str | None = None,
    precision: str | None = None,
    adapter: Adapter | bool = True,
) -> SentenceTransformerEncoder:
    """The embedded model (`model` None or its name) or any sentence-transformers model by hub name or folder.

    `prompt` None takes the prompt of the model: ``query: `` for the E5 family, nothing otherwise. `precision` is one of
    `PRECISIONS`; None takes what the machine multiplies natively, bfloat16 or float32. `adapter` is merged into the
    weights: True takes that of the profile which the package ships for the model, if it has one; False takes the model
    as it is; for any other profile give its `adapter`, or False if that is None. Raises `ValueError` with one line if
    the model cannot be loaded, not in this precision, or not with this adapter, and `ModuleNotFoundError` if the
    packages of int8 are missing.
    """
    name = str(model) if model is not None else EMBEDDED_MODEL
    if prompt is None:
        prompt = default_prompt(name)
    if precision not in (None, *PRECISIONS):
        raise ValueError(f"precision is {precision!r}; give one of {', '.join(PRECISIONS)}")
    merged = shipped_adapter(name) if adapter is True else adapter or None
    digest = merged.digest if merged else None
    if precision == "int8":
        if device not in (None, "cpu"):
            raise ValueError(f"int8 runs on the processor, not on {device!r}; leave the device or the precision out")
        exact = SentenceTransformerEncoder(
            _load_model(name, "cpu", "float32", merged), name=name, prompt=prompt, adapter=digest
        )
        return Int8Encoder(exact, native=native_precision("cpu"))
    loaded = _load_model(name, device, precision or native_precision(device), merged)
    use_products(loaded)
    use_prepacked(loaded)
    replicas = [deepcopy(loaded).to(card) for card in other_cards(loaded.device, device)]
    return SentenceTransformerEncoder(loaded, name=name, prompt=prompt, replicas=replicas, adapter=digest)


def other_cards(first: torch.device, device: str | None) -> list[str]:
    """The graphics cards beside the first one, which holds the model; none if `device` names a single card."""
    import torch

    if first.type != "cuda" or device not in (None, "cuda"):
        return []
    return [f"cuda:{index}" for index in range(torch.cuda.device_count()) if index != (first.index or 0)]


def _load_model(name: str, device: str | None, precision: str, adapter: Adapter | None) -> SentenceTransformer:
    """The model in a precision; an adapter is merged before anything is rounded to it."""
    import torch

    if adapter is None:
        return load_model(name, device, precision)
    model = load_model(name, device, "float32")
    merge_adapter(model, adapter, name)
    return model.to(getattr(torch, precision))


def load_model(name: str, device: str | None, precision: str) -> SentenceTransformer:
    """The model as it is, in "float32" or "bfloat16". Raises `ValueError` with one line if it cannot be loaded."""
    import torch
    from sentence_transformers import SentenceTransformer

    embedded = name == EMBEDDED_MODEL
    try:
        with quiet():
            return SentenceTransformer(
                str(embedded_model_folder()) if embedded else name,
                device=device,
                local_files_only=embedded,
                model_kwargs={"dtype": getattr(torch, precision), **(NO_POOLER if embedded else {})},
            )
    except Exception as error:
        if embedded:
            raise
        raise ValueError(
            f"model {name!r} cannot be loaded: {first_line(error)}; give a hub name or a folder"
        ) from error


def default_prompt(name: str) -> str:
    """The prompt of a model: ``query: `` for the E5 family, nothing otherwise."""
    last = Path(name).name.lower()
    return "query: " if "e5" in last.replace("_", "-").split("-") and "instruct" not in last else ""


def native_precision(device: str | None = None) -> str:
    """bfloat16 if the hardware multiplies it natively, else float32."""
    import torch

    if device is None and torch.cuda.is_available():
        device = "cuda"
    if device and device.startswith("cuda"):
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    native = ("_is_avx512_bf16_supported", "_is_amx_tile_supported", "_is_arm_bf16_supported")
    checks = [getattr(torch.cpu, name, None) for name in native]
    return "bfloat16" if any(check() for check in checks if check) else "float32"
