"""Measuring how well relations are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector.encoding.encoder import SentenceTransformerEncoder
from detector.evaluation.known_relations import KnownPair
from detector.evaluation.relation_metrics import figures_of, predicted_pairs
from detector.profile import load_profile
from detector.records import Article, Pair, Relation


def answer(relation: str, contained: str | None = None) -> Pair:
    return Pair(
        "a", "b", 0.9, 0.9, 0.9, 1, 1, Relation(relation), "en", "en", contained=contained, storyline_probability=0.9
    )


def test_figures_count_the_answers_for_each_relation() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    truth = [
        KnownPair(a, b, "copy", "copy", "1"),
        KnownPair(a, b, "partial reuse", "first half", "2", "a"),
        KnownPair(a, b, "partial reuse", "first half", "3", "a"),
        KnownPair(a, b, "partial reuse", "spliced", "4", "a"),
    ]
    predicted = [answer("copy"), answer("partial reuse", "a"), answer("partial reuse", "b"), answer("copy")]
    figures = figures_of(truth, predicted)
    assert figures["confusion"]["partial reuse"] == dict.fromkeys(Relation, 0) | {"partial reuse": 2, "copy": 1}
    assert figures["kinds"]["partial reuse: first half"] == {"right": 2, "of": 2}
    assert figures["contained"] == {"right": 1, "of": 2}
    assert figures["accuracy"] == 0.75
    assert figures["relations"]["copy"] == {"precision": 0.5, "recall": 1}
    assert figures["relations"]["partial reuse"] == {"precision": 1, "recall": pytest.approx(2 / 3)}


@pytest.mark.slow
def test_a_real_article_and_its_parts_are_named_right(seeds: Path, encoder: SentenceTransformerEncoder) -> None:
    """The Italian article of the seeds against its own halves, and the French one, its original, against them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(seeds.iterdir())]
    italian, french = Article("it", texts[2]), Article("fr", texts[4])
    lines = [line for line in italian.text.split("\n") if line.strip()]
    half = Article("half", "\n".join(lines[: len(lines) // 2]))
    known = [
        KnownPair(italian, french, "translation", "seeds", "1"),
        KnownPair(italian, half, "partial reuse", "first half", "1", "half"),
        KnownPair(french, half, "partial reuse", "first half, across languages", "1", "half"),
        KnownPair(italian, Article("again", italian.text), "copy", "copy", "1"),
        KnownPair(italian, Article("vi", texts[0]), "different", "random", "1"),
    ]
    predicted = predicted_pairs(known, encoder, load_profile("multilingual-e5-small"))
    assert [(pair.relation, pair.contained) for pair in predicted] == [
        (pair.relation, pair.contained) for pair in known
    ]
