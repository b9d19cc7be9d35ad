"""What the detector makes of the articles in `seeds/`: the score of every pair, and what cleaning drops."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

from detector.detector import StoryDetector
from detector.preparing import prepare
from detector.reading import read_articles


def every_pair(data: Path) -> dict[str, Any]:
    """Probability, similarity, cosine, coverage and relation of every pair of articles in a folder."""
    result = StoryDetector(progress=False).detect(read_articles(data))
    ids = [document.article.id for document in result.documents]
    pairs = [result.pair(a, b) for a, b in combinations(ids, 2)]
    return {
        f"{pair.article_a} – {pair.article_b}": {
            "languages": f"{pair.language_a}–{pair.language_b}",
            "probability": pair.probability,
            "similarity": pair.similarity,
            "cosine": pair.cosine,
            "coverage": (pair.coverage_a + pair.coverage_b) / 2,
            "relation": pair.relation,
        }
        for pair in sorted(pairs, key=lambda pair: -pair.probability)
    }


def cleaning(data: Path) -> dict[str, Any]:
    """What cleaning keeps of each article, and how many pieces it drops for each reason."""
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
