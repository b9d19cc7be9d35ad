"""How good a score model is on sets it was not fitted on, and what each feature contributes; kept in the provenance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from detector.fitting.pair_sets import PairSet
from detector.fitting.score_model import cross_validate, figures_without
from detector.pairs.features import FEATURES


def leave_one_set_out(sets: Sequence[PairSet], advance: Callable[[int], None]) -> dict[str, Any]:
    """For each set, the figures of scores learned from the other sets only. `advance` is called with 1 after each."""
    found = {}
    for data in sets:
        others = [other for other in sets if other is not data]
        if any(other.same.any() for other in others):
            found[data.name] = figures_without(data, others)
        advance(1)
    return found


def ablations(sets: Sequence[PairSet], advance: Callable[[int], None]) -> dict[str, Any]:
    """For each feature, the figures of cross-validation by set without it. `advance` is called with 1 after each."""
    found = {}
    for name in FEATURES:
        found[name] = cross_validate(sets, [other for other in FEATURES if other != name])
        advance(1)
    return found
