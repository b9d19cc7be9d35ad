"""The peak memory of the process, if the system reports it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from detector.execution import resources
from detector.execution.resources import peak_memory

MEGABYTE = 10**6


def allocate(megabytes: int) -> None:
    """Hold so much memory for a moment."""
    assert np.ones(megabytes * MEGABYTE, np.int8).all()


@pytest.fixture
def without_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system that has no /proc."""
    monkeypatch.setattr(resources, "PROCESS", tmp_path / "proc" / "self")
    return tmp_path / "proc" / "self"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports no peak")
def test_the_peak_includes_memory_that_was_freed() -> None:
    allocate(200)
    peak = peak_memory()
    assert peak is not None
    assert 200 * MEGABYTE < peak < 10**12


def test_other_unix_systems_report_the_peak_of_the_process(without_proc: Path) -> None:
    pytest.importorskip("resource")
    allocate(100)
    first = peak_memory()
    assert first is not None
    assert 100 * MEGABYTE < first < 10**12
    again = peak_memory()
    assert again is not None
    assert again >= first


def test_a_status_without_a_peak_is_no_error(without_proc: Path) -> None:
    pytest.importorskip("resource")
    without_proc.mkdir(parents=True)
    (without_proc / "status").write_text("Name:\tpython\nVmRSS:\t 12 kB\n", encoding="utf-8")
    peak = peak_memory()
    assert peak is not None
    assert peak > 10 * MEGABYTE
    (without_proc / "status").write_text("Name:\tpython\nVmHWM:\t 12 kB\n", encoding="utf-8")
    assert peak_memory() == 12 * 1024


def test_macos_counts_in_bytes_and_others_in_kilobytes(without_proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")

    class Usage:
        ru_maxrss = 5000

    monkeypatch.setattr(resource, "getrusage", lambda _: Usage)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert peak_memory() == 5000
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert peak_memory() == 5000 * 1024


def test_a_system_that_reports_nothing_is_no_error(without_proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert peak_memory() is None
