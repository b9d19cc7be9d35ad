"""What is made small in training. All cosines come from vectors of length 1, (texts, dimensions), float32."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# Cosines are multiplied by this in CoSENT: the scale of its author.
COSENT_SCALE = 20.0
# Grades that differ by less are not ordered: people agree no better.
GRADE_MARGIN = 0.08
# Pairs from this grade on are alike enough to attract each other.
POSITIVE_GRADE = 0.7
TEMPERATURE = 0.05
# How much InfoNCE counts beside CoSENT.
CONTRAST = 0.3


def pair_loss(a: torch.Tensor, b: torch.Tensor, grades: torch.Tensor) -> torch.Tensor:
    """The loss of graded pairs, row i of `a` with row i of `b`: their order, and the alike against all others.

    grades: float32, (pairs,), 0 to 1.
    """
    positive = (grades >= POSITIVE_GRADE).nonzero()[:, 0]
    order = cosent((a * b).sum(1), grades)
    return order + CONTRAST * contrast(a, b, positive) if len(positive) else order


def line_loss(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The loss of aligned lines: each must find its translation among all of the other side, in both directions."""
    import torch
    from torch.nn.functional import cross_entropy

    cosines = a @ b.T / TEMPERATURE
    own = torch.arange(len(a), device=a.device)
    return CONTRAST * (cross_entropy(cosines, own) + cross_entropy(cosines.T, own)) / 2


def cosent(cosines: torch.Tensor, grades: torch.Tensor) -> torch.Tensor:
    """CoSENT (Su, 2022, kexue.fm/archives/8847): a pair with a higher grade should have the higher cosine.

    log(1 + Σ exp(20 · (cosine of the lower − cosine of the higher))) over all two pairs whose grades differ enough.
    """
    import torch

    higher = grades[:, None] - grades[None] > GRADE_MARGIN
    differences = (COSENT_SCALE * (cosines[None] - cosines[:, None]))[higher]
    return torch.logsumexp(torch.cat([differences.new_zeros(1), differences]), 0)


def contrast(a: torch.Tensor, b: torch.Tensor, positive: torch.Tensor) -> torch.Tensor:
    """InfoNCE (van den Oord et al., 2018, arXiv:1807.03748): each positive row of `a` must find its own row of `b`.

    It is among all rows of `a` but itself and all rows of `b`. positive: int64, the indices of the positive pairs.
    """
    import torch
    from torch.nn.functional import cross_entropy

    cosines = a[positive] @ torch.cat([a, b]).T / TEMPERATURE
    itself = torch.zeros_like(cosines, dtype=torch.bool)
    itself[torch.arange(len(positive), device=a.device), positive] = True
    return cross_entropy(cosines.masked_fill(itself, float("-inf")), positive + len(a))
