"""Accuracy and speed of language identification, on articles with a declared language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from detector.languages.codes import canonical_language
from detector.languages.identification import identify_language
from detector.reading import read_articles
from detector.records import Article
from tests.benchmarks.timing import timed


def languages(data: Path) -> dict[str, Any]:
    """Accuracy on titles and on articles, averaged over all languages and over those that are ever identified."""
    articles = read_articles(data).articles
    texts = {
        "titles": [article.title or "" for article in articles],
        "articles": [f"{article.title or ''}\n{article.text}" for article in articles],
    }
    figures: dict[str, Any] = {"articles": len(articles)}
    for name, chosen in texts.items():
        seconds, identified = timed(partial(_identified, chosen))
        figures[name] = {**_accuracy(articles, identified), "texts_per_second": len(chosen) / seconds}
    return figures


def _identified(texts: Sequence[str]) -> list[str]:
    return [identify_language(text)[0] for text in texts]


def _accuracy(articles: Sequence[Article], identified: Sequence[str]) -> dict[str, Any]:
    right: dict[str, list[bool]] = defaultdict(list)
    for article, language in zip(articles, identified, strict=True):
        right[article.language or ""].append(language == canonical_language(article.language or ""))
    shares = {code: float(np.mean(hits)) for code, hits in sorted(right.items())}
    known = [share for share in shares.values() if share > 0]
    return {
        "languages": len(shares),
        "accuracy": float(np.mean(list(shares.values()))),
        "languages_ever_found": len(known),
        "accuracy_of_those": float(np.mean(known)),
        "below_0.9": {code: round(share, 3) for code, share in shares.items() if share < 0.9},
    }
