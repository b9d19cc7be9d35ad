"""The baselines find obvious stories, and their cuts are chosen on all sets together."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from detector.evaluation.labelled import Labelled
from detector.records import Article
from tests.benchmarks.baselines import METHODS, LabelledVectors, Method, best_cut, scored, semhash

COSINE = 0.97
SIZES = (4, 3, 2, 1)


def labelled_vectors(sizes: tuple[int, ...], cosine: float = COSINE) -> LabelledVectors:
    """Stories of these sizes: vectors of one story have this cosine, those of two stories are orthogonal."""
    story = np.repeat(np.arange(len(sizes)), sizes)
    shared, own = np.eye(len(sizes))[story], np.eye(len(story))
    vectors = np.hstack([np.sqrt(cosine) * shared, np.sqrt(1 - cosine) * own]).astype(np.float32)
    articles = tuple(Article(str(index), "a text") for index in range(len(story)))
    ids = np.array([article.id for article in articles])
    return LabelledVectors(Labelled("set", articles, story.astype(str), ids, np.full(len(story), "")), vectors)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_finds_the_stories_at_its_best_cut(name: str) -> None:
    if "SemHash" in name:
        pytest.importorskip("semhash")
    method, plain = METHODS[name], labelled_vectors(SIZES)
    found = method.cluster(plain.vectors, best_cut(method, [plain]))
    assert found.shape == (sum(SIZES),)
    assert found.dtype.kind == "i"
    assert scored(found, plain.labelled) == {"pairwise": 1, "b_cubed": 1}


@pytest.mark.parametrize("name", [name for name, method in METHODS.items() if COSINE < max(method.cuts) < 1])
def test_above_the_cosine_of_a_story_every_article_is_its_own_story(name: str) -> None:
    if "SemHash" in name:
        pytest.importorskip("semhash")
    found = METHODS[name].cluster(labelled_vectors(SIZES).vectors, COSINE + 0.01)
    assert len(set(found.tolist())) == sum(SIZES)


def test_one_cut_is_chosen_for_all_sets_together() -> None:
    """Each set alone is best at a different cut; together the better mean decides."""
    chunks = Method(lambda vectors, cut: np.arange(len(vectors)) // int(cut), (1, 2, 4))
    twos, fours = labelled_vectors((2, 2, 2, 2)), labelled_vectors((4, 4))
    assert best_cut(chunks, [twos]) == 2
    assert best_cut(chunks, [fours]) == 4
    assert best_cut(chunks, [twos, twos, fours]) == 2
    assert best_cut(chunks, [twos, fours, fours]) == 4


def test_if_semhash_is_missing_the_error_has_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "semhash", None)
    with pytest.raises(ModuleNotFoundError, match="type: pip install semhash"):
        semhash()
