"""The files for other programs: their columns, their order, and what each cell may hold."""

import csv
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reporting import write_report
from detector.reporting.report_data import ReportData, told_more_than_once
from detector.reporting.tables import defused, pairs_csv, rejected_jsonl, run_json, stories_csv, stories_jsonl

# How the README says that a defused cell becomes the text again.
DEFUSED = re.compile(r"""((?:^|;)[\s"'\u200b-\u200f\u2060\ufeff]*)'(?=[=+\-@＝＋－＠])""")


def rows(chunks):
    return list(csv.DictReader(io.StringIO("".join(chunks), newline="")))


def objects(chunks):
    return list(map(json.loads, "".join(chunks).splitlines()))


def test_stories_csv_has_the_agreed_columns(result):
    first = next(stories_csv(ReportData(result)))
    assert first == "story_id,article_id,language,title,source,published,probability,representative\n"


def test_pairs_csv_has_the_agreed_columns(result):
    first = next(pairs_csv(result.pairs))
    assert first == (
        "article_a,article_b,probability,similarity,cosine,coverage_a,coverage_b,relation,"
        "language_a,language_b,days_apart\n"
    )


def test_every_article_stands_exactly_once_in_stories_csv(result):
    told = [row["article_id"] for row in rows(stories_csv(ReportData(result)))]
    assert sorted(told) == [document.article.id for document in result.documents]


def test_hostile_ids_stay_apart_and_can_be_undone(hostile):
    told = [row["article_id"] for row in rows(stories_csv(ReportData(hostile)))]
    undone = [re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), DEFUSED.sub(r"\1", id)) for id in told]
    assert sorted(undone) == sorted(document.article.id for document in hostile.documents)


def test_each_story_has_one_representative(result):
    marked = [row["story_id"] for row in rows(stories_csv(ReportData(result))) if row["representative"] == "true"]
    assert marked == [story.id for story in result.stories]


def test_the_title_is_the_declared_one_or_the_headline_or_nothing(result, make_document, make_story, make_result):
    documents = [
        make_document("a", "en", "First sentence.", title="Declared"),
        make_document("b", "en", "A headline", "First sentence."),
        make_document("c", "en", "First sentence.", titled=False),
    ]
    made = make_result(documents=documents, stories=[make_story(document) for document in documents], candidates=[])
    assert [row["title"] for row in rows(stories_csv(ReportData(made)))] == ["Declared", "A headline", ""]


def test_numbers_have_six_decimals_and_what_is_not_known_is_empty(result):
    pair = replace(result.pairs[0], probability=1 / 3, cosine=-0.0000001, days_apart=None)
    [row] = rows(pairs_csv([pair]))
    assert (row["probability"], row["cosine"], row["days_apart"]) == ("0.333333", "0.000000", "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", "\t", "\r", " ", '"', "'", "\x00", "\x1b[0m", "\u200b", "Rain; ", 'Rain;"'])
def test_no_text_is_a_formula_in_a_spreadsheet(before, sign, make_document, make_story, make_result):
    text = f"{before}{sign}cmd|' /C calc'!A0"
    document = make_document(text, "en", text, title=text, source=text, published=text)
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    [row] = rows(stories_csv(ReportData(made)))
    for column in ("article_id", "title", "source", "published"):
        # Where semicolons end cells, quotes do not hold them together.
        for cell in row[column].split(";"):
            assert not cell.lstrip(" \"'\u200b").startswith(sign) or cell.lstrip(' "\u200b').startswith("'"), column
        assert "cmd|' /C calc'!A0" in row[column]


@given(st.text(alphabet="=+-@＝;'\" ,\tab\u200b", max_size=12))
def test_defusing_loses_nothing(text):
    assert DEFUSED.sub(r"\1", defused(text)) == text
    assert not re.search(r"""(^|;)[\s"\u200b]*[=+\-@＝]""", defused(text))


def test_numbers_are_never_taken_for_formulas(result):
    [row] = rows(pairs_csv([replace(result.pairs[0], days_apart=-0.17)]))
    assert row["days_apart"] == "-0.170000"


def test_a_cell_is_one_line_of_what_can_be_seen(make_document, make_story, make_result):
    title = 'Flood,\r\n "river"\x00\x1b[31m rises\u202e;\x9b2J'
    document = make_document("a\nb\x1b\\u0041", "en", "x", title=title)
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    lines = list(stories_csv(ReportData(made)))
    assert len(lines) == 2
    assert lines[1].count("\n") == 1
    [row] = rows(lines)
    assert row["title"] == 'Flood, "river" rises;'
    assert row["article_id"] == r"a\u000ab\u001b\u005cu0041"


def test_pandas_reads_every_column_as_its_type(result, tmp_path):
    write_report(result, tmp_path)
    stories, pairs = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("stories", "pairs"))
    assert stories["title"].str.contains("قمة").sum() == 1
    assert stories["representative"].dtype == bool
    assert {pairs[name].dtype.kind for name in ("probability", "similarity", "cosine", "coverage_a", "days_apart")} == {
        "f"
    }


def test_for_excel_the_tables_begin_with_a_byte_order_mark_and_else_they_do_not(result, tmp_path):
    write_report(result, tmp_path / "plain")
    write_report(result, tmp_path / "excel", excel=True)
    for name in ("stories.csv", "pairs.csv"):
        plain, excel = ((tmp_path / folder / name).read_bytes() for folder in ("plain", "excel"))
        assert excel == b"\xef\xbb\xbf" + plain
        assert list(pd.read_csv(tmp_path / "excel" / name)) == list(pd.read_csv(tmp_path / "plain" / name))


def test_stories_jsonl_holds_the_articles_and_the_evidence_of_the_strongest_links(result):
    first, second, *alone = objects(stories_jsonl(ReportData(result)))
    assert [article["id"] for article in first["articles"]] == [a.id for a in result.stories[0].articles]
    assert first["representative"] == "summit-ar.txt"
    assert set(first["articles"][0]) == {"id", "title", "language", "source", "published", "url", "probability"}
    assert len(first["links"]) == 5
    strongest = first["links"][0]
    assert (strongest["article_a"], strongest["article_b"]) == ("summit-en.txt", "summit-it.txt")
    assert strongest["disagreements"] == [{"aligned": 1, "only_a": ["33"], "only_b": ["35"]}]
    assert strongest["shared_names"] == [["Baku", "Baku"]]
    assert strongest["aligned"][0]["cosine"] == 0.91
    assert len(second["links"]) == 1
    assert [story["links"] for story in alone] == [[], []]


def test_stories_jsonl_marks_an_article_that_is_a_roundup(make_document, make_story, make_result):
    documents = [make_document(name, "en", "Text.") for name in ("a", "b")]
    made = make_result(documents=documents, stories=[make_story(*documents, roundups=("b",))], candidates=[])
    [story] = objects(stories_jsonl(ReportData(made)))
    assert [article.get("roundup") for article in story["articles"]] == [None, True]


def test_json_lines_keep_every_text_exactly_and_show_what_would_act_as_its_code(hostile):
    written = "".join(stories_jsonl(ReportData(hostile)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", written)
    told = [article["id"] for story in objects([written]) for article in story["articles"]]
    assert sorted(told) == sorted(document.article.id for document in hostile.documents)


def test_evidence_is_worked_out_once_and_only_for_strong_links_and_near_misses(result, monkeypatch, tmp_path):
    asked = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        asked.append((a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    write_report(result, tmp_path / "report")
    assert len(asked) == len(set(asked)) == 7


def test_only_the_biggest_stories_are_read_clause_by_clause(result, monkeypatch, tmp_path):
    closely = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        closely.append((clauses, a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    monkeypatch.setattr("detector.reporting.report_data.READ_CLOSELY", 1)
    write_report(result, tmp_path / "report")
    biggest = {article.id for article in told_more_than_once(result)[0].articles}
    assert {clauses for clauses, _, _ in closely} == {True, False}
    assert all(clauses == (a in biggest) for clauses, a, _ in closely)


def test_rejected_records_keep_their_place_and_reason(result):
    first, second = objects(rejected_jsonl(result.rejected))
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
