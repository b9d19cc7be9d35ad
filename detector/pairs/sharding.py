"""Features and scores shard by shard: each shard is a pure function of the batch and its pairs, and `merge` joins them.

So memory stays small however many pairs there are, and shards can go to several processes or machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool, release
from detector.pairs.batch import Batch
from detector.pairs.features import PairFeatures, pair_features
from detector.pairs.relations import Thresholds
from detector.pairs.scoring import Scorer, Scores

# Pairs in a shard. The sentences of their articles are in memory at once, and the pages that surround them.
SHARD = 1 << 10

Columns = TypeVar("Columns", PairFeatures, Scores)


def shards(count: int) -> Iterator[slice]:
    """The rows of each shard of `count` pairs; one empty shard if there are no pairs."""
    for start in range(0, max(count, 1), SHARD):
        yield slice(start, min(start + SHARD, count))


def merge(parts: Iterable[Columns], folder: Path | None = None) -> Columns:
    """The columns of all parts, at least one, in their order; large arrays are files in `folder`."""
    spools: dict[str, Spool] = {}
    for part in parts:
        kind = type(part)
        for field in fields(part):
            column = getattr(part, field.name)
            if field.name not in spools:
                spools[field.name] = Spool(column.dtype, column.shape[1] if column.ndim > 1 else None, folder)
            spools[field.name].append(column)
            release(column)
    return kind(**{name: spool.array() for name, spool in spools.items()})


def all_pair_features(
    batch: Batch, pairs: NDArray[np.int64], folder: Path | None = None, progress: Callable[[int], None] | None = None
) -> PairFeatures:
    """The features of all pairs, (pairs, 2), shard by shard; see `pair_features`."""

    def parts() -> Iterator[PairFeatures]:
        for rows in shards(len(pairs)):
            yield pair_features(batch, pairs[rows], progress)
            batch.release()

    return merge(parts(), folder)


def score_all(
    scorer: Scorer, batch: Batch, features: PairFeatures, thresholds: Thresholds, folder: Path | None = None
) -> Scores:
    """The scores of all pairs, shard by shard; see `Scorer.score`."""

    def parts() -> Iterator[Scores]:
        for rows in shards(len(features.pairs)):
            shard = features.rows(rows)
            yield scorer.score(shard, batch.across(shard.pairs), thresholds)
            release(features.matrix)

    return merge(parts(), folder)
