"""The peak of resident memory, as far as the system tells."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from detector.execution import resources as memory
from detector.execution.resources import forget_peak, peak_memory

MEGABYTE = 10**6


def linux_forgets() -> bool:
    """Whether the system is a Linux that lets the process forget its peak; some containers do not."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


needs_linux = pytest.mark.skipif(not linux_forgets(), reason="only Linux forgets a peak")


def allocate(megabytes: int) -> None:
    """Hold so much memory for a moment."""
    assert np.ones(megabytes * MEGABYTE, np.int8).all()


@needs_linux
def test_the_peak_outlives_what_was_held_until_it_is_forgotten() -> None:
    forget_peak()
    before = peak_memory()
    allocate(200)
    held = peak_memory()
    assert before is not None
    assert held is not None
    assert held > before + 190 * MEGABYTE
    forget_peak()
    after = peak_memory()
    assert after is not None
    assert after < before + 50 * MEGABYTE


@pytest.fixture
def without_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system that has no /proc."""
    monkeypatch.setattr(memory, "PROCESS", tmp_path / "proc" / "self")
    return tmp_path / "proc" / "self"


def test_other_unix_systems_tell_the_peak_of_the_whole_run(without_proc: Path) -> None:
    pytest.importorskip("resource")
    allocate(100)
    forget_peak()
    first = peak_memory()
    assert first is not None
    assert 100 * MEGABYTE < first < 10**12
    forget_peak()
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


def test_a_system_that_tells_nothing_is_no_error(without_proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    forget_peak()
    assert peak_memory() is None
