"""What the page holds: every story at each threshold, evidence where there is room, and word of what is left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.records import Aligned, Disagreement, Dropped, Evidence, Relation
from detector.reporting.page import page_data, page_evidence, partition, threshold_sweep
from detector.reporting.page.inline_json import embedded, room
from detector.reporting.page.page_data import page_view
from detector.reporting.page.page_evidence import Explained
from detector.reporting.report_data import ReportData


@pytest.fixture
def many(make_result, make_document, make_story, make_pair):
    """Couples, in languages told apart only by every third."""
    documents = [
        make_document(f"{number:03}", "fr" if number % 3 else "en", f"Headline {number}", source=f"Source {number % 7}")
        for number in range(200)
    ]
    couples = list(zip(documents[::2], documents[1::2], strict=True))
    return make_result(
        documents=documents,
        stories=[make_story(*couple) for couple in couples],
        candidates=[make_pair(*couple, 0.9) for couple in couples],
    )


def ids(shown, numbers):
    return {shown.report["articles"][number][4] for number in numbers}


def test_every_story_stands_at_every_threshold_as_the_clustering_made_it(result):
    shown = page_view(ReportData(result))
    assert [step["threshold"] for step in shown.report["partitions"]] == list(threshold_sweep.thresholds(8, 0.5))
    for step in shown.report["partitions"]:
        made = {
            frozenset(article.id for article in story.articles)
            for story in result.rethreshold(step["threshold"]).stories
            if len(story) > 1
        }
        if step["threshold"] != result.threshold:
            assert {frozenset(ids(shown, shown.report["stories"][number][0])) for number in step["stories"]} == made
    assert [threshold for threshold, *_ in shown.report["sweep"]] == list(threshold_sweep.thresholds(8, 0.5))


def test_a_story_that_several_thresholds_make_stands_there_once(result):
    shown = page_view(ReportData(result))
    members = [tuple(sorted(row[0])) for row in shown.report["stories"]]
    assert len(members) == len(set(members))


def test_the_sweep_tells_stories_those_across_languages_their_articles_and_the_largest(result):
    steps = {threshold: rest for threshold, *rest in page_view(ReportData(result)).report["sweep"]}
    assert steps[0.5] == [2, 1, 6, 4]
    assert steps[0.95] == [2, 1, 5, 3]


@pytest.mark.parametrize(("articles", "steps"), [(0, 1), (1_000, 16), (3_000, 5), (100_000, 4)])
def test_bigger_batches_are_swept_in_fewer_steps(articles, steps):
    assert len(threshold_sweep.thresholds(articles, 0.4)) == steps
    assert 0.4 in threshold_sweep.thresholds(articles, 0.4)


def test_the_relation_under_the_threshold_of_the_run_is_that_of_a_lower_one(result):
    shown = page_view(ReportData(result))
    assert {Relation.of_code(row[7]) for row in shown.report["pairs"]} == {pair.relation for pair in result.scored(0.1)}


def test_links_near_misses_and_the_nearest_of_those_alone_stand_there(result):
    shown = page_view(ReportData(result))
    own = next(step for step in shown.report["partitions"] if step["threshold"] == 0.5)
    assert own["links"] == [5, 1]
    (miss,) = own["near"]
    assert ids(shown, shown.report["pairs"][miss][:2]) == {"lone.txt", "summit-en.txt"}
    assert own["alone"][0][1] == miss
    assert own["alone"][1][1] == -1


def test_the_evidence_of_every_link_is_there_where_there_is_room(result):
    shown = page_view(ReportData(result))
    links = shown.evidence["links"]
    assert len(links) == 7
    texts = shown.evidence["texts"]
    number = next(
        n for n, row in enumerate(shown.report["pairs"]) if ids(shown, row[:2]) == {"summit-en.txt", "summit-it.txt"}
    )
    aligned, left, only_a, only_b, numbers, names, shares = links[number]
    assert [texts[row[0]] for row in aligned][1] == "Talks ran 33 hours over."
    assert [[texts[word] for word in side] for side in aligned[1][5:]] == [["33"], ["35"]]
    assert (left, only_a, [texts[text] for text in numbers], [texts[name] for name in names]) == (
        0,
        [[], 0],
        ["300", "2035"],
        ["Baku"],
    )
    assert texts[only_b[0][0]].startswith("L'Italia")
    assert shares[0] == ["before any evidence", -2.0]


def test_the_page_is_bounded_and_says_what_it_leaves_out(many, monkeypatch):
    assert page_view(ReportData(many)).left_out == []
    monkeypatch.setattr(page_data, "HEADLINES_ROOM", 5_000)
    monkeypatch.setattr(page_data, "ARTICLES_ROOM", 1_000)
    monkeypatch.setattr(page_data, "EXPLAINED", 5)
    monkeypatch.setattr(partition, "LINKS", 10)
    shown = page_view(ReportData(many))
    assert room(shown.report) < 20_000
    said = " ".join(shown.left_out)
    assert f"The list holds the first {len(shown.report['partitions'][0]['stories'])} of 100 stories." in said
    assert "only some of the articles are here. All are in stories.csv." in said
    assert "Of 100 links inside stories, 10 pairs are listed here. All are in pairs.csv." in said
    assert "5 pairs have their sentences here" in said


def test_a_batch_too_big_for_other_thresholds_says_how_to_get_them(many, monkeypatch):
    monkeypatch.setattr(threshold_sweep, "STORIES_UP_TO", 100)
    shown = page_view(ReportData(many))
    assert [step["threshold"] for step in shown.report["partitions"]] == [0.5]
    assert "run detector report again with --threshold" in shown.steps_left_out[0]


def test_sentences_that_disagree_are_always_among_those_shown(monkeypatch):
    monkeypatch.setattr(page_evidence, "ALIGNED_A_LINK", 10)
    aligned = tuple(Aligned(place, place, f"a{place}", f"b{place}", 1 - place / 100) for place in range(20))
    explained = Explained()
    explained.link(0, Evidence(aligned, (), (), (), (), (Disagreement(19, ("1",), ("2",)),)))
    rows, left, *_ = explained.rows()["links"][0]
    assert [explained.rows()["texts"][row[0]] for row in rows] == [f"a{place}" for place in (*range(9), 19)]
    assert left == 10


def test_a_text_stands_in_the_page_once_and_no_longer_than_a_person_reads(make_document):
    explained = Explained()
    evidence = Evidence((Aligned(0, 0, "w" * 1_000_000, "same", 0.9),), (), ("same",), (), (), ())
    explained.link(0, evidence)
    explained.link(1, evidence)
    explained.dropped(0, make_document("a", "en", "x", dropped=(Dropped("same", "a byline"),)))
    texts = explained.rows()["texts"]
    assert len(texts) == 2
    assert max(map(len, texts)) == page_evidence.LONGEST_SENTENCE
    assert explained.rows()["dropped"] == {0: [[["a byline", texts.index("same")]], 0]}


@given(st.recursive(st.text() | st.integers(), st.lists))
def test_data_in_a_script_element_reads_back_and_cannot_end_it(value):
    written = str(embedded(value))
    assert json.loads(written) == value
    assert not set(written) & set("<>&\u2028\u2029")
