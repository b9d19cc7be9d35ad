"""From documents and vectors to scored pairs: a big batch has the stories that all its pairs would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from detector import pipeline
from detector.execution.progress import Stages
from detector.pairs import candidates
from detector.pipeline import ScoredBatch, form_stories, score_batch
from detector.profile import load_profile
from detector.records import Document, Embeddings, unit
from detector.stories import clustering
from tests.benchmarks.rotated_copies import in_neutral_space
from tests.making import make_document

DIMENSIONS = 384
WORDS = ("flood", "vote", "strike", "storm", "trial", "summit", "match", "launch", "quake", "merger")


def some_stories(copies: int = 0) -> tuple[list[Document], Embeddings, NDArray[np.int64]]:
    """Thirty stories reported by six articles each in two languages; the first article of the first has copies."""
    generator = np.random.default_rng(5)
    documents: list[Document] = []
    rows, story = [], []
    for number in range(30):
        topics = generator.standard_normal((4, DIMENSIONS))
        for telling in range(6 + (copies if number == 0 else 0)):
            copied = telling >= 6
            subject = f"{number} {telling} {WORDS[number % 10]}"
            texts = [
                f"Sentence {place} on {subject} says that {place} more came to us here today." for place in range(4)
            ]
            if copied:
                texts = [*documents[0].sentences[:3], documents[0].sentences[3] + " Again."]
            language = "en" if copied or telling % 2 else "fr"
            documents.append(make_document(f"{len(documents):04}", *texts, language=language))
            noise = 0.02 if copied else 0.35
            rows.append(topics + noise * generator.standard_normal(topics.shape))
            story.append(number)
    sentences = unit(np.concatenate(rows).astype(np.float32))
    articles = unit(sentences.reshape(len(documents), 4, DIMENSIONS).mean(1))
    offsets = np.arange(0, len(sentences) + 1, 4)
    embeddings = Embeddings(articles, sentences, offsets, np.repeat(np.arange(len(documents)), 4))
    return documents, embeddings, np.array(story)


def labels_of(scored: ScoredBatch) -> NDArray[np.int64]:
    return form_stories(scored)[0].labels


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of more than fifty articles is a big one, in which an article has three neighbours."""
    for module in (candidates, pipeline):
        monkeypatch.setattr(module, "EXACT", 50)
    monkeypatch.setattr(candidates, "NEIGHBOURS", 3)
    monkeypatch.setattr(candidates, "DEEPEST", 4)


def scored_batch(
    copies: int = 0, window_days: float | None = None
) -> tuple[ScoredBatch, list[Document], NDArray[np.int64]]:
    documents, embeddings, story = some_stories(copies)
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    return score_batch(documents, embeddings, profile, Stages(False), window_days=window_days), documents, story


def test_a_big_batch_has_the_stories_of_a_small_one(small_limits: None) -> None:
    big, documents, story = scored_batch()
    assert big.copy_of is not None
    pairs = len(documents) * (len(documents) - 1) // 2
    assert len(big.features.pairs) < pairs / 10
    np.testing.assert_array_equal(labels_of(big), story)


def test_every_pair_inside_a_story_is_scored(small_limits: None) -> None:
    big, _, story = scored_batch()
    known = {(int(a), int(b)) for a, b in big.features.pairs}
    assert len(known) == len(big.features.pairs)
    inside = {(a, b) for a in range(len(story)) for b in range(a + 1, len(story)) if story[a] == story[b]}
    assert inside <= known


def test_copies_join_the_story_of_their_original_and_displace_no_other_pair(small_limits: None) -> None:
    big, documents, story = scored_batch(copies=40)
    np.testing.assert_array_equal(labels_of(big), story)
    assert big.copy_of is not None
    assert (big.copy_of != np.arange(len(documents))).sum() >= 35


def test_a_pair_has_the_same_score_in_a_big_batch_as_in_a_small_one(
    small_limits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, _, _ = scored_batch()
    for module in (candidates, pipeline):
        monkeypatch.setattr(module, "EXACT", 10_000)
    small, _, _ = scored_batch()
    assert small.copy_of is None
    place = {(int(a), int(b)): number for number, (a, b) in enumerate(small.features.pairs)}
    both = [
        (number, place[int(a), int(b)]) for number, (a, b) in enumerate(big.features.pairs) if (int(a), int(b)) in place
    ]
    rows = np.array(both)
    np.testing.assert_allclose(big.scores.probability[rows[:, 0]], small.scores.probability[rows[:, 1]], atol=1e-5)


def test_missing_pairs_outside_the_window_are_not_scored(small_limits: None) -> None:
    documents, embeddings, _ = some_stories()
    dated = [
        replace(document, article=replace(document.article, published=f"2026-01-{1 + place % 6 * 4:02}"))
        for place, document in enumerate(documents)
    ]
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    scored = score_batch(dated, embeddings, profile, Stages(False), window_days=5)
    assert len(scored.features.pairs)
    assert scored.features.days_apart.max() <= 5


def test_a_profile_for_other_vectors_is_refused() -> None:
    documents, embeddings, _ = some_stories()
    narrow = Embeddings(embeddings.articles[:, :8], embeddings.sentences[:, :8], embeddings.offsets, embeddings.windows)
    with pytest.raises(ValueError, match="384 dimensions, the model gives 8"):
        score_batch(documents, narrow, load_profile("multilingual-e5-small"), Stages(False))


def test_the_linkage_that_finds_no_missing_pair_is_used_for_the_stories(
    small_limits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, _, story = scored_batch(copies=40)
    again = labels_of(replace(big, linked=None))
    assert big.linked is not None
    monkeypatch.delattr(clustering, "stories_of")
    np.testing.assert_array_equal(labels_of(big), again)
    np.testing.assert_array_equal(again, story)
