"""Arrays that may be larger than memory: few rows stay in memory, many go to a memory-mapped file.

The file has no name: the system deletes it when the array or the process ends, even if the process is killed.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

# Arrays with more bytes go to a file.
IN_MEMORY = 1 << 26


class Spool:
    """Rows appended block by block, then read as one array.

    dtype: of the values. width: values per row, None for a one-dimensional array. folder: for the file, better on a
    disk than in a file system in memory; None, or a folder that cannot be written: the system's temporary folder.
    """

    def __init__(self, dtype: DTypeLike, width: int | None = None, folder: Path | None = None) -> None:
        self.dtype, self.width, self.folder = np.dtype(dtype), width, folder
        self._rows = 0
        self._blocks: list[NDArray[Any]] = []
        self._file: Any = None

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, (rows,) or (rows, width), rounded to the dtype. Raises `OSError` on a full disk."""
        block = np.ascontiguousarray(rows, self.dtype)
        self._rows += len(block)
        if self._file is None and self._rows * self._row_bytes() > IN_MEMORY:
            self._file = unnamed_file(self.folder)
            for earlier in self._blocks:
                self._file.write(earlier.data)
            self._blocks = []
        if self._file is None:
            self._blocks.append(block)
        elif block.size:
            self._file.write(block.data)

    def array(self) -> NDArray[Any]:
        """All rows, read-only; nothing may be appended afterwards."""
        shape = (self._rows,) if self.width is None else (self._rows, self.width)
        if self._file is None:
            rows = np.concatenate([np.empty((0, *shape[1:]), self.dtype), *self._blocks])
            self._blocks = []
            rows.flags.writeable = False
            return rows
        self._file.flush()
        return np.memmap(self._file, self.dtype, "r", shape=shape)

    def _row_bytes(self) -> int:
        return self.dtype.itemsize * (1 if self.width is None else self.width)


def release(*arrays: NDArray[Any]) -> None:
    """Give the memory of arrays in files back to the system; they are read again when needed."""
    for array in arrays:
        base: Any = array
        while isinstance(base, np.ndarray):
            base = base.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)


def unnamed_file(folder: Path | None) -> Any:
    """A file to write and read that is deleted when it is closed; `folder` as for `Spool`."""
    return tempfile.TemporaryFile(prefix="detector-", dir=spool_folder(folder))


def spool_folder(folder: Path | None) -> Path | None:
    """The folder if a file can be created in it, else None for the system's temporary folder."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
