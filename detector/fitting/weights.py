"""How much each file of labelled data counts: the option ``--weights`` of the commands that learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Named(Protocol):
    """What was read from a file, with the file's name up to the first dot."""

    @property
    def name(self) -> str:
        """The name of the file up to the first dot."""
        ...


def weights_of(files: Sequence[Named], used: Sequence[Named], given: Mapping[str, float]) -> list[float]:
    """The weight of what is used of some files: as given by its name, else 1, so that every file counts alike.

    Raises `ValueError` if a name is of no file, a weight is below 0, or all are 0.
    """
    names = [source.name for source in files]
    if unknown := sorted(set(given) - set(names)):
        raise ValueError(f"a weight is given for {unknown[0]!r}, but the files are {', '.join(names)}")
    weights = [float(given.get(source.name, 1.0)) for source in used]
    if not all(0 <= weight < float("inf") for weight in weights) or not any(weights):
        raise ValueError("weights are numbers of 0 or more, not all 0")
    return weights
