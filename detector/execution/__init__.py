"""How the stages run: progress and timing, arrays and records larger than memory, threads, memory use.

Modules: `progress` (bars, seconds and memory of each stage), `spool` (arrays) and `record_spool` (records) that go to
a file when they grow large, `threads` (linear algebra on one thread), `resources` (memory of the process).
"""

__all__ = ["progress", "record_spool", "resources", "spool", "threads"]
