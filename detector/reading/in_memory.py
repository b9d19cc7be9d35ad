"""Records that are already in memory: frames, dicts and articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from detector.reading.formats.columnar import rows
from detector.reading.mapping.fields import FieldNames
from detector.reading.source import Record, Source
from detector.records import Article, Rejected

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    Frame: TypeAlias = pd.DataFrame | pl.DataFrame | pl.LazyFrame | pa.Table | pa.RecordBatch

_FRAME = Source("<frame>", "frame")
_RECORDS = Source("<records>", "record")


def is_frame(value: object) -> TypeGuard[Frame]:
    """Whether this is a table of pandas, polars or Arrow."""
    return _is_pandas(value) or _is_polars(value) or _is_arrow(value)


@dataclass(frozen=True, slots=True)
class FrameRecords:
    """The rows of a frame, numbered from 1. The index of a pandas DataFrame is a column if it has a name.

    Raises ValueError if no column can hold the text.
    """

    frame: Frame
    names: FieldNames

    def __post_init__(self) -> None:
        columns = _columns(self.frame)
        problem = self.names.header_problem([str(name) for name in columns])
        if problem and columns:
            raise ValueError(f"DataFrame: {problem}")

    def __iter__(self) -> Iterator[Record | Rejected]:
        for number, row in enumerate(_frame_rows(self.frame), start=1):
            yield _FRAME.rejected(row, number) if isinstance(row, str) else Record(_FRAME, number, row)


@dataclass(frozen=True, slots=True)
class GivenRecords:
    """Dicts and articles in the given order, numbered from 1. A `Rejected` among them is passed on."""

    given: Iterable[object]

    def __iter__(self) -> Iterator[Record | Rejected]:
        for number, value in enumerate(self.given, start=1):
            if isinstance(value, Rejected):
                yield value
            else:
                yield Record(_RECORDS, number, _record_fields(value) if isinstance(value, Article) else value)


def _is_instance(value: object, module: str, *names: str) -> bool:
    """Whether a value is of one of these types, without importing their module: if it is not loaded, no value is."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, tuple(getattr(loaded, name) for name in names))


def _is_pandas(value: object) -> TypeGuard[pd.DataFrame]:
    return _is_instance(value, "pandas", "DataFrame")


def _is_polars(value: object) -> TypeGuard[pl.DataFrame | pl.LazyFrame]:
    return _is_instance(value, "polars", "DataFrame", "LazyFrame")


def _is_arrow(value: object) -> TypeGuard[pa.Table | pa.RecordBatch]:
    return _is_instance(value, "pyarrow", "Table", "RecordBatch")


def _columns(frame: Frame) -> list[object]:
    if _is_pandas(frame):
        name = frame.index.name
        columns: list[object] = list(frame.columns)
        return columns if name is None or name in columns else [name, *columns]
    if _is_polars(frame):
        return list(frame.lazy().collect_schema())
    arrow: Any = frame
    return list(arrow.schema.names)


def _frame_rows(frame: Frame) -> Iterator[Mapping[object, object] | str]:
    if _is_pandas(frame):
        columns = _columns(frame)
        with_index = len(columns) > len(frame.columns)
        for row in frame.itertuples(index=with_index, name=None):
            yield dict(zip(columns, row, strict=True))
    elif _is_polars(frame):
        names = _columns(frame)
        for values in frame.lazy().collect().iter_rows():
            yield dict(zip(names, values, strict=True))
    else:
        arrow: Any = frame
        for batch in arrow.to_batches() if _is_instance(arrow, "pyarrow", "Table") else [arrow]:
            yield from rows(batch)


def _record_fields(article: Article) -> dict[str, object]:
    """The fields of an article, with its history."""
    return {field.name: getattr(article, field.name) for field in fields(article)}
