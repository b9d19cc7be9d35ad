"""What the page holds: every story at each threshold, evidence if there is room, and sentences on what is left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.records import Aligned, Disagreement, Dropped, Evidence, Relation
from detector.reporting.page import page_data as page_data_module
from detector.reporting.page import page_evidence, stories_at_threshold, threshold_sweep
from detector.reporting.page.inline_json import inline_json, size_in_page
from detector.reporting.page.page_data import page_data
from detector.reporting.page.page_evidence import PageEvidence
from detector.reporting.page.page_tables import PageTables
from detector.reporting.report_data import ReportData, multi_article_stories


@pytest.fixture
def many(make_result, make_document, make_story, make_pair):
    """Stories of two; every third article is in English, the others in French."""
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


def named(columns, row):
    """A row of the page's JSON by the names of its columns, as the page's script reads it."""
    return dict(zip(columns, row, strict=True))


class Shown:
    """The data of the page as its script sees them: through JSON, by name."""

    def __init__(self, report):
        self.page = page_data(report)
        self.report = json.loads(json.dumps(self.page.report))
        self.evidence = json.loads(json.dumps(self.page.evidence))

    def rows(self, table, kind):
        return [named(self.report["columns"][kind], row) for row in self.report[table]]

    @property
    def articles(self):
        return self.rows("articles", "article")

    @property
    def pairs(self):
        return self.rows("pairs", "pair")

    @property
    def stories(self):
        return self.rows("stories", "story")

    @property
    def thresholds(self):
        return {row["threshold"]: row for row in self.rows("thresholds", "threshold")}

    def ids(self, indexes):
        return {self.articles[index]["id"] for index in indexes}

    def ends(self, pair):
        return self.ids([self.pairs[pair]["a"], self.pairs[pair]["b"]])

    def evidence_of(self, *ids):
        [pair] = [index for index in range(len(self.pairs)) if self.ends(index) == set(ids)]
        return self.read("evidence", self.evidence["pairs"][str(pair)])

    def read(self, kind, row):
        return named(self.evidence["columns"][kind], row)

    def texts(self, indexes):
        return [self.evidence["texts"][index] for index in indexes]


def test_every_story_is_there_at_every_threshold_as_the_clustering_made_it(result):
    shown = Shown(ReportData(result))
    assert [at["threshold"] for at in shown.report["stories_at"]] == list(threshold_sweep.thresholds(8, 0.5))
    for at in shown.report["stories_at"]:
        made = {
            frozenset(article.id for article in story.articles)
            for story in result.rethreshold(at["threshold"]).stories
            if len(story) > 1
        }
        if at["threshold"] != result.threshold:
            assert {frozenset(shown.ids(shown.stories[index]["members"])) for index in at["stories"]} == made
    assert list(shown.thresholds) == list(threshold_sweep.thresholds(8, 0.5))


def test_a_story_that_several_thresholds_make_is_there_once(result):
    members = [tuple(sorted(story["members"])) for story in Shown(ReportData(result)).stories]
    assert len(members) == len(set(members))


def test_the_sweep_counts_stories_those_in_several_languages_their_articles_and_the_largest(result):
    counted = ("stories", "storylines", "across", "inside", "largest", "alone")
    thresholds = Shown(ReportData(result)).thresholds
    assert [thresholds[0.5][name] for name in counted] == [2, 1, 1, 6, 4, 2]
    assert [thresholds[0.95][name] for name in counted] == [2, 1, 1, 5, 3, 3]
    assert thresholds[0.95]["lead"] == "5 of them form 2 stories, 1 in several languages; 3 match no other article."


@pytest.mark.parametrize(("articles", "steps"), [(0, 1), (1_000, 16), (3_000, 5), (100_000, 4)])
def test_bigger_batches_are_swept_in_fewer_steps(articles, steps):
    assert len(threshold_sweep.thresholds(articles, 0.4)) == steps
    assert 0.4 in threshold_sweep.thresholds(articles, 0.4)


def test_the_relation_under_the_threshold_of_the_run_is_that_of_a_lower_one(result):
    shown = Shown(ReportData(result))
    relations = {shown.report["relations"][pair["relation"]] for pair in shown.pairs}
    assert relations == {pair.relation for pair in result.scored(0.1)}
    [follow_up] = [pair for pair in shown.pairs if pair["storyline_probability"] == 0.7]
    assert shown.report["relations"][follow_up["otherwise"]] == "follow-up"
    assert shown.report["relations"] == list(Relation)


def test_a_pair_has_its_numbers_and_the_time_between_in_words(result):
    shown = Shown(ReportData(result))
    [flood] = [pair for pair in shown.pairs if shown.ids([pair["a"], pair["b"]]) == {"flood-a.txt", "flood-b.txt"}]
    numbers = [flood[name] for name in ("probability", "similarity", "coverage_a", "coverage_b")]
    assert numbers == [0.9992, 0.8, 1.0, 1.0]
    assert shown.report["apart"][flood["apart"]] == "1 day"
    assert flood["contained"] == -1


def test_the_article_that_another_one_contains_is_named(result, make_pair):
    english, italian = result.documents[5], result.documents[6]
    result.candidates = [make_pair(english, italian, 0.9, relation="partial reuse", contained=italian.article.id)]
    shown = Shown(ReportData(result))
    [pair] = shown.pairs
    assert shown.articles[pair["contained"]]["id"] == "summit-it.txt"


def test_a_story_has_its_days_sources_and_headlines(result):
    shown = Shown(ReportData(result))
    own = next(at for at in shown.report["stories_at"] if at["threshold"] == 0.5)
    summit = shown.stories[own["stories"][0]]
    assert (summit["first_day"], summit["last_day"]) == ("2024-11-24", "2024-11-24")
    sources = [shown.report["sources"][index] for index in summit["sources"]]
    assert sources == ["Báo Sáng", "Il Giornale del Mattino", "The Morning Paper", "الخليج"]
    assert summit["source_count"] == 4
    assert shown.articles[summit["heads"][0]]["id"] == "summit-ar.txt"


def test_a_storyline_has_its_stories_in_order_and_those_of_one_article_by_that_article(result):
    shown = Shown(ReportData(result))
    own = next(at for at in shown.report["stories_at"] if at["threshold"] == 0.5)
    [line] = [named(shown.report["columns"]["storyline"], row) for row in own["storylines"]]
    assert [shown.articles[head]["id"] for head in line["heads"]] == ["summit-ar.txt", "lone.txt"]
    assert line["stories"] == [own["stories"][0], -1]
    assert line["days"] == ["2024-11-24", ""]
    assert (line["size"], line["articles"], own["storylines_in_all"]) == (2, 5, 1)


def test_links_near_misses_and_the_nearest_of_those_alone_are_there(result):
    shown = Shown(ReportData(result))
    own = next(at for at in shown.report["stories_at"] if at["threshold"] == 0.5)
    assert own["links"] == [5, 1]
    relations = [[shown.report["relations"][relation] for relation in of_story] for of_story in own["relations"]]
    assert relations == [["translation", "partial reuse", "same story"], ["copy"]]
    (miss,) = own["near"]
    assert shown.ends(miss) == {"lone.txt", "summit-en.txt"}
    first, second = (named(shown.report["columns"]["alone"], row) for row in own["alone"])
    assert first["nearest"] == miss
    assert second["nearest"] == -1


def test_the_evidence_of_every_link_is_there_if_there_is_room(result):
    shown = Shown(ReportData(result))
    assert len(shown.evidence["pairs"]) == 7
    evidence = shown.evidence_of("summit-en.txt", "summit-it.txt")
    first, second = (shown.read("aligned", row) for row in evidence["aligned"])
    assert shown.texts([second["text_a"]]) == ["Talks ran 33 hours over."]
    assert (shown.texts(second["differs_a"]), shown.texts(second["differs_b"])) == (["33"], ["35"])
    assert evidence["aligned_left"] == 0
    assert shown.read("only", evidence["only_a"]) == {"texts": [], "left": 0}
    assert shown.texts(shown.read("only", evidence["only_b"])["texts"])[0].startswith("L'Italia")
    assert shown.texts(evidence["numbers"]) == ["300", "2035"]
    assert shown.texts(evidence["names"]) == ["Baku"]
    assert shown.read("share", evidence["shares"][0]) == {"feature": "before any evidence", "share": -2.0}
    [text] = shown.texts([first["text_a"]])
    marks = [shown.read("mark", mark) for mark in first["marks_a"]]
    marked = [
        (text[mark["start"] : mark["start"] + mark["length"]], shown.evidence["kinds"][mark["kind"]]) for mark in marks
    ]
    assert marked == [("300", "shared"), ("2035", "shared"), ("Baku", "shared")]


def test_the_page_is_bounded_and_says_what_it_leaves_out(many, monkeypatch):
    assert page_data(ReportData(many)).left_out == []
    # Room for the headlines of 80 stories, or one more: the first 67 are in two languages and have two headlines each.
    tables = PageTables(ReportData(many).documents, {}, {})
    for story in multi_article_stories(many)[:80]:
        tables.headlines(story)
    monkeypatch.setattr(page_data_module, "HEADLINES_SIZE", tables.size)
    monkeypatch.setattr(page_data_module, "ARTICLES_SIZE", 1_000)
    monkeypatch.setattr(page_data_module, "PAIRS_WITH_EVIDENCE", 5)
    monkeypatch.setattr(stories_at_threshold, "LINKS", 10)
    page = page_data(ReportData(many))
    assert size_in_page(page.report) < 20_000
    sentences = " ".join(page.left_out)
    assert len(page.report["stories_at"][0]["stories"]) == 81
    assert "The list has the first 81 of 100 stories." in sentences
    assert "only some of the articles are here. All are in stories.csv." in sentences
    assert "Of 100 links inside stories, 10 pairs are listed here. All are in pairs.csv." in sentences
    assert "Sentences are shown for 5 pairs" in sentences


def test_a_batch_too_big_for_other_thresholds_says_how_to_get_them(many, monkeypatch):
    monkeypatch.setattr(threshold_sweep, "STORIES_UP_TO", 100)
    page = page_data(ReportData(many))
    assert [at["threshold"] for at in page.report["stories_at"]] == [0.5]
    assert "run detector report again with --threshold" in page.thresholds_left_out[0]


def test_sentences_that_disagree_are_always_among_those_shown(monkeypatch):
    monkeypatch.setattr(page_evidence, "ALIGNED_PER_PAIR", 10)
    aligned = tuple(Aligned(index, index, f"a{index}", f"b{index}", 1 - index / 100) for index in range(20))
    evidence = PageEvidence()
    evidence.add_pair(0, Evidence(aligned, (), (), (), (), (Disagreement(19, ("1",), ("2",)),)))
    tables = evidence.tables()
    row = tables["pairs"][0]
    assert [tables["texts"][shown.text_a] for shown in row.aligned] == [f"a{index}" for index in (*range(9), 19)]
    assert row.aligned_left == 10


def test_a_text_is_in_the_page_once_and_no_longer_than_a_person_reads(make_document):
    evidence = PageEvidence()
    same = Evidence((Aligned(0, 0, "w" * 1_000_000, "same", 0.9),), (), ("same",), (), (), ())
    evidence.add_pair(0, same)
    evidence.add_pair(1, same)
    evidence.add_dropped(0, make_document("a", "en", "x", dropped=(Dropped("same", "a byline"),)))
    tables = evidence.tables()
    assert len(tables["texts"]) == 2
    assert max(map(len, tables["texts"])) == page_evidence.LONGEST_SENTENCE
    assert tables["dropped"] == {0: ([("a byline", tables["texts"].index("same"))], 0)}


@given(st.recursive(st.text() | st.integers(), st.lists))
def test_data_in_a_script_element_reads_back_and_cannot_end_it(value):
    written = str(inline_json(value))
    assert json.loads(written) == value
    assert not set(written) & set("<>&\u2028\u2029")
