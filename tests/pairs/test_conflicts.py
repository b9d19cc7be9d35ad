"""The facts in which headline and lead of two articles conflict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.conflicts import LEAD, lead_conflicts
from detector.pairs.facts import Facts, Kind
from tests.making import make_profile
from tests.pairs.making import facts_of

SEEDS = st.integers(0, 10**6)
WORDS = ["Kyiv", "Baku", "7", "8", "9", "3 May", "4 May", "Italy", "Spain", "the", "vote"]
# One fact that no article of the background has, and two.
ONE, TWO = 1 / 2, 2 / 3


def conflict(a: list[str], b: list[str], languages: tuple[str, str] = ("en", "en")) -> float:
    """How much headline and lead of two articles conflict."""
    facts = facts_of(zip((a, b), languages, strict=True), make_profile().background)
    offsets = np.array([0, len(a), len(a) + len(b)])
    same = np.array([languages[0] == languages[1]])
    return float(lead_conflicts(facts, offsets, np.array([[0, 1]]), same)[0])


@pytest.mark.parametrize(
    ("sentence_a", "sentence_b", "expected"),
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
def test_other_facts_in_the_same_place_conflict(sentence_a: str, sentence_b: str, expected: float) -> None:
    assert conflict([sentence_a], [sentence_b]) == pytest.approx(expected)


def test_a_fact_that_is_anywhere_in_the_other_article_is_not_in_conflict() -> None:
    assert conflict(["They found 7."], ["They found 8.", "Earlier they found 7."]) == 0


def test_names_conflict_only_within_one_language() -> None:
    a, b = ["They met in Milan."], ["Si sono visti a Torino."]
    assert conflict(a, b, ("en", "it")) == 0
    assert conflict(a, b, ("it", "it")) == ONE


def test_what_follows_headline_and_lead_does_not_conflict() -> None:
    quiet = ["Nothing."] * LEAD
    assert conflict(["We saw 7.", "All 7."], ["We saw 8."]) == ONE
    assert conflict([*quiet, "We saw 7."], ["We saw 8."]) == 0


def texts(generator: np.random.Generator, articles: int) -> list[list[str]]:
    """Articles of one to five sentences of a few words each."""
    return [
        ["we " + " ".join(generator.choice(WORDS, generator.integers(0, 5))) for _ in range(generator.integers(1, 6))]
        for _ in range(articles)
    ]


def expected_conflict(facts: Facts, owner: list[int], pair: list[int], same: bool) -> float:
    """By the definition: dictionaries of the facts of each sentence."""
    found: list[dict[int, tuple[Kind, float]]] = []
    for row in range(len(owner)):
        index, _ = facts.of(np.array([row]))
        found.append({int(facts.columns[i]): (Kind(facts.kinds[i]), float(facts.weights[i])) for i in index.tolist()})
    everything = [set().union(*(found[row] for row in range(len(owner)) if owner[row] == article)) for article in pair]
    leads = []
    for article in pair:
        rows = [row for row in range(len(owner)) if owner[row] == article][:LEAD]
        leads.append({column: fact for row in rows for column, fact in found[row].items()})
    total = 0.0
    for kind in Kind:
        missing = [
            sum(weight for column, (its, weight) in lead.items() if its == kind and column not in other)
            for lead, other in ((leads[0], everything[1]), (leads[1], everything[0]))
        ]
        total += min(missing) if same or kind != Kind.NAME else 0
    return total / (total + 1)


@given(SEEDS)
def test_conflicts_are_those_of_their_definition_and_symmetric(seed: int) -> None:
    generator = np.random.default_rng(seed)
    articles = texts(generator, 3)
    profile = make_profile(background={("numbers", "en", "7"): 3}, background_articles={"en": 9})
    facts = facts_of(((article, "en") for article in articles), profile.background)
    offsets = np.concatenate([[0], np.cumsum([len(article) for article in articles])])
    owner = np.repeat(np.arange(3), np.diff(offsets)).tolist()
    pairs = np.array([[0, 1], [0, 2], [1, 2]])
    same = generator.random(3) < 0.5
    found, back = (lead_conflicts(facts, offsets, each, same) for each in (pairs, pairs[:, ::-1]))
    for pair in range(3):
        expected = expected_conflict(facts, owner, pairs[pair].tolist(), bool(same[pair]))
        assert found[pair] == pytest.approx(expected, abs=1e-6)
        assert back[pair] == pytest.approx(expected, abs=1e-6)
