"""For a model without a profile: language means of the batch itself, and a score that needs no labels.

There is nothing else to measure a pair against. So here, and only here, its score depends on the other articles.

The score rests on late interaction alone. Its cut is Otsu's (1979): the value that splits the pairs into two groups
with the least variance inside them. It is computed from the best value of each article and as many values spread over
all pairs, nearly all of which are different stories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.scoring import Scorer
from detector.pairs.space import ALL_LANGUAGES
from detector.profile import Curves, Cuts, Profile, RelationCuts, ScoreModel
from detector.profile.background import Background
from detector.records import Embeddings

# Nothing here was fitted, because a model without a profile has no labelled data. Each number is a convention.
# The mean of fewer articles shows their topic rather than their language.
FEWEST_ARTICLES = 5
# Log odds at one standard deviation from the cut: the probability is 0.12 below the cut and 0.88 above.
STEEPNESS = 2.0
# The probability at Otsu's cut, which is equally near to both groups.
THRESHOLD = 0.5
# Nothing is known of forms: their probability is practically 0.
NO_FORM = -10.0
# Near the fitted cuts of the shipped profile (0.74, 0.4, 0.89) and stricter, since they apply to another space: only
# clear relations are named.
RELATION_CUTS = RelationCuts(wording=0.8, answered=0.5, even=0.9)
# `same_story` only decides how deep the neighbours of a big batch are searched: deeper for near-identical articles
# alone. Every pair with a positive cosine is a candidate; half the largest cosine makes a counterpart.
CUTS = Cuts(same_story=0.9, counterpart=0.5, candidate=0.0)


def batch_profile(embeddings: Embeddings, languages: Sequence[str]) -> Profile:
    """A profile with the language means of the batch itself, and nothing learned.

    A language has a mean of its own if it has `FEWEST_ARTICLES`; the others take the mean of the batch.
    """
    codes = np.array(languages)
    common = sorted(language for language, count in Counter(languages).items() if count >= FEWEST_ARTICLES)
    dimensions = embeddings.articles.shape[1]
    batch_mean = embeddings.articles.mean(0)
    means = [*(embeddings.articles[codes == language].mean(0) for language in common), batch_mean]
    return Profile(
        name="statistics of the batch",
        groups=(*common, ALL_LANGUAGES),
        means=np.array(means, np.float32),
        bases=np.zeros((len(means), 1, dimensions), np.float32),
        metric=np.eye(dimensions, dtype=np.float32),
        # The centre is the origin: the means of the languages contain what the articles of the batch share.
        background=Background.empty("statistics of the batch", dimensions),
        cuts=CUTS,
    )


def batch_scorer(features: PairFeatures) -> Scorer:
    """A scorer on late interaction alone, with probability 0.5 at Otsu's cut between different stories and one.

    It cannot tell an affair from an event, so both have one probability; no pair is of one form.
    """
    late = features.matrix[:, FEATURES.index("late")].astype(np.float64)
    best = best_of_each(features.pairs, late)
    spread_out = np.quantile(late, np.linspace(0, 1, len(best))) if len(late) else late
    cut, deviation = otsu(np.concatenate([best, spread_out]))
    knots = {"late": np.array([cut - 3 * deviation, cut, cut + 3 * deviation])}
    curves = Curves(-3 * STEEPNESS, knots, {"late": np.array([3 * STEEPNESS, 3 * STEEPNESS])})
    model = ScoreModel(
        features=("late",),
        probability=curves,
        storyline=curves,
        form=Curves(NO_FORM, knots, {"late": np.zeros(2)}),
        similarity=curves,
        threshold=THRESHOLD,
        storyline_threshold=THRESHOLD,
        relations=RELATION_CUTS,
    )
    return Scorer(model)


def best_of_each(pairs: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest value of each article that is in any pair."""
    if not len(pairs):
        return np.zeros(0)
    best = np.full(int(pairs.max()) + 1, -np.inf)
    for side in (0, 1):
        np.maximum.at(best, pairs[:, side], values)
    return np.asarray(best[np.isfinite(best)])


def otsu(values: NDArray[np.float64]) -> tuple[float, float]:
    """The cut that splits the values with the least variance inside the two groups, and their standard deviation there.

    Otsu, "A threshold selection method from gray-level histograms", 1979. With fewer than two different values the cut
    lies above them all, so that nothing is joined without a reason.
    """
    ordered = np.sort(values)
    if len(ordered) < 2 or ordered[0] == ordered[-1]:
        return (float(ordered[-1]) if len(ordered) else 0.0) + 0.1, 0.1
    sizes = np.arange(1, len(ordered))
    total, squares = np.cumsum(ordered), np.cumsum(ordered**2)
    below = squares[:-1] - total[:-1] ** 2 / sizes
    above = (squares[-1] - squares[:-1]) - (total[-1] - total[:-1]) ** 2 / (len(ordered) - sizes)
    within = below + above
    last_below = int(np.argmin(within))
    deviation = float(np.sqrt(max(within[last_below], 0) / len(ordered)))
    return float(ordered[last_below] + ordered[last_below + 1]) / 2, max(deviation, 1e-3)
