"""The transformer while it is trained: its weights frozen, two narrow matrices beside each dense layer.

LoRA (Hu et al., 2021, arXiv:2106.09685): base(x) + scale · B(A(x)). B begins as zeros, so training begins at the model
as it is. Only A and B are trained, in float32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from detector.encoding.adapter import base_digest, dense_layers, transformer_of
from detector.profile.adapter import LayerChange

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# A fixed factor of the change: the ratio alpha / rank of the paper.
SCALE = 2.0


class TrainedModel:
    """A model with low-rank matrices beside every dense layer of its transformer's encoder.

    model: in float32. precision: what its frozen weights are rounded to. rank: the width of the matrices.
    """

    def __init__(self, model: SentenceTransformer, *, precision: str, rank: int, seed: int, prompt: str) -> None:
        import torch

        self._model, self._prompt = model, prompt
        inner = transformer_of(model)
        names = [name for name in dense_layers(inner) if name.startswith("encoder.")]
        if not names:
            raise ValueError("the model has no dense layers of the kind that can be adapted; they begin with encoder.")
        self.base = base_digest(inner, names)
        inner.to(getattr(torch, precision)).requires_grad_(False)
        # In evaluation mode nothing is dropped out, so that a step depends on its batch alone.
        model.eval()
        generator = torch.Generator().manual_seed(seed)
        self.matrices: dict[str, torch.nn.Parameter] = {}
        for name in names:
            self._put_beside(inner, name, rank, generator)

    def _put_beside(self, inner: Any, name: str, rank: int, generator: torch.Generator) -> None:
        """Let a layer compute base(x) + scale · B(A(x))."""
        import torch
        from torch.nn.functional import linear

        layer = inner.get_submodule(name)
        width, device = layer.in_features, layer.weight.device
        down = torch.nn.Parameter((torch.randn(rank, width, generator=generator) / math.sqrt(width)).to(device))
        up = torch.nn.Parameter(torch.zeros(layer.out_features, rank, device=device))
        self.matrices |= {f"{name}.A": down, f"{name}.B": up}
        base = layer.forward

        def forward(rows: torch.Tensor) -> torch.Tensor:
            change = linear(linear(rows, down.to(rows.dtype)), up.to(rows.dtype))
            return cast("torch.Tensor", base(rows) + SCALE * change)

        layer.forward = forward

    def vectors(self, texts: Sequence[str], tokens: int) -> torch.Tensor:
        """The vector of each text from its first tokens: float32, (texts, dimensions), of length 1."""
        import torch

        prompted = [self._prompt + text for text in texts]
        tokenizer = self._model.tokenizer
        rows = tokenizer(
            prompted,
            padding=True,
            truncation=True,
            max_length=min(tokens, self._model.max_seq_length or tokens),
            return_tensors="pt",
        )
        features = {name: rows[name].to(self._model.device) for name in ("input_ids", "attention_mask")}
        for module in self._model:
            features = module(features)
            # Pooled in float32: a mean in bfloat16 would round away the differences that are learned.
            features = {name: value.float() if _is_bfloat16(value) else value for name, value in features.items()}
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    def layers(self) -> dict[str, LayerChange]:
        """The matrices as an adapter holds them."""
        arrays = {name: matrix.detach().cpu().numpy().astype(np.float16) for name, matrix in self.matrices.items()}
        names = sorted({name.rpartition(".")[0] for name in arrays})
        return {name: LayerChange(arrays[f"{name}.A"], arrays[f"{name}.B"]) for name in names}


def _is_bfloat16(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor) and value.dtype == torch.bfloat16
