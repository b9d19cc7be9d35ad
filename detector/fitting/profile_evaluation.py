"""How good a profile is on data it was not fitted on, and what each feature contributes; kept in its provenance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.fitting.background import with_map
from detector.fitting.metric_learning import PairVectors, fit_metric
from detector.fitting.pair_sets import PairSet
from detector.fitting.score_model import cross_validate, figures_without
from detector.pairs.batch import Batch
from detector.pairs.features import FEATURES, pair_features
from detector.profile import Profile


@dataclass(frozen=True)
class FittedSet:
    """A set of pairs with what is needed to leave it out: features, vectors before the map, and its articles."""

    pairs: PairSet
    vectors: PairVectors
    batch: Batch


def leave_one_set_out(
    sets: Sequence[FittedSet], profile: Profile, start: NDArray[np.float32], advance: Callable[[int], None]
) -> dict[str, Any]:
    """For each set, the figures of a linear map and scores learned from the other sets only.

    `profile` has no centre yet. `start` is where the learning of the map begins. The scores are fitted on the
    cross-fitted features of the other sets, which come from maps that had seen this set. `advance` is called with 1
    after each set.
    """
    figures = {}
    for index, left_out in enumerate(sets):
        others = [other for position, other in enumerate(sets) if position != index]
        if any(other.pairs.same.any() for other in others):
            metric = fit_metric([other.vectors for other in others], start)
            batch = left_out.batch.in_space_of(with_map(profile, metric, [other.vectors for other in others]))
            features = pair_features(batch, left_out.pairs.pairs).matrix.astype(np.float64)
            unseen = replace(left_out.pairs, features=features)
            figures[unseen.name] = figures_without(unseen, [other.pairs for other in others])
        advance(1)
    return figures


def ablations(sets: Sequence[PairSet], advance: Callable[[int], None]) -> dict[str, Any]:
    """For each feature, the figures of cross-validation by set without it. `advance` is called with 1 after each."""
    figures = {}
    for name in FEATURES:
        figures[name] = cross_validate(sets, [other for other in FEATURES if other != name])
        advance(1)
    return figures
