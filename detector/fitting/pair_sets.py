"""Labelled pairs for fitting: what is known of each, how much it weighs, and in which fold it is."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.pairs.batch import Batch
from detector.pairs.features import FEATURES, dots, pair_features
from detector.pairs.scoring import Matrix

FOLDS = 5
# In fitting, the pairs of a set that are not one story weigh together at most this many times what those of one do.
UNRELATED_WEIGHT = 10.0


@dataclass(frozen=True)
class PairSet:
    """Labelled pairs of one set of data; every array is (pairs, …).

    pairs: (pairs, 2), the indices of the articles. targets: for each curve of a score model (see
    `detector.profile.CURVES`) that the set has labels for, what it should give, 0 to 1, NaN if it is unknown. weight:
    how many pairs of the full set each one represents. size: articles in the story of the first article; 2 if only
    pairs are known. across: two languages. fold_a, fold_b: the fold of the story of each article. features: as
    `pair_features` returns them. cosine: of the articles in the language-neutral space. share: how much the set counts
    in fitting. judged: the pairs are real news as a report gives them, read one by one. chance: float64, the best
    cosine in the other article of each sentence of the judged pairs that are not one affair: matches by chance.
    """

    name: str
    pairs: NDArray[np.int64]
    targets: Mapping[str, NDArray[np.float64]]
    weight: NDArray[np.float64]
    size: NDArray[np.int64]
    across: NDArray[np.bool_]
    fold_a: NDArray[np.int64]
    fold_b: NDArray[np.int64]
    features: Matrix = field(default_factory=lambda: np.zeros((0, len(FEATURES))))
    cosine: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    share: float = 1.0
    judged: bool = False
    chance: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def known(self, curve: str) -> NDArray[np.bool_]:
        """Which pairs have a target for a curve: (pairs,)."""
        target = self.targets.get(curve)
        return np.zeros(len(self.pairs), bool) if target is None else ~np.isnan(target)

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which pairs are known to be one story: (pairs,)."""
        return self.known("probability") & (self.targets.get("probability", np.zeros(len(self.pairs))) >= 0.5)

    def fitting_weight(self, curve: str, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The weight of the chosen pairs in fitting a curve; it sums to `share`, whatever the size of the set.

        The pairs of one story together weigh as much as the story has articles. Otherwise one large story would be
        most of what is learned. The others weigh at most `UNRELATED_WEIGHT` times as much as those of one story.
        """
        weight, positive = self.weight[chosen].copy(), self.targets[curve][chosen] >= 0.5
        weight[positive] /= np.maximum(self.size[chosen][positive] - 1, 1)
        unrelated = weight[~positive].sum()
        if unrelated and positive.any():
            weight[~positive] *= min(1.0, UNRELATED_WEIGHT * weight[positive].sum() / unrelated)
        return np.asarray(self.share * weight / max(weight.sum(), 1e-12))

    @property
    def fold(self) -> NDArray[np.int64]:
        """The fold whose models predict each pair."""
        return np.maximum(self.fold_a, self.fold_b)

    def touches(self, fold: int) -> NDArray[np.bool_]:
        """Which pairs have an article whose story is in the fold."""
        return np.asarray((self.fold_a == fold) | (self.fold_b == fold))

    def with_features(self, batch: Batch) -> PairSet:
        """The pairs with their features; `batch` holds their articles."""
        features = pair_features(batch, self.pairs).matrix.astype(np.float64)
        cosine = dots(batch.neutral.articles, *self.pairs.T)
        # Pairs that a careful reader found alike, but not one affair.
        apart = self.pairs[self.judged & (self.targets.get("storyline", cosine) < 0.5)]
        best = [batch.specific.of(a) @ batch.specific.of(b).T for a, b in apart.tolist()]
        chance = [np.concatenate([cosines.max(1), cosines.max(0)]).astype(np.float64) for cosines in best]
        return replace(self, features=features, cosine=cosine, chance=np.concatenate([np.zeros(0), *chance]))


def joined(parts: Sequence[PairSet]) -> PairSet:
    """Several parts of one set as one; the pairs keep the indices of their own part."""
    names = ("pairs", "weight", "size", "across", "fold_a", "fold_b", "features", "cosine", "chance")
    arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    targets = {curve: np.concatenate([part.targets[curve] for part in parts]) for curve in parts[0].targets}
    return replace(parts[0], targets=targets, **arrays)


def folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """A fold for each group: evenly spread, and by the hash of its name, so that the order does not matter."""
    names = sorted(set(groups), key=lambda name: (zlib.crc32(name.encode("utf-8", "surrogatepass")), name))
    fold = {name: index % FOLDS for index, name in enumerate(names)}
    return np.array([fold[name] for name in groups], np.int64)
