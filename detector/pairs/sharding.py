"""Pairs judged shard by shard: each shard is a pure function of the batch and its pairs, and shards are put together.

So what is held at a time stays small however many pairs there are, and shards can be given to several processes or
machines: `merge` takes their parts in the order of the pairs.
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
from detector.pairs.scoring import Scorer, Scores

# Pairs of a shard: so many articles are in memory at a time, with the pages that the system reads around them.
SHARD = 1 << 10

Columns = TypeVar("Columns", PairFeatures, Scores)


def shards(count: int) -> Iterator[slice]:
    """The rows of each shard of `count` pairs; where there is none, one empty shard."""
    for start in range(0, max(count, 1), SHARD):
        yield slice(start, min(start + SHARD, count))


def merge(parts: Iterable[Columns], folder: Path | None = None) -> Columns:
    """The columns of all parts, one part after the other; at least one part. `folder` is where large arrays lie."""
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
    """The evidence of all pairs, (pairs, 2), shard by shard."""

    def parts() -> Iterator[PairFeatures]:
        for rows in shards(len(pairs)):
            yield pair_features(batch, pairs[rows], progress)
            batch.release()

    return merge(parts(), folder)


def score_all(
    scorer: Scorer, batch: Batch, evidence: PairFeatures, threshold: float, folder: Path | None = None
) -> Scores:
    """The scores of all pairs of the evidence, shard by shard."""

    def parts() -> Iterator[Scores]:
        for rows in shards(len(evidence.pairs)):
            part = evidence.rows(rows)
            yield scorer.score(part, batch.across(part.pairs), threshold)
            release(evidence.features)

    return merge(parts(), folder)
