"""For a model without a profile: language statistics of the batch, and a cut chosen without labels.

The cut is Otsu's (1979): the value that parts the pairs into two groups with the least variance inside them. It is
found on each article's best late interaction and as many values spread over all pairs, nearly all of them strangers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import RelationCuts
from detector.pairs.scoring import Curves, Scorer
from detector.pairs.space import EVERY
from detector.profile import Profile
from detector.records import Embeddings

# A mean over fewer articles tells their topic rather than their language.
FEWEST_ARTICLES = 5
# How firmly the two groups are parted: log odds at one standard deviation from the cut.
FIRMNESS = 2.0
# What names relations where nothing was learned.
RELATION_CUTS = RelationCuts(wording=0.8, answered=0.5, even=0.9)


def batch_profile(embeddings: Embeddings, languages: Sequence[str]) -> Profile:
    """A profile with the language means of the batch itself, and nothing learned."""
    codes = np.array(languages)
    common = sorted(language for language, count in Counter(languages).items() if count >= FEWEST_ARTICLES)
    dimensions = embeddings.articles.shape[1]
    every = embeddings.articles.mean(0)
    means = [*(embeddings.articles[codes == language].mean(0) for language in common), every]
    return Profile(
        name="statistics of the batch",
        groups=(*common, EVERY),
        means=np.array(means, np.float32),
        bases=np.zeros((len(means), 1, dimensions), np.float32),
        metric=np.eye(dimensions, dtype=np.float32),
        background_keys=np.zeros(0, np.uint32),
        background_counts=np.zeros(0, np.uint16),
        background_articles={},
        scoring={"cuts": {"same_story": 0.9, "centre_prior": 1e9, "candidate": 0.0, "counterpart": 0.5}},
    )


def batch_scorer(evidence: PairFeatures) -> Scorer:
    """A scorer on late interaction alone, with Otsu's cut between strangers and stories at probability 0.5."""
    late = evidence.features[:, FEATURES.index("late")].astype(np.float64)
    best = best_of_each(evidence.pairs, late)
    strangers = np.quantile(late, np.linspace(0, 1, len(best))) if len(late) else late
    cut, spread = otsu(np.concatenate([best, strangers]))
    knots = {"late": np.array([cut - 3 * spread, cut, cut + 3 * spread])}
    curves = Curves(-3 * FIRMNESS, knots, {"late": np.array([3 * FIRMNESS, 3 * FIRMNESS])})
    return Scorer(("late",), curves, curves, threshold=0.5, relations=RELATION_CUTS)


def best_of_each(pairs: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest value of each article that is in any pair."""
    if not len(pairs):
        return np.zeros(0)
    best = np.full(int(pairs.max()) + 1, -np.inf)
    for side in (0, 1):
        np.maximum.at(best, pairs[:, side], values)
    return np.asarray(best[np.isfinite(best)])


def otsu(values: NDArray[np.float64]) -> tuple[float, float]:
    """The cut that parts the values with the least variance inside the two groups, and their spread there.

    Otsu, "A threshold selection method from gray-level histograms", 1979. With fewer than two different values the cut
    lies above them all, so that nothing is joined without a reason.
    """
    ordered = np.sort(values)
    if len(ordered) < 2 or ordered[0] == ordered[-1]:
        return (float(ordered[-1]) if len(ordered) else 0.0) + 0.1, 0.1
    cuts = np.arange(1, len(ordered))
    total, squares = np.cumsum(ordered), np.cumsum(ordered**2)
    below = squares[:-1] - total[:-1] ** 2 / cuts
    above = (squares[-1] - squares[:-1]) - (total[-1] - total[:-1]) ** 2 / (len(ordered) - cuts)
    inside = below + above
    place = int(np.argmin(inside))
    spread = float(np.sqrt(max(inside[place], 0) / len(ordered)))
    return float(ordered[place] + ordered[place + 1]) / 2, max(spread, 1e-3)
