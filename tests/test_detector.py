"""Detection from articles to stories with the embedded model, on seeds/ and on a few short articles."""

from __future__ import annotations

import random
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import clone

from detector import Article, Result, StoryDetector, compare, read_articles
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.preparing import prepare
from detector.records import Embeddings, Rejected, Relation
from detector.reporting.tables import PAIR_COLUMNS, STORY_COLUMNS
from tests.encoding.tiny import write_other_model

ITALIAN, FRENCH = "002_f57c4a16cae3554d.txt", "004_674bc17bfcdb0dfd.txt"
PROFILE = "multilingual-e5-small"
RIVER = [
    Article("en", "The river rose a lot in the night. People left their homes and went to the school."),
    Article("it", "Il fiume è cresciuto molto nella notte. La gente ha lasciato le case ed è andata a scuola."),
    Article("other", "The minister opened a new museum. Many children came to see the old paintings."),
]


@pytest.fixture(scope="module")
def articles(seeds: Path) -> list[Article]:
    return read_articles(seeds).articles


@pytest.fixture(scope="module")
def detector(encoder: SentenceTransformerEncoder) -> StoryDetector:
    return StoryDetector(model=encoder)


@pytest.fixture(scope="module")
def result(detector: StoryDetector, seeds: Path) -> Result:
    return detector.detect(read_articles(seeds))


@pytest.fixture(scope="module")
def vectors(result: Result) -> Embeddings:
    """The raw vectors of the seeds, by id."""
    return result.batch.raw


def without_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was encoded again")

    monkeypatch.setattr(SentenceTransformerEncoder, "encode", refuse)


def ids(result: Result) -> list[list[str]]:
    return [[article.id for article in story.articles] for story in result.stories]


def test_the_italian_and_the_french_article_are_one_story_and_nothing_else_is(result: Result) -> None:
    assert ids(result)[0] == [ITALIAN, FRENCH]
    assert [len(story) for story in result.stories] == [2, 1, 1, 1]
    assert {story.languages for story in result.stories[1:]} == {("vi",)}
    best, *others = result.scored(0)
    assert (best.article_a, best.article_b, best.relation) == (ITALIAN, FRENCH, "translation")
    assert best.probability >= 0.95
    assert best.similarity >= 0.8
    assert all(pair.probability <= 0.1 for pair in others)
    assert {str(pair.relation) for pair in others} <= {"different", "follow-up", "same form"}
    assert all(pair.coverage_a < 0.5 and pair.coverage_b < 0.5 for pair in others)


def test_all_numbers_are_in_their_ranges(result: Result) -> None:
    for pair in result.scored(0):
        shares = pair.probability, pair.similarity, pair.coverage_a, pair.coverage_b
        assert all(0 <= share <= 1 for share in shares)
        assert -1 <= pair.cosine <= 1
        assert pair.article_a < pair.article_b
        assert pair.days_apart is None
        assert pair.relation in set(Relation)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_articles_does_not_matter(
    detector: StoryDetector, articles: list[Article], result: Result, seed: int
) -> None:
    shuffled = random.Random(seed).sample(articles, len(articles))
    again = detector.detect(shuffled)
    assert again.scored(0) == result.scored(0)
    assert again.stories == result.stories


def test_at_another_threshold_nothing_is_encoded_again(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    without_encoding(monkeypatch)
    everything, nothing = result.rethreshold(0), result.rethreshold(1)
    assert [len(story) for story in everything.stories] == [5]
    assert len(everything.pairs) == len(everything.scored(0)) == len(result.features.pairs) > 1
    assert "different" not in {pair.relation for pair in everything.pairs}
    assert [len(story) for story in nothing.stories] == [1] * 5
    assert {pair.relation for pair in nothing.scored(0)} <= {"follow-up", "same form", "different"}
    assert (nothing.threshold, nothing.run["options"]["threshold"], nothing.run["counts"]["stories"]) == (1, 1, 5)
    assert result.rethreshold(result.threshold).stories == result.stories
    assert result.run["counts"]["stories"] == 4


@pytest.mark.parametrize("threshold", [-0.1, 1.1, 7, float("nan")])
def test_a_threshold_out_of_range_is_refused(result: Result, threshold: float) -> None:
    with pytest.raises(ValueError, match=r"threshold is .* between 0 and 1"):
        result.rethreshold(threshold)
    with pytest.raises(ValueError, match=r"threshold is .* between 0 and 1"):
        StoryDetector(threshold=threshold).detect(RIVER)
    with pytest.raises(ValueError, match=r"storyline_threshold is .* between 0 and 1"):
        StoryDetector(storyline_threshold=threshold).detect(RIVER)


@pytest.mark.parametrize("days", [-1, float("nan")])
def test_a_window_out_of_range_is_refused(days: float) -> None:
    with pytest.raises(ValueError, match=r"window_days is .* 0 or more"):
        StoryDetector(window_days=days).detect(RIVER)


def test_the_explanation_adds_up(result: Result) -> None:
    for first, second in combinations([document.article.id for document in result.documents], 2):
        pair, evidence = result.pair(first, second), result.explain(second, first)
        assert evidence == pair.evidence
        assert sum(evidence.shares.values()) == pytest.approx(logit(pair.probability), abs=1e-6)
    evidence = result.explain(ITALIAN, FRENCH)
    assert len(evidence.aligned) == 11
    assert not evidence.only_b
    # What the translator added stands inside sentences that have a counterpart.
    assert "hanno firmato un accordo con il Partito comunista vietnamita." in evidence.only_a
    assert all(len(text) < 100 for text in evidence.only_a)
    assert evidence.shared_names


def test_pair_gives_the_same_pair_as_scored(result: Result) -> None:
    for listed in result.scored(0):
        asked = result.pair(listed.article_b, listed.article_a)
        assert asked.probability == pytest.approx(listed.probability, abs=1e-9)
        assert (asked.relation, asked.article_a) == (listed.relation, listed.article_a)
    with pytest.raises(KeyError, match="no article 'nowhere'"):
        result.pair(ITALIAN, "nowhere")


def test_the_tables_have_the_columns_of_the_files(result: Result) -> None:
    frame = result.pairs_frame(0)
    assert tuple(frame.columns) == PAIR_COLUMNS
    assert len(frame) == len(result.features.pairs)
    assert tuple(result.rethreshold(1).pairs_frame(1).columns) == PAIR_COLUMNS
    stories = result.stories_frame()
    assert sorted(stories["article_id"]) == [document.article.id for document in result.documents]
    assert tuple(stories.columns) == STORY_COLUMNS
    assert stories["representative"].sum() == len(result.stories)
    assert stories.loc[~stories["representative"], "relation"].tolist() == ["translation"]
    assert set(stories["storyline_id"]) == {storyline.id for storyline in result.storylines}


def test_a_result_has_a_summary_and_a_notebook_view(result: Result) -> None:
    assert repr(result) == "<Result: 5 articles, 1 stories of two or more articles, 1 in several languages>"
    shown = result._repr_html_()
    assert shown.startswith(
        "<p><b>5 articles</b> in 3 languages: <b>1 story of two or more articles</b>, 1 in several languages;"
    )
    assert "La VNA rafforza" in shown


def test_a_story_and_a_pair_have_a_notebook_view(result: Result) -> None:
    assert "La VNA rafforza" in result.stories[0]._repr_html_()
    assert ITALIAN in result.pairs[0]._repr_html_()


def test_the_run_records_model_profile_versions_and_seconds(result: Result) -> None:
    assert result.run["model"]["name"] == result.run["profile"]["name"] == PROFILE
    assert result.run["profile"]["languages_without_statistics"] == {}
    assert {"torch", "sentence-transformers", "detector"} <= set(result.run["versions"])
    assert {"encode", "evidence", "cluster"} <= set(result.run["seconds"])


def test_two_texts_are_compared(encoder: SentenceTransformerEncoder) -> None:
    same = compare(RIVER[0].text, RIVER[1].text, model=encoder)
    other = compare(RIVER[1], RIVER[2], model=encoder)
    assert (same.article_a, same.article_b, same.language_a, same.language_b) == ("a", "b", "en", "it")
    assert same.evidence is not None
    assert len(same.evidence.aligned) == 2
    assert same.probability > 0.5 > other.probability
    assert same.similarity > other.similarity


def test_an_empty_text_cannot_be_compared(encoder: SentenceTransformerEncoder) -> None:
    with pytest.raises(ValueError, match="no text, or an empty one"):
        compare("", RIVER[0].text, model=encoder)


def test_one_article_alone_is_a_story_of_one(detector: StoryDetector) -> None:
    result = StoryDetector(model=detector.model).detect([RIVER[0]])
    assert ids(result) == [["en"]]
    assert result.pairs == []
    assert tuple(result.pairs_frame().columns) == PAIR_COLUMNS


@pytest.mark.parametrize("nothing", [[], [{"text": ""}]])
def test_no_article_to_compare_is_an_error(nothing: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="no article to compare"):
        StoryDetector().detect(nothing)


def test_articles_outside_the_window_are_not_compared(encoder: SentenceTransformerEncoder) -> None:
    dated = [
        Article("a", RIVER[0].text, published="2024-05-01"),
        Article("b", RIVER[1].text, published="2024-05-08T00:00:00Z"),
        Article("c", RIVER[1].text + " Ancora.", published="2024-05-09"),
        Article("d", RIVER[0].text + " Again."),
    ]
    compared = {
        (pair.article_a, pair.article_b) for pair in StoryDetector(model=encoder, window_days=7).detect(dated).scored(0)
    }
    assert ("a", "c") not in compared
    assert {("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")} <= compared


@pytest.mark.slow
def test_in_int8_the_seeds_are_the_same_stories(seeds: Path) -> None:
    result = StoryDetector(precision="int8", cache=False).detect(seeds)
    assert (result.run["model"]["name"], result.run["model"]["precision"]) == ("multilingual-e5-small", "int8")
    assert {"openvino", "nncf"} < set(result.run["versions"])
    probability = {(pair.article_a[:3], pair.article_b[:3]): pair.probability for pair in result.scored(0)}
    assert [len(story) for story in result.stories] == [2, 1, 1, 1]
    assert probability.pop(("002", "004")) > 0.95
    assert max(probability.values()) < 0.2


def test_options_for_loading_a_model_are_refused_with_an_encoder(encoder: SentenceTransformerEncoder) -> None:
    with pytest.raises(ValueError, match="prompt and precision can only be set when the detector loads the model"):
        StoryDetector(model=encoder, prompt="", precision="int8").detect(RIVER)
    with pytest.raises(ValueError, match="device can only be set when the detector loads the model"):
        StoryDetector.from_embeddings(np.eye(3, 384), device="cpu").detect(RIVER)


def test_it_behaves_as_a_scikit_learn_estimator(encoder: SentenceTransformerEncoder, articles: list[Article]) -> None:
    given = [articles[place] for place in (4, 0, 2, 1, 3)]
    detector = StoryDetector(model=encoder)
    labels = detector.fit_predict(given)
    np.testing.assert_array_equal(labels, detector.labels_)
    assert labels[0] == labels[2]
    assert len(set(labels.tolist())) == 4
    assert detector.fit(given) is detector
    assert isinstance(detector.result_, Result)
    options: dict[str, Any] = {
        "threshold": 0.7,
        "storyline_threshold": 0.6,
        "window_days": 3.0,
        "prompt": None,
        "device": "cpu",
        "precision": "float32",
        "cache": False,
        "progress": False,
    }
    copy = clone(StoryDetector(**options))
    assert copy.get_params() == {"model": None, "profile": None, "background": None, **options}
    assert StoryDetector().set_params(threshold=0.9).threshold == 0.9


def test_a_rejected_record_has_the_label_minus_one(encoder: SentenceTransformerEncoder) -> None:
    given = [{"id": "a", "text": RIVER[0].text}, {"id": "a", "text": RIVER[2].text}, {"id": "c", "text": ""}]
    detector = StoryDetector(model=encoder).fit(given)
    assert detector.labels_.tolist() == [0, -1, -1]
    assert all(isinstance(record, Rejected) for record in detector.result_.rejected)


def test_prepared_documents_are_not_prepared_again(
    detector: StoryDetector, encoder: SentenceTransformerEncoder
) -> None:
    documents = [prepare(article) for article in RIVER]
    detector = StoryDetector(model=encoder)
    assert detector.detect(documents).scored(0) == detector.detect(RIVER).scored(0)
    with pytest.raises(ValueError, match="two documents have the id 'en'"):
        detector.detect([documents[0], documents[0]])


def test_given_vectors_give_the_same_stories(vectors: Embeddings, articles: list[Article], result: Result) -> None:
    again = StoryDetector.from_embeddings(vectors, profile=PROFILE).detect(articles)
    assert ids(again) == ids(result)
    assert [pair.probability for pair in again.scored(0)] == pytest.approx(
        [pair.probability for pair in result.scored(0)], abs=1e-4
    )


def test_vectors_of_articles_alone_are_given_in_the_order_of_the_articles(
    vectors: Embeddings, articles: list[Article]
) -> None:
    straight = StoryDetector.from_embeddings(vectors.articles, profile=PROFILE).detect(articles)
    turned = StoryDetector.from_embeddings(vectors.articles[::-1], profile=PROFILE).detect(articles[::-1])
    assert straight.scored(0) == turned.scored(0)
    assert (straight.scored(0)[0].article_a, straight.scored(0)[0].article_b) == (ITALIAN, FRENCH)


def test_vectors_that_do_not_match_are_refused(vectors: Embeddings, articles: list[Article]) -> None:
    with pytest.raises(ValueError, match=r"Number of embeddings \(3\) must match number of articles \(5\)"):
        StoryDetector.from_embeddings(vectors.articles[:3], profile=PROFILE).detect(articles)
    short = Embeddings(vectors.articles, vectors.sentences, np.minimum(vectors.offsets, 3))
    with pytest.raises(ValueError, match=r"Number of sentence vectors of article \d \(\d+\) must match number of its"):
        StoryDetector.from_embeddings(short, profile=PROFILE).detect(articles)
    with pytest.raises(ValueError, match="is for vectors of 384 dimensions, the model gives 2"):
        StoryDetector.from_embeddings(np.eye(5, 2), profile=PROFILE).detect(articles)


def test_vectors_without_a_profile_work_with_a_warning() -> None:
    generator = np.random.default_rng(1)
    story = np.repeat(np.arange(15), [2] * 5 + [1] * 10)
    stories = generator.normal(size=(15, 32))[story] + 0.1 * generator.normal(size=(20, 32))
    articles = [Article(f"{place:02}", f"{RIVER[0].text} It was the {place}th time.") for place in range(20)]
    with pytest.warns(UserWarning, match="no profile for model 'ready embeddings'"):
        result = StoryDetector.from_embeddings(stories).detect(articles)
    np.testing.assert_array_equal(result.labels, story)


def test_a_model_without_a_profile_works_with_a_warning(tmp_path: Path) -> None:
    folder = write_other_model(tmp_path, "mean")
    with pytest.warns(UserWarning, match=r"no profile for model .*; make a profile with: detector fit-profile"):
        result = StoryDetector(model=folder).detect(RIVER)
    assert result.run["profile"]["name"] == "statistics of the batch"
    assert sorted(id for story in ids(result) for id in story) == ["en", "it", "other"]


def test_a_model_with_its_profile_gives_no_warning(encoder: SentenceTransformerEncoder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        StoryDetector(model=encoder).detect(RIVER)


def test_a_missing_profile_is_an_error(encoder: SentenceTransformerEncoder) -> None:
    with pytest.raises(FileNotFoundError, match="no profile for 'no-such-profile'"):
        StoryDetector(model=encoder, profile="no-such-profile").detect(RIVER)
