"""Packed files (gzip, bzip2, xz, Zstandard), unpacked piece by piece: what stands before damage is kept."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from detector.reading.decoding import limits
from detector.reading.mapping.messages import size
from detector.reading.source import Unusable

# A piece of this length holds at most some 30 MiB, in any of these packings.
_PIECE = 1024
_MOST_OF_PIECE = 32 * limits.MIB
_BOMB = (
    "a bomb: over {} unpacked from less than 1/{} of it, which no text comes to; the rest is not read: unpack the file "
    "if it is meant"
)


class Unpacker(Protocol):
    """What unpacks one member of a file; several may follow each other."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


Unpacking = tuple[Callable[[], Unpacker], type[Exception]]
"""What makes an unpacker, and what unpackers raise for damage."""


@dataclass(frozen=True, slots=True)
class Packing:
    """A way of packing files, told by how they begin. `start` raises `Unusable` where its package is missing."""

    name: str
    magics: tuple[bytes, ...]
    start: Callable[[], Unpacking]


def _gzip() -> Unpacking:
    return lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error


def _bzip2() -> Unpacking:
    return _Bzip2Unpacker, OSError


class _Bzip2Unpacker:
    """bzip2 can make gigabytes of a piece, if only of one letter; then this raises `Unusable`."""

    def __init__(self) -> None:
        self._unpacker = bz2.BZ2Decompressor()

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data

    def decompress(self, data: bytes, /) -> bytes:
        part = self._unpacker.decompress(data, _MOST_OF_PIECE)
        if not (self._unpacker.eof or self._unpacker.needs_input):
            raise Unusable(_BOMB.format(size(_MOST_OF_PIECE), _MOST_OF_PIECE // _PIECE))
        return part


def _xz() -> Unpacking:
    return lambda: lzma.LZMADecompressor(memlimit=limits.UNPACKING_MEMORY), lzma.LZMAError


def _zstandard() -> Unpacking:
    if sys.version_info >= (3, 14):
        from compression import zstd

        return zstd.ZstdDecompressor, zstd.ZstdError
    try:
        import zstandard
    except ImportError:
        raise Unusable("Zstandard needs a package: pip install 'detector[zstd]'") from None
    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


PACKINGS = (
    Packing("gzip", (b"\x1f\x8b",), _gzip),
    Packing("bzip2", tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)), _bzip2),
    Packing("xz", (b"\xfd7zXZ\x00",), _xz),
    # The second is a frame to be skipped, by which files of pzstd begin.
    Packing("Zstandard", (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"), _zstandard),
)


def packing_of(head: bytes) -> Packing | None:
    """How a file that begins like this is packed, if it is."""
    return next((packing for packing in PACKINGS if head.startswith(packing.magics)), None)


def unpacked(packing: Packing, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What stands in the members of a packed file, one after another, in pieces of some 30 MiB at most.

    Raises `Unusable` where the file is damaged, breaks off, or is a bomb: see `check_growth`.
    """
    make, error = packing.start()
    taken = given = 0
    try:
        for piece, part in _unpacked(make, chunks):
            taken, given = taken + piece, given + len(part)
            check_growth(taken, given)
            if part:
                yield part
    except (EOFError, error):
        raise Unusable(f"a broken {packing.name}: what stands behind the damage is lost") from None


def check_growth(packed: int, given: int) -> None:
    """Raises `Unusable` where this many packed bytes have become suspiciously many."""
    if given > limits.UNPACKED_FREE and given > packed * limits.UNPACKED_RATIO:
        raise Unusable(_BOMB.format(size(limits.UNPACKED_FREE), limits.UNPACKED_RATIO))


def _unpacked(make: Callable[[], Unpacker], chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The bytes that were taken, and what came of them."""
    unpacker: Unpacker | None = None
    for piece in _pieces(chunks):
        left = piece
        while left:
            if unpacker is None:
                left = left.lstrip(b"\0")  # what fills up files on tapes, and xz by its standard
                if not left:
                    break
                unpacker = make()
            part = unpacker.decompress(left)
            after = unpacker.unused_data if unpacker.eof else b""
            if unpacker.eof:
                unpacker = None
            yield len(left) - len(after), part
            left = after
    if unpacker is not None:
        raise EOFError


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]
