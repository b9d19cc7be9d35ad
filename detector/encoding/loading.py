"""Loading an encoder: the embedded model, or any sentence-transformers model, in the number format of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from detector.encoding.attention import use_products
from detector.encoding.embedded import NO_POOLER
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.quiet import quiet
from detector.encoding.store import embedded_model_folder

if TYPE_CHECKING:
    import torch

EMBEDDED_MODEL = "multilingual-e5-small"


def load_encoder(
    model: str | Path | None = None, *, prompt: str | None = None, device: str | None = None
) -> SentenceTransformerEncoder:
    """The embedded model (`model` None or its name) or any sentence-transformers model by hub name or folder.

    `prompt` None takes what the model wants: ``query: `` for the E5 family, nothing otherwise. Raises `ValueError` with
    one clear line where the model cannot be loaded.
    """
    from sentence_transformers import SentenceTransformer

    name = str(model) if model is not None else EMBEDDED_MODEL
    embedded = name == EMBEDDED_MODEL
    if prompt is None:
        prompt = "query: " if _is_e5(name) else ""
    try:
        with quiet():
            loaded = SentenceTransformer(
                str(embedded_model_folder()) if embedded else name,
                device=device,
                local_files_only=embedded,
                model_kwargs={"dtype": native_precision(device), **(NO_POOLER if embedded else {})},
            )
    except Exception as error:
        if embedded:
            raise
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(f"model {name!r} cannot be loaded: {first}; give a hub name or a folder") from error
    use_products(loaded)
    return SentenceTransformerEncoder(loaded, name=name, prompt=prompt)


def _is_e5(name: str) -> bool:
    last = Path(name).name.lower()
    return "e5" in last.replace("_", "-").split("-") and "instruct" not in last


def native_precision(device: str | None = None) -> torch.dtype:
    """bfloat16 where the hardware multiplies it natively, float32 elsewhere."""
    import torch

    if device is None and torch.cuda.is_available():
        device = "cuda"
    if device and device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    native = ("_is_avx512_bf16_supported", "_is_amx_tile_supported", "_is_arm_bf16_supported")
    checks = [getattr(torch.cpu, name, None) for name in native]
    return torch.bfloat16 if any(check() for check in checks if check) else torch.float32
