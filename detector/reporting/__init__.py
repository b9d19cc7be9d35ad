"""The report stage: a detection result as files, as fragments for a notebook and as views for a terminal.

Other packages may use what `__all__` names here, and the modules `terminal`, `comparison` and `notebook` (views),
`files` and `csv_writer` (writing), and `parquet.require_pyarrow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from os import PathLike
from pathlib import Path

from detector.records import Pair
from detector.reporting import files
from detector.reporting.csv_writer import BYTE_ORDER_MARK
from detector.reporting.graph import stories_gexf
from detector.reporting.json_lines import rejected_jsonl, run_json, stories_jsonl, storylines_jsonl, strongest_links
from detector.reporting.page.html import report_html
from detector.reporting.page.page_data import PagePlan, plan_page
from detector.reporting.parquet import pairs_parquet, require_pyarrow, stories_parquet
from detector.reporting.report_data import ReportData, ReportedResult
from detector.reporting.tables import pairs_csv, stories_csv

__all__ = ["ReportPlan", "ReportedResult", "check_output", "plan_report", "write_report"]


@dataclass(frozen=True)
class ReportPlan:
    """What a report will show, picked before any file is written.

    read_closely: the pairs whose evidence is shown down to clauses; their clauses should be read before writing.
    """

    data: ReportData
    page: PagePlan
    read_closely: list[Pair]


def plan_report(result: ReportedResult) -> ReportPlan:
    """Pick what the report of a result will show; the stories at other thresholds are made here, once for each."""
    report = ReportData(result)
    page = plan_page(report)
    shown = filter(report.read_closely, chain(strongest_links(report), page.explained))
    return ReportPlan(report, page, list(shown))


def check_output(folder: str | PathLike[str], *, parquet: bool = False) -> None:
    """Make the folder of a report ready, before the work for it begins.

    Raises FileExistsError if it is not empty and holds no earlier report, and ModuleNotFoundError if `parquet` is asked
    for and pyarrow is missing.
    """
    if parquet:
        require_pyarrow()
    files.claim(Path(folder))


def write_report(
    result: ReportedResult,
    folder: str | PathLike[str],
    minimum_probability: float | None = None,
    *,
    parquet: bool = False,
    excel: bool = False,
    plan: ReportPlan | None = None,
) -> None:
    """Write every file of the report into the folder.

    `minimum_probability` says which candidate pairs go into pairs.csv; without it, those above the reporting floor.
    `parquet` adds stories.parquet and pairs.parquet. `excel` begins the CSV files with a byte order mark, without which
    Excel misreads letters other than English ones; most other programs do not need it, and some take it for part of the
    first column's name. `plan` is that of the result, if it is made already. An earlier report in the folder is
    replaced. Raises as `check_output`, before anything is written.
    """
    check_output(folder, parquet=parquet)
    plan = plan_report(result) if plan is None else plan
    report = plan.data
    pairs = result.pairs if minimum_probability is None else result.scored(minimum_probability)
    mark = [BYTE_ORDER_MARK] if excel else []
    writers = {
        files.MARK: files.text([run_json(result.run)]),
        "stories.csv": files.text(chain(mark, stories_csv(report))),
        "pairs.csv": files.text(chain(mark, pairs_csv(report, pairs))),
        "stories.jsonl": files.text(stories_jsonl(report)),
        "storylines.jsonl": files.text(storylines_jsonl(report)),
        "stories.gexf": files.text(stories_gexf(report)),
        "rejected.jsonl": files.text(rejected_jsonl(result.rejected)),
        "report.html": files.text(map(report_html, [report], [plan.page])),
    }
    if parquet:
        writers |= {"stories.parquet": stories_parquet(report), "pairs.parquet": pairs_parquet(report, pairs)}
    files.write_report_files(Path(folder), writers)
