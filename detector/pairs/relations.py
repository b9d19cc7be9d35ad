"""How two articles of one story are related: a translation, a copy, partial reuse, or independent reports.

Within one language the shared wording decides; across languages, how well the sentences of each article are matched by
the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.features import PairFeatures
from detector.profile import RelationCuts
from detector.records import Relation


def relation_codes(
    cuts: RelationCuts, same: NDArray[np.bool_], across: NDArray[np.bool_], features: PairFeatures
) -> NDArray[np.int64]:
    """The relation of each pair, (pairs,), as the code of a `Relation`.

    same: which pairs are one story. across: which pairs join two languages.
    """
    smaller = np.minimum(features.reuse_a, features.reuse_b)
    larger = np.maximum(features.reuse_a, features.reuse_b)
    either = larger >= np.where(across, cuts.answered, cuts.wording)
    both = either & (smaller >= np.where(across, cuts.even * larger, cuts.wording))
    # The first condition that holds decides.
    conditions = {
        Relation.DIFFERENT: ~same,
        Relation.TRANSLATION: both & across,
        Relation.COPY: both,
        Relation.PARTIAL_REUSE: either,
    }
    codes = [relation.code for relation in conditions]
    return np.select(list(conditions.values()), codes, Relation.SAME_STORY.code)
