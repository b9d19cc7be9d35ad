"""stories.parquet and pairs.parquet: the rows of the CSV files with typed columns, texts as they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from detector._optional import require
from detector.records import Pair
from detector.reporting.csv_writer import Cell
from detector.reporting.files import Writer
from detector.reporting.report_data import ReportData
from detector.reporting.sanitize import encodable
from detector.reporting.tables import PAIR_COLUMNS, STORY_COLUMNS, pair_rows, story_rows

_NUMBERS = {"probability", "storyline_probability", "similarity", "cosine", "coverage_a", "coverage_b", "days_apart"}
_COUNTS = {"story_size"}
_BOOLEANS = {"representative", "roundup"}
_ROWS_AT_ONCE = 65_536


def require_pyarrow() -> None:
    """Raises `ModuleNotFoundError` with the command that installs pyarrow, if it is missing."""
    require("pyarrow", "Parquet files need pyarrow", "parquet")


def stories_parquet(report: ReportData) -> Writer:
    """Writes one row per article, story after story."""
    return _parquet(STORY_COLUMNS, story_rows(report))


def pairs_parquet(report: ReportData, pairs: Iterable[Pair]) -> Writer:
    """Writes one row per pair, in the order given."""
    return _parquet(PAIR_COLUMNS, pair_rows(report, pairs))


def _parquet(columns: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Writer:
    def write_rows(file: BinaryIO) -> None:
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        kinds = ((pyarrow.float64(), _NUMBERS), (pyarrow.int64(), _COUNTS), (pyarrow.bool_(), _BOOLEANS))
        types = {name: kind for kind, names in kinds for name in names}
        schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in columns])
        with ParquetWriter(file, schema, compression="zstd") as writer:
            while batch := list(islice(rows, _ROWS_AT_ONCE)):
                values = [list(map(_storable, column)) for column in zip(*batch, strict=True)]
                writer.write_table(pyarrow.table(values, schema=schema))

    return write_rows


def _storable(cell: Cell) -> Cell:
    return encodable(cell) if isinstance(cell, str) else cell
