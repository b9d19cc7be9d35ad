"""The loop: a batch, its loss, a step of AdamW; every few steps a checkpoint."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from detector.fitting.adapter.batches import Batch, Batches
from detector.fitting.adapter.checkpoint import Progress, load_checkpoint, save_checkpoint
from detector.fitting.adapter.losses import line_loss, pair_loss
from detector.fitting.adapter.low_rank import TrainedModel

# Tokens of an aligned line.
LINE_TOKENS = 64
# Share of the steps in which the learning rate rises.
WARM_UP = 0.05
WEIGHT_DECAY = 0.01
# Largest length of the gradient.
LARGEST_GRADIENT = 1.0
# An interrupted training loses fewer steps than this.
CHECKPOINT_EVERY = 10


@dataclass(frozen=True)
class Settings:
    """How an adapter is trained; the defaults are those of the command.

    steps: steps of the optimizer. batch: pairs of articles in a step. tokens: how much of an article is read, from its
    start. rank: the width of the matrices. learning_rate: its highest value. seed: of all draws.
    """

    steps: int = 600
    batch: int = 16
    tokens: int = 192
    rank: int = 16
    learning_rate: float = 4e-4
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "tokens", "rank"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; give 1 or more")
        if not 0 < self.learning_rate < math.inf:
            raise ValueError(f"the learning rate is {self.learning_rate}; give a number above 0")


def train(
    model: TrainedModel,
    batches: Batches,
    settings: Settings,
    *,
    task: dict[str, Any],
    checkpoint: Path,
    resume: bool,
    before: Callable[[], dict[str, float]],
    advance: Callable[[int], None],
) -> Progress:
    """Train the matrices of the model for all steps, or for those that are left after a checkpoint.

    before: measures the model as it is; called if training begins. advance: called with the steps done since the last
    call. The same arguments give the same matrices to the bit on one kind of processor, interrupted or not.
    """
    optimizer = torch.optim.AdamW(model.matrices.values(), lr=settings.learning_rate, weight_decay=WEIGHT_DECAY)
    progress = load_checkpoint(checkpoint, task, model.matrices, optimizer) if resume else Progress(before=before())
    batches.skip(progress.steps)
    advance(progress.steps)
    saved = progress.steps
    try:
        while progress.steps < settings.steps:
            _step(model, batches.next(), settings, progress, optimizer)
            if progress.steps % CHECKPOINT_EVERY == 0 and progress.steps < settings.steps:
                save_checkpoint(checkpoint, task, progress, model.matrices, optimizer)
                saved = progress.steps
            advance(1)
    except KeyboardInterrupt as interrupt:
        if saved:
            interrupt.add_note(f"step {saved} of {settings.steps} is saved: add --resume")
        raise
    return progress


def _step(
    model: TrainedModel, batch: Batch, settings: Settings, progress: Progress, optimizer: torch.optim.Optimizer
) -> None:
    for group in optimizer.param_groups:
        group["lr"] = settings.learning_rate * rate_at(progress.steps, settings.steps)
    loss = loss_of(model, batch, settings.tokens)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(list(model.matrices.values()), LARGEST_GRADIENT)
    optimizer.step()
    progress.losses.append(loss.item())


def loss_of(model: TrainedModel, batch: Batch, tokens: int) -> torch.Tensor:
    """The loss of one batch."""
    texts = [pair.a for pair in batch.pairs] + [pair.b for pair in batch.pairs]
    vectors = model.vectors(texts, min(tokens, LINE_TOKENS) if batch.lines else tokens)
    a, b = vectors[: len(batch.pairs)], vectors[len(batch.pairs) :]
    if batch.lines:
        return line_loss(a, b)
    return pair_loss(a, b, torch.tensor([pair.grade for pair in batch.pairs], device=vectors.device))


def rate_at(step: int, steps: int) -> float:
    """The share of the learning rate at a step from 0: a linear rise, then half a cosine wave down to almost 0."""
    done = (step + 1) / (steps + 1)
    return min(1.0, done / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
