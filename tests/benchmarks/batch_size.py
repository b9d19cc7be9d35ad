"""How time, memory and quality depend on the size of a batch, for everything after encoding.

    python -m tests.benchmarks.batch_size LABELLED… --sizes 1000 10000 100000

LABELLED are files of articles with a `story` field; if they are in many languages, some languages are chosen. Batches
are made from them by `rotated_copies`. Each size is measured in a process of its own, so that its peak memory can be
measured. The result is written as JSON beside the other tables.
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
from detector.pairs.batch import groups_of
from detector.pairs.space import in_space
from detector.pipeline import cluster_batch, score_batch, stories_of_clusters
from detector.preparing import prepare
from detector.profile import load_profile
from detector.records import Article, Document, Embeddings
from tests.benchmarks.resources import MeasuredStages
from tests.benchmarks.results_files import RESULTS, write_results
from tests.benchmarks.rotated_copies import StoryBatch, first_sentences, in_neutral_space, repeated, some_stories
from tests.benchmarks.timing import timed

LANGUAGES = 24
SIZES = (1_000, 10_000, 30_000, 100_000)
# Every repetition has the stories of this many articles: how hard they are to separate must not depend on the batch.
REPEATED_ARTICLES = 1_000
# The quality of small batches is measured on several batches, with this many articles in total.
ARTICLES_FOR_QUALITY = 10_000
# Articles on which the speed of encoding is measured.
ARTICLES_FOR_SPEED = 200


def write_base(data: Sequence[Path], folder: Path) -> None:
    """Encode labelled articles and write what batches are made from: vectors, texts and the speed of encoding."""
    encoder, profile = load_encoder(device="cpu"), load_profile(EMBEDDED_MODEL)
    documents, stories = [], []
    for path in data:
        labelled = read_labelled(path)
        languages = sorted({article.language or "" for article in labelled.articles})
        chosen = set(languages[:: -(-len(languages) // LANGUAGES)])
        for index in np.flatnonzero(_certain(labelled)).tolist():
            if (labelled.articles[index].language or "") in chosen:
                documents.append(prepare(labelled.articles[index]))
                stories.append(f"{labelled.name}/{labelled.story[index]}")
    texts = [document.sentences for document in documents]
    raw = CachedEncoder(encoder, embeddings_file(), folder).encode(texts)
    neutral, _ = in_space(raw, groups_of(documents, profile), profile)
    if neutral.windows is None:
        raise ValueError("the encoder reports no windows")
    sample = texts[:: max(1, len(texts) // ARTICLES_FOR_SPEED)]
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


def _certain(labelled: Labelled) -> NDArray[np.bool_]:
    """Which articles have a story beyond doubt, (articles,).

    Left out are ambiguous articles, and translations of several documents on one event, which are as much one story as
    several.
    """
    ids = np.array([article.id for article in labelled.articles])
    translated = labelled.document != ids
    originals = np.unique(np.stack([labelled.story, labelled.document], 1)[translated], axis=0)[:, 0]
    stories, counts = np.unique(originals, return_counts=True)
    return np.asarray((labelled.ambiguous == "") & ~np.isin(labelled.story, stories[counts > 1]))


def read_base(folder: Path) -> tuple[StoryBatch, float]:
    """What `write_base` wrote: labelled articles in the neutral space, and the seconds that a character takes."""
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    documents = [Document(Article("", ""), language, 1.0, tuple(sentences), False) for language, sentences in texts]
    with np.load(folder / "vectors.npz") as arrays:
        neutral = Embeddings(arrays["articles"], arrays["sentences"], arrays["offsets"], arrays["windows"])
        return StoryBatch(documents, neutral, arrays["story"]), float(arrays["seconds_a_character"])


def measure(base_folder: Path, count: int, sentences: int | None = None) -> dict[str, Any]:
    """Seconds, peak memory and quality of a batch of `count` articles, or of their first `sentences` each.

    The peak memory is that of the process, without the model, which is not loaded here. The quality of small batches
    is measured on several of them, so that every size is judged on enough stories.
    """
    folder = next(cache_folders())
    base, seconds_a_character = read_base(base_folder)
    base = some_stories(base, REPEATED_ARTICLES)
    if sentences is not None:
        base = first_sentences(base, sentences)
    batches = max(1, ARTICLES_FOR_QUALITY // count)
    figures = [_measure_one(base, count, seconds_a_character, folder, seed) for seed in range(batches)]
    pooled = np.sum([figure.pop("counts") for figure in figures], 0)
    return {**figures[0], "pairwise": precision_recall_f1(*pooled.tolist()), "batches_for_quality": len(figures)}


def _measure_one(base: StoryBatch, count: int, seconds_a_character: float, folder: Path, seed: int) -> dict[str, Any]:
    """The figures of one batch; "counts" are the pairs that are right, wrong and missed."""
    made = repeated(base, count, folder, seed)
    if made.reprint is None or made.base_story is None:
        raise ValueError("a repeated batch knows its reprints and its base")
    characters = sum(len(text) for document in made.documents for text in document.sentences)
    stages = MeasuredStages()
    profile = in_neutral_space(load_profile(EMBEDDED_MODEL))
    scored = score_batch(made.documents, made.neutral, profile, stages, folder=folder)
    with stages.stage("cluster"):
        clusters = cluster_batch(scored)
    with stages.stage("stories"):
        stories = stories_of_clusters(scored, clusters)
    after, encoding = sum(stages.seconds.values()), characters * seconds_a_character
    original = ~made.reprint
    return {
        "articles": count,
        "sentences": len(made.neutral.sentences),
        "printed_again": int(made.reprint.sum()),
        "printed_again_with_their_story": _reprints_with_their_story(clusters.labels, made.story, original),
        "candidates": len(scored.features.pairs),
        "stories_planted": int(made.story.max()) + 1,
        "stories_found": len(stories),
        "counts": count_pairs(clusters.labels[original], made.story[original], made.base_story[original]),
        "seconds": stages.seconds,
        "seconds_after_encoding": after,
        "seconds_encoding_at_measured_speed": encoding,
        "share_of_encoding": after / encoding,
        "milliseconds_an_article": 1000 * (after + encoding) / count,
        "peak_memory_mb": {name: peak / 1e6 for name, peak in stages.peak_memory.items()},
    }


def _reprints_with_their_story(
    labels: NDArray[np.int64], story: NDArray[np.int64], original: NDArray[np.bool_]
) -> float:
    """The share of reprints that are in one story with an original article of their story."""
    right = set(zip(labels[original].tolist(), story[original].tolist(), strict=True))
    reprints = list(zip(labels[~original].tolist(), story[~original].tolist(), strict=True))
    return sum(reprint in right for reprint in reprints) / max(len(reprints), 1)


def count_pairs(
    predicted: NDArray[np.int64], story: NDArray[np.int64], base_story: NDArray[np.int64]
) -> tuple[float, float, float]:
    """How many pairs of articles are right, wrong and missed, without listing them.

    Two repetitions of one story of the base share words as no two real stories do: a pair of them counts neither way.
    """

    def pairs(*labels: NDArray[np.int64]) -> float:
        _, sizes = np.unique(np.stack(labels, 1), axis=0, return_counts=True)
        return float((sizes * (sizes - 1) // 2).sum())

    right = pairs(predicted, story)
    return right, pairs(predicted) - pairs(predicted, base_story), pairs(story) - right


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size in its own process and write scale.json, or scale_openings.json for first sentences."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, nargs="+", metavar="LABELLED")
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--sentences", type=int, help="use only so many first sentences of each article")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    if chosen.one is not None:
        print(json.dumps(measure(chosen.base, chosen.one, chosen.sentences)))
    elif chosen.base is not None:
        write_base(chosen.data, chosen.base)
    else:
        _measure_all(chosen.data, chosen.sizes, chosen.sentences, chosen.results)


def _measure_all(data: Sequence[Path], sizes: Sequence[int], sentences: int | None, results: Path) -> None:
    table = "scale" if sentences is None else "scale_openings"
    command = [sys.executable, "-m", "tests.benchmarks.batch_size", *map(str, data)]
    if sentences is not None:
        command += ["--sentences", str(sentences)]
    rows: dict[str, Any] = {}
    with TemporaryDirectory(dir=next(cache_folders())) as base:
        command += ["--base", base]
        subprocess.run(command, check=True)
        for size in sizes:
            output = subprocess.run([*command, "--one", str(size)], check=True, stdout=subprocess.PIPE, text=True)
            rows[str(size)] = json.loads(output.stdout)
            write_results(table, rows, results)


if __name__ == "__main__":
    main()
