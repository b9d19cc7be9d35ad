"""Dense layers on a processor whose weights are laid out once as they are multiplied, not anew at each product.

In bfloat16 torch hands weights to oneDNN as they lie, which lays them out in blocks for every batch; that takes a
twentieth of an encoder's time. The operators used here are those that torch's compiler puts in place of a linear layer
(torch/_inductor/fx_passes/mkldnn_fusion.py); torch documents them for nobody else, so a layer keeps its own way where
they are not there or give another bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# Rows that the layout is made for; any number can be multiplied.
ROWS = 4096
# Rows on which a packed layer is compared with the plain one.
COMPARED = 64


def use_packed(model: torch.nn.Module) -> None:
    """Have every dense layer of the model multiply packed weights where it runs in bfloat16 on a processor."""
    import torch

    for layer in model.modules():
        if type(layer) is torch.nn.Linear and (layer.weight.dtype, layer.weight.device.type) == (torch.bfloat16, "cpu"):
            layer.forward = packed(layer) or layer.forward  # type: ignore[assignment]


def packed(layer: torch.nn.Linear) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """What the layer computes, (…, in) to (…, out), by packed weights; None where that is not to be had.

    Once somebody changes its weights, the layer goes its own way again.
    """
    import torch
    from torch.nn.functional import linear

    try:
        operators = torch.ops.mkldnn
        weight = operators._reorder_linear_weight(layer.weight.detach(), ROWS)
        bias = None if layer.bias is None else layer.bias.detach()
        as_packed = layer.weight._version, layer.weight.dtype

        def product(rows: torch.Tensor) -> torch.Tensor:
            if (layer.weight._version, layer.weight.dtype) != as_packed:
                return linear(rows, layer.weight, layer.bias)
            found: torch.Tensor = operators._linear_pointwise(rows, weight, bias, "none", [], "")
            return found

        numbers = torch.arange(COMPARED * layer.in_features, dtype=torch.float32) % 97 / 97 - 0.5
        some = numbers.view(COMPARED, layer.in_features).to(layer.weight.dtype)
        with torch.inference_mode():
            return product if torch.equal(product(some), linear(some, layer.weight, layer.bias)) else None
    except (AttributeError, RuntimeError, TypeError):
        return None
