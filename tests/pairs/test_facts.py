"""The facts of sentences: which there are, how much each weighs, and where else it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.facts import Facts, Kind
from detector.pairs.tfidf import term_column
from detector.profile import Profile
from tests.making import make_profile
from tests.pairs.making import facts_of

WORDS = ["Kyiv", "Baku", "7", "2.5 million", "2500000", "3 May", "Italy", "the", "vote"]
TEXT = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), min_size=1, max_size=3)


def facts_in(*articles: list[str], language: str = "en", profile: Profile | None = None) -> Facts:
    return facts_of(((sentences, language) for sentences in articles), (profile or make_profile()).background)


def kinds_of(facts: Facts, sentence: int) -> list[Kind]:
    index, _ = facts.of(np.array([sentence]))
    return sorted(Kind(kind) for kind in facts.kinds[index].tolist())


def weight(facts: Facts, kind: str, form: str) -> float:
    return float(facts.weights[facts.columns == term_column(kind, form)][0])


@pytest.mark.parametrize(
    ("sentence", "language", "kinds"),
    [
        ("About 300 people met.", "en", [Kind.NUMBER]),
        ("They met on 3 May.", "en", [Kind.NUMBER, Kind.DATE]),
        ("They met in Indonesia.", "en", [Kind.COUNTRY, Kind.NAME]),
        ("They met Rossini and Rossini.", "en", [Kind.NAME]),
        ("Rossini met them.", "en", []),
        ("Sie trafen Rossini.", "de", []),
        ("التقى الرئيس", "ar", []),
    ],
)
def test_a_sentence_has_the_facts_that_it_surely_names(sentence: str, language: str, kinds: list[Kind]) -> None:
    assert kinds_of(facts_in([sentence], language=language), 0) == kinds


def test_the_facts_of_a_sentence_are_found_by_its_row() -> None:
    facts = facts_in(["We met 7 and 8.", "Nobody came."], ["There were 9."])
    index, which = facts.of(np.array([2, 1, 0, 2]))
    assert which.tolist() == [0, 2, 2, 3]
    columns = {name: term_column("numbers", name) for name in "789"}
    assert facts.columns[index][[0, 3]].tolist() == [columns["9"], columns["9"]]
    assert set(facts.columns[index][1:3].tolist()) == {columns["7"], columns["8"]}


def background(counts: Mapping[tuple[str, str, str], int], articles: int) -> Profile:
    return make_profile(background=counts, background_articles={"en": articles})


def test_a_fact_weighs_the_more_the_rarer_it_is_in_the_background() -> None:
    profile = background({("numbers", "en", "7"): 50, ("numbers", "en", "8"): 99, ("numbers", "en", "9"): 5}, 99)
    facts = facts_in(["We saw 7, 8, 9 and 11."], profile=profile)
    common, often, seldom, never = (weight(facts, "numbers", number) for number in ("8", "7", "9", "11"))
    assert 0 < common < often < seldom < never == 1


def test_without_a_background_every_fact_is_rare() -> None:
    assert facts_in(["We saw 7 in Milan."]).weights.tolist() == [1, 1]


@given(st.lists(TEXT, min_size=1, max_size=3), TEXT)
def test_the_facts_of_an_article_do_not_depend_on_the_others(others: list[list[str]], sentences: list[str]) -> None:
    profile = background({("numbers", "en", "7"): 50}, 99)
    alone, last = facts_in(sentences, profile=profile), facts_in(*others, sentences, profile=profile)
    for name in ("columns", "written", "kinds", "weights"):
        values = getattr(last, name)
        assert values[len(values) - len(alone.columns) :].tolist() == getattr(alone, name).tolist()


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_where_a_fact_is_found(articles: list[list[str]]) -> None:
    facts = facts_in(*articles)
    sentences = [sentence for article in articles for sentence in article]
    owner = np.repeat(np.arange(len(articles)), [len(article) for article in articles])
    own = [set(facts.columns[facts.of(np.array([row]))[0]].tolist()) for row in range(len(sentences))]
    written = [set(facts.written[facts.of(np.array([row]))[0]].tolist()) for row in range(len(sentences))]
    forms = [a | b for a, b in zip(own, written, strict=True)]
    for fact in range(len(facts.columns)):
        either = {int(facts.columns[fact]), int(facts.written[fact])}
        expected = [bool(either & found) for found in forms]
        in_article = [any(np.array(expected)[owner == article]) for article in range(len(articles))]
        count = np.arange(len(articles))
        assert facts.in_articles(np.full(len(count), fact), count).tolist() == in_article


def test_a_multiplied_number_is_found_by_its_value_and_as_written() -> None:
    facts = facts_in(["We paid 2.5 million."], ["We paid 2500000."], ["We paid 2.5."], ["We paid 3 million."])
    assert facts.in_articles(np.zeros(4, np.int64), np.arange(4)).tolist() == [True, True, True, False]


def test_there_may_be_no_facts_at_all() -> None:
    facts = facts_in(["nothing"])
    assert facts.in_articles(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []
    assert facts.of(np.array([0]))[0].tolist() == []
