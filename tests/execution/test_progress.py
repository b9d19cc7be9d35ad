"""The stages of a run: seconds, memory, and bars on a terminal only."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from detector.execution import progress
from detector.execution.progress import Rate, Stages
from detector.execution.resources import peak_memory
from tests.execution.test_resources import allocate


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


def stderr_as_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Replace stderr by a terminal of 120 columns; in a fixture, pytest would undo it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def run_stages(stages: Stages) -> None:
    with stages.stage("encode", 3000) as advance:
        for _ in range(3):
            advance(1000)
    with stages.stage("candidates"):
        pass


def test_nothing_is_printed_if_stderr_is_not_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    run_stages(Stages())
    assert capfd.readouterr() == ("", "")


def test_nothing_is_printed_on_a_terminal_if_bars_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages(show=False))
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("show", [None, True])
def test_a_terminal_shows_the_stage_its_progress_and_its_rate(
    monkeypatch: pytest.MonkeyPatch, show: bool | None
) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages(show))
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert re.search(r"encode +━+ 3000/3000 [\d,]+/s ", shown)
    assert "candidates" in shown


def test_a_bar_is_removed_when_its_stage_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages())
    # Up one line, and that line erased.
    assert terminal.getvalue().endswith("\x1b[1A\x1b[2K")


def test_the_rate_is_in_items_per_second_and_empty_until_it_is_known() -> None:
    now = 0.0
    bars = Progress(console=Console(file=io.StringIO()), get_time=lambda: now, disable=True)
    bars.add_task("encode", total=10_000)
    [task] = bars.tasks
    assert Rate().render(task).plain == ""
    for _ in range(3):
        now += 1
        bars.advance(task.id, 2500)
    assert Rate().render(task).plain == "2,500/s"
    now += 1
    bars.advance(task.id, 2500)
    assert Rate().render(task).plain == "2,500/s"


def test_the_seconds_of_a_stage_entered_twice_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.perf_counter", lambda: now)
    stages = Stages(show=False)
    for name, seconds in (("read", 2.0), ("encode", 5.0), ("read", 0.5)):
        with stages.stage(name):
            now += seconds
    assert stages.seconds == {"read": 2.5, "encode": 5.0}


def test_a_stage_that_fails_fails_and_is_not_counted() -> None:
    stages = Stages(show=False)
    with pytest.raises(ValueError, match="the reason"), stages.stage("read"):
        raise ValueError("the reason")
    assert stages.seconds == stages.peak_memory == {}


def test_the_peak_of_a_stage_is_that_of_the_process_up_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = iter([100, 300, 300, 400])
    monkeypatch.setattr(progress, "peak_memory", lambda: next(peaks))
    stages = Stages(show=False)
    for name in ("read", "encode", "score", "read"):
        with stages.stage(name):
            pass
    assert stages.peak_memory == {"read": 400, "encode": 300, "score": 300}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux has a counter that could be reset")
def test_a_stage_does_not_reset_the_counter_of_the_process() -> None:
    allocate(200)
    before = peak_memory()
    with Stages(show=False).stage("read"):
        pass
    after = peak_memory()
    assert before is not None
    assert after is not None
    assert after >= before


def test_a_system_that_reports_no_memory_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "peak_memory", lambda: None)
    stages = Stages(show=False)
    run_stages(stages)
    assert set(stages.seconds) == {"encode", "candidates"}
    assert stages.peak_memory == {}
