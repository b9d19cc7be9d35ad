"""The peak memory of the process, if the system reports it.

Linux: VmHWM in /proc/self/status (proc(5)). Other Unix systems: getrusage(2). Windows reports nothing without a further
library. It is only read: the counter belongs to the whole process.
"""

from __future__ import annotations

import sys
from pathlib import Path

PROCESS = Path("/proc/self")


def peak_memory() -> int | None:
    """The most resident memory of the process so far, in bytes; None if the system does not report it."""
    try:
        lines = (PROCESS / "status").read_text().splitlines()
    except OSError:
        return _peak_from_rusage()
    values = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(values[0]) * 1024 if values else _peak_from_rusage()


def _peak_from_rusage() -> int | None:
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, but bytes on macOS.
    return peak if sys.platform == "darwin" else peak * 1024
