"""The records of JSON documents are found without parsing them, whatever the document and however it comes."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector.reading import read_articles
from detector.reading.decoding import limits
from detector.reading.formats.json_splitter import split_records
from detector.reading.formats.json_values import WRAPPERS
from detector.reading.source import Unusable
from tests.reading.conftest import TEXT, Put, Read

VALUES = st.recursive(
    st.none() | st.integers() | st.text(alphabet='ab\\"[]{},:\n é水', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def found(document: bytes, step: int = 1 << 20) -> list[bytes]:
    """The records of a document that comes in chunks of `step` bytes."""
    chunks = (document[start : start + step] for start in range(0, len(document), step))
    parts = list(split_records(chunks, 0))
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert all(part.data is not None and document[part.offset :].startswith(part.data) for part in parts)
    return [part.bytes().strip() for part in parts]


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]), st.booleans(), st.integers(1, 50))
def test_a_list_is_split_into_its_elements(
    values: list[object], indent: int | None, only_ascii: bool, step: int
) -> None:
    document = json.dumps(values, indent=indent, ensure_ascii=only_ascii).encode()
    assert [json.loads(part) for part in found(document, step)] == values


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), st.sampled_from(WRAPPERS), st.integers(1, 50))
def test_a_list_in_a_known_field_is_found_at_any_position(around: dict[str, object], name: str, step: int) -> None:
    elements = [{"text": "a"}, 7, [1, {"items": [2]}]]
    for document in ({**around, name: elements}, {name: elements, **around}, {"articles": {**around, name: elements}}):
        assert [json.loads(part) for part in found(json.dumps(document).encode(), step)] == elements


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), st.integers(1, 50))
def test_any_other_document_is_one_record(document: dict[str, object], step: int) -> None:
    assert [json.loads(part) for part in found(json.dumps(document).encode(), step)] == [document]


def test_several_documents_may_follow_each_other() -> None:
    assert found(b'{"a": 1}\n{"b":\n2}{"c": 3},[4, 5] {"articles": [6]}') == [
        *(b'{"a": 1}', b'{"b":\n2}', b'{"c": 3}', b"4", b"5", b"6")
    ]


@pytest.mark.parametrize(
    "damaged",
    [
        *(
            '{"a": "x"y"}',
            '{"a": "He said "yes", and left"}',
            '{"a": "5" disk", "b": "c"}',
            '{"a": "x\n}',
            '{"a": "x\\"\n}',
        ),
        *('{"a": 1}}', '{"a": 1, "b"}', "{]", "nothing", '{"a": "\\ud8\n}', '{"a": \x00}', '"', '{"a": "b": "c"}'),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_damaged_element_costs_only_itself(damaged: str, step: int) -> None:
    parts = found(f'[{{"id": 1}},\n{damaged}\n,\n{{"id": 2}}]'.encode(), step)
    assert [parts[0], parts[-1]] == [b'{"id": 1}', b'{"id": 2}']
    assert len(parts) > 2


@pytest.mark.parametrize(
    ("end", "reasons"),
    [
        ('{"id": 2, "text": "The ri', ["malformed JSON: Unterminated string starting at (column 19)"]),
        ('{"id": 2', ["malformed JSON: Expecting ',' delimiter (column 9)"]),
        ("", ["the JSON document ends early: what follows is missing"]),
        ('{"id": 2, "text": "two words"}', ["the JSON document ends early: what follows is missing"]),
        ('{"id": 2, "text": "two words"}]', []),
    ],
)
def test_an_incomplete_document(end: str, reasons: list[str], read: Read) -> None:
    reading = read("a.json", f'[{{"id": 1, "text": "{TEXT}"}}, {end}')
    assert reading.articles[0].id == "1"
    assert [rejected.reason for rejected in reading.rejected] == reasons


def test_the_reason_gives_the_position_in_the_record(read: Read) -> None:
    reading = read(
        "a.json", json.dumps([{"id": 1, "text": TEXT}, {"id": 2, "text": "a"}], indent=1).replace('"a"', "a")
    )
    [rejected] = reading.rejected
    assert (rejected.record, rejected.reason) == (
        2,
        "malformed JSON: Expecting value (line 3 of the record, column 11)",
    )
    [rejected] = read("b.json", b'[{"id": 1, "text": "two w\xf6rds"}]').rejected
    assert rejected.reason == "not UTF-8 at byte 25 (0xf6): save the file as UTF-8"


def test_unusual_values_cost_at_most_their_own_record(read: Read) -> None:
    strange = [
        *('{"id": "a", "text": NaN}', '{"id": Infinity, "text": "two words"}', '{"id": 1e999, "text": "two words"}'),
        *('{"id": "b", "text": "\\u0000 two words"}', '{"id": "\\udc00", "text": "two words"}'),
        *('{"id": "c", "text": "one", "text": "two words"}', f'{{"id": {"9" * 5000}, "text": "two words"}}'),
        *('{"text": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"text": [["two words"]]}', "{}", "[]", '""'),
    ]
    reading = read("a.json", f"[{','.join(strange)}]")
    assert len(reading) == len(strange)
    assert {article.id for article in reading.articles} >= {"b", "c", "\ufffd"}
    assert dict.fromkeys(article.text for article in reading.articles if article.id == "c") == {"two words": None}


def test_a_document_of_any_size_takes_the_memory_of_one_record(put: Put) -> None:
    record = json.dumps({"text": "two words " * 100_000})
    path = put("a.json", '{"articles": [' + ",".join([record] * 60) + "]}")
    assert path.stat().st_size > 3 * limits.RECORD_LIMIT
    tracemalloc.start()
    count = sum(1 for _ in read_articles(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 60
    assert peak < limits.RECORD_LIMIT


def test_an_element_over_the_limit_is_skipped(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORD_LIMIT", 100)
    reading = read("a.json", json.dumps([{"text": TEXT}, {"text": "a " * 500_000}, {"text": TEXT}]))
    assert [rejected.reason for rejected in reading.rejected] == ["longer than 100 bytes, the limit for one record"]
    assert len(reading.articles) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300).map(lambda rest: b"[{" + rest), st.integers(1, 40))
def test_the_size_of_the_chunks_does_not_change_the_result(tmp_path: Path, document: bytes, step: int) -> None:
    def outcome(step: int) -> object:
        try:
            return found(document, step)
        except Unusable as flaw:
            return str(flaw)

    assert outcome(step) == outcome(1000)
