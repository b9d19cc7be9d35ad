"""Dense layers on a processor with prepacked weights: reordered once for oneDNN instead of at every product.

In bfloat16, torch passes a layer's weights to oneDNN in their plain order, and oneDNN reorders them for every batch.
Prepacking saved 7 % of encoding and 5 % of a whole detection (medians, articles of a day's wire). The operators are
private: torch's compiler uses them for linear layers (torch/_inductor/fx_passes/mkldnn_fusion.py). So a layer keeps
torch's own product if they are missing, fail, or give another bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# The weights are reordered for this number of rows; any other number can be multiplied.
ROWS = 4096
# Rows on which the prepacked product is compared with the plain one.
COMPARED_ROWS = 64


def use_prepacked(model: torch.nn.Module) -> None:
    """Prepack every dense layer of the model that runs in bfloat16 on a processor."""
    import torch

    for layer in model.modules():
        if type(layer) is torch.nn.Linear and (layer.weight.dtype, layer.weight.device.type) == (torch.bfloat16, "cpu"):
            layer.forward = prepacked(layer) or layer.forward  # type: ignore[assignment]


def prepacked(layer: torch.nn.Linear) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """The product of the layer with prepacked weights, (…, in) to (…, out); None if it is not available or not equal.

    If the weights change later, the product falls back to the plain layer.
    """
    import torch
    from torch.nn.functional import linear

    try:
        operators = torch.ops.mkldnn
        weight = operators._reorder_linear_weight(layer.weight.detach(), ROWS)
        bias = None if layer.bias is None else layer.bias.detach()
        packed_version = layer.weight._version, layer.weight.dtype

        def product(rows: torch.Tensor) -> torch.Tensor:
            if (layer.weight._version, layer.weight.dtype) != packed_version:
                return linear(rows, layer.weight, layer.bias)
            result: torch.Tensor = operators._linear_pointwise(rows, weight, bias, "none", [], "")
            return result

        values = torch.arange(COMPARED_ROWS * layer.in_features, dtype=torch.float32) % 97 / 97 - 0.5
        rows = values.view(COMPARED_ROWS, layer.in_features).to(layer.weight.dtype)
        with torch.inference_mode():
            return product if torch.equal(product(rows), linear(rows, layer.weight, layer.bias)) else None
    except (AttributeError, RuntimeError, TypeError):
        return None
