"""Matches of sentences, and the facts in which matched sentences and leads agree or conflict."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.conflicts import LEAD, FactFeatures, Matches, fact_features, mutual_matches
from detector.pairs.facts import Facts, Kind, facts_of
from tests.making import make_profile

SEEDS = st.integers(0, 10**6)
WORDS = ["Kyiv", "Baku", "7", "8", "9", "3 May", "4 May", "Italy", "Spain", "the", "vote"]
# One fact that no article of the background has, in a sure match, and two.
ONE, TWO = 1 / 2, 2 / 3


def features(
    a: list[str], b: list[str], matched: list[tuple[int, int]], languages: tuple[str, str] = ("en", "en")
) -> FactFeatures:
    """The features of two articles, of which these sentences match."""
    facts = facts_of(zip((a, b), languages, strict=True), make_profile().background)
    rows = np.array(matched, np.int64).reshape(-1, 2)
    matches = Matches(np.zeros(len(rows), np.int64), rows[:, 0], rows[:, 1] + len(a), np.ones(len(rows)))
    offsets = np.array([0, len(a), len(a) + len(b)])
    same = np.array([languages[0] == languages[1]])
    return fact_features(facts, offsets, np.array([[0, 1]]), matches, same)


@given(SEEDS, st.integers(1, 4), st.sampled_from([-1.0, 0.0, 0.5]))
def test_matches_are_mutually_best(seed: int, articles: int, cut: float) -> None:
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 5, articles)
    starts = np.cumsum(sizes) - sizes
    # Few values, so that some are equal.
    cosines = (generator.integers(-4, 5, (generator.integers(1, 5), sizes.sum())) / 4).astype(np.float32)
    rows_b = generator.permutation(100)[: sizes.sum()]
    best_a = np.maximum.reduceat(cosines, starts, axis=1)
    found = mutual_matches(cosines, starts, best_a, (1000, rows_b), cut)
    expected: dict[tuple[int, int, int], float] = {}
    for article, (start, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        block = cosines[:, start : start + size]
        for i, j in product(*map(range, block.shape)):
            if block[i, j] >= cut and block[i, j] == block[i].max() == block[:, j].max():
                expected[article, 1000 + i, int(rows_b[start + j])] = (block[i, j] - cut) / (1 - cut)
    triples = list(zip(found.pairs.tolist(), found.a.tolist(), found.b.tolist(), strict=True))
    assert len(triples) == len(set(triples))
    assert dict(zip(triples, found.weights.tolist(), strict=True)) == pytest.approx(expected)


def test_joined_matches_count_the_pairs_of_all_parts() -> None:
    part = Matches(np.array([1, 0]), np.array([5, 6]), np.array([7, 8]), np.array([0.5, 1]))
    joined = Matches.joined([(np.array([9, 3]), part), (np.array([4, 2]), part)])
    assert joined.pairs.tolist() == [3, 9, 2, 4]
    assert joined.a.tolist() == [5, 6, 5, 6]
    assert joined.b.tolist() == [7, 8, 7, 8]
    assert joined.weights.tolist() == [0.5, 1, 0.5, 1]
    assert Matches.joined([]).pairs.tolist() == []


@pytest.mark.parametrize(
    ("sentence_a", "sentence_b", "conflict"),
    [
        ("They found 7 bodies.", "They found 8 bodies.", ONE),
        ("They found 7 bodies.", "They found 7 bodies.", 0),
        ("They found 7 bodies.", "They found bodies.", 0),
        ("They found 7 bodies.", "They found Rossini.", 0),
        ("They found 7 in Milan.", "They found 8 in Turin.", TWO),
        ("They found 7 in Milan.", "They found 8 in Milan.", ONE),
        ("Nothing was found.", "Nothing was found.", 0),
    ],
)
def test_facts_of_matched_sentences(sentence_a: str, sentence_b: str, conflict: float) -> None:
    result = features([sentence_a], [sentence_b], [(0, 0)])
    assert result.conflict[0] == pytest.approx(conflict)
    assert features([sentence_a], [sentence_b], []).conflict.tolist() == [0]


def test_a_fact_that_is_anywhere_in_the_other_article_is_not_in_conflict() -> None:
    result = features(["They found 7."], ["They found 8.", "Earlier they found 7."], [(0, 0)])
    assert result.conflict.tolist() == [0]
    assert result.lead_conflict.tolist() == [0]


def test_names_conflict_only_within_one_language() -> None:
    a, b = ["They met in Milan."], ["Si sono visti a Torino."]
    assert features(a, b, [(0, 0)], ("en", "it")).conflict.tolist() == [0]
    assert features(a, b, [(0, 0)], ("it", "it")).conflict.tolist() == [ONE]


def test_headline_and_lead_conflict_without_a_match() -> None:
    quiet = ["Nothing."] * LEAD
    assert features(["We saw 7.", "All 7."], ["We saw 8."], []).lead_conflict.tolist() == [ONE]
    assert features([*quiet, "We saw 7."], ["We saw 8."], []).lead_conflict.tolist() == [0]


def texts(generator: np.random.Generator, articles: int) -> list[list[str]]:
    """Articles of one to five sentences of a few words each."""
    return [
        ["we " + " ".join(generator.choice(WORDS, generator.integers(0, 5))) for _ in range(generator.integers(1, 6))]
        for _ in range(articles)
    ]


def expected_features(
    facts: Facts, owner: list[int], pair: list[int], matched: dict[tuple[int, int], float], same: bool
) -> tuple[float, float]:
    """By the definition: dictionaries of the facts of each sentence, one pair of sentences after the other."""
    found: list[dict[int, tuple[Kind, float]]] = []
    for row in range(len(owner)):
        index, _ = facts.of(np.array([row]))
        found.append({int(facts.columns[i]): (Kind(facts.kinds[i]), float(facts.weights[i])) for i in index.tolist()})
    whole = [set().union(*(found[row] for row in range(len(owner)) if owner[row] == article)) for article in pair]
    leads = []
    for article in pair:
        rows = [row for row in range(len(owner)) if owner[row] == article][:LEAD]
        leads.append({column: fact for row in rows for column, fact in found[row].items()})

    def against(a: dict[int, tuple[Kind, float]], b: dict[int, tuple[Kind, float]]) -> float:
        total = 0.0
        for kind in Kind:
            missing = [
                sum(weight for column, (its, weight) in facts_.items() if its == kind and column not in other)
                for facts_, other in ((a, whole[1]), (b, whole[0]))
            ]
            total += min(missing) if same or kind != Kind.NAME else 0
        return total

    conflict = sum(sure * against(found[a], found[b]) for (a, b), sure in matched.items())
    lead = against(leads[0], leads[1])
    return conflict / (conflict + 1), lead / (lead + 1)


@given(SEEDS)
def test_features_are_those_of_their_definition_and_symmetric(seed: int) -> None:
    generator = np.random.default_rng(seed)
    articles = texts(generator, 3)
    profile = make_profile(background={("numbers", "en", "7"): 3}, background_articles={"en": 9})
    facts = facts_of(((article, "en") for article in articles), profile)
    offsets = np.concatenate([[0], np.cumsum([len(article) for article in articles])])
    owner = np.repeat(np.arange(3), np.diff(offsets)).tolist()
    pairs = np.array([[0, 1], [0, 2], [1, 2]])
    triples = [
        (pair, int(generator.integers(offsets[a], offsets[a + 1])), int(generator.integers(offsets[b], offsets[b + 1])))
        for pair, (a, b) in enumerate(pairs.tolist())
        for _ in range(generator.integers(0, 3))
    ]
    same = generator.random(3) < 0.5
    its, row_a, row_b = np.array(sorted(set(triples)), np.int64).reshape(-1, 3).T
    sure = generator.random(len(its))
    result = fact_features(facts, offsets, pairs, Matches(its, row_a, row_b, sure), same)
    back = fact_features(facts, offsets, pairs[:, ::-1], Matches(its, row_b, row_a, sure), same)
    for pair in range(3):
        matched = {(int(row_a[i]), int(row_b[i])): float(sure[i]) for i in np.flatnonzero(its == pair)}
        expected = expected_features(facts, owner, pairs[pair].tolist(), matched, bool(same[pair]))
        for name, value in zip(("conflict", "lead_conflict"), expected, strict=True):
            assert getattr(result, name)[pair] == pytest.approx(value, abs=1e-6)
            assert getattr(back, name)[pair] == pytest.approx(value, abs=1e-6)
