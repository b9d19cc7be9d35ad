"""Makes features and score models of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detector.pairs.facts import Facts, FactsBuilder
from detector.pairs.features import AGAINST, FEATURES, PairFeatures
from detector.pairs.relations import Thresholds
from detector.pairs.terms import SentenceTerms
from detector.profile import CURVES, Curves, RelationCuts, ScoreModel
from detector.profile.background import Background

Row = list[float]
THRESHOLDS = Thresholds(story=0.5, storyline=0.4)
NEUTRAL: Row = [0.0] * len(FEATURES)


def make_features(*rows: Row, reuse: tuple[float, float] = (0, 0)) -> PairFeatures:
    """The features of pairs with these rows of the matrix, all of the same two articles; one neutral row if none."""
    rows = rows or (NEUTRAL,)
    count = len(rows)
    zeros = np.zeros(count)
    return PairFeatures(
        pairs=np.tile(np.array([[0, 1]], np.int64), (count, 1)),
        matrix=np.array(rows, np.float64).reshape(count, len(FEATURES)),
        cosine=zeros,
        coverage_a=zeros,
        coverage_b=zeros,
        reuse_a=np.full(count, reuse[0]),
        reuse_b=np.full(count, reuse[1]),
        days_apart=zeros,
    )


def facts_of(articles: Iterable[tuple[Sequence[str], str]], background: Background) -> Facts:
    """The facts of articles, each its sentences and its language."""
    builder = FactsBuilder()
    for sentences, language in articles:
        builder.add([SentenceTerms.of(sentence, language) for sentence in sentences], language)
    return builder.build(background)


def random_curves(generator: np.random.Generator) -> Curves:
    """Curves in the directions of the features."""
    knots = {name: np.sort(generator.uniform(-1, 1, 4)) + np.arange(4) * 0.01 for name in FEATURES}
    sign = {name: -1.0 if name in AGAINST else 1.0 for name in FEATURES}
    gains = {name: sign[name] * generator.exponential(1, 3) for name in FEATURES}
    return Curves(float(generator.normal()), knots, gains)


def random_model(seed: int = 0) -> ScoreModel:
    """A model of all features."""
    generator = np.random.default_rng(seed)
    cuts = RelationCuts(wording=0.8, answered=0.3, even=0.9)
    return ScoreModel(
        features=FEATURES,
        **{name: random_curves(generator) for name in CURVES},
        threshold=0.5,
        storyline_threshold=0.4,
        relations=cuts,
    )
