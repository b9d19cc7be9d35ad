"""The command that measures one table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.benchmark import main
from tests.benchmarks.results_files import RESULTS, write_results


def test_cleaning_is_measured_and_still_what_was_measured_last(seeds: Path, tmp_path: Path) -> None:
    main(["cleaning", str(seeds), "--results", str(tmp_path)])
    assert (tmp_path / "cleaning.json").read_bytes() == (RESULTS / "cleaning.json").read_bytes()


def test_only_the_table_of_stories_has_something_to_tune(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cleaning", str(seeds), "--tune", str(seeds)])
    assert "--tune is for stories" in capsys.readouterr().err


def test_figures_are_rounded_to_four_digits(tmp_path: Path) -> None:
    write_results("table", {"set": {"share": 1 / 3, "count": 7}}, tmp_path)
    assert json.loads((tmp_path / "table.json").read_text(encoding="utf-8")) == {"set": {"share": 0.3333, "count": 7}}
