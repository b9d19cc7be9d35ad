"""The stages of a run: their seconds, their memory, and bars on a terminal only."""

from __future__ import annotations

import io
import re
import sys

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from detector.execution import progress
from detector.execution.progress import Rate, Stages
from tests.execution.test_resources import MEGABYTE, allocate, needs_linux


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def stderr_as_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Stderr is a terminal of 120 columns from here on; in a fixture, pytest would put its own in place again."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    found = Terminal()
    monkeypatch.setattr(sys, "stderr", found)
    return found


def run_stages(stages: Stages) -> None:
    with stages.stage("encode", 3000) as advance:
        for _ in range(3):
            advance(1000)
    with stages.stage("candidates"):
        pass


def test_nothing_is_printed_where_stderr_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    run_stages(Stages())
    assert capfd.readouterr() == ("", "")


def test_nothing_is_printed_on_a_terminal_where_nothing_was_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages(show=False))
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("show", [None, True])
def test_a_terminal_shows_the_stage_how_far_it_is_and_how_fast(
    monkeypatch: pytest.MonkeyPatch, show: bool | None
) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages(show))
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert re.search(r"encode +━+ 3000/3000 [\d,]+/s ", shown)
    assert "candidates" in shown


def test_a_bar_is_gone_when_its_stage_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = stderr_as_terminal(monkeypatch)
    run_stages(Stages())
    # Up one line, and that line erased.
    assert terminal.getvalue().endswith("\x1b[1A\x1b[2K")


def test_the_rate_is_of_things_a_second_and_missing_until_it_is_known() -> None:
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


@needs_linux
def test_the_peak_of_a_stage_is_its_own() -> None:
    stages = Stages(show=False)
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
def test_what_is_held_from_one_stage_to_the_next_counts_in_both() -> None:
    stages = Stages(show=False)
    with stages.stage("before"):
        pass
    with stages.stage("makes"):
        kept = np.ones(200 * MEGABYTE, np.int8)
    with stages.stage("uses"):
        assert kept[0]
    assert min(stages.peak_memory["makes"], stages.peak_memory["uses"]) > stages.peak_memory["before"] + 190 * MEGABYTE


def test_a_system_that_tells_no_memory_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "peak_memory", lambda: None)
    stages = Stages(show=False)
    run_stages(stages)
    assert set(stages.seconds) == {"encode", "candidates"}
    assert stages.peak_memory == {}
