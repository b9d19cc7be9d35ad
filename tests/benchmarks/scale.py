"""How time, memory and quality go with the size of a batch, everything after encoding.

    python -m tests.benchmarks.scale LABELLED… --sizes 1000 10000 100000

LABELLED are files of articles with a `story` field; of one in many languages some are taken. Batches are planted from
them (see `tests.benchmarks.planted`); each size is measured in a process of its own, so that its peak memory is its
own. The result is written as JSON beside the other tables.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.encoding.model_store import cache_folders, embeddings_file
from detector.evaluation.labelled import Labelled, read_labelled
from detector.evaluation.metrics import precision_recall_f1
from detector.execution.progress import Stages
from detector.pairs.batch import groups_of
from detector.pairs.space import in_space
from detector.pipeline import cluster_batch, score_batch, stories_of_clusters
from detector.preparing import prepare
from detector.profile import load_profile
from detector.records import Article, Document, Embeddings
from tests.benchmarks.benchmark import RESULTS, timed, write_table
from tests.benchmarks.planted import Planted, in_neutral_space, one_world, openings, plant

LANGUAGES = 24
SIZES = (1_000, 10_000, 30_000, 100_000)
# Articles of the stories that every world tells: what is hard to tell apart does not hang on the size of a batch.
WORLD = 1_000
# Articles over which the quality of small batches is measured.
POOLED = 10_000
# Articles on which the speed of encoding is measured.
MEASURED = 200


def write_base(data: Sequence[Path], folder: Path) -> None:
    """Encode labelled articles and write what batches are planted from: vectors, texts and the speed of encoding."""
    encoder, profile = load_encoder(device="cpu"), load_profile(EMBEDDED_MODEL)
    documents, stories = [], []
    for path in data:
        labelled = read_labelled(path)
        languages = sorted({article.language or "" for article in labelled.articles})
        chosen = set(languages[:: -(-len(languages) // LANGUAGES)])
        for place in np.flatnonzero(_clear(labelled)).tolist():
            if (labelled.articles[place].language or "") in chosen:
                documents.append(prepare(labelled.articles[place]))
                stories.append(f"{labelled.name}/{labelled.story[place]}")
    texts = [document.sentences for document in documents]
    raw = CachedEncoder(encoder, embeddings_file(), folder).encode(texts)
    neutral, _, _ = in_space(raw, groups_of(documents, profile), profile)
    assert neutral.windows is not None
    sample = texts[:: max(1, len(texts) // MEASURED)]
    seconds, _ = timed(lambda: encoder.encode(sample))
    np.savez(
        folder / "vectors.npz",
        articles=neutral.articles,
        sentences=neutral.sentences,
        offsets=neutral.offsets,
        windows=neutral.windows,
        story=np.unique(stories, return_inverse=True)[1],
        seconds_a_character=seconds / sum(len(text) for article in sample for text in article),
    )
    texts_and_languages = [(document.language, document.sentences) for document in documents]
    (folder / "texts.json").write_text(json.dumps(texts_and_languages), encoding="utf-8")


def _clear(labelled: Labelled) -> NDArray[np.bool_]:
    """Which articles have a story that leaves no doubt, (articles,): no ambiguous ones, nor translations of several
    documents on one event, which are as much one story as several.
    """
    ids = np.array([article.id for article in labelled.articles])
    translated = labelled.document != ids
    originals = np.unique(np.stack([labelled.story, labelled.document], 1)[translated], axis=0)[:, 0]
    told_by_several, counts = np.unique(originals, return_counts=True)
    return np.asarray((labelled.ambiguous == "") & ~np.isin(labelled.story, told_by_several[counts > 1]))


def read_base(folder: Path) -> tuple[Planted, float]:
    """What `write_base` wrote: labelled articles in the neutral space, and the seconds encoding takes a character."""
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    documents = [Document(Article("", ""), language, 1.0, tuple(sentences), False) for language, sentences in texts]
    with np.load(folder / "vectors.npz") as held:
        neutral = Embeddings(held["articles"], held["sentences"], held["offsets"], held["windows"])
        return Planted(documents, neutral, held["story"]), float(held["seconds_a_character"])


def measure(base_folder: Path, count: int, sentences: int | None = None) -> dict[str, Any]:
    """Seconds, peak memory and quality of a planted batch of `count` articles, or of their first `sentences` each.

    The peak memory is that of the process: everything but the model, which is not loaded here. The quality of small
    batches is that of several, so that it is one of as many stories.
    """
    folder = next(cache_folders())
    base, per_character = read_base(base_folder)
    base = one_world(base, WORLD)
    if sentences is not None:
        base = openings(base, sentences)
    figures = [_one(base, count, per_character, folder, seed) for seed in range(max(1, POOLED // count))]
    pooled = np.sum([figure.pop("counts") for figure in figures], 0)
    return {**figures[0], "pairwise": precision_recall_f1(*pooled.tolist()), "batches_for_quality": len(figures)}


def _one(base: Planted, count: int, per_character: float, folder: Path, seed: int) -> dict[str, Any]:
    """The figures of one batch; "counts" are the pairs found right, found wrong and missed."""
    planted = plant(base, count, folder, seed)
    characters = sum(len(text) for document in planted.documents for text in document.sentences)
    stages = Stages()
    profile = in_neutral_space(load_profile(EMBEDDED_MODEL))
    scored = score_batch(planted.documents, planted.neutral, profile, stages, folder=folder)
    with stages.stage("cluster"):
        clusters = cluster_batch(scored)
    with stages.stage("stories"):
        stories = stories_of_clusters(scored, clusters)
    after, encoding = sum(stages.seconds.values()), characters * per_character
    assert planted.again is not None
    assert planted.origin is not None
    told, origin = ~planted.again, planted.origin
    return {
        "articles": count,
        "sentences": len(planted.neutral.sentences),
        "printed_again": int((~told).sum()),
        "printed_again_with_their_story": _with_their_story(clusters.labels, planted.story, told),
        "candidates": len(scored.features.pairs),
        "stories_planted": int(planted.story.max()) + 1,
        "stories_found": len(stories),
        "counts": pairs_of(clusters.labels[told], planted.story[told], origin[told]),
        "seconds": stages.seconds,
        "seconds_after_encoding": after,
        "seconds_encoding_at_measured_speed": encoding,
        "share_of_encoding": after / encoding,
        "milliseconds_an_article": 1000 * (after + encoding) / count,
        "peak_memory_mb": {name: peak / 1e6 for name, peak in stages.peak_memory.items()},
    }


def _with_their_story(labels: NDArray[np.int64], story: NDArray[np.int64], told: NDArray[np.bool_]) -> float:
    """The share of articles printed again that stand with an article of their story."""
    right = set(zip(labels[told].tolist(), story[told].tolist(), strict=True))
    again = list(zip(labels[~told].tolist(), story[~told].tolist(), strict=True))
    return sum(one in right for one in again) / max(len(again), 1)


def pairs_of(
    found: NDArray[np.int64], story: NDArray[np.int64], origin: NDArray[np.int64]
) -> tuple[float, float, float]:
    """How many pairs of articles are found right, found wrong and missed, counted without listing them.

    One story in two worlds, of one `origin`, has its words in common, as no two stories have: that counts neither way.
    """

    def pairs(*labels: NDArray[np.int64]) -> float:
        _, sizes = np.unique(np.stack(labels, 1), axis=0, return_counts=True)
        return float((sizes * (sizes - 1) // 2).sum())

    right = pairs(found, story)
    return right, pairs(found) - pairs(found, origin), pairs(story) - right


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size in its own process and write scale.json."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, nargs="+", metavar="LABELLED")
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--sentences", type=int, help="only so many first sentences of each article")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    if chosen.one is not None:
        print(json.dumps(measure(chosen.base, chosen.one, chosen.sentences)))
        return
    if chosen.base is not None:
        write_base(chosen.data, chosen.base)
        return
    name = "scale" if chosen.sentences is None else "scale_openings"
    again = [sys.executable, "-m", "tests.benchmarks.scale", *map(str, chosen.data)]
    if chosen.sentences is not None:
        again += ["--sentences", str(chosen.sentences)]
    rows: dict[str, Any] = {}
    with TemporaryDirectory(dir=next(cache_folders())) as base:
        subprocess.run([*again, "--base", base], check=True)
        for size in chosen.sizes:
            command = [*again, "--base", base, "--one", str(size)]
            rows[str(size)] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            write_table(name, rows, chosen.results)


if __name__ == "__main__":
    main()
