"""Attention on a processor that multiplies bfloat16 natively, where torch's own kernel is slow.

On processors `scaled_dot_product_attention` computes in tiles of float32. For texts of a few hundred tokens and heads
of 32 dimensions that takes more than half of an encoder's time. Two batched products and one exponential in bfloat16
compute the same in less than half of it. This is attention as in Vaswani et al. (2017, section 3.2.1), without the
shift by the row's largest score. The shift only prevents overflow and underflow, which are checked for afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

NAME = "detector_products"
# Exponentials with a smaller sum have lost digits or are all zero.
SMALLEST = 2.0**-100


def use_products(model: SentenceTransformer) -> None:
    """Let the model's transformer use `products` if it runs in bfloat16 on a processor and supports it."""
    import torch
    from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
    from transformers.masking_utils import sdpa_mask

    inner = next((module for module in model.modules() if isinstance(module, PreTrainedModel)), None)
    if inner is None or model.device.type != "cpu" or inner.dtype != torch.bfloat16:
        return
    if getattr(inner.config, "_attn_implementation", None) == "sdpa":
        AttentionInterface.register(NAME, products)
        AttentionMaskInterface.register(NAME, sdpa_mask)
        inner.set_attn_implementation(NAME)


def products(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    is_causal: bool | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attention of every position to every other: query, key, value (texts, heads, positions, dimensions).

    Returns (texts, positions, heads, dimensions), as transformers' `AttentionInterface` requires. Transformers' own
    function computes anything but plain attention, such as attention with a mask. It also computes each text with
    scores too large or too small for an exponential without shift; the other texts of the batch do not change.
    """
    import torch
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    causal = getattr(module, "is_causal", True) if is_causal is None else is_causal
    plain = attention_mask is None and not causal and not dropout and query.shape == key.shape == value.shape
    if not plain or any(options.get(name) is not None for name in ("position_bias", "softcap")):
        return sdpa_attention_forward(module, query, key, value, attention_mask, dropout, scaling, is_causal, **options)
    texts, heads, positions, dimensions = query.shape
    q, k, v = (part.reshape(texts * heads, positions, dimensions) for part in (query, key, value))
    scale = dimensions**-0.5 if scaling is None else scaling
    weights = torch.baddbmm(q.new_zeros(1), q, k.transpose(1, 2), beta=0, alpha=scale).exp_()
    totals = weights.sum(-1, keepdim=True)
    attended = torch.bmm(weights, v).div_(totals).view(query.shape).transpose(1, 2).contiguous()
    least, most = totals.view(texts, -1).aminmax(dim=1)
    sound = (least > SMALLEST) & torch.isfinite(most) & torch.isfinite(attended.flatten(1).sum(1))
    for text in torch.nonzero(~sound).flatten().tolist():
        rows = slice(text, text + 1)
        attended[rows], _ = sdpa_attention_forward(
            module, query[rows], key[rows], value[rows], None, dropout, scaling, is_causal, **options
        )
    return attended, None
