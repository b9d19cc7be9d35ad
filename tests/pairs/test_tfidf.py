"""TF-IDF against dense vectors computed term by term."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.terms import Terms
from detector.pairs.tfidf import KINDS, Tfidf, background_counts, term_column, term_key
from detector.profile import Profile
from tests.making import make_profile

COUNTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=6).map(Counter[str])
ARTICLES = st.lists(st.builds(Terms, COUNTERS, COUNTERS, COUNTERS, st.just({})), min_size=1, max_size=6)
LANGUAGES = ("it", "vi")
KEYS = st.tuples(st.sampled_from(KINDS), st.sampled_from(LANGUAGES), st.sampled_from("abcxyz"))
BACKGROUND = st.dictionaries(KEYS, st.integers(1, 50), max_size=8)
SIZES = {"it": 60, "vi": 90}
Background = dict[tuple[str, str, str], int]


def some_languages(data: st.DataObject, articles: Sequence[Terms]) -> list[str]:
    """A language for each article."""
    return data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=len(articles), max_size=len(articles)))


def idf(kind: str, language: str, term: str, own: Sequence[Terms], background: Background) -> float:
    """The rarity of a term in one language; `own` are the articles of the batch in that language."""
    frequency = sum(term in getattr(article, kind) for article in own) + background.get((kind, language, term), 0)
    return max(0.0, math.log((len(own) + SIZES[language] + 1) / (frequency + 0.5)))


@given(ARTICLES, BACKGROUND, st.data())
def test_the_cosine_is_that_of_dense_vectors(articles: list[Terms], background: Background, data: Any) -> None:
    languages = some_languages(data, articles)
    tfidf = Tfidf.of(articles, languages, make_profile(background=background, background_articles=SIZES))
    pairs = np.array([(a, b) for a in range(len(articles)) for b in range(len(articles))], np.int64)
    for kind in KINDS:
        dense = np.zeros((len(articles), 8))
        for row, (article, language) in enumerate(zip(articles, languages, strict=True)):
            own = [other for other, code in zip(articles, languages, strict=True) if code == language]
            for term, count in getattr(article, kind).items():
                rarity = idf(kind, language, term, own, background)
                dense[row, "abcdefgh".index(term)] = (1 + math.log(count)) * rarity
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        dense /= np.where(lengths > 0, lengths, 1)
        expected = [max(0.0, float(dense[a] @ dense[b])) for a, b in pairs]
        np.testing.assert_allclose(tfidf.cosines(kind, pairs), expected, atol=1e-6)
        assert tfidf.has(kind).tolist() == [bool(getattr(article, kind)) for article in articles]


@given(ARTICLES, st.data())
def test_the_order_of_the_articles_changes_nothing(articles: list[Terms], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(articles))))
    languages = some_languages(data, articles)
    profile = make_profile(background_articles={"it": 10})
    given_order = Tfidf.of(articles, languages, profile)
    permuted = Tfidf.of([articles[i] for i in order], [languages[i] for i in order], profile)
    for kind in KINDS:
        assert (given_order.vectors[kind][order] != permuted.vectors[kind]).nnz == 0


def of_words(*words: str) -> Terms:
    return Terms(Counter(words), Counter(), Counter(), {})


def test_a_batch_of_two_knows_a_common_word_from_a_rare_one() -> None:
    profile = make_profile(background={("words", "en", "the"): 900}, background_articles={"en": 1000})
    pairs, languages = np.array([[0, 1]], np.int64), ["en", "en"]
    common = Tfidf.of([of_words("the", "flood"), of_words("the", "vote")], languages, profile)
    rare = Tfidf.of([of_words("a", "charvirakul"), of_words("the", "charvirakul")], languages, profile)
    assert 0 < common.cosines("words", pairs)[0] < 0.01
    assert 0.5 < rare.cosines("words", pairs)[0] < 1


def test_a_word_common_in_one_language_may_be_rare_in_another() -> None:
    profile = make_profile(background={("words", "fr", "de"): 990}, background_articles={"fr": 1000, "en": 1000})
    articles = [of_words("de", "crue"), of_words("de", "flood")]
    column = term_column("words", "de")
    french = Tfidf.of(articles, ["fr", "fr"], profile).vectors["words"][0, column]
    english = Tfidf.of(articles, ["en", "en"], profile).vectors["words"][0, column]
    assert french < 0.02 < 0.5 < english


def test_the_heaviest_shared_terms_come_first() -> None:
    profile = make_profile(background={("words", "en", "the"): 900}, background_articles={"en": 1000})
    articles = [of_words("the", "kyiv", "baku", "only"), of_words("the", "baku", "kyiv", "other")]
    tfidf = Tfidf.of(articles, ["en", "en"], profile)
    terms = ["the", "kyiv", "baku", "only", "absent"]
    assert tfidf.shared("words", 0, 1, terms) == tfidf.shared("words", 1, 0, terms) == ["baku", "kyiv", "the"]
    assert tfidf.shared("names", 0, 1, terms) == []


def test_a_batch_without_any_number_or_name_shares_none() -> None:
    tfidf = Tfidf.of([Terms(Counter("ab"), Counter(), Counter(), {})] * 2, ["en", "en"], make_profile())
    pairs = np.array([[0, 1]], np.int64)
    assert [tfidf.cosines(kind, pairs)[0] for kind in KINDS] == pytest.approx([1, 0, 0])
    assert not tfidf.has("numbers").any()


def test_without_articles_pairs_or_background_nothing_fails() -> None:
    tfidf = Tfidf.of([], [], make_profile())
    for kind in KINDS:
        assert tfidf.cosines(kind, np.empty((0, 2), np.int64)).shape == (0,)
        assert tfidf.has(kind).shape == (0,)


def test_one_term_of_two_kinds_or_languages_has_two_keys() -> None:
    keys = {term_key(kind, language, "2026") for kind in KINDS for language in LANGUAGES}
    assert len(keys) == len(KINDS) * len(LANGUAGES)
    assert len({term_column(kind, "2026") for kind in KINDS}) == len(KINDS)


@given(BACKGROUND, st.lists(st.sampled_from("abcxyz!"), max_size=7))
def test_background_counts_are_looked_up(background: Background, terms: list[str]) -> None:
    profile: Profile = make_profile(background=background)
    found = background_counts(profile, np.array([term_key("words", "it", term) for term in terms], np.uint32))
    assert found.tolist() == [background.get(("words", "it", term), 0) for term in terms]
