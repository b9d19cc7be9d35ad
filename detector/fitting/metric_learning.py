"""Learning the linear map of a profile from labelled pairs: it damps directions that do not separate stories.

Logistic metric learning (Guillaumin, Verbeek and Schmid, ICCV 2009): the log odds of a pair are linear in the cosines
of its headlines and of its articles after the map. Gradient descent learns the map, with a quadratic penalty on its
distance from the start, which is the partial whitening of `detector.fitting.language_space`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.fitting.pair_sets import PairSet
from detector.records import Embeddings

# The weight of the penalty on the distance from the start; steps of gradient descent and their learning rate.
PENALTY, STEPS, RATE = 0.01, 80, 2e-3
# At most so many pairs of one story, and so many unrelated pairs, of each set.
SAME_PAIRS, UNRELATED_PAIRS = 4_000, 6_000


@dataclass(frozen=True)
class PairVectors:
    """A set of labelled pairs and the language-neutral embeddings of its articles, before any map.

    real: whether the articles were written as news, not translated for the set; only these give a centre.
    """

    data: PairSet
    neutral: Embeddings
    real: bool = True


def fit_metric(
    sets: Sequence[PairVectors], start: NDArray[np.float32], *, without: int | None = None
) -> NDArray[np.float32]:
    """The map, float32, (dimensions, dimensions), learned from all sets with equal weight.

    start: where gradient descent begins. without: a fold of stories to leave out. The same data gives the same map.
    """
    import torch

    threads = torch.get_num_threads()
    # With several threads the order of sums varies, and with it the last digits.
    torch.set_num_threads(1)
    try:
        return _descend([_Part.of(each, without) for each in sets], start)
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class _Part:
    """The sampled pairs of a set and their vectors.

    headlines, articles: (articles, dimensions). pairs: (pairs, 2), rows of these. target: 0 to 1; weight; across: 1 for
    two languages; all (pairs,). real: as in `PairVectors`.
    """

    headlines: NDArray[np.float32]
    articles: NDArray[np.float32]
    pairs: NDArray[np.int64]
    target: NDArray[np.float32]
    weight: NDArray[np.float32]
    across: NDArray[np.float32]
    real: bool

    @classmethod
    def of(cls, vectors: PairVectors, without: int | None) -> _Part:
        data = vectors.data
        seen = np.ones(len(data.same), bool) if without is None else ~data.touches(without)
        rows, weight = sampled(data, np.flatnonzero(seen), data.fitting_weight(seen))
        used, indices = np.unique(data.pairs[rows], return_inverse=True)
        target = data.same[rows] if data.grade is None else data.grade[rows]
        return cls(
            vectors.neutral.sentences[vectors.neutral.offsets[used]],
            vectors.neutral.articles[used],
            indices.reshape(-1, 2),
            target.astype(np.float32),
            weight.astype(np.float32),
            data.across[rows].astype(np.float32),
            vectors.real,
        )


def sampled(
    data: PairSet, rows: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """A random sample of the rows and its weights, scaled so that each kind of pair keeps its total weight.

    Graded pairs are few: all are taken.
    """
    if data.grade is not None:
        return rows, weight
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    chosen, weights = [], []
    for of_one_story, most in ((True, SAME_PAIRS), (False, UNRELATED_PAIRS)):
        kind = np.flatnonzero(data.same[rows] == of_one_story)
        kept = np.sort(rng.choice(kind, min(most, len(kind)), replace=False))
        chosen.append(rows[kept])
        weights.append(weight[kept] * (weight[kind].sum() / weight[kept].sum() if len(kept) else 1))
    return np.concatenate(chosen), np.concatenate(weights)


def _descend(parts: Sequence[_Part], start: NDArray[np.float32]) -> NDArray[np.float32]:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, normalize

    tensors = [
        [torch.from_numpy(array) for array in (p.headlines, p.articles, p.pairs, p.target, p.weight, p.across)]
        for p in parts
    ]
    initial = torch.from_numpy(start)
    metric = initial.clone().requires_grad_()
    # For each set: the coefficients of both cosines, the intercept, and what a pair of two languages adds.
    odds = torch.tensor([[5.0, 5.0, -3.0, 0.0]] * len(parts), requires_grad=True)
    descent = torch.optim.Adam([{"params": [metric], "lr": RATE}, {"params": [odds], "lr": 50 * RATE}])
    for _ in range(STEPS):
        descent.zero_grad()
        loss = PENALTY * ((metric - initial) ** 2).sum()
        every = [normalize(articles @ metric) for _, articles, *_ in tensors]
        # One centre for all sets, as the background has; see `detector.fitting.background`.
        real = [vectors for vectors, part in zip(every, parts, strict=True) if part.real]
        centre = torch.cat(real).mean(0) if real else torch.zeros(len(initial))
        for index, (headlines, _, pairs, target, weight, across) in enumerate(tensors):
            mapped = every[index]
            a, b = pairs.T
            cosines = [
                (vectors[a] * vectors[b]).sum(1)
                for vectors in (normalize(normalize(headlines @ metric) - centre), normalize(mapped - centre))
            ]
            headline, article, intercept, two_languages = odds[index]
            logits = headline * cosines[0] + article * cosines[1] + intercept + two_languages * across
            loss = loss + (weight * binary_cross_entropy_with_logits(logits, target, reduction="none")).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        descent.step()
    return np.asarray(metric.detach().numpy(), np.float32)
