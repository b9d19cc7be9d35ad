"""Records that are in memory already: frames, dicts and articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from detector.reading.formats.columnar import rows
from detector.reading.mapping.fields import FieldNames
from detector.reading.source import Place, Record
from detector.records import Article, Rejected

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    Frame: TypeAlias = pd.DataFrame | pl.DataFrame | pl.LazyFrame | pa.Table | pa.RecordBatch

_FRAME = Place("<frame>", "frame")
_RECORDS = Place("<records>", "record")


def is_frame(source: object) -> TypeGuard[Frame]:
    """Whether this is a table of pandas, polars or Arrow."""
    return _is_pandas(source) or _is_polars(source) or _is_arrow(source)


@dataclass(frozen=True, slots=True)
class FrameRecords:
    """The rows of a frame, numbered from 1. The named index of a pandas DataFrame counts as a column.

    Raises ValueError where no column can hold the text.
    """

    frame: Frame
    names: FieldNames

    def __post_init__(self) -> None:
        columns = _columns(self.frame)
        problem = self.names.without_text([str(name) for name in columns])
        if problem and columns:
            raise ValueError(f"DataFrame: {problem}")

    def __iter__(self) -> Iterator[Record | Rejected]:
        for number, row in enumerate(_rows(self.frame), start=1):
            yield _FRAME.rejected(row, number) if isinstance(row, str) else Record(_FRAME, number, row)


@dataclass(frozen=True, slots=True)
class GivenRecords:
    """Dicts and articles in the order they were given, numbered from 1; a `Rejected` among them stays as it is."""

    given: Iterable[object]

    def __iter__(self) -> Iterator[Record | Rejected]:
        for number, value in enumerate(self.given, start=1):
            if isinstance(value, Rejected):
                yield value
            else:
                yield Record(_RECORDS, number, _fields(value) if isinstance(value, Article) else value)


def _is(source: object, module: str, *names: str) -> bool:
    """Whether this is of a type that a module has; who has one has imported the module, and nobody else has to."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(source, tuple(getattr(loaded, name) for name in names))


def _is_pandas(source: object) -> TypeGuard[pd.DataFrame]:
    return _is(source, "pandas", "DataFrame")


def _is_polars(source: object) -> TypeGuard[pl.DataFrame | pl.LazyFrame]:
    return _is(source, "polars", "DataFrame", "LazyFrame")


def _is_arrow(source: object) -> TypeGuard[pa.Table | pa.RecordBatch]:
    return _is(source, "pyarrow", "Table", "RecordBatch")


def _columns(frame: Frame) -> list[object]:
    if _is_pandas(frame):
        name = frame.index.name
        columns: list[object] = list(frame.columns)
        return columns if name is None or name in columns else [name, *columns]
    if _is_polars(frame):
        return list(frame.lazy().collect_schema())
    arrow: Any = frame
    return list(arrow.schema.names)


def _rows(frame: Frame) -> Iterator[Mapping[object, object] | str]:
    if _is_pandas(frame):
        columns = _columns(frame)
        indexed = len(columns) > len(frame.columns)
        for row in frame.itertuples(index=indexed, name=None):
            yield dict(zip(columns, row, strict=True))
    elif _is_polars(frame):
        names = _columns(frame)
        for values in frame.lazy().collect().iter_rows():
            yield dict(zip(names, values, strict=True))
    else:
        arrow: Any = frame
        for batch in arrow.to_batches() if _is(arrow, "pyarrow", "Table") else [arrow]:
            yield from rows(batch)


def _fields(article: Article) -> dict[str, object]:
    """The fields of an article as they are, its history too."""
    return {field.name: getattr(article, field.name) for field in fields(article)}
