"""How much memory the process holds at most, as far as the system tells.

Linux tells the peak since it was last forgotten (proc(5): VmHWM in /proc/self/status, 5 written to
/proc/self/clear_refs); other Unix systems the peak of the whole run (getrusage(2)); Windows, without a further library,
nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

PROCESS = Path("/proc/self")


def forget_peak() -> None:
    """Count the peak anew from here on, where the system can."""
    try:
        (PROCESS / "clear_refs").write_text("5")
    except OSError:
        return


def peak_memory() -> int | None:
    """The most resident memory, in bytes, since the peak was forgotten; None where the system does not tell."""
    try:
        lines = (PROCESS / "status").read_text().splitlines()
    except OSError:
        return _peak_of_the_run()
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else _peak_of_the_run()


def _peak_of_the_run() -> int | None:
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, but on macOS bytes.
    return peak if sys.platform == "darwin" else peak * 1024
