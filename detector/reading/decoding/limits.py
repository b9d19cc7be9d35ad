"""How much is read at most, and why. Looked up at the time of reading, so that a caller may set them."""

from __future__ import annotations

MIB = 1024 * 1024

RECORD_LIMIT = 16 * MIB
"""Bytes of one record: a line, a table row, a text file. The longest news articles stay under 1 MiB; a "record" beyond
this is a damaged file or another kind of data, and would only fill the memory."""

SPOOL_LIMIT = 16 * 1024 * MIB
"""Bytes of a file that has to be sought in (Parquet, zip) and comes from standard input or packed: it is laid into a
temporary file without a name first."""

DIRECTORY_LIMIT = 16 * MIB
"""Bytes of the list of files in a zip archive, which takes some 15 times that in memory: 150,000 files and more."""

UNPACKING_MEMORY = 256 * MIB
"""Bytes that unpacking xz may take; its strongest setting takes 65 MiB."""

UNPACKED_FREE = 256 * MIB
"""Bytes that a packed file may become, however small it is."""

UNPACKED_RATIO = 250
"""Times its packed size that a file may become beyond `UNPACKED_FREE`. Texts come to 20, copies of one text to
100, and a bomb to more."""

HEAD_SIZE = 64 * 1024
"""Bytes from the beginning of a file by which its format is told."""
