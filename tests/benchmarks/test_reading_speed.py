"""The measurement of reading: every format in a process of its own, and no article lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.benchmarks import reading_speed
from tests.benchmarks.format_writers import WRITERS, json_line
from tests.benchmarks.markdown_tables import filled
from tests.benchmarks.test_resources import needs_linux

BASE = [Article("a", "The river rose by two metres."), Article("b", "Школы закрыты до пятницы.")]


def test_the_large_file_has_the_wanted_size_or_one_article_more(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    count = reading_speed.write_large(path, BASE, 10_000)
    assert count == len(path.read_bytes().splitlines()) == len(read_articles(path).articles)
    assert 10_000 <= path.stat().st_size < 10_000 + 1_000


@pytest.mark.slow
def test_reading_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(map(json_line, BASE)))
    row = reading_speed.read_alone(path, 2)
    assert row["articles"] == 2
    assert row["megabytes"] == path.stat().st_size / 1e6
    assert row["articles_per_second"] * row["seconds"] == pytest.approx(2)
    assert row["megabytes_per_second"] * row["seconds"] == pytest.approx(row["megabytes"])


@pytest.mark.slow
@needs_linux
def test_the_peak_memory_includes_the_text_that_is_read(tmp_path: Path) -> None:
    path, text = tmp_path / "a.jsonl", "two words " * 10**6
    path.write_bytes(json_line(Article("a", text)))
    memory = reading_speed.read_alone(path, 1)["memory_mb"]
    assert memory["after_importing"] + 2 * len(text) / 1e6 < memory["peak"] < memory["after_importing"] + 200


@pytest.mark.slow
def test_a_lost_article_ends_the_measurement(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(json_line(BASE[0]) + b"[1]\n")
    with pytest.raises(SystemExit, match=r"a.jsonl: 1 of 2 articles were read; \{'the record is a list"):
        reading_speed.read_alone(path, 2)


@pytest.mark.slow
def test_a_table_is_measured_and_written_as_json_and_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, results = tmp_path / "given.jsonl", tmp_path / "results"
    data.write_bytes(b"".join(map(json_line, BASE)))
    formats = {name: WRITERS[name] for name in ("JSON Lines", "text files")}
    unmeasured = type(WRITERS["WARC in gzip"])("WARC", "a.warc", WRITERS["WARC in gzip"].write, ("no_such_package",))
    monkeypatch.setattr(reading_speed, "WRITERS", formats | {"WARC": unmeasured})
    reading_speed.main([str(data), "--articles", "5", "--gigabytes", "0.00001", "--results", str(results)])
    figures = json.loads((results / "reading.json").read_text(encoding="utf-8"))
    assert list(figures) == [*formats, "WARC", "JSON Lines, 1e-05 GB"]
    assert figures["text files"]["articles"] == 5
    assert figures["WARC"] == {"missing": ["no_such_package"]}
    table = filled("<!-- reading -->\n<!-- /reading -->", results)
    assert table.count("\n| ") == 6
    assert "\n| text files | 5 | 0 | " in table
    assert "| not measured without no_such_package |" in table
