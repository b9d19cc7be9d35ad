"""Pairs with known labels, for the tests of fitting."""

from __future__ import annotations

import numpy as np

from detector.fitting.pair_sets import FOLDS, PairSet
from detector.pairs.features import FEATURES


def made_pairs(name: str, seed: int, graded: bool = False) -> PairSet:
    """400 pairs; only the feature "late" depends on whether a pair is one story."""
    generator = np.random.default_rng(seed)
    same = generator.random(400) < 0.4
    features = generator.uniform(0, 1, (400, len(FEATURES)))
    features[:, FEATURES.index("late")] = same + generator.normal(0, 0.3, 400)
    fold = generator.integers(FOLDS, size=(2, 400))
    curves = ("probability", "storyline", "similarity") if graded else ("probability", "storyline")
    return PairSet(
        name,
        pairs=np.arange(800).reshape(400, 2),
        targets=dict.fromkeys(curves, same.astype(float)),
        weight=np.ones(400),
        size=generator.integers(1, 5, 400),
        across=generator.random(400) < 0.5,
        fold_a=fold[0],
        fold_b=np.where(same, fold[0], fold[1]),
        features=features,
        cosine=np.zeros(400),
    )
