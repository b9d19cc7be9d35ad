"""How two articles are related: a translation, a copy, partial reuse, independent reports, a follow-up, one form.

Probabilities decide whether the two are one story, one storyline or of one form. In one story, within one language the
shared wording decides; across languages, how well the sentences of each article are matched by the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.pairs.features import PairFeatures
from detector.profile import RelationCuts, ScoreModel
from detector.records import Relation

# The probability of one form from which it can be the relation: more likely than not.
FORM = 0.5


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where stories and storylines begin, 0 to 1.

    story: the probability from which articles are one story. storyline: the storyline probability from which stories
    are one storyline.
    """

    story: float
    storyline: float

    @classmethod
    def of(cls, model: ScoreModel, story: float | None = None, storyline: float | None = None) -> Thresholds:
        """The thresholds of a model, except those that are given."""
        return cls(
            model.threshold if story is None else story, model.storyline_threshold if storyline is None else storyline
        )


def levels(
    probability: NDArray[np.float64],
    storyline_probability: NDArray[np.float64],
    form_probability: NDArray[np.float64],
    thresholds: Thresholds,
) -> NDArray[np.int64]:
    """What the probabilities make of each pair, (pairs,): the code of same story, follow-up, same form or different.

    Under the threshold of stories, a pair is of one form if that is more likely than not and likelier than one affair.
    """
    conditions = {
        Relation.SAME_STORY: probability >= thresholds.story,
        Relation.SAME_FORM: (form_probability >= FORM) & (form_probability > storyline_probability),
        Relation.FOLLOW_UP: storyline_probability >= thresholds.storyline,
    }
    codes = [relation.code for relation in conditions]
    return np.select(list(conditions.values()), codes, Relation.DIFFERENT.code)


def relation_codes(
    cuts: RelationCuts, level: NDArray[np.int64], across: NDArray[np.bool_], features: PairFeatures
) -> NDArray[np.int64]:
    """The relation of each pair, (pairs,), as the code of a `Relation`.

    level: as `levels` gives it; pairs of one story are told apart further. across: which pairs join two languages.
    """
    smaller = np.minimum(features.reuse_a, features.reuse_b)
    larger = np.maximum(features.reuse_a, features.reuse_b)
    either = larger >= np.where(across, cuts.answered, cuts.wording)
    both = either & (smaller >= np.where(across, cuts.even * larger, cuts.wording))
    # In both dictionaries the first condition that holds decides.
    conditions = {
        Relation.TRANSLATION: both & across,
        Relation.COPY: both,
        Relation.PARTIAL_REUSE: either,
    }
    codes = [relation.code for relation in conditions]
    kinds = np.select(list(conditions.values()), codes, Relation.SAME_STORY.code)
    return np.where(level == Relation.SAME_STORY.code, kinds, level)
