"""How much is read at most, and why. Looked up at the time of reading, so that a caller may set them."""

from __future__ import annotations

MIB = 1024 * 1024

RECORD_LIMIT = 16 * MIB
"""Bytes of one record: a line, a table row, a text file. The longest news articles stay under 1 MiB; a "record" beyond
this is a damaged file or another kind of data, and would only fill the memory."""

DOCUMENT_LIMIT = 512 * MIB
"""Bytes of one JSON document. Such a file has to be parsed as a whole, which takes several times its size in memory;
bigger collections belong into JSON Lines, which is streamed without any limit."""

HEAD_SIZE = 64 * 1024
"""Bytes from the beginning of a file by which its format is told."""
