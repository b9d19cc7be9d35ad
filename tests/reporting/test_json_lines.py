"""stories.jsonl, rejected.jsonl and run.json: what they hold, and that texts stay as they are."""

import json
import re

from detector.reporting import write_report
from detector.reporting.json_lines import rejected_jsonl, run_json, stories_jsonl, storylines_jsonl
from detector.reporting.report_data import ReportData, multi_article_stories


def objects(chunks):
    return list(map(json.loads, "".join(chunks).splitlines()))


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
    assert (strongest["probability"], strongest["storyline_probability"]) == (0.985, 0.985)
    assert first["storyline"] == "sl-s-summit-ar.txt"
    assert len(second["links"]) == 1
    assert [story["links"] for story in alone] == [[], []]


def test_storylines_jsonl_holds_the_stories_of_each_with_what_to_call_them(result):
    first, *others = objects(storylines_jsonl(ReportData(result)))
    assert (first["id"], first["size"], first["strength"]) == ("sl-s-summit-ar.txt", 5, 0.75)
    assert first["languages"] == ["ar", "en", "it", "ja", "vi"]
    assert first["stories"] == [
        {
            "id": "s-summit-ar.txt",
            "size": 4,
            "title": "قمة المناخ تختتم أعمالها باتفاق على 300 مليار دولار",
            "published": "2024-11-24",
            "languages": ["ar", "en", "it", "vi"],
            "representative": "summit-ar.txt",
        },
        {
            "id": "s-lone.txt",
            "size": 1,
            "title": "新しい図書館が開館",
            "published": None,
            "languages": ["ja"],
            "representative": "lone.txt",
        },
    ]
    assert [len(storyline["stories"]) for storyline in others] == [1, 1]


def test_stories_jsonl_marks_an_article_that_is_a_roundup(make_document, make_story, make_result):
    documents = [make_document(name, "en", "Text.") for name in ("a", "b")]
    made = make_result(documents=documents, stories=[make_story(*documents, roundups=("b",))], candidates=[])
    [story] = objects(stories_jsonl(ReportData(made)))
    assert [article.get("roundup") for article in story["articles"]] == [None, True]


def test_json_lines_keep_every_text_exactly_and_write_hidden_characters_as_codes(hostile):
    written = "".join(stories_jsonl(ReportData(hostile)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", written)
    written_ids = [article["id"] for story in objects([written]) for article in story["articles"]]
    assert sorted(written_ids) == sorted(document.article.id for document in hostile.documents)


def test_evidence_is_worked_out_once_and_only_for_strong_links_and_near_misses(result, monkeypatch, tmp_path):
    asked = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        asked.append((a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    write_report(result, tmp_path / "report")
    assert len(asked) == len(set(asked)) == 7


def test_only_the_largest_stories_are_read_clause_by_clause(result, monkeypatch, tmp_path):
    closely = []
    explain = type(result).explain

    def asking(self, a, b, *, clauses=True):
        closely.append((clauses, a, b))
        return explain(self, a, b, clauses=clauses)

    monkeypatch.setattr(type(result), "explain", asking)
    monkeypatch.setattr("detector.reporting.report_data.READ_CLOSELY", 1)
    write_report(result, tmp_path / "report")
    largest = {article.id for article in multi_article_stories(result)[0].articles}
    assert {clauses for clauses, _, _ in closely} == {True, False}
    assert all(clauses == (a in largest) for clauses, a, _ in closely)


def test_rejected_records_keep_their_position_and_reason(result):
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
