"""Parquet and Arrow (Feather, IPC files and streams): columnar tables, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from detector.reading.decoding import limits
from detector.reading.decoding.opening import seekable_file
from detector.reading.decoding.optional import library
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

_BATCH_ROWS = 64
_ARROW_FILE = b"ARROW1\0\0"
_ARROW_MESSAGE = b"\xff\xff\xff\xff"
_LOST = "data after the damage could not be read"


def read_parquet(content: Content) -> Iterator[Record | Rejected]:
    """The rows, numbered from 1."""
    parquet = library("pyarrow.parquet", "Parquet files", "parquet")
    with seekable_file(content) as file:
        yield from _batch_records(content, _parquet_batches(parquet, file))


def read_arrow(content: Content) -> Iterator[Record | Rejected]:
    """The rows, numbered from 1. A file is a stream between two marks. It is read as one, so it may be incomplete."""
    ipc = library("pyarrow.ipc", "Arrow files", "parquet")
    yield from _batch_records(content, _arrow_batches(ipc, content))


def rows(batch: Any) -> Iterator[dict[object, object] | str]:
    """The rows of a pyarrow.RecordBatch as Python values, or the reason why a row is damaged."""
    for start in range(0, batch.num_rows, _BATCH_ROWS):
        part = batch.slice(start, _BATCH_ROWS)
        try:
            part.validate(full=True)  # the buffers of a damaged file may point anywhere
            yield from map(_decode_texts, part.to_pylist())
        except Exception:  # of pyarrow, or of Python for dates and texts out of range: then row by row
            yield from (_row(part.slice(index, 1)) for index in range(part.num_rows))


def _batch_records(content: Content, batches: Iterator[Any]) -> Iterator[Record | Rejected]:
    number = 0
    try:
        for batch in batches:
            if not number and (problem := content.names.header_problem(batch.schema.names)):
                raise Unusable(problem)
            for row in rows(batch):
                number += 1
                if isinstance(row, str):
                    yield content.source.rejected(row, number)
                else:
                    yield Record(content.source, number, row)
    except Unusable:
        raise
    except MemoryError:
        raise Unusable(f"damaged: a batch claims to be larger than the memory; {_LOST}") from None
    except Exception:  # pyarrow raises many types for damaged data
        raise Unusable(f"damaged: {_LOST}") from None


def _parquet_batches(parquet: Any, file: BinaryIO) -> Iterator[Any]:
    table = parquet.ParquetFile(file, buffer_size=limits.HEAD_SIZE, pre_buffer=False)
    yield from table.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)


def _arrow_batches(ipc: Any, content: Content) -> Iterator[Any]:
    if content.head.startswith(_ARROW_FILE):
        content.stream.read(len(_ARROW_FILE))
    with ipc.open_stream(content.stream) as reader:
        yield from reader


def _row(part: Any) -> dict[object, object] | str:
    try:
        part.validate(full=True)
        return _decode_texts(part.to_pylist()[0])
    except Exception as error:
        return f"damaged row: {type(error).__name__}"


def _decode_texts(row: dict[object, object]) -> dict[object, object]:
    """The row with its bytes decoded, because some writers store texts in columns of bytes."""
    return {name: _decode(value) if isinstance(value, bytes) else value for name, value in row.items()}


def _decode(value: bytes) -> str | bytes:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value


PARQUET = Format(
    "Parquet",
    (".parquet", ".pq"),
    # A text may start with these letters too, but contains no NUL bytes.
    recognizes=lambda content: content.head.startswith(b"PAR1") and b"\0" in content.head,
    read=read_parquet,
)
ARROW = Format(
    "Arrow",
    (".arrow", ".arrows", ".feather", ".ipc"),
    recognizes=lambda content: content.head.startswith((_ARROW_FILE, _ARROW_MESSAGE)),
    read=read_arrow,
)
