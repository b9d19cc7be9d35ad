"""From the features of a pair to its score: a monotone additive model, which explains itself.

The log odds of a pair are a base plus one curve for each feature: straight between knots, rising for features that
support one story, falling for the others (a generalised additive model; Hastie and Tibshirani, 1986). So more support
never lowers a score, and the contribution of each feature is read off its curve: base and contributions add up to the
log odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import Thresholds, levels, relation_codes
from detector.profile import Curves, Profile, ScoreModel

Matrix = NDArray[np.float64]


def contributions(curves: Curves, features: Matrix, names: Sequence[str]) -> Matrix:
    """Each feature's part of the log odds: (pairs, features); `names` names the columns of `features`."""
    # Not a matrix product, whose last digits depend on the number of pairs.
    parts = [(steps(features[:, i], curves.knots[name]) * curves.gains[name]).sum(1) for i, name in enumerate(names)]
    return np.stack(parts, 1) if parts else np.zeros((len(features), 0))


def log_odds(curves: Curves, features: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
    """The log odds of each pair: (pairs,)."""
    return np.asarray(curves.base + contributions(curves, features, names).sum(1))


def steps(values: NDArray[np.float64], knots: NDArray[np.float64]) -> Matrix:
    """How far each value has come from each knot to the next, 0 to 1: (values, knots − 1)."""
    return np.asarray(((values[:, None] - knots[:-1]) / np.diff(knots)).clip(0, 1))


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as probabilities, 0 to 1, never NaN."""
    return np.asarray(expit(log_odds))


@dataclass(frozen=True)
class Scores:
    """The scores of many pairs, each (pairs,): probabilities and similarity 0 to 1, relation the code of a `Relation`.

    probability: P(same event). storyline_probability: P(same affair), at least the probability. form_probability: P(one
    recurring form with different facts).
    """

    probability: NDArray[np.float64]
    storyline_probability: NDArray[np.float64]
    form_probability: NDArray[np.float64]
    similarity: NDArray[np.float64]
    relation: NDArray[np.int64]


@dataclass(frozen=True)
class Scorer:
    """Applies a score model to the features of pairs."""

    model: ScoreModel

    @classmethod
    def of(cls, profile: Profile) -> Scorer:
        """The scorer of a profile. Raises `ValueError` if it has no score model, or one with features unknown here."""
        if profile.scoring is None:
            raise ValueError(f"profile {profile.name} has no score model; make one with: detector fit-profile")
        unknown = sorted(set(profile.scoring.features) - set(FEATURES))
        if unknown:
            raise ValueError(f"profile {profile.name} needs unknown features: {', '.join(unknown)}; fit it again")
        return cls(profile.scoring)

    def score(self, features: PairFeatures, across: NDArray[np.bool_], thresholds: Thresholds) -> Scores:
        """Probabilities, similarity and relation of each pair; `across` marks the pairs that join two languages."""
        model, columns = self.model, self._columns(features)
        event, affair, form, alike = (
            probability(log_odds(curves, columns, model.features))
            for curves in (model.probability, model.storyline, model.form, model.similarity)
        )
        # Articles on one event are also on one affair.
        affair = np.maximum(event, affair)
        level = levels(event, affair, form, thresholds)
        return Scores(event, affair, form, alike, relation_codes(model.relations, level, across, features))

    def contributions(self, features: PairFeatures) -> dict[str, float]:
        """The parts of the log odds of the first pair, by feature; with the "base" they add up to the log odds."""
        parts = contributions(self.model.probability, self._columns(features), self.model.features)[0]
        return {"base": self.model.probability.base, **dict(zip(self.model.features, parts.tolist(), strict=True))}

    def _columns(self, features: PairFeatures) -> Matrix:
        return features.matrix[:, [FEATURES.index(name) for name in self.model.features]].astype(np.float64)
