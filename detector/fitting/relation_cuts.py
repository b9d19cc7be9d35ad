"""Fitting the cuts that name relations, on pairs whose relation is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.protocol import Encoder
from detector.evaluation.known_relations import KnownPair, known_pairs
from detector.evaluation.labelled import Labelled
from detector.evaluation.relation_metrics import batch_of_pairs
from detector.pairs.features import PairFeatures, pair_features
from detector.pairs.relations import relation_codes
from detector.profile import Profile, RelationCuts
from detector.records import Relation

HUNDREDTHS = np.linspace(0.01, 1, 100).round(2)
FROM_HALF = HUNDREDTHS[HUNDREDTHS >= 0.5]


def learned_relation_cuts(profile: Profile, sets: Sequence[Labelled], encoder: Encoder) -> RelationCuts:
    """The cuts that best separate the relations of pairs made from labelled articles.

    Raises ValueError if the sets have no pair of some relation.
    """
    known, across, features = [], [], []
    for data in sets:
        made = known_pairs(data)
        batch, pairs = batch_of_pairs(made, encoder, profile, use_declared_language=True)
        known += made
        across.append(batch.across(pairs))
        features.append(pair_features(batch, pairs))
    return fit_cuts(known, np.concatenate(across), concatenated(features))


def fit_cuts(known: Sequence[KnownPair], across: NDArray[np.bool_], features: PairFeatures) -> RelationCuts:
    """The cuts with the largest mean recall of the relations, fitted within one language and across languages.

    If several are equally good, their median. Pairs of the relation "same story" may be missing: across languages they
    are scarce. Raises ValueError if another relation is missing.
    """
    truth = np.array([Relation(pair.relation).code for pair in known])
    within = _best(truth, across, features, ("copy", "partial reuse"), two_languages=False)
    between = _best(truth, across, features, ("translation", "partial reuse"), two_languages=True)
    return RelationCuts(wording=within.wording, answered=between.answered, even=between.even)


def concatenated(parts: Sequence[PairFeatures]) -> PairFeatures:
    """The features of several batches one after the other; the pairs keep the indices of their own batch."""
    fields: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in PairFeatures.__dataclass_fields__
    }
    return PairFeatures(**fields)


def _best(
    truth: NDArray[np.int64],
    across: NDArray[np.bool_],
    features: PairFeatures,
    needed: Sequence[str],
    two_languages: bool,
) -> RelationCuts:
    """The best cuts for the pairs within one language, or for those of two languages."""
    chosen = (across == two_languages) & np.isin(truth, [Relation(name).code for name in (*needed, "same story")])
    rows, relations = np.flatnonzero(chosen), np.unique(truth[chosen])
    missing = [name for name in needed if Relation(name).code not in relations]
    if missing:
        kind = "across languages" if two_languages else "within one language"
        raise ValueError(f"no pair to learn {missing[0]!r} from {kind}")
    chosen_features, level = features.rows(rows), np.full(len(rows), Relation.SAME_STORY.code)
    tried = []
    for cuts in _candidates(two_languages):
        predicted = relation_codes(cuts, level, across[rows], chosen_features)
        recalls = [(predicted[truth[rows] == relation] == relation).mean() for relation in relations]
        tried.append((np.mean(recalls), cuts))
    highest = max(recall for recall, _ in tried)
    best = [(cuts.wording, cuts.answered, cuts.even) for recall, cuts in tried if recall >= highest - 1e-9]
    return RelationCuts(*np.median(np.array(best), 0).round(3).tolist())


def _candidates(two_languages: bool) -> Iterator[RelationCuts]:
    """The cuts to try; those that the kind of pair does not use are 0."""
    if not two_languages:
        return (RelationCuts(cut, 0, 0) for cut in HUNDREDTHS.tolist())
    return (RelationCuts(0, *cuts) for cuts in product(HUNDREDTHS.tolist(), FROM_HALF.tolist()))
