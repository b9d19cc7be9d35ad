"""Reading on the command line: options, the names of fields, and rejected records by reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detector.cli import commands
from tests.test_cli import EN, IT, OTHER, Run, loaded_once, objects_of, one_line, rows_of, run, write_lines

__all__ = ["loaded_once", "run"]


def reading_facts(path: Path) -> dict[str, Any]:
    """The facts about reading in run.json."""
    reading: dict[str, Any] = json.loads((path / "run.json").read_text(encoding="utf-8"))["reading"]
    return reading


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Three articles whose fields have unknown names."""
    rows = (
        {"nr": nr, "corps": text, "langue": "it" if text == IT else "en"} for nr, text in enumerate((EN, IT, OTHER))
    )
    return write_lines(tmp_path / "odd.jsonl", *rows)


def test_columns_name_the_fields(run: Run, odd: Path, tmp_path: Path) -> None:
    code, _, err = run("report", odd, "--columns", "text=corps, id=nr,language=langue", "--output", tmp_path / "out")
    assert code == 0
    assert err == "detector: fields read: id = nr (3); language = langue (3); text = corps (3)\n"
    assert {row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")} == {"0", "1", "2"}
    assert reading_facts(tmp_path / "out")["fields"] == {
        "id": {"nr": 3},
        "language": {"langue": 3},
        "text": {"corps": 3},
    }
    assert run("report", odd, "--columns", "text=corps", "--output", tmp_path / "out", "--quiet")[2] == ""


def test_the_names_of_known_tools_are_listed(run: Run, tmp_path: Path) -> None:
    rows = ({"uri": name, "maintext": text} for name, text in (("a", EN), ("b", IT)))
    path = write_lines(tmp_path / "few.jsonl", *rows, {"id": "c", "text": OTHER})
    assert run("report", path, "--output", tmp_path / "out")[2] == (
        "detector: fields read: id = id (1), uri (2); text = maintext (2), text (1)\n"
    )


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("text", "--columns: 'text' is not FIELD=NAME; write, for example, text=corps,id=nr"),
        ("text=", "--columns: 'text' is not FIELD=NAME"),
        ("corps=text", "columns: no article field 'corps'; choose from id, text, title"),
    ],
)
def test_unusable_columns_are_refused_with_the_reason(
    run: Run, odd: Path, tmp_path: Path, columns: str, expected: str
) -> None:
    assert expected in one_line(run("report", odd, "--columns", columns, "--output", tmp_path / "out"))


def test_a_misspelt_column_lists_the_existing_ones(run: Run, odd: Path, tmp_path: Path) -> None:
    message = one_line(run("report", odd, "--columns", "text=corp", "--output", tmp_path / "out"))
    assert "no value in 'corp', named for the text; fields found: 'nr', 'corps', 'langue'" in message


def test_the_format_may_be_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "prose.dat"
    path.write_text(f"id,text\nis how this begins. {EN}", encoding="utf-8")
    assert run("report", path, "--format", "text", "--output", tmp_path / "out")[0] == 0
    assert reading_facts(tmp_path / "out")["formats"] == {"text": 1}
    assert [row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")] == ["prose.dat"]
    assert run("compare", path, path, "--format", "jsno")[0] == 2


@pytest.mark.parametrize(
    ("format", "ending"), [("jsno", "; did you mean JSON?"), ("docx", ""), ("JSON-Line", "JSON Lines?")]
)
def test_an_unknown_format_lists_the_known_ones(run: Run, odd: Path, tmp_path: Path, format: str, ending: str) -> None:
    line = one_line(run("report", odd, "--format", format, "--output", tmp_path / "out"))
    assert f"unknown format '{format}'; choose from " in line
    assert "NewsML-G2" in line
    assert line.strip().endswith(ending)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """One item in two versions, one of them sent twice, and another item."""
    first, second = {"id": "a", "version": 1, "text": EN}, {"id": "a", "version": 2, "text": f"{EN} They sleep there."}
    return write_lines(tmp_path / "wire.jsonl", first, second, second, {"id": "b", "text": OTHER})


def test_versions_are_one_article_with_a_history(run: Run, versions: Path, tmp_path: Path) -> None:
    code, _, err = run("report", versions, "--output", tmp_path / "out", "--strict")
    assert code == 0, "versions are not errors"
    assert err == "detector: note: 2 earlier versions or repeated records skipped, listed in rejected.jsonl\n"
    assert sorted(row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")) == ["a", "b"]
    articles = [article for story in objects_of(tmp_path / "out" / "stories.jsonl") for article in story["articles"]]
    assert {article["id"]: article.get("history") for article in articles} == {
        "a": [{"id": "a", "number": "1", "published": None, "title": None}],
        "b": None,
    }
    assert [(line["record"], line["superseded"]) for line in objects_of(tmp_path / "out" / "rejected.jsonl")] == [
        (1, True), (3, True),
    ]  # fmt: skip
    assert reading_facts(tmp_path / "out")["superseded"] == 2


def test_all_versions_may_be_kept(run: Run, versions: Path, tmp_path: Path) -> None:
    assert run("report", versions, "--versions", "all", "--output", tmp_path / "out")[0] == 0
    assert {row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")} == {"a", "a@1", "b"}
    assert "invalid choice: 'new'" in one_line(
        run("report", versions, "--versions", "new", "--output", tmp_path / "out")
    )


def test_many_rejected_records_are_counted_by_reason(run: Run, tmp_path: Path) -> None:
    rows = [{"id": f"n{number}", "text": "Word" if number % 3 else [1]} for number in range(30)]
    path = write_lines(
        tmp_path / "bad.jsonl", {"id": "a", "text": EN}, *rows, {"id": "x", "text": OTHER, "pubstatus": "canceled"}
    )
    code, _, err = run("report", path, "--output", tmp_path / "out", "--strict")
    lines = err.splitlines()
    assert code == 1
    assert all(line.startswith(f"detector: rejected {path}, record ") for line in lines[:10])
    assert lines[10:] == [
        "detector: 20 rejected: too little text to compare",
        "detector: 10 rejected: the text is a list, not a string",
        "detector: 1 rejected: cancelled by its sender",
        "detector: 31 rejected, listed in rejected.jsonl",
    ]
    assert (
        len(objects_of(tmp_path / "out" / "rejected.jsonl"))
        == 31
        == sum(reading_facts(tmp_path / "out")["rejected"].values())
    )


def test_the_order_of_the_inputs_changes_nothing(run: Run, odd: Path, versions: Path, tmp_path: Path) -> None:
    more = write_lines(tmp_path / "more.jsonl", {"uri": "a", "version": 3, "Body": IT, "lang": "ita"})
    found = []
    for inputs in ((odd, versions, more), (more, odd, versions)):
        err = run("report", *inputs, "--output", tmp_path / "out")[2]
        files = {
            name: (tmp_path / "out" / name).read_bytes() for name in ("stories.csv", "rejected.jsonl", "stories.jsonl")
        }
        found.append((err, files, reading_facts(tmp_path / "out")))
    assert found[0] == found[1]


def test_ten_rejected_records_are_listed_one_by_one() -> None:
    assert commands.REJECTED_LISTED == 10
