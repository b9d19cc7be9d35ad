"""The records of each format, and how the format is detected."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest

from detector.reading import Reading, read_articles
from detector.reading.decoding import limits
from detector.records import Article, Rejected
from tests.reading.conftest import TEXT, Put, Read, lines

RECORD = {"id": "a", "text": TEXT}
ARTICLE = Article("a", TEXT)


def reasons(outcomes: Reading) -> list[tuple[int | None, str]]:
    return [(each.record, each.reason) for each in outcomes.rejected]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.ndjson", "a", "a.txt", "a.dat", "a.jsonl.gz"])
@pytest.mark.parametrize(
    "content",
    [
        lines(RECORD),
        lines(RECORD).strip(),
        "\n \n" + lines(RECORD) + "\n\n",
    ],
)
def test_a_record_on_a_line_is_read_under_any_name(name: str, content: str, read: Read) -> None:
    assert list(read(name, gzip.compress(content.encode()) if name.endswith("gz") else content)) == [ARTICLE]


@pytest.mark.parametrize("name", ["a.json", "a", "a.txt"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "value",
    [
        [RECORD],
        RECORD,
        {"status": "ok", "articles": [RECORD]},
        {"items": [RECORD]},
        {"documents": [RECORD]},
        {"data": [RECORD]},
        {"articles": [{**RECORD, "more": "x" * limits.HEAD_SIZE}]},
    ],
)
def test_a_json_document_is_read_under_any_name(name: str, indent: int | None, value: object, read: Read) -> None:
    assert list(read(name, json.dumps(value, indent=indent))) == [ARTICLE]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a", "a.txt", "a.csv.gz"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "~", "¦", "\x01", "\x1f"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_with_any_delimiter_under_any_name(name: str, delimiter: str, end: str, read: Read) -> None:
    text = f'Two lines,{end}"quoted"; and all | the\tdelimiters.'
    quoted = '"' + text.replace('"', '""') + '"'
    content = end.join([delimiter.join(["ID", '"Title"', "Text"]), delimiter.join(["7", "", quoted]), ""])
    assert list(read(name, content)) == [Article("7", text)]


@pytest.mark.parametrize("separator", [";", "\t", ":"])
def test_the_line_by_which_excel_names_the_separator_is_understood(separator: str, read: Read) -> None:
    rows = [["id", "text"], ["a", "two, words"], ["b", "two | more"]]
    content = "\r\n".join([f"sep={separator}", *map(separator.join, rows)])
    for name in ("a.csv", "a"):
        assert list(read(name, content)) == [Article("a", "two, words"), Article("b", "two | more")]


def test_of_equally_good_delimiters_the_one_with_complete_rows_is_used(put: Put) -> None:
    path = put("a.csv", "corps|nr,x;y\na b c|1\nd e; f|2\n")
    reading = read_articles(path, columns={"text": "corps"})
    assert [article.text for article in reading.articles] == ["a b c", "d e; f"]


@pytest.mark.parametrize("text", ["[Reuters] Two dead.", "[A link](x) and more", "{curly} words"])
def test_prose_that_looks_like_data_stays_prose(text: str, read: Read) -> None:
    assert list(read("a.txt", text)) == [Article("a.txt", text)]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.text", "A.TXT", "README"])
def test_a_text_file_is_one_article(name: str, read: Read) -> None:
    text = f"  Flood\r\n\r\n{TEXT}\n"
    assert list(read(name, text)) == [Article(name, text)]


def test_other_files_are_rejected(read: Read) -> None:
    [rejected] = read("a.pdf", "%PDF-1.7 some words").rejected
    assert rejected.reason.startswith("unsupported file type; supported are ")
    assert {".jsonl", ".csv", ".parquet", ".gz", ".zip"} < set(rejected.reason.split())
    [rejected] = read("a.jpg", b"\xff\xd8\xff\xe0\x00").rejected
    assert rejected.reason.startswith("a binary file")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json", "a.csv", "a", "a.pdf"])
@pytest.mark.parametrize("content", ["", " \n\r\n"])
def test_an_empty_file_is_rejected_once(name: str, content: str, read: Read) -> None:
    assert reasons(read(name, content)) == [(None, "empty file: no records in it")]


@pytest.mark.parametrize(("name", "content"), [("a.json", "[]"), ("a.csv", "id,text\n"), ("a.json", '{"data": []}')])
def test_a_file_without_records_counts_as_empty(name: str, content: str, read: Read) -> None:
    assert reasons(read(name, content)) == [(None, "empty file: no records in it")]


def test_a_bad_line_costs_only_itself(read: Read) -> None:
    bad = [
        b'{"id": "b", "text": "cut of',
        b"[1]",
        b'{"text": "\xe9"}',
        b"[" * 100_000,
        b'{"id": 1' + b"0" * 5000 + b"}",
    ]
    start = len(lines(RECORD)) + len(bad[0]) + len(bad[1]) + 2
    reading = read(
        "a.jsonl", lines(RECORD).encode() + b"\n".join(bad) + b"\n" + lines({"id": "z", "text": TEXT}).encode()
    )
    assert [article.id for article in reading.articles] == ["a", "z"]
    assert reasons(reading) == [
        (2, "malformed JSON: Unterminated string starting at (column 21)"),
        (3, "the record is a list, not an object with fields"),
        (4, f"not UTF-8 at byte {start + 10} (0xe9): save the file as UTF-8"),
        (5, "malformed JSON: nested too deeply"),
        (6, "malformed JSON: a number with too many digits"),
    ]


def test_a_damaged_first_line_does_not_hide_the_others(read: Read) -> None:
    reading = read("a", '{"id": "b", "text": "cut of\n' + lines(RECORD))
    assert list(reading)[1:] == [ARTICLE]
    assert len(reading.rejected) == 1


def test_a_damaged_document_is_rejected_once(read: Read) -> None:
    assert reasons(read("a.json", json.dumps([RECORD], indent=1).replace("ri", '"', 1))) == [
        (1, "malformed JSON: Expecting ',' delimiter (line 3 of the record, column 17)")
    ]
    assert reasons(read("a.json", "7")) == [(1, "the record is a number, not an object with fields")]
    assert reasons(read("a.json", "[" * 100_000)) == [(1, "malformed JSON: nested too deeply")]


def test_bad_elements_of_a_document_cost_only_themselves(read: Read) -> None:
    reading = read("a.json", json.dumps([RECORD, None, "x", {"id": "z", "text": TEXT}]))
    assert [article.id for article in reading.articles] == ["a", "z"]
    assert [number for number, _ in reasons(reading)] == [2, 3]


def test_bad_rows_cost_only_themselves(read: Read) -> None:
    content = f"id,text\na,{TEXT}\n\n,,\nb,\xe9t\xe9 \xe0 Nice\nc,one, two, three\nd\ne,{TEXT}\n".encode("latin-1")
    reading = read("a.csv", content)
    assert [article.id for article in reading.articles] == ["a", "e"]
    assert reasons(reading) == [
        (2, f"not UTF-8 at byte {content.index(0xE9)} (0xe9): save the file as UTF-8"),
        (3, "4 cells where the header has 2: put cells with the delimiter in quotation marks"),
        (4, "no text, or an empty one; fields found: 'id'"),
    ]


def test_a_quotation_mark_that_is_never_closed_is_reported(read: Read) -> None:
    assert reasons(read("a.csv", f'id,text\na,{TEXT}\nb,"{TEXT}\nc,{TEXT}\n')) == [
        (2, "a quotation mark is never closed; the rest of the file is part of this row")
    ]


def test_a_table_without_a_text_column_is_rejected_once(read: Read) -> None:
    assert reasons(read("a.csv", "nr,corps\n1,x\n2,y\n")) == [
        (
            None,
            "no column holds the text; columns found: 'nr', 'corps'. Name it with columns={'text': …} "
            "(the first line must name the columns)",
        )
    ]


def test_long_articles_fit_into_a_table(read: Read) -> None:
    assert len(read("a.csv", f"id,text\n1,{'word ' * 100_000}\n").articles) == 1


def test_a_line_of_50_mb_is_skipped_in_bounded_memory(read: Read) -> None:
    content = (
        lines(RECORD).encode()
        + b'{"text": "'
        + b"a " * 25_000_000
        + b'"}\n'
        + lines({"id": "z", "text": TEXT}).encode()
    )
    reading = read("a.jsonl", content)
    del content
    tracemalloc.start()
    outcomes = list(reading)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcomes[::2] == [ARTICLE, Article("z", TEXT)]
    assert len(outcomes) == 3
    assert isinstance(outcomes[1], Rejected)
    assert outcomes[1].reason == "longer than 16 MiB, the limit for one record"
    assert peak < 2.5 * limits.RECORD_LIMIT


def test_the_limits(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORD_LIMIT", 50)
    exact = lines({"text": "a " * 18 + "bc"})
    assert len(exact) == 50 + len("\n")
    assert len(read("a.jsonl", exact).articles) == 1
    assert reasons(read("b.jsonl", " " + exact)) == [(1, "longer than 50 bytes, the limit for one record")]
    assert len(read("a.txt", "a " * 25).articles) == 1
    assert reasons(read("a.txt", "a " * 26)) == [(None, "the text is longer than 50 bytes, the limit for one record")]
    documents = read("a.json", json.dumps([{"text": "a " * 30}, {"text": "a " * 12 + "bc"}]))
    assert len(documents.articles) == 1
    assert reasons(documents) == [(1, "longer than 50 bytes, the limit for one record")]
    rows = read("a.csv", f'id,text\n1,{"a " * 30}\n2,{TEXT}\n3,"a b\n{"c " * 20}\nd e"\n4,{TEXT}\n')
    assert [article.id for article in rows.articles] == ["2", "4"]
    assert isinstance(rows[0], Rejected)
    assert isinstance(rows[2], Rejected)
