"""Planted batches: their stories are known, what is near stays near, and nothing is near across worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.encoding.encoder import unit
from detector.pairs.shingles import Shingles
from detector.pairs.space import in_space
from detector.profile import load_profile
from detector.records import Embeddings
from tests.benchmarks.planted import Planted, in_neutral_space, one_world, openings, plant
from tests.making import make_document

DIMENSIONS = 384


@pytest.fixture
def base() -> Planted:
    """Forty stories of three articles; the articles of one story are near each other."""
    generator = np.random.default_rng(1)
    topics = np.repeat(generator.standard_normal((40, DIMENSIONS)), 3, axis=0)
    vectors = unit((topics + 0.3 * generator.standard_normal(topics.shape)).astype(np.float32))
    documents = [
        make_document(f"{place:03}", *(f"Sentence {place} about {word} was published today." for word in "ab"))
        for place in range(120)
    ]
    rows = np.repeat(vectors, 2, axis=0).astype(np.float16)
    embeddings = Embeddings(vectors, rows, np.arange(0, 241, 2), np.repeat(np.arange(120), 2))
    return Planted(documents, embeddings, np.repeat(np.arange(40), 3))


def test_a_batch_has_as_many_articles_as_asked_sorted_by_id(base: Planted) -> None:
    for count in (1, 50, 500):
        planted = plant(base, count)
        ids = [document.article.id for document in planted.documents]
        assert len(ids) == count
        assert ids == sorted(ids)
        assert len(planted.neutral.articles) == len(planted.story) == count
        assert len(planted.neutral.sentences) == sum(len(document.sentences) for document in planted.documents)


def test_the_same_seed_gives_the_same_batch(base: Planted) -> None:
    one, other = plant(base, 300), plant(base, 300)
    np.testing.assert_array_equal(one.neutral.sentences, other.neutral.sentences)
    assert one.documents == other.documents
    assert (plant(base, 300, seed=1).story != one.story).any()


def test_stories_are_near_and_worlds_are_strangers(base: Planted) -> None:
    planted = plant(base, 400)
    cosines = planted.neutral.articles @ planted.neutral.articles.T
    same = planted.story[:, None] == planted.story[None, :]
    assert cosines[same].min() > 0.7
    assert cosines[~same].max() < 0.5


def test_windows_stay_apart(base: Planted) -> None:
    planted = plant(base, 400)
    article = np.repeat(np.arange(400), np.diff(planted.neutral.offsets))
    assert planted.neutral.windows is not None
    assert all(len(set(article[planted.neutral.windows == window])) == 1 for window in range(400))


def test_the_wording_of_one_world_is_not_that_of_another(base: Planted) -> None:
    planted = plant(base, 400)
    first = {document.sentences for document in base.documents}
    other = [document for document in planted.documents if document.sentences not in first]
    assert len(other) > 200
    runs = Shingles.of([*base.documents[:1], *other])
    assert runs.shared(np.array([[0, place] for place in range(1, len(other) + 1)])).max() < 0.9


@pytest.mark.parametrize(
    "text",
    [
        "中国国家通讯社今天报道了这条消息的全部内容",
        "བོད་ཀྱི་གསར་འགྱུར་དེ་རིང་གསར་དུ་བསྒྲགས་སོང་བ་ཡིན",
        "ข่าวนี้เผยแพร่โดยสำนักข่าวแห่งชาติในวันนี้",
    ],
)
def test_scripts_that_do_not_part_words_are_broken_too(base: Planted, text: str) -> None:
    document = make_document("a", text)
    elsewhere = plant(replace(base, documents=[document] * 120), 400).documents[-1]
    assert elsewhere.sentences != document.sentences
    assert Shingles.of([document, elsewhere]).shared(np.array([[0, 1]])).max() == 0


def test_the_neutral_profile_takes_nothing_out(base: Planted, tmp_path: Path) -> None:
    profile = in_neutral_space(load_profile("multilingual-e5-small"))
    neutral, _, mean = in_space(base.neutral, ["*"] * 120, profile, tmp_path)
    np.testing.assert_allclose(neutral.articles, unit(base.neutral.articles - mean), atol=1e-5)


def test_one_world_is_whole_stories_with_their_vectors(base: Planted) -> None:
    world = one_world(base, 30)
    assert 30 <= len(world.documents) < 33
    _, counts = np.unique(world.story, return_counts=True)
    assert set(counts.tolist()) == {3}
    for place, document in enumerate(world.documents):
        origin = base.documents.index(document)
        assert world.story[place] == base.story[origin]
        np.testing.assert_array_equal(world.neutral.of(place), base.neutral.of(origin))


def test_openings_are_the_first_sentences(base: Planted) -> None:
    short = openings(base, 1)
    assert [document.sentences for document in short.documents] == [d.sentences[:1] for d in base.documents]
    for place in (0, 7, 119):
        np.testing.assert_array_equal(short.neutral.of(place), base.neutral.of(place)[:1])
        assert short.neutral.articles[place] @ short.neutral.of(place)[0] > 0.999
