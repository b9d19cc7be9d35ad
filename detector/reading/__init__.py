"""Reads articles from files, frames and records: sources in, `Article`s and `Rejected` records out.

    from detector.reading import read_articles

    reading = read_articles("news/")
    for outcome in reading: ...          # streams Article | Rejected
    reading.articles, reading.rejected   # the same, as two lists

`decoding` turns files into streams of bytes, `formats` turns those into records, `mapping` turns records into articles.
Other packages may also use `given_pairs` (reads pairs of articles), `api.read_records`, `source.Record` and the modules
that `mapping` names in `__all__`.
"""

from detector.reading.api import Reading, read_articles

__all__ = ["Reading", "read_articles"]
