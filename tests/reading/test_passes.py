"""How often a record is parsed: once if its file is small, twice if it is large, a third time to compare versions."""

from __future__ import annotations

import gzip
import io
import json
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from detector.execution import spool
from detector.reading import read_articles
from detector.reading.decoding import limits
from detector.reading.decoding.opening import decode_text
from detector.reading.formats import json_lines, text
from detector.reading.formats.json_values import parse_json
from detector.records import Article, Rejected
from tests.reading.conftest import TEXT, Put, lines

UNIQUE = [{"id": str(number), "text": f"{TEXT} {number}"} for number in range(50)]
REPEATED = [*UNIQUE, {"id": "7", "text": f"{TEXT} 7"}, {"id": "8", "text": f"{TEXT} eight"}]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each line of JSON, and each text file, has been parsed."""
    counts = Counter[str]()

    def count_json(line: str) -> object:
        counts[line] += 1
        return parse_json(line)

    def count_text(data: bytes, offset: int, encoding: str = "utf-8") -> str:
        counts[data.decode()] += 1
        return decode_text(data, offset, encoding)

    monkeypatch.setattr(json_lines, "parse_json", count_json)
    monkeypatch.setattr(text, "decode_text", count_text)
    return counts


def times(parsed: Counter[str]) -> set[int]:
    return set(parsed.values())


@pytest.mark.parametrize("records", [UNIQUE, REPEATED])
@pytest.mark.parametrize("kept", ["latest", "all"])
def test_records_of_a_small_file_are_parsed_once(
    records: list[object], kept: str, put: Put, parsed: Counter[str]
) -> None:
    assert len(list(read_articles(put("a.jsonl", lines(*records)), versions=kept))) == len(records)  # type: ignore[arg-type]
    assert len(parsed) == len({json.dumps(record) for record in records})
    assert sum(parsed.values()) == len(records)


@pytest.mark.parametrize(("records", "count"), [(UNIQUE, 2), (REPEATED, 3)])
def test_records_of_a_large_file_are_parsed_twice_and_once_more_to_compare_versions(
    records: list[object], count: int, put: Put, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", 1000)
    assert len(list(read_articles(put("a.jsonl", lines(*records))))) == len(records)
    assert sum(parsed.values()) == count * len(records)


def test_a_small_file_that_takes_much_memory_is_not_kept(
    put: Put, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", 10_000)
    path = put(
        "a.jsonl.gz",
        gzip.compress(lines(*({"id": number, "text": "two words " * 50} for number in range(50))).encode()),
    )
    assert path.stat().st_size < limits.KEPT_LIMIT
    assert len(list(read_articles(path))) == 50
    assert times(parsed) == {2}


def test_files_are_kept_as_long_as_all_of_them_fit(
    put: Put, tmp_path: Path, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", 2500)
    for name in "abcd":
        put(f"{name}.jsonl", lines({"id": name, "text": "two words " * (200 if name == "c" else 50)}))
    assert len(list(read_articles(tmp_path))) == 4
    assert {json.loads(line)["id"]: count for line, count in parsed.items()} == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_records_of_formats_without_declared_ids_are_parsed_once_whatever_their_size(
    put: Put, tmp_path: Path, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", 0)
    put("a.txt", "two words " * 1000)
    put("b.jsonl", lines(*REPEATED))
    assert isinstance(next(iter(read_articles(tmp_path))), Article)
    assert parsed["two words " * 1000] == 1


def test_an_archive_of_several_formats_is_read_again(put: Put, parsed: Counter[str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.jsonl", lines(UNIQUE[0]))
    assert len(list(read_articles(put("a.zip", stream.getvalue())))) == 2
    assert parsed == {TEXT: 1, json.dumps(UNIQUE[0]): 2}


@pytest.mark.parametrize("in_memory", [spool.IN_MEMORY, 0])
def test_standard_input_is_parsed_once(in_memory: int, parsed: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines(*REPEATED).encode())))
    reading = read_articles("-")
    assert list(reading) == list(reading)
    assert len(reading) == len(REPEATED)
    assert sum(parsed.values()) == len(REPEATED)


@pytest.fixture(params=["kept", "parsed again"])
def kept_or_not(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_LIMIT", limits.KEPT_LIMIT if request.param == "kept" else 0)


@pytest.mark.usefixtures("kept_or_not")
def test_the_outcomes_are_the_same_whether_records_are_kept_or_not(put: Put, tmp_path: Path) -> None:
    put("a.jsonl", lines({"id": "a", "version": 1, "text": TEXT}, [1], {"text": TEXT}))
    put("b.txt", TEXT)
    put("c.csv", f"id,version,text\na,2,{TEXT} Again.\nb,1,{TEXT}\n")
    reading = read_articles(tmp_path)
    assert [outcome.id for outcome in reading] == ["a", None, "a.jsonl:3", "b.txt", "a", "b"]
    assert [outcome.reason.split(":")[0] for outcome in reading if isinstance(outcome, Rejected)] == [
        "earlier version of 'a'",
        "the record is a list, not an object with fields",
    ]


@pytest.mark.usefixtures("kept_or_not")
def test_a_guessed_encoding_gives_one_warning_each_time_the_file_is_read(put: Put) -> None:
    path = put("a.jsonl", json.dumps({"text": "Река поднялась на два метра."}, ensure_ascii=False).encode("cp1251"))
    reading = read_articles(path)
    for _ in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert [type(outcome) for outcome in reading] == [Article]
        assert [str(warning.message).split(" declares ")[0] for warning in caught] == [str(path)]
