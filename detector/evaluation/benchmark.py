"""`make bench`: measured tables, each beside what a user would run instead, in one run; written as JSON.

    python -m detector.evaluation.benchmark speed DATA      encoding, against SentenceTransformer.encode in float32
    python -m detector.evaluation.benchmark stories DATA    stories, against other clusterings of e5-small cosines
    python -m detector.evaluation.benchmark languages DATA  language identification on translations
    python -m detector.evaluation.benchmark cleaning SEEDS  what cleaning drops
    python -m detector.evaluation.benchmark seeds SEEDS     every pair of a folder of articles

DATA is a file of labelled articles (`languages`: with a declared language).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN, AgglomerativeClustering

from detector.detector import StoryDetector
from detector.encoding.encoder import load_encoder
from detector.encoding.store import embedded_model_folder
from detector.evaluation.evaluate import figures_of
from detector.evaluation.labelled import Labelled, read_labelled
from detector.evaluation.metrics import b_cubed, pairwise
from detector.preparing import prepare
from detector.preparing.language import canonical_language, identify_language
from detector.reading import read_articles

RESULTS = Path(__file__).parent / "results"


def plain_model() -> Any:
    """The embedded model as a user would load it: `SentenceTransformer` in its defaults, float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(embedded_model_folder()), device="cpu", model_kwargs={"add_pooling_layer": False})


def speed(data: Path) -> dict[str, Any]:
    """Seconds and tokens a second of reading whole articles our way, and of the first 512 tokens the plain way."""
    documents = [prepare(article) for article in read_articles(data).articles]
    texts = [" ".join(document.sentences) for document in documents]
    encoder, plain = load_encoder(device="cpu"), plain_model()
    whole = sum(encoder.count_tokens(texts))
    read = sum(min(count + 2, 512) for count in encoder.count_tokens(texts))
    encoder.encode([document.sentences for document in documents[:4]])
    plain.encode(texts[:4], show_progress_bar=False)
    ours, _ = timed(lambda: encoder.encode([document.sentences for document in documents]))
    theirs, _ = timed(lambda: plain.encode(texts, show_progress_bar=False))
    return {
        "articles": len(texts),
        "precision": encoder.precision,
        "detector": {"seconds": ours, "tokens": whole, "tokens_per_second": whole / ours},
        "SentenceTransformer.encode, float32, cut at 512 tokens": {
            "seconds": theirs, "tokens": read, "tokens_per_second": read / theirs,
        },
        "times_as_many_tokens_per_second": (whole / ours) / (read / theirs),
        "times_as_many_articles_per_second": theirs / ours,
    }  # fmt: skip


def stories(data: Path) -> dict[str, Any]:
    """Stories of labelled articles: ours at the default threshold; the others at the best threshold for this very set.

    The others are given every advantage: their threshold is chosen on the labels they are scored on.
    """
    labelled = read_labelled(data).sorted_by_id()
    # What the file says of the language is not told: nobody else has it.
    labelled = replace(labelled, articles=tuple(replace(article, language=None) for article in labelled.articles))
    figures: dict[str, Any] = {"set": labelled.name, "articles": len(labelled.articles)}
    result = StoryDetector(progress=False).detect(list(labelled.articles))
    ours = figures_of(result, labelled)
    figures["detector"] = {"pairwise": ours["pairwise"]["f1"], "b_cubed": ours["b_cubed"]["f1"]}
    texts = [f"{article.title or ''} {article.text}".strip() for article in labelled.articles]
    vectors = plain_model().encode(
        ["query: " + text for text in texts], show_progress_bar=False, normalize_embeddings=True
    )
    for name, method in OTHERS.items():
        figures[name] = max(
            (_scored(method(vectors, cut), labelled) | {"cut": cut} for cut in CUTS[name]),
            key=lambda row: row["pairwise"],
        )
    return figures


def by_community(vectors: NDArray[np.float32], cut: float) -> NDArray[np.int64]:
    """`sentence_transformers.util.community_detection` at a cosine."""
    from sentence_transformers.util import community_detection

    labels = np.arange(len(vectors)) + len(vectors)
    for number, members in enumerate(community_detection(vectors, threshold=cut, min_community_size=2)):
        labels[members] = number
    return np.unique(labels, return_inverse=True)[1]


def by_average_linkage(vectors: NDArray[np.float32], cut: float) -> NDArray[np.int64]:
    """scikit-learn's agglomerative clustering, average linkage, down to a cosine."""
    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=1 - cut)
    return np.asarray(model.fit_predict(vectors))


def by_hdbscan(vectors: NDArray[np.float32], cut: float) -> NDArray[np.int64]:
    """scikit-learn's HDBSCAN with stories of two or more; `cut` is its `min_samples`."""
    labels = HDBSCAN(min_cluster_size=2, min_samples=int(cut), metric="cosine", copy=True).fit_predict(vectors)
    alone = labels < 0
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return np.asarray(labels)


OTHERS: dict[str, Callable[[NDArray[np.float32], float], NDArray[np.int64]]] = {
    "e5-small + util.community_detection": by_community,
    "e5-small + HDBSCAN": by_hdbscan,
    "e5-small + average linkage": by_average_linkage,
}
CUTS = {
    "e5-small + util.community_detection": np.arange(0.80, 0.99, 0.005).round(3).tolist(),
    "e5-small + HDBSCAN": [1, 2, 3, 5],
    "e5-small + average linkage": np.arange(0.80, 0.99, 0.005).round(3).tolist(),
}


def _scored(found: NDArray[np.int64], labelled: Labelled) -> dict[str, float]:
    pairs = np.stack(np.triu_indices(len(found), 1), 1)
    pairs = pairs[labelled.counted(pairs)]
    together = found[pairs[:, 0]] == found[pairs[:, 1]]
    _, truth = np.unique(labelled.story, return_inverse=True)
    return {
        "pairwise": pairwise(together, labelled.same(pairs))["f1"],
        "b_cubed": b_cubed(found, truth, labelled.counted_matrix())["f1"],
    }


def languages(data: Path) -> dict[str, Any]:
    """Share of titles and of articles whose declared language is found, over all languages and those ever found."""
    articles = read_articles(data).articles
    figures: dict[str, Any] = {"articles": len(articles)}
    for name, texts in (
        ("titles", [article.title or "" for article in articles]),
        ("articles", [f"{article.title or ''}\n{article.text}" for article in articles]),
    ):
        seconds, found = timed(lambda texts=texts: [identify_language(text)[0] for text in texts])  # type: ignore[misc]
        right: dict[str, list[bool]] = defaultdict(list)
        for article, language in zip(articles, found, strict=True):
            right[article.language or ""].append(language == canonical_language(article.language or ""))
        shares = {code: float(np.mean(hits)) for code, hits in sorted(right.items())}
        known = [share for share in shares.values() if share > 0]
        figures[name] = {
            "languages": len(shares),
            "accuracy": float(np.mean(list(shares.values()))),
            "languages_ever_found": len(known),
            "accuracy_of_those": float(np.mean(known)),
            "texts_per_second": len(texts) / seconds,
            "below_0.9": {code: round(share, 3) for code, share in shares.items() if share < 0.9},
        }
    return figures


def seeds(data: Path) -> dict[str, Any]:
    """Every pair of the articles in a folder: probability, similarity, cosine, coverage, relation."""
    result = StoryDetector(progress=False).detect(read_articles(data))
    return {
        f"{pair.article_a} – {pair.article_b}": {
            "languages": f"{pair.language_a}–{pair.language_b}",
            "probability": pair.probability,
            "similarity": pair.similarity,
            "cosine": pair.cosine,
            "coverage": (pair.coverage_a + pair.coverage_b) / 2,
            "relation": pair.relation,
        }
        for pair in result.scored(0)
    }


def cleaning(data: Path) -> dict[str, Any]:
    """What cleaning keeps and drops of each article, by reason."""
    figures = {}
    for article in read_articles(data).articles:
        document = prepare(article)
        figures[article.id] = {
            "language": document.language,
            "characters": len(article.text),
            "characters_kept": sum(map(len, document.sentences)),
            "sentences_kept": len(document.sentences),
            "pieces_dropped": dict(sorted(Counter(piece.reason for piece in document.dropped).items())),
        }
    return figures


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds some work took, and its result."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


TABLES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "speed": speed,
    "stories": stories,
    "languages": languages,
    "cleaning": cleaning,
    "seeds": seeds,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one table, print it and write it to `--results`."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("table", choices=sorted(TABLES))
    options.add_argument("data", type=Path, nargs="+")
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    measured = {path.name.split(".")[0]: _rounded(TABLES[chosen.table](path)) for path in chosen.data}
    text = json.dumps(measured, indent=1, ensure_ascii=False)
    print(text)
    chosen.results.mkdir(parents=True, exist_ok=True)
    (chosen.results / f"{chosen.table}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
