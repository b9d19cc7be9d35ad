"""From evidence to a score: a monotone additive model, which explains itself.

The log odds of a pair are a base plus one curve a feature: straight between knots, rising for features that speak for
the same story, falling for the others (a generalised additive model; Hastie and Tibshirani, 1986). So more evidence
never lowers a score, and each feature's share is read off its curve: base and shares add up to the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import RelationCuts
from detector.profile import Profile

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """One additive model: `base`, and for each feature its knots (k + 1, rising) and gains (k, all of one sign)."""

    base: float
    knots: dict[str, NDArray[np.float64]]
    gains: dict[str, NDArray[np.float64]]

    def shares(self, features: Matrix, names: Sequence[str]) -> Matrix:
        """Each feature's part of the log odds: (pairs, features); columns of `features` are named by `names`."""
        parts = [steps(features[:, place], self.knots[name]) @ self.gains[name] for place, name in enumerate(names)]
        return np.stack(parts, 1) if parts else np.zeros((len(features), 0))

    def log_odds(self, features: Matrix, names: Sequence[str]) -> NDArray[np.float64]:
        """The score of each pair before it becomes a probability: (pairs,)."""
        return np.asarray(self.base + self.shares(features, names).sum(1))

    def to_json(self) -> dict[str, Any]:
        return {
            "base": self.base,
            "knots": {name: values.tolist() for name, values in self.knots.items()},
            "gains": {name: values.tolist() for name, values in self.gains.items()},
        }

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Curves:
        arrays = [{name: np.array(values, float) for name, values in state[key].items()} for key in ("knots", "gains")]
        return cls(float(state["base"]), *arrays)


def steps(values: NDArray[np.float64], knots: NDArray[np.float64]) -> Matrix:
    """How far each value has come from one knot to the next, 0 to 1: (values, knots − 1)."""
    return np.asarray(((values[:, None] - knots[:-1]) / np.diff(knots)).clip(0, 1))


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as probabilities, 0 to 1, never NaN."""
    return np.asarray(expit(log_odds))


@dataclass(frozen=True)
class Scores:
    """What is said of many pairs, all (pairs,): numbers 0 to 1, `relation` places in `RELATIONS`."""

    probability: NDArray[np.float64]
    similarity: NDArray[np.float64]
    relation: NDArray[np.int64]


@dataclass(frozen=True)
class Scorer:
    """The scoring model of a profile: two additive models over the same features, and the cuts that name relations.

    threshold: the probability from which articles are one story.
    """

    features: tuple[str, ...]
    same_story: Curves
    alike: Curves
    threshold: float
    relations: RelationCuts

    @classmethod
    def of(cls, profile: Profile) -> Scorer:
        """The scorer a profile describes. Raises `ValueError` where it was fitted on features this version lacks."""
        state = profile.scoring
        unknown = sorted(set(state["features"]) - set(FEATURES))
        if unknown:
            raise ValueError(f"profile {profile.name} needs unknown features: {', '.join(unknown)}; fit it again")
        return cls(
            tuple(state["features"]),
            Curves.from_json(state["probability"]),
            Curves.from_json(state["similarity"]),
            float(state["threshold"]),
            RelationCuts.from_json(state["relations"]),
        )

    def score(self, evidence: PairFeatures, across: NDArray[np.bool_], threshold: float) -> Scores:
        """Probability, similarity and relation of each pair; `across` tells pairs of two languages."""
        chosen = self._chosen(evidence)
        same = probability(self.same_story.log_odds(chosen, self.features))
        alike = probability(self.alike.log_odds(chosen, self.features))
        return Scores(same, alike, self.relations.named(same >= threshold, across, evidence))

    def explain(self, evidence: PairFeatures) -> dict[str, float]:
        """Each feature's share of the log odds of one pair; with "base" they add up to it."""
        shares = self.same_story.shares(self._chosen(evidence), self.features)[0]
        return {"base": self.same_story.base, **dict(zip(self.features, shares.tolist(), strict=True))}

    def _chosen(self, evidence: PairFeatures) -> Matrix:
        return evidence.features[:, [FEATURES.index(name) for name in self.features]].astype(np.float64)
