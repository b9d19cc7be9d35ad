"""The peak memory of a part of a benchmark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector.execution import resources
from detector.execution.resources import peak_memory
from tests.benchmarks.resources import MeasuredStages, reset_peak
from tests.execution.test_resources import MEGABYTE, allocate


def linux_resets() -> bool:
    """Whether the system is a Linux that lets a process reset its peak; some containers do not."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


needs_linux = pytest.mark.skipif(not linux_resets(), reason="only Linux resets a peak")


@needs_linux
def test_a_peak_lasts_until_it_is_reset() -> None:
    reset_peak()
    before = peak_memory()
    allocate(200)
    peak = peak_memory()
    assert before is not None
    assert peak is not None
    assert peak > before + 190 * MEGABYTE
    reset_peak()
    after = peak_memory()
    assert after is not None
    assert after < before + 50 * MEGABYTE


def test_a_system_that_cannot_reset_the_peak_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "PROCESS", tmp_path / "proc" / "self")
    reset_peak()
    assert not (tmp_path / "proc").exists()


@needs_linux
def test_the_peak_of_a_stage_is_its_own() -> None:
    stages = MeasuredStages(show=False)
    with stages.stage("before"):
        pass
    with stages.stage("large"):
        allocate(200)
    with stages.stage("after"):
        pass
    with stages.stage("large"):
        pass
    peak = stages.peak_memory
    assert peak["large"] > peak["before"] + 190 * MEGABYTE
    assert peak["after"] < peak["before"] + 50 * MEGABYTE


@needs_linux
def test_memory_that_outlives_a_stage_counts_in_the_next_one_too() -> None:
    stages = MeasuredStages(show=False)
    with stages.stage("before"):
        pass
    with stages.stage("makes"):
        array = np.ones(200 * MEGABYTE, np.int8)
    with stages.stage("uses"):
        assert array[0]
    assert min(stages.peak_memory["makes"], stages.peak_memory["uses"]) > stages.peak_memory["before"] + 190 * MEGABYTE
