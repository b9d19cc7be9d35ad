"""From documents and vectors to scored pairs: a big batch has the stories that all its pairs would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from detector import pipeline
from detector.encoding.encoder import unit
from detector.execution.progress import Stages
from detector.pairs import candidates
from detector.pipeline import ScoredBatch, score_batch
from detector.profile import load_profile
from detector.records import Document, Embeddings
from detector.result import Result
from tests.benchmarks.rotated_copies import in_neutral_space
from tests.making import make_document

DIMENSIONS = 384
WORDS = ("flood", "vote", "strike", "storm", "trial", "summit", "match", "launch", "quake", "merger")


def some_stories(copies: int = 0) -> tuple[list[Document], Embeddings, NDArray[np.int64]]:
    """Thirty stories told by six articles each in two languages; the first article of the first is printed again."""
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


def labels_of(judged: ScoredBatch, documents: list[Document]) -> NDArray[np.int64]:
    result = Result(
        tuple(documents), (), judged.threshold, {}, judged.batch, judged.evidence, judged.scores, judged.scorer,
        copy_of=judged.copy_of,
    )  # fmt: skip
    return result.labels


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of more than fifty articles is a big one, in which an article has three neighbours."""
    for module in (candidates, pipeline):
        monkeypatch.setattr(module, "EXACT", 50)
    monkeypatch.setattr(candidates, "NEIGHBOURS", 3)
    monkeypatch.setattr(candidates, "DEEPEST", 4)


def judged_batch(
    copies: int = 0, window_days: float | None = None
) -> tuple[ScoredBatch, list[Document], NDArray[np.int64]]:
    documents, embeddings, story = some_stories(copies)
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    return score_batch(documents, embeddings, profile, Stages(False), window_days=window_days), documents, story


def test_a_big_batch_has_the_stories_of_a_small_one(small_limits: None) -> None:
    big, documents, story = judged_batch()
    assert big.copy_of is not None
    pairs = len(documents) * (len(documents) - 1) // 2
    assert len(big.evidence.pairs) < pairs / 10
    np.testing.assert_array_equal(labels_of(big, documents), story)


def test_the_pairs_inside_its_stories_are_all_there(small_limits: None) -> None:
    big, _, story = judged_batch()
    known = {(int(a), int(b)) for a, b in big.evidence.pairs}
    assert len(known) == len(big.evidence.pairs)
    inside = {(a, b) for a in range(len(story)) for b in range(a + 1, len(story)) if story[a] == story[b]}
    assert inside <= known


def test_copies_stand_with_what_they_are_copies_of_and_crowd_nothing_out(small_limits: None) -> None:
    big, documents, story = judged_batch(copies=40)
    np.testing.assert_array_equal(labels_of(big, documents), story)
    assert big.copy_of is not None
    assert (big.copy_of != np.arange(len(documents))).sum() >= 35


def test_a_pair_says_the_same_in_a_big_batch_as_in_a_small_one(
    small_limits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, _, _ = judged_batch()
    for module in (candidates, pipeline):
        monkeypatch.setattr(module, "EXACT", 10_000)
    small, _, _ = judged_batch()
    assert small.copy_of is None
    place = {(int(a), int(b)): number for number, (a, b) in enumerate(small.evidence.pairs)}
    both = [
        (number, place[int(a), int(b)]) for number, (a, b) in enumerate(big.evidence.pairs) if (int(a), int(b)) in place
    ]
    rows = np.array(both)
    np.testing.assert_allclose(big.scores.probability[rows[:, 0]], small.scores.probability[rows[:, 1]], atol=1e-5)


def test_pairs_owed_are_not_further_apart_than_the_window(small_limits: None) -> None:
    documents, embeddings, _ = some_stories()
    dated = [
        replace(document, article=replace(document.article, published=f"2026-01-{1 + place % 6 * 4:02}"))
        for place, document in enumerate(documents)
    ]
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    judged = score_batch(dated, embeddings, profile, Stages(False), window_days=5)
    assert len(judged.evidence.pairs)
    assert judged.evidence.days_apart.max() <= 5


def test_a_profile_for_other_vectors_is_refused() -> None:
    documents, embeddings, _ = some_stories()
    narrow = Embeddings(embeddings.articles[:, :8], embeddings.sentences[:, :8], embeddings.offsets, embeddings.windows)
    with pytest.raises(ValueError, match="384 dimensions, the model gives 8"):
        score_batch(documents, narrow, load_profile("multilingual-e5-small"), Stages(False))
