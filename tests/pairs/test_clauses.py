"""Clauses are split without loss; those that no clause of the other article can absorb are additions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import StoryDetector, read_articles
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.pairs.clauses import clauses_of, excess, left_over


@given(st.text(st.sampled_from("ab ,;:()–.。，水é"), max_size=60))
def test_no_letter_of_a_sentence_is_lost(sentence: str) -> None:
    def letters(text: str) -> str:
        return "".join(character for character in text if not character.isspace() and character not in "–-")

    clauses = clauses_of(sentence)
    assert letters("".join(clauses)) == letters(sentence)
    assert clauses
    assert len(clauses) == 1 or all(clause.strip() for clause in clauses)


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        (
            "Il 6 maggio, presso il Palazzo, ha firmato un accordo.e la TRC ha firmato",
            ["Il 6 maggio,", "presso il Palazzo,", "ha firmato un accordo.", "e la TRC ha firmato"],
        ),
        ("Today, the river rose by two metres", ["Today, the river rose by two metres"]),
        ("The mayor of Rome (a lawyer by training) spoke", ["The mayor of Rome", "(a lawyer by training) spoke"]),
        ("有了这份遗产，我们能够做到", ["有了这份遗产，", "我们能够做到"]),
        ("It rose 2.5 metres at 10.30 in all", ["It rose 2.5 metres at 10.30 in all"]),
    ],
)
def test_a_sentence_is_split_at_its_pauses(sentence: str, clauses: list[str]) -> None:
    assert clauses_of(sentence) == clauses


def test_a_second_clause_with_the_same_counterpart_is_left_over() -> None:
    cosines = np.array([[0.9, 0.1], [0.1, 0.8], [0.7, 0.2]], np.float32)
    assert left_over(cosines, np.ones(3), np.ones(2), 0.3).tolist() == [False, False, True]


def test_a_long_clause_absorbs_two() -> None:
    cosines = np.array([[0.9], [0.7]], np.float32)
    assert not left_over(cosines, np.ones(2), np.array([2.0]), 0.3).any()
    assert left_over(cosines, np.ones(2), np.array([1.0]), 0.3).tolist() == [False, True]


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 10**6), st.floats(-1, 1))
def test_a_clause_below_the_cut_is_left_over_as_are_all_without_a_counterpart(
    a: int, b: int, seed: int, cut: float
) -> None:
    cosines = np.random.default_rng(seed).uniform(-1, 1, (a, b)).astype(np.float32)
    alone = left_over(cosines, np.ones(a), np.ones(b), cut)
    assert alone.shape == (a,)
    for row in range(a):
        assert alone[row] or cosines[row].max() >= cut


def test_the_excess_allows_for_the_lengths_of_the_scripts() -> None:
    own, other = {0: 100, 1: 50, 2: 180}, {0: 50, 1: 25, 2: 60}
    assert excess(own, other) == {0: 0, 1: 0, 2: 60}
    assert excess({}, {}) == {}


ENGLISH = """The river Arno rose by two metres in Florence on Monday night.
The mayor asked people to stay at home, and the schools were closed.
Trains between Pisa and Florence were cancelled until Wednesday morning."""
ITALIAN = """Il fiume Arno è salito di due metri a Firenze lunedì notte.
Il sindaco ha chiesto ai cittadini di restare a casa, la squadra di calcio ha vinto il campionato nazionale,
e le scuole sono state chiuse.
I treni tra Pisa e Firenze sono stati cancellati fino a mercoledì mattina."""


def test_a_clause_added_in_translation_is_found(encoder: SentenceTransformerEncoder) -> None:
    texts = {"en": ENGLISH, "it": ITALIAN.replace("nazionale,\n", "nazionale, ")}
    result = StoryDetector(model=encoder).detect([{"id": name, "text": text} for name, text in texts.items()])
    evidence = result.explain("en", "it")
    assert result.pair("en", "it").relation == "translation"
    assert evidence.only_b == ("la squadra di calcio ha vinto il campionato nazionale,",)
    assert evidence.only_a == ()


@pytest.mark.slow
def test_the_addition_of_the_italian_seed_is_found(encoder: SentenceTransformerEncoder, seeds: Path) -> None:
    result = StoryDetector(model=encoder).detect(read_articles(seeds))
    italian, french = (next(d.article.id for d in result.documents if d.language == code) for code in ("it", "fr"))
    evidence = result.explain(italian, french)
    assert "hanno firmato un accordo con il Partito comunista vietnamita." in evidence.only_a
    assert evidence.only_b == ()


def test_with_given_vectors_only_complete_sentences_are_found(encoder: SentenceTransformerEncoder) -> None:
    articles = [{"id": name, "text": text} for name, text in (("en", ENGLISH), ("it", ITALIAN))]
    vectors = StoryDetector(model=encoder).detect(articles).batch.raw
    result = StoryDetector.from_embeddings(vectors, profile="multilingual-e5-small").detect(articles)
    assert result.reader is None
    sentences = {sentence for document in result.documents for sentence in document.sentences}
    evidence = result.explain("en", "it")
    assert sentences.issuperset((*evidence.only_a, *evidence.only_b))
