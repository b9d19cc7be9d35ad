"""stories.parquet and pairs.parquet: what the CSV files hold, with types; there only where they are asked for."""

import sys

import pandas as pd
import pytest

from detector.cli import commands
from detector.reporting import write_report
from detector.reporting.tables import PAIR_COLUMNS, STORY_COLUMNS

pytest.importorskip("pyarrow")
PARQUET = {"stories.parquet", "pairs.parquet"}


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_the_columns_are_those_of_the_csv_files_with_types(result, tmp_path):
    write_report(result, tmp_path, parquet=True)
    for name, columns in (("stories", STORY_COLUMNS), ("pairs", PAIR_COLUMNS)):
        parquet, csv = pd.read_parquet(tmp_path / f"{name}.parquet"), pd.read_csv(tmp_path / f"{name}.csv")
        assert tuple(parquet) == columns
        pd.testing.assert_frame_equal(parquet, csv, check_dtype=False)
    pairs = pd.read_parquet(tmp_path / "pairs.parquet")
    assert pairs["days_apart"].dtype.kind == "f"
    assert pairs["days_apart"].isna().sum() == 4


def test_texts_are_as_they_came(hostile, tmp_path):
    write_report(hostile, tmp_path, parquet=True)
    stories = pd.read_parquet(tmp_path / "stories.parquet")
    came = {document.article.id.replace("\ud800", "\ufffd") for document in hostile.documents}
    assert set(stories["article_id"]) == set(stories["title"]) == came


def test_two_writes_give_equal_bytes(result, tmp_path):
    for name in ("one", "two"):
        write_report(result, tmp_path / name, parquet=True)
    for name in PARQUET:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_later_report_without_them_leaves_none_behind(result, tmp_path):
    write_report(result, tmp_path, parquet=True)
    assert names(tmp_path) >= PARQUET
    write_report(result, tmp_path)
    assert not names(tmp_path) & PARQUET


def test_without_pyarrow_nothing_is_written_and_the_remedy_is_named(result, tmp_path, monkeypatch):
    # With None there, Python treats the module as missing.
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'detector\[parquet\]'"):
        write_report(result, tmp_path / "report", parquet=True)
    assert not (tmp_path / "report").exists()


def test_the_command_stops_before_the_long_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "article.txt").write_text("The river rose a lot in the night. People left their homes.")
    assert commands.main(["report", str(tmp_path / "article.txt"), "--output", str(tmp_path / "out"), "--parquet"]) == 2
    assert capsys.readouterr().err == "detector: Parquet files need pyarrow: pip install 'detector[parquet]'\n"
    assert not (tmp_path / "out").exists()
