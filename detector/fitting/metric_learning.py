"""Learning the linear map of a profile from labelled pairs: it damps the directions that do not tell stories apart.

Logistic metric learning (Guillaumin, Verbeek and Schmid, ICCV 2009): the log odds of a pair are linear in the cosines
of its headlines and of its articles after the map, and gradient descent makes the map from its start, held near it by
a quadratic penalty. The start is the partial whitening of `detector.fitting.language_space`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.fitting.score_model import PairSet
from detector.records import Embeddings

# How strongly the map is held at its start, and how far gradient descent goes.
HELD, STEPS, RATE = 0.01, 80, 2e-3
# Of the pairs of a set, this many of one story and of strangers are looked at.
SAME_PAIRS, STRANGER_PAIRS = 4_000, 6_000
# Share of the mean of a set's articles that is subtracted, as `detector.pairs.space.batch_mean` does with a batch.
CENTRED = 0.9


@dataclass(frozen=True)
class PairVectors:
    """A set of labelled pairs and the neutral embeddings, before any map, that its pairs number."""

    data: PairSet
    neutral: Embeddings


def fit_metric(
    sets: Sequence[PairVectors], start: NDArray[np.float32], *, without: int | None = None
) -> NDArray[np.float32]:
    """The map, float32, (dimensions, dimensions), learned from all sets alike; `without` leaves a fold of stories out.

    `start` is where gradient descent begins. The same data gives the same map.
    """
    import torch

    threads = torch.get_num_threads()
    # The order in which several threads add up shows in the last digits.
    torch.set_num_threads(1)
    try:
        return _descend([_Part.of(each, without) for each in sets], start)
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class _Part:
    """What of a set is looked at: vectors of headlines and articles; places, target and weight of each pair."""

    headlines: NDArray[np.float32]
    articles: NDArray[np.float32]
    pairs: NDArray[np.int64]
    target: NDArray[np.float32]
    weight: NDArray[np.float32]
    across: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: PairVectors, without: int | None) -> _Part:
        data = vectors.data
        seen = np.ones(len(data.same), bool) if without is None else ~data.unseen(without)
        rows, weight = sampled(data, np.flatnonzero(seen), data.mass(seen))
        used, places = np.unique(data.pairs[rows], return_inverse=True)
        target = data.same[rows] if data.grade is None else data.grade[rows]
        return cls(
            vectors.neutral.sentences[vectors.neutral.offsets[used]],
            vectors.neutral.articles[used],
            places.reshape(-1, 2),
            target.astype(np.float32),
            weight.astype(np.float32),
            data.across[rows].astype(np.float32),
        )


def sampled(
    data: PairSet, rows: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """At most so many pairs of one story and of strangers, at random; what is left weighs as much as all did."""
    if data.grade is not None:
        return rows, weight
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    chosen, weights = [], []
    for of_one_story, most in ((True, SAME_PAIRS), (False, STRANGER_PAIRS)):
        places = np.flatnonzero(data.same[rows] == of_one_story)
        kept = np.sort(rng.choice(places, min(most, len(places)), replace=False))
        chosen.append(rows[kept])
        weights.append(weight[kept] * (weight[places].sum() / weight[kept].sum() if len(kept) else 1))
    return np.concatenate(chosen), np.concatenate(weights)


def _descend(parts: Sequence[_Part], start: NDArray[np.float32]) -> NDArray[np.float32]:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, normalize

    tensors = [
        [torch.from_numpy(array) for array in (p.headlines, p.articles, p.pairs, p.target, p.weight, p.across)]
        for p in parts
    ]
    held = torch.from_numpy(start)
    metric = held.clone().requires_grad_()
    # For each set: the weights of both cosines, the base, and what a pair of two languages adds.
    odds = torch.tensor([[5.0, 5.0, -3.0, 0.0]] * len(parts), requires_grad=True)
    descent = torch.optim.Adam([{"params": [metric], "lr": RATE}, {"params": [odds], "lr": 50 * RATE}])
    for _ in range(STEPS):
        descent.zero_grad()
        loss = HELD * ((metric - held) ** 2).sum()
        for number, (headlines, articles, pairs, target, weight, across) in enumerate(tensors):
            whole = normalize(articles @ metric)
            centre = CENTRED * whole.mean(0)
            a, b = pairs.T
            cosines = [
                (vectors[a] * vectors[b]).sum(1)
                for vectors in (normalize(normalize(headlines @ metric) - centre), normalize(whole - centre))
            ]
            first, second, base, between = odds[number]
            logits = first * cosines[0] + second * cosines[1] + base + between * across
            loss = loss + (weight * binary_cross_entropy_with_logits(logits, target, reduction="none")).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        descent.step()
    return np.asarray(metric.detach().numpy(), np.float32)
