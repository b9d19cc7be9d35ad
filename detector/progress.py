"""One progress bar a stage, on a terminal only, and the seconds each stage took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Stages:
    """Times the stages of a run. Bars go to stderr; `show` None shows them where stderr is a terminal."""

    def __init__(self, show: bool | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._show = sys.stderr.isatty() if show is None else show

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Gives a function to call with the number of things done since the last call."""
        started = time.perf_counter()
        columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, disable=not self._show, transient=True) as progress:
            task = progress.add_task(name, total=total)
            yield lambda done: progress.advance(task, done)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
