"""Repeated batches: vectors of a story stay near, and nothing is near between two repetitions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.pairs.shingles import Shingles
from detector.pairs.space import in_space
from detector.profile import load_profile
from detector.records import Embeddings, unit
from tests.benchmarks.rotated_copies import StoryBatch, first_sentences, in_neutral_space, repeated, some_stories
from tests.making import make_document

pytestmark = pytest.mark.slow

DIMENSIONS = 384


@pytest.fixture
def base() -> StoryBatch:
    """Forty stories of three articles; the articles of one story are near each other."""
    generator = np.random.default_rng(1)
    topics = np.repeat(generator.standard_normal((40, DIMENSIONS)), 3, axis=0)
    vectors = unit((topics + 0.3 * generator.standard_normal(topics.shape)).astype(np.float32))
    documents = [
        make_document(f"{index:03}", *(f"Sentence {index} about {word} was published today." for word in "ab"))
        for index in range(120)
    ]
    rows = np.repeat(vectors, 2, axis=0).astype(np.float16)
    embeddings = Embeddings(vectors, rows, np.arange(0, 241, 2), np.repeat(np.arange(120), 2))
    return StoryBatch(documents, embeddings, np.repeat(np.arange(40), 3))


def test_a_batch_has_the_wanted_number_of_articles_sorted_by_id(base: StoryBatch) -> None:
    for count in (1, 50, 500):
        batch = repeated(base, count)
        ids = [document.article.id for document in batch.documents]
        assert len(ids) == count
        assert ids == sorted(ids)
        assert len(batch.neutral.articles) == len(batch.story) == count
        assert len(batch.neutral.sentences) == sum(len(document.sentences) for document in batch.documents)


def test_the_same_seed_gives_the_same_batch(base: StoryBatch) -> None:
    first, second = repeated(base, 300), repeated(base, 300)
    np.testing.assert_array_equal(first.neutral.sentences, second.neutral.sentences)
    assert first.documents == second.documents
    assert (repeated(base, 300, seed=1).story != first.story).any()


def test_vectors_of_one_story_are_near_and_those_of_two_are_far(base: StoryBatch) -> None:
    batch = repeated(base, 400)
    cosines = batch.neutral.articles @ batch.neutral.articles.T
    same = batch.story[:, None] == batch.story[None, :]
    assert cosines[same].min() > 0.7
    assert cosines[~same].max() < 0.5


def test_a_window_belongs_to_one_article(base: StoryBatch) -> None:
    batch = repeated(base, 400)
    article = np.repeat(np.arange(400), np.diff(batch.neutral.offsets))
    assert batch.neutral.windows is not None
    assert all(len(set(article[batch.neutral.windows == window])) == 1 for window in range(400))


def test_two_repetitions_of_an_article_differ_in_wording(base: StoryBatch) -> None:
    batch = repeated(base, 400)
    in_base = {document.sentences for document in base.documents}
    later = [document for document in batch.documents if document.sentences not in in_base]
    assert len(later) > 200
    shingles = Shingles.of([*base.documents[:1], *later])
    assert shingles.shared(np.array([[0, index] for index in range(1, len(later) + 1)])).max() < 0.9


@pytest.mark.parametrize(
    "text",
    [
        "中国国家通讯社今天报道了这条消息的全部内容",
        "བོད་ཀྱི་གསར་འགྱུར་དེ་རིང་གསར་དུ་བསྒྲགས་སོང་བ་ཡིན",
        "ข่าวนี้เผยแพร่โดยสำนักข่าวแห่งชาติในวันนี้",
    ],
)
def test_texts_without_spaces_differ_in_wording_too(base: StoryBatch, text: str) -> None:
    document = make_document("a", text)
    repetition = repeated(replace(base, documents=[document] * 120), 400).documents[-1]
    assert repetition.sentences != document.sentences
    assert Shingles.of([document, repetition]).shared(np.array([[0, 1]])).max() == 0


def test_the_neutral_profile_removes_nothing(base: StoryBatch, tmp_path: Path) -> None:
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    neutral, _ = in_space(base.neutral, ["*"] * 120, profile, tmp_path)
    np.testing.assert_allclose(neutral.articles, unit(base.neutral.articles), atol=1e-3)


def test_some_stories_are_complete_and_keep_their_vectors(base: StoryBatch) -> None:
    some = some_stories(base, 30)
    assert 30 <= len(some.documents) < 33
    _, counts = np.unique(some.story, return_counts=True)
    assert set(counts.tolist()) == {3}
    for index, document in enumerate(some.documents):
        origin = base.documents.index(document)
        assert some.story[index] == base.story[origin]
        np.testing.assert_array_equal(some.neutral.of(index), base.neutral.of(origin))


def test_first_sentences_cut_texts_and_vectors(base: StoryBatch) -> None:
    short = first_sentences(base, 1)
    assert [document.sentences for document in short.documents] == [d.sentences[:1] for d in base.documents]
    for index in (0, 7, 119):
        np.testing.assert_array_equal(short.neutral.of(index), base.neutral.of(index)[:1])
        assert short.neutral.articles[index] @ short.neutral.of(index)[0] > 0.999
