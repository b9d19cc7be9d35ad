"""Upper bounds for what is read, and why. They are looked up while reading, so a caller may change them."""

from __future__ import annotations

MIB = 1024 * 1024

RECORD_LIMIT = 16 * MIB
"""Bytes of one record: a line, a table row, a text file. The longest news articles are under 1 MiB; a longer record is
a damaged file or another kind of data, and would only fill the memory."""

KEPT_LIMIT = 32 * MIB
"""Bytes of memory for records that are kept between two passes, so that small inputs are parsed once. A file that is
larger on disk is never kept."""

SPOOL_LIMIT = 16 * 1024 * MIB
"""Bytes of a file that must be seekable (Parquet, zip) but comes compressed or from standard input: it is copied to an
unnamed temporary file first."""

DIRECTORY_LIMIT = 16 * MIB
"""Bytes of the list of files in a zip archive, enough for 150,000 files. In memory it takes about 15 times as much."""

XZ_MEMORY_LIMIT = 256 * MIB
"""Bytes that xz decompression may use; its strongest setting uses 65 MiB."""

EXPANSION_FREE = 256 * MIB
"""Bytes that any compressed file may expand to, however small it is."""

EXPANSION_RATIO = 250
"""Beyond `EXPANSION_FREE`, how many times its compressed size a file may expand to. Texts reach 20, copies of one text
100; only decompression bombs exceed this."""

HEAD_SIZE = 64 * 1024
"""Bytes at the beginning of a file that are used to detect its format."""
