"""Records that are in memory already: frames, dicts and articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from detector.reading.fields import FieldNames
from detector.reading.raw import Place, Record
from detector.records import Article, Rejected

if TYPE_CHECKING:
    import pandas as pd

_FRAME = Place("<frame>", "frame")
_RECORDS = Place("<records>", "record")


@dataclass(frozen=True, slots=True)
class FrameRecords:
    """The rows of a DataFrame, numbered from 1. A named index counts as a column.

    Raises ValueError where no column can hold the text.
    """

    frame: pd.DataFrame
    names: FieldNames

    def __post_init__(self) -> None:
        problem = self.names.without_text([str(name) for name in self._columns()])
        if problem and len(self.frame):
            raise ValueError(f"DataFrame: {problem}")

    def __iter__(self) -> Iterator[Record]:
        columns = self._columns()
        indexed = columns[0] if len(columns) > len(self.frame.columns) else None
        rows = self.frame.itertuples(index=indexed is not None, name=None)
        for number, row in enumerate(rows, start=1):
            yield Record(_FRAME, number, dict(zip(columns, row, strict=True)))

    def _columns(self) -> list[object]:
        name = self.frame.index.name
        columns: list[object] = list(self.frame.columns)
        return columns if name is None or name in columns else [name, *columns]


@dataclass(frozen=True, slots=True)
class GivenRecords:
    """Dicts and articles in the order they were given, numbered from 1; a `Rejected` among them stays as it is."""

    given: Iterable[object]

    def __iter__(self) -> Iterator[Record | Rejected]:
        for number, value in enumerate(self.given, start=1):
            if isinstance(value, Rejected):
                yield value
            else:
                yield Record(_RECORDS, number, asdict(value) if isinstance(value, Article) else value)
