"""The files for other programs: their columns, their order, and what each cell may hold."""

import csv
import io
import json
from dataclasses import replace

import pytest

from detector.reporting import write_report
from detector.reporting.reported import Gathered, told_more_than_once
from detector.reporting.tables import pairs_csv, rejected_jsonl, run_json, stories_csv, stories_jsonl


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_stories_csv_has_the_agreed_columns(result):
    first = stories_csv(Gathered(result)).split("\n", 1)[0]
    assert first == "story_id,article_id,language,title,source,published,probability,representative"


def test_pairs_csv_has_the_agreed_columns(result):
    first = pairs_csv(result.pairs).split("\n", 1)[0]
    assert first == (
        "article_a,article_b,probability,similarity,cosine,coverage_a,coverage_b,relation,"
        "language_a,language_b,days_apart"
    )


@pytest.mark.parametrize("which", ["result", "hostile"])
def test_every_article_stands_exactly_once_in_stories_csv(which, request):
    result = request.getfixturevalue(which)
    # Only a lone surrogate, which UTF-8 cannot hold, is replaced, and that when the file is written.
    assert sorted(row["article_id"] for row in rows(stories_csv(Gathered(result)))) == sorted(
        document.article.id for document in result.documents
    )


def test_each_story_has_one_representative(result):
    marked = [row["story_id"] for row in rows(stories_csv(Gathered(result))) if row["representative"] == "true"]
    assert marked == [story.id for story in result.stories]


def test_the_title_is_the_declared_one_or_the_headline_or_nothing(result, make_document, make_story, make_result):
    documents = [
        make_document("a", "en", "First sentence.", title="Declared"),
        make_document("b", "en", "A headline", "First sentence."),
        make_document("c", "en", "First sentence.", titled=False),
    ]
    made = make_result(documents=documents, stories=[make_story(document) for document in documents], candidates=[])
    assert [row["title"] for row in rows(stories_csv(Gathered(made)))] == ["Declared", "A headline", ""]


def test_numbers_have_six_decimals_and_what_is_not_known_is_empty(result):
    pair = replace(result.pairs[0], probability=1 / 3, cosine=-0.0000001, days_apart=None)
    [row] = rows(pairs_csv([pair]))
    assert (row["probability"], row["cosine"], row["days_apart"]) == ("0.333333", "0.000000", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_a_title_or_source_is_defused_and_an_id_is_left_exact(
    sign, make_document, make_story, make_result
):
    text = f"{sign}cmd|' /C calc'!A0"
    document = make_document(text, "en", text, title=text, source=text)
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    [row] = rows(stories_csv(Gathered(made)))
    assert row["title"] == row["source"] == f"'{text}"
    assert row["article_id"] == text


def test_a_control_character_does_not_hide_a_formula(make_document, make_story, make_result):
    document = make_document("a", "en", "x", title="\x00=1+1")
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    assert rows(stories_csv(Gathered(made)))[0]["title"] == "'=1+1"


def test_stories_jsonl_holds_the_articles_and_the_evidence_of_the_strongest_links(result):
    first, second, *alone = map(json.loads, stories_jsonl(Gathered(result)).splitlines())
    assert [article["id"] for article in first["articles"]] == [a.id for a in result.stories[0].articles]
    assert first["representative"] == "summit-ar.txt"
    assert set(first["articles"][0]) == {"id", "title", "language", "source", "published", "url", "probability"}
    assert len(first["links"]) == 5
    strongest = first["links"][0]
    assert (strongest["article_a"], strongest["article_b"]) == ("summit-en.txt", "summit-it.txt")
    assert strongest["disagreements"] == [{"aligned": 1, "numbers_a": ["33"], "numbers_b": ["35"]}]
    assert strongest["shared_names"] == [["Baku", "Baku"]]
    assert strongest["aligned"][0]["cosine"] == 0.91
    assert len(second["links"]) == 1
    assert [story["links"] for story in alone] == [[], []]


def test_stories_jsonl_marks_an_article_that_is_a_roundup(make_document, make_story, make_result):
    documents = [make_document(name, "en", "Text.") for name in ("a", "b")]
    made = make_result(documents=documents, stories=[make_story(*documents, roundups=("b",))], candidates=[])
    [story] = map(json.loads, stories_jsonl(Gathered(made)).splitlines())
    assert [article.get("roundup") for article in story["articles"]] == [None, True]


def test_evidence_is_worked_out_once_and_only_for_strong_links(result, monkeypatch, tmp_path):
    asked = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        asked.append((a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    write_report(result, tmp_path / "report")
    assert len(asked) == len(set(asked)) == 6


def test_only_the_biggest_stories_are_read_clause_by_clause(result, monkeypatch, tmp_path):
    closely = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        closely.append((clauses, a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    monkeypatch.setattr("detector.reporting.reported.READ_CLOSELY", 1)
    write_report(result, tmp_path / "report")
    biggest = {article.id for article in told_more_than_once(result)[0].articles}
    assert {clauses for clauses, _, _ in closely} == {True, False}
    assert all(clauses == (a in biggest) for clauses, a, _ in closely)


def test_rejected_records_keep_their_place_and_reason(result):
    first, second = map(json.loads, rejected_jsonl(result.rejected).splitlines())
    assert first == {
        "path": "in/broken.jsonl",
        "record": 7,
        "id": None,
        "reason": "not valid JSON: the line ends early",
    }
    assert second["record"] is None


def test_run_json_is_the_run_and_names_the_detector(result):
    run = json.loads(run_json(result.run))
    assert run["model"] == "some-model"
    assert "detector" in run


def test_the_minimum_probability_says_which_candidates_pairs_csv_holds(result, tmp_path):
    write_report(result, tmp_path / "floor")
    write_report(result, tmp_path / "all", minimum_probability=0)
    write_report(result, tmp_path / "few", minimum_probability=0.95)
    lengths = [len(rows((tmp_path / name / "pairs.csv").read_text())) for name in ("floor", "all", "few")]
    assert lengths == [7, 8, 3]
