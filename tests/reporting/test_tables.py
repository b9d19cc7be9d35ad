"""stories.csv and pairs.csv: their columns, their order, and what each row holds."""

import csv
import io
from dataclasses import replace

import pandas as pd

from detector.reporting import write_report
from detector.reporting.report_data import ReportData
from detector.reporting.tables import pairs_csv, stories_csv


def rows(chunks):
    return list(csv.DictReader(io.StringIO("".join(chunks), newline="")))


def test_stories_csv_has_the_agreed_columns(result):
    first = next(stories_csv(ReportData(result)))
    assert first == (
        "story_id,article_id,language,title,source,published,probability,representative,"
        "storyline_id,relation,url,story_size,story_title,roundup\n"
    )


def test_pairs_csv_has_the_agreed_columns(result):
    first = next(pairs_csv(ReportData(result), result.pairs))
    assert first == (
        "article_a,article_b,probability,similarity,cosine,coverage_a,coverage_b,relation,"
        "language_a,language_b,days_apart,storyline_probability,title_a,title_b,story_a,story_b\n"
    )


def test_every_article_is_exactly_once_in_stories_csv(result):
    written_ids = [row["article_id"] for row in rows(stories_csv(ReportData(result)))]
    assert sorted(written_ids) == [document.article.id for document in result.documents]


def test_an_article_says_how_it_is_related_to_the_representative_of_its_story(result):
    relations = {row["article_id"]: row["relation"] for row in rows(stories_csv(ReportData(result)))}
    assert relations == {
        "summit-ar.txt": "",
        "summit-en.txt": "translation",
        "summit-it.txt": "same story",
        "summit-vi.txt": "different",
        "flood-a.txt": "",
        "flood-b.txt": "copy",
        "lone.txt": "",
        "no-date.txt": "",
    }


def test_stories_csv_tells_of_the_story_and_its_storyline(result, make_document, make_story, make_result):
    first, *_, last = rows(stories_csv(ReportData(result)))
    assert first["storyline_id"] == "sl-s-summit-ar.txt"
    assert (first["story_size"], last["story_size"]) == ("4", "1")
    assert first["story_title"] == "قمة المناخ تختتم أعمالها باتفاق على 300 مليار دولار"
    assert last["story_title"] == "…"
    assert first["url"] == "https://example.org/ar/qimma?x=1&y=2"
    documents = [make_document(name, "en", "Text.") for name in ("a", "b")]
    made = make_result(documents=documents, stories=[make_story(*documents, roundups=("b",))], candidates=[])
    assert [row["roundup"] for row in rows(stories_csv(ReportData(made)))] == ["false", "true"]


def test_pairs_csv_tells_the_titles_and_the_stories(result):
    row = next(row for row in rows(pairs_csv(ReportData(result), result.pairs)) if row["article_a"] == "lone.txt")
    assert (row["probability"], row["storyline_probability"], row["relation"]) == ("0.200000", "0.700000", "follow-up")
    assert (row["title_a"], row["story_a"]) == ("新しい図書館が開館", "s-lone.txt")
    assert (row["title_b"], row["story_b"]) == ("Climate summit ends with deal on $300 billion", "s-summit-ar.txt")


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
    [row] = rows(pairs_csv(ReportData(result), [pair]))
    assert (row["probability"], row["cosine"], row["days_apart"]) == ("0.333333", "0.000000", "")


def test_pandas_reads_every_column_as_its_type(result, tmp_path):
    write_report(result, tmp_path)
    stories, pairs = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("stories", "pairs"))
    assert stories["title"].str.contains("قمة").sum() == 1
    assert stories["representative"].dtype == stories["roundup"].dtype == bool
    assert stories["story_size"].dtype == int
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


def test_the_minimum_probability_says_which_candidates_pairs_csv_holds(result, tmp_path):
    write_report(result, tmp_path / "floor")
    write_report(result, tmp_path / "all", minimum_probability=0)
    write_report(result, tmp_path / "few", minimum_probability=0.95)
    lengths = [len(rows((tmp_path / name / "pairs.csv").read_text())) for name in ("floor", "all", "few")]
    assert lengths == [7, 8, 3]
