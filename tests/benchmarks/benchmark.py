"""`make bench`: measured tables, each beside what a user would run instead, in one run; written as JSON.

    python -m tests.benchmarks.benchmark speed DATA      encoding, against SentenceTransformer.encode in float32
    python -m tests.benchmarks.benchmark pipeline DATA   from articles to stories, against encode and
                                                            community_detection
    python -m tests.benchmarks.benchmark stories DATA [--tune OTHER DATA]
                                                            stories, against other clusterings of e5-small vectors
    python -m tests.benchmarks.benchmark relations DATA  translation, copy, partial reuse: named right or not
    python -m tests.benchmarks.benchmark languages DATA  language identification on translations
    python -m tests.benchmarks.benchmark cleaning SEEDS  what cleaning drops
    python -m tests.benchmarks.benchmark seeds SEEDS     every pair of a folder of articles

DATA are files of labelled articles (`languages`: with a declared language).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from detector.detector import StoryDetector
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.encoding.model_store import embedded_model_folder
from detector.evaluation.labelled import read_labelled
from detector.evaluation.relations import figures_of as relation_figures
from detector.evaluation.relations import graded_pairs, known_pairs, named
from detector.languages.codes import canonical_language
from detector.languages.identification import identify_language
from detector.preparing import prepare
from detector.profile import load_profile
from detector.reading import read_articles
from detector.reading.mapping.given_pairs import read_pairs
from tests.benchmarks.others import METHODS, LabelledVectors, Labels, best_cut, scored, semhash

RESULTS = Path(__file__).parent / "results"


def plain_model() -> Any:
    """The embedded model as a user would load it: `SentenceTransformer` in its defaults, float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(embedded_model_folder()), device="cpu", model_kwargs={"add_pooling_layer": False})


def encoders() -> dict[str, SentenceTransformerEncoder]:
    """The embedded model in the precision of the machine, and in int8 where its packages are installed."""
    found = {"detector": load_encoder(device="cpu")}
    if all(map(find_spec, ("openvino", "nncf"))):
        found["detector in int8"] = load_encoder(precision="int8")
    return found


def speed(data: Path) -> dict[str, Any]:
    """Seconds and tokens a second of reading whole articles our way, and of the first 512 tokens the plain way.

    `share_of_matrix_rate` is of the first way: what its dense layers compute, beside one large product after another.
    """
    documents = [prepare(article) for article in read_articles(data).articles]
    texts = [" ".join(document.sentences) for document in documents]
    ours, plain = encoders(), plain_model()
    counts = ours["detector"].count_tokens(texts)
    sentences = [document.sentences for document in documents]
    rows = {name: _rate(encoder.encode, sentences, sum(counts)) for name, encoder in ours.items()}
    cut = sum(min(count + 2, 512) for count in counts)
    name = "SentenceTransformer.encode, float32, cut at 512 tokens"
    rows[name] = _rate(partial(plain.encode, show_progress_bar=False), texts, cut)
    for row in rows.values():
        row["times_as_many"] = row["tokens_per_second"] / rows[name]["tokens_per_second"]
    first = ours["detector"]
    products = rows["detector"]["tokens_per_second"] * products_a_token(first.model)
    about = {"articles": len(texts), "precision": first.precision}
    return {**about, "share_of_matrix_rate": products / matrix_rate(first.model), "ways": rows}


def _rate(encode: Callable[[Any], Any], texts: Sequence[Any], tokens: int) -> dict[str, float]:
    """How fast texts of so many tokens together are encoded, once a few were."""
    encode(texts[:4])
    seconds, _ = timed(partial(encode, texts))
    return {"seconds": seconds, "tokens": tokens, "tokens_per_second": tokens / seconds}


def products_a_token(model: Any) -> float:
    """Floating-point operations of the model's dense layers for one token; attention comes on top of them."""
    import torch

    return 2.0 * sum(module.weight.numel() for module in model.modules() if isinstance(module, torch.nn.Linear))


def matrix_rate(model: Any, size: int = 2048, times: int = 20) -> float:
    """Floating-point operations a second of one large product after the other, in the number format of the model."""
    import torch

    one = torch.ones((size, size), dtype=next(model.parameters()).dtype)
    seconds, _ = timed(lambda: [one @ one for _ in range(times)])
    return 2.0 * size**3 * times / seconds


def pipeline(data: Path) -> dict[str, Any]:
    """Seconds from articles to stories, and to the written report, against the obvious script on the same articles."""
    from sentence_transformers.util import community_detection

    articles = read_articles(data).articles
    rows: dict[str, Any] = {}
    for name, encoder in encoders().items():
        detector = StoryDetector(model=encoder, cache=False, progress=False)
        detector.detect(articles[:4])
        seconds, result = timed(partial(detector.detect, articles))
        with TemporaryDirectory() as folder:
            report, _ = timed(partial(result.save, folder))
        rows[name] = {"seconds": seconds, "stages": result.run["seconds"]}
        rows[f"{name}, with the report"] = {"seconds": seconds + report}

    plain = plain_model()
    texts = ["query: " + f"{article.title or ''} {article.text}".strip() for article in articles]
    plain.encode(texts[:4], show_progress_bar=False)

    def obvious() -> Any:
        vectors = plain.encode(texts, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False)
        return community_detection(vectors, min_community_size=2, threshold=0.9)

    theirs, _ = timed(obvious)
    rows["encode in float32, cut at 512 tokens, and community_detection"] = {"seconds": theirs}
    for row in rows.values():
        row["times_as_fast"] = theirs / row["seconds"]
    return {"articles": len(articles), "ways": rows}


def stories(data: Sequence[Path], tune: Sequence[Path] = ()) -> dict[str, Any]:
    """Stories of labelled articles: ours at the default threshold; the others at one cut each, the best for `tune`.

    Where `tune` is empty the others are given every advantage: their cut is the best for the labels they are scored on.
    """
    semhash()  # whether it is there is said now, not minutes later
    model = plain_model()
    encoded = {path: _encoded(path, model) for path in dict.fromkeys((*data, *tune))}
    sets, tuning = ([encoded[path] for path in paths] for paths in (data, tune or data))
    results = [StoryDetector(progress=False).detect(list(one.labelled.articles)) for one in sets]
    cuts = {name: best_cut(method, tuning) for name, method in METHODS.items()}

    def row(threshold: float, found: Iterable[Labels]) -> dict[str, Any]:
        each = zip(sets, found, strict=True)
        return {"threshold": threshold, "sets": {one.name: scored(labels, one.labelled) for one, labels in each}}

    return {
        "tuned_on": [one.name for one in tuning],
        "articles": {one.name: len(one.vectors) for one in sets},
        "methods": {"detector": row(results[0].threshold, (result.labels for result in results))}
        | {
            name: row(cuts[name], (method.cluster(one.vectors, cuts[name]) for one in sets))
            for name, method in METHODS.items()
        },
    }


def _encoded(path: Path, model: Any) -> LabelledVectors:
    """Labelled articles with the vector that the model, used plainly, gives each."""
    labelled = read_labelled(path).sorted_by_id()
    # What the file says of the language is not told: nobody else has it.
    labelled = replace(labelled, articles=tuple(replace(article, language=None) for article in labelled.articles))
    texts = ["query: " + f"{article.title or ''} {article.text}".strip() for article in labelled.articles]
    return LabelledVectors(labelled, model.encode(texts, show_progress_bar=False, normalize_embeddings=True))


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


def relations(data: Path) -> dict[str, Any]:
    """How relations are named: pairs made from labelled articles, or those of a file of graded pairs."""
    given, _ = read_pairs(data)
    known = graded_pairs(given) if given else known_pairs(read_labelled(data))
    return relation_figures(known, named(known, load_encoder(device="cpu"), load_profile(EMBEDDED_MODEL)))


def seeds(data: Path) -> dict[str, Any]:
    """Every pair of the articles in a folder: probability, similarity, cosine, coverage, relation."""
    result = StoryDetector(progress=False).detect(read_articles(data))
    ids = [document.article.id for document in result.documents]
    every = [result.pair(a, b) for a, b in combinations(ids, 2)]
    return {
        f"{pair.article_a} – {pair.article_b}": {
            "languages": f"{pair.language_a}–{pair.language_b}",
            "probability": pair.probability,
            "similarity": pair.similarity,
            "cosine": pair.cosine,
            "coverage": (pair.coverage_a + pair.coverage_b) / 2,
            "relation": pair.relation,
        }
        for pair in sorted(every, key=lambda pair: -pair.probability)
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
    "pipeline": pipeline,
    "relations": relations,
    "languages": languages,
    "cleaning": cleaning,
    "seeds": seeds,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one table, print it and write it to `--results`."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("table", choices=sorted((*TABLES, "stories")))
    options.add_argument("data", type=Path, nargs="+")
    options.add_argument(
        "--tune", type=Path, nargs="+", default=[], help="stories: files to choose the others' cuts on (default: DATA)"
    )
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    if chosen.table == "stories":
        measured = stories(chosen.data, chosen.tune)
    elif chosen.tune:
        options.error(f"{chosen.table} has nothing to tune; --tune is for stories")
    else:
        measured = {path.name.split(".")[0]: TABLES[chosen.table](path) for path in chosen.data}
    write_table(chosen.table, measured, chosen.results)


def write_table(name: str, measured: dict[str, Any], folder: Path) -> None:
    """Print a measured table and write it as JSON."""
    text = json.dumps(_rounded(measured), indent=1, ensure_ascii=False)
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
