"""The peak memory of a part of a benchmark.

Linux counts the peak of a process since it was last reset (proc(5): 5 written to /proc/self/clear_refs). A benchmark
may reset it because the process is its own. Other systems report the peak of the process, which then stays too high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from detector.execution import resources
from detector.execution.progress import Stages


def reset_peak() -> None:
    """Count the peak memory of this process from here on, if the system can."""
    try:
        (resources.PROCESS / "clear_refs").write_text("5")
    except OSError:
        return


class MeasuredStages(Stages):
    """Stages with the peak memory of each stage alone. For a stage that runs twice it is the higher one."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """As `Stages.stage`, with the peak counted from its start."""
        earlier = self.peak_memory.get(name, 0)
        reset_peak()
        with super().stage(name, total) as advance:
            yield advance
        if name in self.peak_memory:
            self.peak_memory[name] = max(earlier, self.peak_memory[name])
