"""What two articles of one story are to each other: a translation, a copy, partial reuse, or told independently.

Within one language the wording decides, across languages how well each article's sentences are answered by the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.pairs.features import PairFeatures
from detector.records import RELATIONS


@dataclass(frozen=True)
class RelationCuts:
    """The cuts that name relations.

    wording: the share of an article's runs of words from which it is taken from the other, within one language.
    answered: the mean best cosine of its sentences from which it is, across languages. even: of two articles in
    different languages, the smaller such mean over the greater from which both are taken from each other whole.
    """

    wording: float
    answered: float
    even: float

    @classmethod
    def from_json(cls, state: Mapping[str, float]) -> RelationCuts:
        return cls(**{name: float(state[name]) for name in cls.__dataclass_fields__})

    def named(self, same: NDArray[np.bool_], across: NDArray[np.bool_], evidence: PairFeatures) -> NDArray[np.int64]:
        """The relation of each pair, as its place in `RELATIONS`.

        Both articles taken from each other: a translation between languages, a copy within one. Only one taken from
        the other: partial reuse. Neither: the same story, told independently; or `different`, where not `same`.
        """
        least = np.minimum(evidence.taken_a, evidence.taken_b)
        most = np.maximum(evidence.taken_a, evidence.taken_b)
        taken = most >= np.where(across, self.answered, self.wording)
        both = taken & (least >= np.where(across, self.even * most, self.wording))
        cases = [(~same, "different"), (both & across, "translation"), (both, "copy"), (taken, "partial reuse")]
        places = [RELATIONS.index(name) for _, name in cases]
        return np.select([condition for condition, _ in cases], places, RELATIONS.index("same story"))
