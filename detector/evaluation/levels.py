"""Measures of the two levels, one event and one affair: calibration by language, and what the false links are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.metrics import calibration_error

# The kinds of pairs that are wrongly in one story: one form with other facts, another event of the affair, all others.
KINDS = ("form", "development", "unrelated")


def calibration(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    languages: NDArray[np.str_],
    weight: NDArray[np.float64] | None = None,
) -> dict[str, Any]:
    """The expected calibration error of pairs: of all, within one language, across languages, by pair of languages.

    probabilities: (pairs,), 0 to 1; truth: (pairs,), the labels; languages: (pairs, 2); weight: (pairs,), how many
    pairs each represents, None for one. Each error comes with the number of its pairs.
    """
    mass = np.ones(len(truth)) if weight is None else weight
    across = languages[:, 0] != languages[:, 1]

    def error(chosen: NDArray[np.bool_]) -> dict[str, float]:
        found = calibration_error(probabilities[chosen], truth[chosen], mass[chosen])
        return {"pairs": int(chosen.sum()), "error": found}

    both = np.array(["-".join(sorted(pair)) for pair in languages.tolist()], np.str_)
    return {
        "all": error(np.ones(len(truth), bool)),
        "within_one_language": error(~across),
        "across_languages": error(across),
        "by_languages": {name: error(both == name) for name in sorted(set(both.tolist()))},
    }


def false_links(
    wrong: NDArray[np.bool_],
    development: NDArray[np.bool_],
    form: NDArray[np.bool_],
    weight: NDArray[np.float64] | None = None,
) -> Mapping[str, float]:
    """How many pairs of each of `KINDS` are wrongly in one story, weighted.

    All are (pairs,). wrong: in one story, but not one event; development: of one affair; form: of one form, which is
    what a pair counts as if both are true.
    """
    mass = np.ones(len(wrong)) if weight is None else weight
    chosen = (wrong & form, wrong & development & ~form, wrong & ~development & ~form)
    return {name: float(mass[rows].sum()) for name, rows in zip(KINDS, chosen, strict=True)}
