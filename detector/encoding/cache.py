"""Embeddings kept from run to run, so that an article is encoded once: one SQLite file, looked up by content.

SQLite, because what was put survives a killed process, several processes share the file, there is no server and no
dependency, and blobs of about 20 KB, an article's vectors, are read faster from it than from a file each
(https://sqlite.org/fasterthanfs.html). Nothing is pickled. Whatever happens to the file, the worst is that articles are
encoded again: every entry has a checksum, a damaged file is set aside, and a disk that takes no more ends no run.
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

# Says in the header whose file this is: "dtec".
APPLICATION = int.from_bytes(b"dtec", "big")
# Raised when the table, the key or the meaning of a column changes.
LAYOUT = 1
TABLE = "CREATE TABLE vectors (key BLOB PRIMARY KEY, article BLOB, sentences BLOB, windows BLOB, checksum BLOB)"
COLUMNS = "key, article, sentences, windows, checksum"
# Seconds to wait for another process that writes.
PATIENCE = 60.0
# Keys of one SELECT; SQLite before 3.32 takes at most 999.
CHUNK = 500
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class ArticleVectors:
    """The vectors of one article, all finite.

    article: float32, (dimensions,), at least one. sentences: float16, (sentences, dimensions). windows: int64,
    (sentences,), the window each sentence was read in, numbered within the article from 0; None where windows were not
    shared. Raises `ValueError` where the shapes do not fit together.
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
        """Whether no number is NaN or infinite."""
        return bool(np.isfinite(self.article).all() and np.isfinite(self.sentences).all())


def article_key(fingerprint: str, sentences: Sequence[str]) -> bytes:
    """16 bytes that stand for these sentences, in this order, read by the model of this fingerprint (BLAKE2b)."""
    return _digest((text.encode("utf-8", "surrogatepass") for text in (fingerprint, *sentences)), 16)


class EmbeddingCache:
    """The cache in one file; a context manager, for one thread. Processes on one machine may share the file.

    A file or folder that cannot be written keeps nothing, with one warning; what it holds is read where that can be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._keeps = True

    @classmethod
    def open(cls, path: Path) -> EmbeddingCache:
        """The cache in this file, made where there is none, folders included.

        A damaged file is moved to `<name>.corrupt`, in the place of an older one, and a fresh one is begun, with a
        warning. Raises `ValueError`, and leaves the file as it is, where it is a database of another program or was
        written by a newer version.
        """
        cache = cls(path)
        cache._connect()
        return cache

    def __enter__(self) -> EmbeddingCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; afterwards nothing is found and nothing kept."""
        if self._connection:
            self._connection.close()
        self._connection, self._keeps = None, False

    def get(self, keys: Sequence[bytes]) -> dict[bytes, ArticleVectors]:
        """The vectors of those keys that are found whole; the arrays are read-only.

        Damaged entries are removed, with one warning, and count as not found.
        """
        found: dict[bytes, ArticleVectors] = {}
        damaged: list[bytes] = []
        for start in range(0, len(keys), CHUNK):
            for row in self._rows(keys[start : start + CHUNK]):
                vectors = _unpacked(*row)
                if vectors:
                    found[row[0]] = vectors
                else:
                    damaged.append(row[0])
        if damaged:
            self._write("DELETE FROM vectors WHERE key = ?", [(key,) for key in damaged])
            _warn(f"{self.path}: {len(damaged)} damaged entries removed; their articles are encoded again")
        return found

    def put(self, vectors: Mapping[bytes, ArticleVectors]) -> None:
        """Keep the vectors, all or none; once this returns, killing the process loses none of them.

        A key that is there already stays as it is. Vectors that are not finite are left out.
        """
        rows = [_packed(key, entry) for key, entry in vectors.items() if entry.finite]
        self._write(f"INSERT OR IGNORE INTO vectors ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, bytes, bytes | None, bytes]]:
        if not self._connection:
            return []
        query = f"SELECT {COLUMNS} FROM vectors WHERE key IN ({', '.join('?' * len(keys))})"
        try:
            return self._connection.execute(query, keys).fetchall()
        except sqlite3.DatabaseError as error:
            self._recover(error)
            return []

    def _write(self, statement: str, rows: Sequence[tuple[bytes | None, ...]]) -> None:
        """One transaction; done a second time where the damaged file gave way to a fresh one."""
        for _ in range(2):
            if not (rows and self._connection and self._keeps):
                return
            try:
                with self._connection:
                    self._connection.executemany(statement, rows)
                return
            except sqlite3.DatabaseError as error:
                if not self._recover(error):
                    return

    def _recover(self, error: sqlite3.DatabaseError) -> bool:
        """Do what the error asks for, so that the run goes on; whether there is a fresh file now."""
        if _code(error) in DAMAGED and self._keeps:
            self._connect(damaged_by=error)
            return self._keeps
        if _code(error) == sqlite3.SQLITE_BUSY:
            _warn(f"{self.path} is locked by another process: some embeddings are not kept or found this time")
        elif _code(error) in DAMAGED:
            self.close()
        elif isinstance(error, sqlite3.OperationalError):
            self._stop_keeping(error)
        else:
            raise error
        return False

    def _connect(self, damaged_by: sqlite3.DatabaseError | None = None) -> None:
        """Open the file, or a fresh one in its place where it is damaged; reading only where it cannot be written."""
        if self._connection:
            self._connection.close()
            self._connection = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One process at a time, lest two set aside one damaged file, the second time the fresh one.
            with FileLock(f"{self.path}.lock", timeout=PATIENCE):
                # Where the file is not the one that was open here, another process has set that one aside.
                if damaged_by and self._file == _identity(self.path):
                    self._set_aside(damaged_by)
                try:
                    self._connection = _connected(self.path, "mode=rwc")
                except sqlite3.DatabaseError as error:
                    if _code(error) not in DAMAGED:
                        raise
                    self._set_aside(error)
                    self._connection = _connected(self.path, "mode=rwc")
                self._file = _identity(self.path)
        except (OSError, sqlite3.DatabaseError) as error:
            # Reads a file in a folder where SQLite cannot make its own files (https://sqlite.org/uri.html).
            with suppress(sqlite3.DatabaseError):
                self._connection = _connected(self.path, "immutable=1")
            self._stop_keeping(error)

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self.path.with_name(self.path.name + ".corrupt")
        self.path.replace(aside)
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        _warn(f"{self.path} is damaged ({error}): it is now {aside.name}, and articles are encoded again")

    def _stop_keeping(self, error: Exception) -> None:
        if self._keeps:
            self._keeps = False
            _warn(f"no more embeddings are kept in {self.path} ({error}): free space there or choose another folder")


def _connected(path: Path, how: str) -> sqlite3.Connection:
    """A connection to the database, made where it is empty; `how` is the query of an SQLite URI."""
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level="IMMEDIATE")
    try:
        # A damaged row may say that its bytes are text; the checksum judges them, not the decoder.
        connection.text_factory = bytes
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the table where it is missing; raises `ValueError` where the file is not one to write to."""
    ((application,), (layout,), (tables,)) = (
        connection.execute(question).fetchone()
        for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if tables and application != APPLICATION:
        raise ValueError(f"{path} is a database of another program; name another file for the embeddings")
    if tables and layout > LAYOUT:
        raise ValueError(
            f"{path} was written by a newer version (layout {layout}, this one knows {LAYOUT}); "
            "update, or name another file for the embeddings"
        )
    # Readers and a writer do not wait for each other. Some file systems cannot do it; then the usual journal serves.
    with suppress(sqlite3.OperationalError):
        if connection.execute("PRAGMA journal_mode = WAL").fetchone() == (b"wal",):
            # Synced now and then only: a killed process loses nothing that was put, a power cut at most the last
            # transactions, never the file (https://sqlite.org/pragma.html#pragma_synchronous).
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
        _warn(f"{path} was written by an older version: its embeddings are dropped and articles encoded again")


def _packed(key: bytes, vectors: ArticleVectors) -> tuple[bytes | None, ...]:
    windows = None if vectors.windows is None else vectors.windows.astype("<i8").tobytes()
    blobs = (vectors.article.astype("<f4").tobytes(), vectors.sentences.astype("<f2").tobytes(), windows)
    return key, *blobs, _checksum(key, *blobs)


def _unpacked(
    key: bytes, article: bytes, sentences: bytes, windows: bytes | None, checksum: bytes
) -> ArticleVectors | None:
    """The vectors of a row, over the bytes of the row and so read-only; None where the row is damaged."""
    # A damaged row can hold numbers or nothing where bytes belong, hence `TypeError`.
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
    """BLAKE2b of the parts, each after its length, so that no two ways to cut the same bytes are alike."""
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def _identity(path: Path) -> tuple[int, int] | None:
    """What stays with a file that is renamed; None where there is none."""
    status = path.stat() if path.exists() else None
    return status and (status.st_dev, status.st_ino)


def _code(error: sqlite3.DatabaseError) -> int:
    """The primary result code (https://sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=3)
