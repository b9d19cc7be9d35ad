"""A cache of embeddings in one SQLite file, looked up by content, so that an article is encoded only once.

Why SQLite: entries survive a killed process, several processes can share the file, it needs no server, and it reads
the 20 KB of an article faster than separate files (https://sqlite.org/fasterthanfs.html). Nothing is pickled. At worst
articles are encoded again: every entry has a checksum, a damaged file is moved aside, a full disk stops no run.
"""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

# Marks the file in its header as ours: "dtec".
APPLICATION = int.from_bytes(b"dtec", "big")
# Increase when the table, the key or the meaning of a column changes.
LAYOUT = 1
TABLE = "CREATE TABLE vectors (key BLOB PRIMARY KEY, article BLOB, sentences BLOB, windows BLOB, checksum BLOB)"
INSERT = "INSERT OR IGNORE INTO vectors (key, article, sentences, windows, checksum) VALUES (?, ?, ?, ?, ?)"
SELECT = "SELECT key, article, sentences, windows, checksum FROM vectors WHERE key IN "
# Seconds to wait for another process to finish writing.
PATIENCE = 60.0
# Keys of one SELECT; SQLite before 3.32 takes at most 999.
CHUNK = 500
REMEDY = "free space there or choose another folder"
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class ArticleVectors:
    """The vectors of one article, all finite.

    article: float32, (dimensions,), dimensions > 0. sentences: float16, (sentences, dimensions). windows: int64,
    (sentences,), the window of each sentence, counted from 0 in each article; None if sentences do not share windows.
    Raises `ValueError` if the shapes do not fit together.
    """

    article: NDArray[np.float32]
    sentences: NDArray[np.float16]
    windows: NDArray[np.int64] | None

    def __post_init__(self) -> None:
        count, dimensions = self.sentences.shape
        fits = self.article.shape == (dimensions,) and dimensions > 0
        if not fits or (self.windows is not None and self.windows.shape != (count,)):
            shapes = [None if part is None else part.shape for part in (self.article, self.sentences, self.windows)]
            raise ValueError(f"vectors of one article do not fit together: {shapes}")

    @property
    def finite(self) -> bool:
        """Whether no value is NaN or infinite."""
        return bool(np.isfinite(self.article).all() and np.isfinite(self.sentences).all())


def article_key(fingerprint: str, sentences: Sequence[str]) -> bytes:
    """16 bytes (BLAKE2b) that identify these sentences, in this order, and the model of this fingerprint."""
    return _digest((text.encode("utf-8", "surrogatepass") for text in (fingerprint, *sentences)), 16)


class EmbeddingCache:
    """The cache in one file; a context manager, for one thread. Processes on one machine can share the file.

    If the file cannot be written, one warning says so and nothing is added; entries that can be read are still used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._writable = True

    @classmethod
    def open(cls, path: Path) -> EmbeddingCache:
        """The cache in this file. A missing file is created, with its folders.

        A damaged file is moved to `<name>.corrupt` and a new one is started, with a warning. Raises `ValueError`, and
        does not change the file, if it is a database of another program or was written by a newer version.
        """
        cache = cls(path)
        cache._connect()
        return cache

    def __enter__(self) -> EmbeddingCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Afterwards `get` finds nothing and `put` does nothing."""
        if self._connection:
            self._connection.close()
        self._connection, self._writable = None, False

    def get(self, keys: Sequence[bytes]) -> dict[bytes, ArticleVectors]:
        """The vectors of those keys that are in the cache; the arrays are read-only.

        Damaged entries are removed, with one warning, and count as missing.
        """
        entries: dict[bytes, ArticleVectors] = {}
        damaged: list[bytes] = []
        for start in range(0, len(keys), CHUNK):
            for row in self._rows(keys[start : start + CHUNK]):
                vectors = _from_row(*row)
                if vectors:
                    entries[row[0]] = vectors
                else:
                    damaged.append(row[0])
        if damaged:
            self._write("DELETE FROM vectors WHERE key = ?", [(key,) for key in damaged])
            _warn(f"{self.path}: {len(damaged)} damaged entries removed; their articles will be encoded again")
        return entries

    def put(self, vectors: Mapping[bytes, ArticleVectors]) -> bool:
        """Add the vectors, all or none; whether they were added. Then killing the process loses none of them.

        An entry with the same key is not replaced. Vectors that are not finite are left out.
        """
        return self._write(INSERT, [_to_row(key, entry) for key, entry in vectors.items() if entry.finite])

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes | None, bytes]]:
        if not self._connection:
            return []
        query = f"{SELECT}({', '.join('?' * len(keys))})"
        try:
            return self._connection.execute(query, keys).fetchall()
        except sqlite3.DatabaseError as error:
            self._recover(error)
            return []

    def _write(self, statement: str, rows: Sequence[tuple[bytes | None, ...]]) -> bool:
        """One transaction, repeated if a new file had to replace a damaged one; whether the rows were written."""
        for _ in range(2):
            if not (rows and self._connection and self._writable):
                break
            try:
                with self._connection:
                    self._connection.executemany(statement, rows)
                return True
            except sqlite3.DatabaseError as error:
                if not self._recover(error):
                    break
        return False

    def _recover(self, error: sqlite3.DatabaseError) -> bool:
        """React to the error so that the run can continue; return whether there is a new file now."""
        if _code(error) in DAMAGED and self._writable:
            self._connect(damaged_by=error)
            return self._writable
        if _code(error) == sqlite3.SQLITE_BUSY:
            _warn(f"{self.path} is locked by another process; some embeddings cannot be read or written this time")
        elif _code(error) in DAMAGED:
            self.close()
        elif isinstance(error, sqlite3.OperationalError):
            self._stop_writing(error)
        else:
            raise error
        return False

    def _connect(self, damaged_by: sqlite3.DatabaseError | None = None) -> None:
        """Open the file; replace it by a new one if it is damaged, and only read it if it cannot be written."""
        if self._connection:
            self._connection.close()
            self._connection = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One process at a time: otherwise a second one could move the new file aside.
            with FileLock(f"{self.path}.lock", timeout=PATIENCE):
                # If the file is not the one that was open here, another process has moved that one aside.
                if damaged_by and self._file == _identity(self.path):
                    self._move_aside(damaged_by)
                try:
                    self._connection = _open_database(self.path, "mode=rwc")
                except sqlite3.DatabaseError as error:
                    if _code(error) not in DAMAGED:
                        raise
                    self._move_aside(error)
                    self._connection = _open_database(self.path, "mode=rwc")
                self._file = _identity(self.path)
        except (OSError, sqlite3.DatabaseError) as error:
            # Reads a file in a folder where SQLite cannot create its own files (https://sqlite.org/uri.html).
            with suppress(sqlite3.DatabaseError):
                self._connection = _open_database(self.path, "immutable=1")
            self._stop_writing(error)

    def _move_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self.path.with_name(self.path.name + ".corrupt")
        self.path.replace(aside)
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        _warn(f"{self.path} is damaged ({error}) and was moved to {aside.name}; articles will be encoded again")

    def _stop_writing(self, error: Exception) -> None:
        if self._writable:
            self._writable = False
            _warn(f"embeddings can no longer be written to {self.path} ({error}); {REMEDY}")


def _open_database(path: Path, options: str) -> sqlite3.Connection:
    """A connection to the database, with the table added if it is empty; `options` is the query of an SQLite URI."""
    uri = f"{path.absolute().as_uri()}?{options}"
    connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level="IMMEDIATE")
    try:
        # A damaged row may declare its bytes as text; the checksum must decide, not the decoder.
        connection.text_factory = bytes
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Create the table if it is missing. Raises `ValueError` if the file is not ours or is newer."""
    ((application,), (layout,), (tables,)) = (
        connection.execute(query).fetchone()
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if tables and application != APPLICATION:
        raise ValueError(f"{path} is a database of another program; name another file for the embeddings")
    if tables and layout > LAYOUT:
        raise ValueError(
            f"{path} was written by a newer version (layout {layout}, this one knows {LAYOUT}); "
            "update, or name another file for the embeddings"
        )
    # Readers and a writer do not wait for each other. Some file systems do not support it and keep the usual journal.
    with suppress(sqlite3.OperationalError):
        if connection.execute("PRAGMA journal_mode = WAL").fetchone() == (b"wal",):
            # Syncs only now and then: a killed process loses nothing, a power cut at most the last transactions, never
            # the file (https://sqlite.org/pragma.html#pragma_synchronous).
            connection.execute("PRAGMA synchronous = NORMAL")
    if tables and layout == LAYOUT:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DROP TABLE IF EXISTS vectors")
        connection.execute(TABLE)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
    if tables:
        _warn(f"{path} was written by an older version; its embeddings were removed and articles will be encoded again")


def _to_row(key: bytes, vectors: ArticleVectors) -> tuple[bytes | None, ...]:
    windows = None if vectors.windows is None else vectors.windows.astype("<i8").tobytes()
    blobs = (vectors.article.astype("<f4").tobytes(), vectors.sentences.astype("<f2").tobytes(), windows)
    return key, *blobs, _checksum(key, *blobs)


def _from_row(
    key: bytes, article: bytes, sentences: bytes, windows: bytes | None, checksum: bytes
) -> ArticleVectors | None:
    """The vectors of a row, read-only views of its bytes; None if the row is damaged."""
    # A damaged row can hold numbers or nothing instead of bytes, hence `TypeError`.
    with suppress(TypeError, ValueError):
        if checksum == _checksum(key, article, sentences, windows):
            vectors = ArticleVectors(
                np.frombuffer(article, "<f4"),
                np.frombuffer(sentences, "<f2").reshape(-1, len(article) // 4),
                None if windows is None else np.frombuffer(windows, "<i8"),
            )
            return vectors if vectors.finite else None
    return None


def _checksum(key: bytes, *blobs: bytes | None) -> bytes:
    return _digest((key, *(blob for blob in blobs if blob is not None)), 8)


def _digest(parts: Iterable[bytes], size: int) -> bytes:
    """BLAKE2b of the parts, each preceded by its length, so that the boundaries between them count."""
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode, which a renamed file keeps; None if there is no file."""
    status = path.stat() if path.exists() else None
    return status and (status.st_dev, status.st_ino)


def _code(error: sqlite3.DatabaseError) -> int:
    """The primary result code (https://sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=3)
