"""The report stage: a detection result as files, as fragments for a notebook and as views for a terminal."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from detector.reporting import files
from detector.reporting.graph import stories_gexf
from detector.reporting.page import report_html
from detector.reporting.reported import Gathered, ReportedResult
from detector.reporting.tables import pairs_csv, rejected_jsonl, run_json, stories_csv, stories_jsonl

__all__ = ["ReportedResult", "write_report"]


def write_report(result: ReportedResult, folder: str | PathLike[str], minimum_probability: float | None = None) -> None:
    """Write every file of the report into the folder.

    `minimum_probability` says which candidate pairs go into pairs.csv; without it, those above the reporting floor.
    An earlier report there is replaced; any other folder that is not empty raises FileExistsError.
    """
    place = Path(folder)
    files.claim(place)
    gathered = Gathered(result)
    pairs = result.pairs if minimum_probability is None else result.scored(minimum_probability)
    texts = {
        files.MARK: run_json(result.run),
        "stories.csv": stories_csv(gathered),
        "pairs.csv": pairs_csv(pairs),
        "stories.jsonl": stories_jsonl(gathered),
        "stories.gexf": stories_gexf(gathered),
        "rejected.jsonl": rejected_jsonl(result.rejected),
        "report.html": report_html(gathered),
    }
    files.write(place, texts)
