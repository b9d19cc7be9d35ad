"""Compressed files (gzip, bzip2, xz, Zstandard), decompressed in small pieces: what comes before damage is kept."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from detector.reading.decoding import limits
from detector.reading.decoding.optional import library
from detector.reading.mapping.messages import size
from detector.reading.source import Unusable

# This many compressed bytes expand to about 30 MiB at most, except in bzip2, which is checked.
_INPUT_SIZE = 1024
_OUTPUT_LIMIT = 32 * limits.MIB
_BOMB = "possible decompression bomb (over {} at more than {}:1), stopped; unpack it yourself if you trust it"


class Decompressor(Protocol):
    """Decompresses one member of a file; a file may hold several, one after the other."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """The bytes after the end of the member."""

    def decompress(self, data: bytes, /) -> bytes:
        """What these bytes add to the output."""


Start = tuple[Callable[[], Decompressor], type[Exception]]
"""Creates a decompressor for each member; the type of the exception it raises for damaged data."""


@dataclass(frozen=True, slots=True)
class Compression:
    """A compression, detected by the first bytes. `start` raises `Unusable` if a package is missing."""

    name: str
    magics: tuple[bytes, ...]
    start: Callable[[], Start]


def _gzip() -> Start:
    return lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error


def _bzip2() -> Start:
    return _BoundedBzip2, OSError


class _BoundedBzip2:
    """A bzip2 decompressor that raises `Unusable` if a few bytes expand to more than `_OUTPUT_LIMIT`."""

    def __init__(self) -> None:
        self._decompressor = bz2.BZ2Decompressor()

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def decompress(self, data: bytes, /) -> bytes:
        output = self._decompressor.decompress(data, _OUTPUT_LIMIT)
        if not (self._decompressor.eof or self._decompressor.needs_input):
            raise Unusable(_BOMB.format(size(_OUTPUT_LIMIT), _OUTPUT_LIMIT // _INPUT_SIZE))
        return output


def _xz() -> Start:
    return lambda: lzma.LZMADecompressor(memlimit=limits.XZ_MEMORY_LIMIT), lzma.LZMAError


def _zstandard() -> Start:
    if sys.version_info >= (3, 14):
        from compression import zstd

        return zstd.ZstdDecompressor, zstd.ZstdError
    zstandard = library("zstandard", "Zstandard files", "zstd")
    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


COMPRESSIONS = (
    Compression("gzip", (b"\x1f\x8b",), _gzip),
    Compression("bzip2", tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)), _bzip2),
    Compression("xz", (b"\xfd7zXZ\x00",), _xz),
    # The second is a skippable frame, which files written by pzstd start with.
    Compression("Zstandard", (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"), _zstandard),
)


def detect_compression(head: bytes) -> Compression | None:
    """The compression of a file that starts with these bytes; None if it is not compressed."""
    return next((compression for compression in COMPRESSIONS if head.startswith(compression.magics)), None)


def decompress(compression: Compression, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of all members of a compressed file, in pieces of about 30 MiB at most.

    Raises `Unusable` if the file is damaged, incomplete or a decompression bomb: see `check_expansion`.
    """
    create, error = compression.start()
    compressed = decompressed = 0
    try:
        for consumed, output in _decompressed_members(create, chunks):
            compressed, decompressed = compressed + consumed, decompressed + len(output)
            check_expansion(compressed, decompressed)
            if output:
                yield output
    except (EOFError, error):
        raise Unusable(f"broken {compression.name} file: data after the damage could not be read") from None


def check_expansion(compressed: int, decompressed: int) -> None:
    """Raises `Unusable` if this many compressed bytes have expanded to suspiciously many."""
    if decompressed > limits.EXPANSION_FREE and decompressed > compressed * limits.EXPANSION_RATIO:
        raise Unusable(_BOMB.format(size(limits.EXPANSION_FREE), limits.EXPANSION_RATIO))


def _decompressed_members(create: Callable[[], Decompressor], chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Pairs of the number of bytes consumed and the output. Raises EOFError if the last member is incomplete."""
    decompressor: Decompressor | None = None
    for data in _small_inputs(chunks):
        rest = data
        while rest:
            if decompressor is None:
                rest = rest.lstrip(b"\0")  # padding, as on tapes and in the xz standard
                if not rest:
                    break
                decompressor = create()
            output = decompressor.decompress(rest)
            after = decompressor.unused_data if decompressor.eof else b""
            if decompressor.eof:
                decompressor = None
            yield len(rest) - len(after), output
            rest = after
    if decompressor is not None:
        raise EOFError


def _small_inputs(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _INPUT_SIZE):
            yield chunk[start : start + _INPUT_SIZE]
