"""Recall of the nearest-neighbour index: how many of the true nearest neighbours it finds among many real vectors.

    python -m tests.benchmarks.neighbour_recall LABELLED… --sizes 100000 1000000

LABELLED are files of articles. A vector is the mean of a run of consecutive sentences of one article, drawn at random,
as if the run were a short article: so the vectors are as near to each other as those of real articles. The result is
written as JSON beside the other tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.encoding.model_store import cache_folders, embeddings_file
from detector.evaluation.labelled import read_labelled
from detector.pairs.batch import groups_of
from detector.pairs.candidates import NEIGHBOURS
from detector.pairs.nearest import nearest_index
from detector.pairs.space import in_space
from detector.preparing import prepare
from detector.profile import load_profile
from detector.records import Embeddings, unit
from tests.benchmarks.results_files import RESULTS, write_results
from tests.benchmarks.timing import timed

SIZES = (100_000, 1_000_000)
LONGEST_RUN = 24
QUERIES = 500
ROWS_AT_A_TIME = 1 << 16
# Smaller differences between cosines are rounding.
ROUNDING = 1e-6


def runs_of_sentences(embeddings: Embeddings, count: int) -> NDArray[np.float32]:
    """The unit vectors of `count` different runs of up to `LONGEST_RUN` sentences, float32, (count, dimensions).

    Raises ValueError if the articles have fewer runs.
    """
    sizes, generator = np.diff(embeddings.offsets), np.random.default_rng(0)
    runs = np.zeros((0, 3), np.int64)
    for _ in range(50):
        article = generator.choice(len(sizes), count, p=sizes / sizes.sum())
        length = np.minimum(generator.integers(1, LONGEST_RUN, count, endpoint=True), sizes[article])
        start = (generator.random(count) * (sizes[article] - length + 1)).astype(np.int64)
        runs = np.unique(np.concatenate([runs, np.stack([article, start, length], 1)]), axis=0)
        if len(runs) >= count:
            break
    else:
        raise ValueError(f"only {len(runs)} runs of sentences in these articles, not {count}: name more files")
    article, start, length = runs[generator.permutation(len(runs))[:count]].T
    sums = np.zeros((len(embeddings.sentences) + 1, embeddings.sentences.shape[1]))
    np.cumsum(embeddings.sentences, 0, np.float64, sums[1:])
    first = embeddings.offsets[article] + start
    vectors = np.empty((count, sums.shape[1]), np.float32)
    for start_row in range(0, count, ROWS_AT_A_TIME):
        rows = slice(start_row, start_row + ROWS_AT_A_TIME)
        vectors[rows] = unit((sums[first[rows] + length[rows]] - sums[first[rows]]).astype(np.float32))
    return vectors


def measure(vectors: NDArray[np.float32], near: float) -> dict[str, Any]:
    """Recall of the true nearest neighbours of some vectors: all of them, and those with a cosine of `near` or more."""
    count = len(vectors)
    queries = np.sort(np.random.default_rng(1).permutation(count)[:QUERIES])
    building, index = timed(lambda: nearest_index(vectors, np.arange(count)))
    querying, (found, _) = timed(lambda: index.nearest(vectors[queries], NEIGHBOURS + 1))
    hits, wanted = np.zeros(2), np.zeros(2)
    for query, article in enumerate(queries.tolist()):
        cosines = vectors @ vectors[article]
        cosines[article] = -2
        true = -np.sort(-np.partition(cosines, count - NEIGHBOURS)[-NEIGHBOURS:])
        neighbours_found = found[query][found[query] != article][:NEIGHBOURS]
        for kind, floor in enumerate((-1.0, near)):
            expected = int((true >= floor).sum())
            if expected:
                reached = (cosines[neighbours_found] >= max(true[expected - 1], floor) - ROUNDING).sum()
                hits[kind] += min(int(reached), expected)
                wanted[kind] += expected
    return {
        "vectors": count,
        "recall": float(hits[0] / wanted[0]),
        "recall_of_near_ones": float(hits[1] / max(wanted[1], 1)),
        "seconds_to_build": building,
        "milliseconds_a_query": 1000 * querying / len(queries),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size and write recall.json."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, nargs="+", metavar="LABELLED")
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    documents = [prepare(article) for path in chosen.data for article in read_labelled(path).articles]
    folder, profile = next(cache_folders()), load_profile(EMBEDDED_MODEL)
    encoder = CachedEncoder(load_encoder(), embeddings_file(), folder)
    raw = encoder.encode([document.sentences for document in documents])
    neutral, _ = in_space(raw, groups_of(documents, profile), profile, folder)
    near = profile.cuts.same_story
    rows = {str(size): measure(runs_of_sentences(neutral, size), near) for size in chosen.sizes}
    write_results("recall", rows, chosen.results)


if __name__ == "__main__":
    main()
