"""What all news of a beat shares: a robust centre, and document frequencies on top of those of the profile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.fitting import background as background_module
from detector.fitting.background import LISTED_FROM, centre_of, centred, fit_background, with_documents
from detector.pairs.tfidf import term_key
from detector.profile.background import Background
from detector.records import Embeddings, unit
from tests.making import DIMENSIONS, make_document, make_profile, random_units

ORIGIN = np.zeros(DIMENSIONS, np.float32)


def test_a_story_of_many_articles_does_not_become_the_centre() -> None:
    generator = np.random.default_rng(9)
    story = random_units(generator, DIMENSIONS)
    versions = unit(story + 0.05 * generator.normal(size=(200, DIMENSIONS)).astype(np.float32))
    assert np.linalg.norm(centre_of(versions, 0.5, ORIGIN, prior=50)) < 0.03


def test_the_topic_that_many_stories_share_is_found() -> None:
    generator = np.random.default_rng(10)
    topic = np.eye(DIMENSIONS, dtype=np.float32)[0]
    stories = unit(random_units(generator, 400, DIMENSIONS) + 0.6 * topic)
    found = centre_of(stories, 0.95, ORIGIN, prior=20)
    assert found @ topic / np.linalg.norm(found) > 0.95
    assert 0.3 < np.linalg.norm(found) < 0.7


def test_a_story_of_many_articles_counts_once() -> None:
    big, small = np.eye(DIMENSIONS, dtype=np.float32)[:2]
    vectors = np.concatenate([np.tile(big, (99, 1)), small[None]])
    np.testing.assert_allclose(centre_of(vectors, 0.9, ORIGIN, prior=0), (big + small) / 2, atol=1e-6)


def test_few_articles_hardly_move_the_centre_that_was_there() -> None:
    start, article = 0.5 * np.eye(DIMENSIONS, dtype=np.float32)[0], np.eye(DIMENSIONS, dtype=np.float32)[1]
    np.testing.assert_allclose(centre_of(article[None], 0.9, start, prior=4), (article + 4 * start) / 5, atol=1e-6)
    np.testing.assert_array_equal(centre_of(np.zeros((0, DIMENSIONS), np.float32), 0.9, start), start)


def test_of_many_articles_a_sample_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_units(np.random.default_rng(11), 50, DIMENSIONS)
    expected = centre_of(vectors[::5], 0.9, ORIGIN)
    monkeypatch.setattr(background_module, "CENTRE_ARTICLES", 10)
    np.testing.assert_array_equal(centre_of(vectors, 0.9, ORIGIN), expected)


@given(st.integers(1, 9))
def test_the_size_of_a_block_changes_nothing(block: int) -> None:
    vectors = unit(random_units(np.random.default_rng(block), 9, DIMENSIONS) + np.float32(0.5))
    expected = centre_of(vectors, 0.7, ORIGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background_module, "BLOCK", block)
        np.testing.assert_array_equal(centre_of(vectors, 0.7, ORIGIN), expected)


def frequencies(background: Background) -> dict[int, int]:
    return dict(zip(background.keys.tolist(), background.counts.tolist(), strict=True))


def test_only_terms_in_enough_documents_are_listed_with_their_frequency() -> None:
    common = [make_document(f"{index}", "The harbour was closed.") for index in range(LISTED_FROM)]
    rare = [make_document(f"r{index}", "The lighthouse was closed.") for index in range(LISTED_FROM - 1)]
    documents = [*common, *rare, make_document("it", "Il porto.", language="it")]
    found = with_documents(Background.empty("none", 3), documents)
    assert frequencies(found)[term_key("words", "en", "harbour")] == LISTED_FROM
    assert term_key("words", "en", "lighthouse") not in frequencies(found)
    assert frequencies(found)[term_key("words", "en", "closed")] == 2 * LISTED_FROM - 1
    assert found.keys.tolist() == sorted(found.keys.tolist())
    assert found.articles == {"en": 2 * LISTED_FROM - 1, "it": 1}


def test_documents_are_counted_on_top_of_what_was_there() -> None:
    start = make_profile(
        background={("words", "en", "harbour"): 20}, background_articles={"en": 30, "fr": 7}
    ).background
    found = with_documents(start, [make_document("a", "The harbour was closed.")])
    assert frequencies(found) == {term_key("words", "en", "harbour"): 21}
    assert found.articles == {"en": 31, "fr": 7}
    assert found.centre is start.centre


def test_a_profile_gets_the_centre_of_real_articles() -> None:
    real = unit(random_units(np.random.default_rng(12), 50, DIMENSIONS) + np.float32(0.2))
    parts = [Embeddings(half, half, np.arange(len(half) + 1)) for half in (real[:20], real[20:])]
    found = centred(make_profile(), parts)
    np.testing.assert_array_equal(found.background.centre, centre_of(real, 0.9, ORIGIN))
    assert not centred(make_profile(), []).background.centre.any()


def test_without_an_article_there_is_no_background() -> None:
    with pytest.raises(ValueError, match="no article to learn a background from"):
        fit_background([], "courts")
