"""The state of an unfinished training in one file: the matrices, the moments of AdamW, the figures so far."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

CHECKPOINT_FILE = "checkpoint.safetensors"
# The metadata are one entry, as in an adapter.
METADATA = "training"
# The moments of AdamW, by their names in its state.
MOMENTS = ("exp_avg", "exp_avg_sq")

Matrices = dict[str, "torch.nn.Parameter"]


@dataclass
class Progress:
    """How far a training is. losses: of each step that is done. before: the figures of the model as it was."""

    losses: list[float] = field(default_factory=list)
    before: dict[str, float] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """The steps that are done."""
        return len(self.losses)


def save_checkpoint(
    path: Path, task: dict[str, Any], progress: Progress, matrices: Matrices, optimizer: torch.optim.Optimizer
) -> None:
    """Write all that is needed to go on; the file before is replaced in one step, so that one of them is there.

    task: what is trained on what; only the same task can go on.
    """
    from safetensors.torch import save_file

    tensors: dict[str, torch.Tensor] = {}
    for name, matrix in matrices.items():
        state = optimizer.state[matrix]
        tensors |= {name: matrix.detach(), **{f"{name}.{moment}": state[moment] for moment in MOMENTS}}
    facts = {"task": task, "losses": progress.losses, "before": progress.before}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    save_file(
        {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, temporary, {METADATA: json.dumps(facts)}
    )
    temporary.replace(path)


def load_checkpoint(path: Path, task: dict[str, Any], matrices: Matrices, optimizer: torch.optim.Optimizer) -> Progress:
    """Put the state of a checkpoint into the matrices and the optimizer.

    Raises `ValueError` if the file is missing or damaged, or is of another task.
    """
    import torch
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise ValueError(f"{path.parent} holds no unfinished training; leave out --resume")
    try:
        with safe_open(path, "pt") as file:
            facts = json.loads((file.metadata() or {}).get(METADATA, "{}"))
            if facts.get("task") != task:
                raise ValueError(f"{path} was made with other options, files or weights; use those, or remove it")
            progress = Progress(facts["losses"], facts["before"])
            with torch.no_grad():
                for name, matrix in matrices.items():
                    matrix.copy_(file.get_tensor(name))
                    moments = {moment: file.get_tensor(f"{name}.{moment}").to(matrix.device) for moment in MOMENTS}
                    optimizer.state[matrix] = {"step": torch.tensor(float(progress.steps)), **moments}
    except SafetensorError as error:
        raise ValueError(f"{path} cannot be read: {error}; remove it and begin again") from error
    return progress
