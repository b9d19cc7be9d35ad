"""The cuts that name relations, from pairs whose relation is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.protocol import Encoder
from detector.evaluation.labelled import Labelled
from detector.evaluation.relations import KnownPair, encoded, known_pairs
from detector.pairs.features import PairFeatures, pair_features
from detector.pairs.relations import relation_codes
from detector.profile import Profile, RelationCuts
from detector.records import Relation

HUNDREDTHS = np.linspace(0.01, 1, 100).round(2)
FROM_HALF = HUNDREDTHS[HUNDREDTHS >= 0.5]


def learned_relation_cuts(profile: Profile, sets: Sequence[Labelled], encoder: Encoder) -> RelationCuts:
    """The cuts that best tell relations apart in pairs made from labelled articles.

    Raises `ValueError` where the sets cannot show a relation.
    """
    known, across, evidence = [], [], []
    for data in sets:
        made = known_pairs(data)
        batch, pairs = encoded(made, encoder, profile, declared=True)
        known += made
        across.append(batch.across(pairs))
        evidence.append(pair_features(batch, pairs))
    return fit_cuts(known, np.concatenate(across), joined(evidence))


def fit_cuts(known: Sequence[KnownPair], across: NDArray[np.bool_], evidence: PairFeatures) -> RelationCuts:
    """The cuts with the largest mean recall of the relations, within one language and across languages apart.

    Where many are equally good, the middle of them. Reports of one story, scarce across languages, may be missing.
    """
    truth = np.array([Relation(pair.relation).code for pair in known])
    within = _best(truth, across, evidence, ("copy", "partial reuse"), False)
    beyond = _best(truth, across, evidence, ("translation", "partial reuse"), True)
    return RelationCuts(wording=within.wording, answered=beyond.answered, even=beyond.even)


def joined(parts: Sequence[PairFeatures]) -> PairFeatures:
    """The evidence of several batches in a row; the pairs keep the numbers they have in their batch."""
    fields: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in PairFeatures.__dataclass_fields__
    }
    return PairFeatures(**fields)


def _best(
    truth: NDArray[np.int64],
    across: NDArray[np.bool_],
    evidence: PairFeatures,
    needed: Sequence[str],
    beyond: bool,
) -> RelationCuts:
    chosen = (across == beyond) & np.isin(truth, [Relation(name).code for name in (*needed, "same story")])
    rows, places = np.flatnonzero(chosen), np.unique(truth[chosen])
    missing = [name for name in needed if Relation(name).code not in places]
    if missing:
        where = "across languages" if beyond else "within one language"
        raise ValueError(f"no pair to learn {missing[0]!r} from {where}")
    looked_at = evidence.rows(rows)
    one = np.ones(len(rows), bool)
    found = []
    for cuts in _candidates(beyond):
        named = relation_codes(cuts, one, across[rows], looked_at)
        found.append((np.mean([(named[truth[rows] == place] == place).mean() for place in places]), cuts))
    most = max(recall for recall, _ in found)
    best = [(cuts.wording, cuts.answered, cuts.even) for recall, cuts in found if recall >= most - 1e-9]
    return RelationCuts(*np.median(np.array(best), 0).round(3).tolist())


def _candidates(beyond: bool) -> Iterator[RelationCuts]:
    if not beyond:
        return (RelationCuts(cut, 0, 0) for cut in HUNDREDTHS.tolist())
    return (RelationCuts(0, *cuts) for cuts in product(HUNDREDTHS.tolist(), FROM_HALF.tolist()))
