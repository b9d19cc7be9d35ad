"""Whatever bytes a file holds, reading raises nothing, ends soon, and accounts for every record.

pytest tests/reading/test_fuzz.py --hypothesis-profile=long    # 5,000 inputs a format
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import warnings
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from detector.reading import Reading, read_articles
from detector.reading.formats.registry import FORMATS
from detector.reading.mapping.messages import escaped
from detector.reading.source import Format
from detector.records import Article, Rejected
from tests.reading.samples import RECORDS, SAMPLES

LONG = settings.get_profile("long")
FUZZ = settings(
    max_examples=LONG.max_examples if settings.get_current_profile_name() == "long" else 60,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
pytestmark = pytest.mark.slow
each_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)

# Bytes that readers of formats may not expect: marks of formats and encodings, extreme numbers and texts.
SCRAPS = st.sampled_from(
    [
        *(
            b"\0",
            b"\xff",
            b"\xfe\xff",
            b"\xef\xbb\xbf",
            b"\x80\x81",
            b"\xc3\x28",
            b"\xed\xa0\x80",
            b"\r",
            b"\n",
            b"\x1b[31m",
        ),
        *(
            b'"',
            b'""',
            b"\\",
            b"\\ud800",
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"[" * 2000,
            b"NaN",
            b"-1e999",
            b"9" * 5000,
        ),
        *(
            b"<",
            b">",
            b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
            b"&b;",
            b"<![CDATA[",
            b"-->",
            b"<a>" * 500,
            b"PAR1",
            b"ARROW1",
        ),
        *(b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"BZh9", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"\xff\xff\xff\x7f"),
    ]
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
    ".zip": lambda content: _zipped(content),
}


def _zipped(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
        archive.writestr("b", content)
    return stream.getvalue()


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """A valid file with bits flipped, parts removed, repeated or replaced, and unexpected bytes inserted."""
    content = bytearray(sample)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(content) - 1, 0)))
        end = draw(st.integers(start, min(start + 400, len(content))))
        match draw(st.integers(0, 5)):
            case 0 if content:
                content[start] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del content[start:]
            case 2:
                del content[start:end]
            case 3:
                content[start:start] = content[start:end]
            case 4:
                content[start:start] = draw(SCRAPS)
            case _:
                content[start:end] = draw(st.binary(max_size=40))
    return bytes(content)


def outcomes(path: Path, format: str | None = None) -> Reading:
    """The reading of a file, after checks that hold for every reading."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reading = read_articles(path, format=format)
        assert len(reading) > 0, "the file gave no outcome"
    assert len({article.id for article in reading.articles}) == len(reading.articles)
    for outcome in reading:
        if isinstance(outcome, Article):
            event("an article")
            json.dumps(outcome.id).encode(), outcome.text.encode(), (outcome.title or "").encode()
        else:
            event(outcome.reason.split(":")[0])
            assert escaped(outcome.reason) == outcome.reason
            assert len(outcome.reason) < 600 + len(str(path))
    return reading


def test_every_format_has_a_sample() -> None:
    assert {format.name for format in FORMATS} <= SAMPLES.keys()


@each_format
def test_the_samples_are_valid(format: Format, tmp_path: Path) -> None:
    path = tmp_path / f"sample{format.suffixes[0]}"
    path.write_bytes(SAMPLES[format.name])
    reading = read_articles(path)
    assert reading.articles
    assert not reading.rejected
    assert reading.summary["formats"] == {format.name: 1}


@each_format
@FUZZ
@given(data=st.data())
def test_a_damaged_file(format: Format, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / f"damaged{data.draw(st.sampled_from([format.suffixes[0], '']))}"
    path.write_bytes(data.draw(damaged(SAMPLES[format.name])))
    outcomes(path)


@each_format
@FUZZ
@given(data=st.data())
def test_any_bytes_read_as_the_format(format: Format, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "any"
    start = data.draw(st.integers(0, 40))
    path.write_bytes(SAMPLES[format.name][:start] + b"".join(data.draw(st.lists(SCRAPS | st.binary(max_size=60)))))
    outcomes(path, format.name)


@each_format
@FUZZ
@given(data=st.data())
def test_a_damaged_archive(format: Format, tmp_path: Path, data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from(sorted(PACKERS)))
    path = tmp_path / f"a{format.suffixes[0]}{suffix}"
    path.write_bytes(data.draw(damaged(PACKERS[suffix](SAMPLES[format.name]))))
    outcomes(path)


LINES = st.lists(
    st.binary(max_size=80).map(lambda line: line.replace(b"\n", b"")) | SCRAPS.filter(lambda scrap: b"\n" not in scrap)
)


@FUZZ
@given(LINES)
def test_every_line_of_json_lines_is_accounted_for(tmp_path: Path, added: list[bytes]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([*SAMPLES["JSON Lines"].splitlines(), *added]))
    assert len(outcomes(path, "JSON Lines")) == len(RECORDS) + sum(bool(line.strip()) for line in added)


@FUZZ
@given(LINES.map(lambda lines: [line.replace(b'"', b"").replace(b"\r", b"") for line in lines]))
def test_every_row_of_a_table_is_accounted_for(tmp_path: Path, added: list[bytes]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join([*SAMPLES["CSV"].splitlines(), *added]))
    blank = sum(not line.replace(b";", b"").decode("utf-8", "replace").strip() for line in added)
    assert len(outcomes(path, "CSV")) == len(RECORDS) + len(added) - blank


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@FUZZ
@given(st.lists(VALUES, max_size=6))
def test_every_element_of_a_json_document_is_accounted_for(tmp_path: Path, added: list[object]) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([*RECORDS, *added]))
    assert len(outcomes(path)) == len(RECORDS) + len(added)


@FUZZ
@given(st.lists(SCRAPS.filter(lambda scrap: scrap not in (b"[", b"[" * 2000, b"{")), max_size=3), st.integers(0, 3))
def test_a_damaged_element_costs_only_itself(tmp_path: Path, scraps: list[bytes], index: int) -> None:
    path = tmp_path / "a.json"
    records = [json.dumps(record, ensure_ascii=False).encode() for record in RECORDS]
    path.write_bytes(b"[" + b",\n".join(records) + b"]")
    valid: list[Article | Rejected] = list(read_articles(path))
    records.insert(index, b'{"text": "' + b"".join(scraps) + b'"}')
    path.write_bytes(b"[" + b",\n".join(records) + b"]")
    assert set(valid[:index]) <= set(outcomes(path).articles)
