"""A progress bar for each stage, on a terminal only; the seconds and the peak memory of each stage."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from detector.execution.resources import peak_memory


class Rate(ProgressColumn):
    """Items per second."""

    def render(self, task: Task) -> Text:
        """The rate as text, empty until it is known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


class Stages:
    """Measures the stages of a run. Bars go to stderr; `show` None shows them if stderr is a terminal.

    seconds: the duration of each stage. peak_memory: the peak memory of the process up to the end of each stage, in
    bytes.
    """

    def __init__(self, show: bool | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self.peak_memory: dict[str, int] = {}
        self._show = sys.stderr.isatty() if show is None else show

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A block that is timed; it yields a function to call with the number of items done since the last call."""
        started = time.perf_counter()
        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        console = Console(stderr=True)
        with Progress(*columns, console=console, disable=not self._show, transient=True) as progress:
            task = progress.add_task(name, total=total)
            yield lambda done: progress.advance(task, done)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
        peak = peak_memory()
        if peak is not None:
            self.peak_memory[name] = max(peak, self.peak_memory.get(name, 0))
