"""TF-IDF against dense vectors computed term by term."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs import tfidf as tfidf_module
from detector.pairs.terms import Terms
from detector.pairs.tfidf import KINDS, Tfidf, term_column, term_key
from tests.making import make_profile

COUNTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=6).map(Counter[str])
ARTICLES = st.lists(st.builds(Terms, COUNTERS, COUNTERS, COUNTERS, st.just({})), min_size=1, max_size=6)
LANGUAGES = ("it", "vi")
KEYS = st.tuples(st.sampled_from(KINDS), st.sampled_from(LANGUAGES), st.sampled_from("abcxyz"))
BACKGROUND = st.dictionaries(KEYS, st.integers(1, 50), max_size=8)
SIZES = {"it": 60, "vi": 90}
Counts = dict[tuple[str, str, str], int]


def some_languages(data: st.DataObject, articles: Sequence[Terms]) -> list[str]:
    """A language for each article."""
    return data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=len(articles), max_size=len(articles)))


def idf(kind: str, language: str, term: str, background: Counts) -> float:
    """The rarity of a term in one language."""
    return max(0.0, math.log((SIZES[language] + 1) / (background.get((kind, language, term), 0) + 0.5)))


@given(ARTICLES, BACKGROUND, st.data())
def test_the_cosine_is_that_of_dense_vectors(articles: list[Terms], background: Counts, data: Any) -> None:
    languages = some_languages(data, articles)
    tfidf = Tfidf.of(articles, languages, make_profile(background=background, background_articles=SIZES).background)
    pairs = np.array([(a, b) for a in range(len(articles)) for b in range(len(articles))], np.int64)
    for kind in KINDS:
        dense = np.zeros((len(articles), 8))
        for row, (article, language) in enumerate(zip(articles, languages, strict=True)):
            for term, count in getattr(article, kind).items():
                rarity = idf(kind, language, term, background)
                dense[row, "abcdefgh".index(term)] = (1 + math.log(count)) * rarity
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        dense /= np.where(lengths > 0, lengths, 1)
        expected = [max(0.0, float(dense[a] @ dense[b])) for a, b in pairs]
        np.testing.assert_allclose(tfidf.cosines(kind, pairs), expected, atol=1e-6)


@given(ARTICLES, st.data())
def test_an_article_has_one_vector_and_a_pair_one_cosine_in_any_batch(
    articles: list[Terms], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(articles))), min_size=1, max_size=6))
    languages = some_languages(data, articles)
    background = make_profile(background={("words", "it", "a"): 5}, background_articles={"it": 10}).background
    given_order = Tfidf.of(articles, languages, background)
    some = Tfidf.of([articles[i] for i in chosen], [languages[i] for i in chosen], background)
    pairs = np.array([(a, b) for a in range(len(chosen)) for b in range(len(chosen))], np.int64)
    for kind in KINDS:
        assert (given_order.vectors[kind][chosen] != some.vectors[kind]).nnz == 0
        expected = given_order.cosines(kind, np.array(chosen)[pairs])
        np.testing.assert_array_equal(some.cosines(kind, pairs), expected)


def of_words(*words: str) -> Terms:
    return Terms(Counter(words), Counter(), Counter(), {})


def test_a_batch_of_two_knows_a_common_word_from_a_rare_one() -> None:
    background = make_profile(background={("words", "en", "the"): 900}, background_articles={"en": 1000}).background
    pairs, languages = np.array([[0, 1]], np.int64), ["en", "en"]
    common = Tfidf.of([of_words("the", "flood"), of_words("the", "vote")], languages, background)
    rare = Tfidf.of([of_words("a", "charvirakul"), of_words("the", "charvirakul")], languages, background)
    assert 0 < common.cosines("words", pairs)[0] < 0.01
    assert 0.5 < rare.cosines("words", pairs)[0] < 1


def test_a_word_common_in_one_language_may_be_rare_in_another() -> None:
    profile = make_profile(background={("words", "fr", "de"): 990}, background_articles={"fr": 1000, "en": 1000})
    articles = [of_words("de", "crue"), of_words("de", "flood")]
    column = term_column("words", "de")
    french = Tfidf.of(articles, ["fr", "fr"], profile.background).vectors["words"][0, column]
    english = Tfidf.of(articles, ["en", "en"], profile.background).vectors["words"][0, column]
    assert french < 0.02 < 0.5 < english


def test_in_a_language_without_background_all_terms_are_equally_rare_and_none_weighs_nothing() -> None:
    background = make_profile(background={("words", "en", "the"): 900}, background_articles={"en": 1000}).background
    vectors = Tfidf.of([of_words("den", "flod"), of_words("flod")], ["sv", "sv"], background).vectors["words"]
    assert vectors.data == pytest.approx([0.5**0.5, 0.5**0.5, 1])
    # A term that no article of the background has, and one that all have.
    background = make_profile(background={("words", "en", "the"): 9}, background_articles={"en": 9}).background
    vectors = Tfidf.of([of_words("the"), of_words("flood")], ["en", "en"], background).vectors["words"]
    assert vectors.data.tolist() == [1, 1]


def test_two_terms_with_one_hash_count_as_the_first() -> None:
    with patch.object(tfidf_module, "term_column", lambda kind, term: 5):
        tfidf = Tfidf.of([of_words("river", "town"), of_words("town")], ["en", "en"], make_profile().background)
    assert tfidf.vectors["words"].has_canonical_format
    assert tfidf.cosines("words", np.array([[0, 1]]))[0] == 1


def test_the_heaviest_shared_terms_come_first() -> None:
    background = make_profile(background={("words", "en", "the"): 900}, background_articles={"en": 1000}).background
    articles = [of_words("the", "kyiv", "baku", "only"), of_words("the", "baku", "kyiv", "other")]
    tfidf = Tfidf.of(articles, ["en", "en"], background)
    terms = ["the", "kyiv", "baku", "only", "absent"]
    assert tfidf.shared("words", 0, 1, terms) == tfidf.shared("words", 1, 0, terms) == ["baku", "kyiv", "the"]
    assert tfidf.shared("names", 0, 1, terms) == []


def test_a_batch_without_any_number_or_name_shares_none() -> None:
    tfidf = Tfidf.of([Terms(Counter("ab"), Counter(), Counter(), {})] * 2, ["en", "en"], make_profile().background)
    pairs = np.array([[0, 1]], np.int64)
    assert [tfidf.cosines(kind, pairs)[0] for kind in KINDS] == pytest.approx([1, 0, 0])


def test_without_articles_pairs_or_background_nothing_fails() -> None:
    tfidf = Tfidf.of([], [], make_profile().background)
    for kind in KINDS:
        assert tfidf.cosines(kind, np.empty((0, 2), np.int64)).shape == (0,)


def test_one_term_of_two_kinds_or_languages_has_two_keys() -> None:
    keys = {term_key(kind, language, "2026") for kind in KINDS for language in LANGUAGES}
    assert len(keys) == len(KINDS) * len(LANGUAGES)
    assert len({term_column(kind, "2026") for kind in KINDS}) == len(KINDS)
