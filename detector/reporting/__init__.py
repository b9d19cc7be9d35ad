"""The report stage: a detection result as files, as fragments for a notebook and as views for a terminal.

Other packages may use what `__all__` names here, and the modules `terminal`, `comparison` and `notebook` (views),
`files` and `csv_writer` (writing), and `parquet.require_pyarrow`.
"""

from __future__ import annotations

from itertools import chain
from os import PathLike
from pathlib import Path

from detector.reporting import files
from detector.reporting.csv_writer import BYTE_ORDER_MARK
from detector.reporting.graph import stories_gexf
from detector.reporting.json_lines import rejected_jsonl, run_json, stories_jsonl
from detector.reporting.page.html import report_html
from detector.reporting.parquet import pairs_parquet, require_pyarrow, stories_parquet
from detector.reporting.report_data import ReportData, ReportedResult
from detector.reporting.tables import pairs_csv, stories_csv

__all__ = ["ReportedResult", "write_report"]


def write_report(
    result: ReportedResult,
    folder: str | PathLike[str],
    minimum_probability: float | None = None,
    *,
    parquet: bool = False,
    excel: bool = False,
) -> None:
    """Write every file of the report into the folder.

    `minimum_probability`: pairs.csv holds the candidate pairs from this probability on; without it, those above the
    reporting floor. `parquet` adds stories.parquet and pairs.parquet; without pyarrow it raises ModuleNotFoundError
    before anything is written. `excel` begins the CSV files with a byte order mark. Excel needs it to read letters
    other than English ones; most other programs do not, and some take it for part of the first column's name.
    An earlier report in the folder is replaced; any other folder that is not empty raises FileExistsError.
    """
    if parquet:
        require_pyarrow()
    output = Path(folder)
    files.claim(output)
    report = ReportData(result)
    pairs = result.pairs if minimum_probability is None else result.scored(minimum_probability)
    mark = [BYTE_ORDER_MARK] if excel else []
    writers = {
        files.MARK: files.text([run_json(result.run)]),
        "stories.csv": files.text(chain(mark, stories_csv(report))),
        "pairs.csv": files.text(chain(mark, pairs_csv(pairs))),
        "stories.jsonl": files.text(stories_jsonl(report)),
        "stories.gexf": files.text(stories_gexf(report)),
        "rejected.jsonl": files.text(rejected_jsonl(result.rejected)),
        "report.html": files.text(map(report_html, [report])),
    }
    if parquet:
        writers |= {"stories.parquet": stories_parquet(report), "pairs.parquet": pairs_parquet(pairs)}
    files.write_report_files(output, writers)
