"""First stage: files, frames and records in, `Article`s and `Rejected` records out.

    from detector.reading import read_articles

    reading = read_articles("news/")
    for outcome in reading: ...          # streams Article | Rejected
    reading.articles, reading.rejected   # the same, as two lists

A new format is one module with a `FORMAT` and one line in `registry.py`.
"""

from detector.reading.api import Reading, read_articles

__all__ = ["Reading", "read_articles"]
