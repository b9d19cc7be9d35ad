"""The cache of embeddings: entries are found by every process until they are damaged, and no error stops a run."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

import detector.encoding.cache
from detector.encoding.cache import ArticleVectors, EmbeddingCache, article_key

DIMENSIONS, SENTENCES = 384, 26


def key(number: int) -> bytes:
    return article_key("model", [str(number)])


def entry(number: int) -> ArticleVectors:
    """An entry of the usual size, about 20 KB, different for every number up to 2048."""
    sentences = np.full((SENTENCES, DIMENSIONS), number, np.float16)
    return ArticleVectors(np.full(DIMENSIONS, number, np.float32), sentences, np.arange(SENTENCES))


def entries(numbers: range) -> dict[bytes, ArticleVectors]:
    return {key(number): entry(number) for number in numbers}


def same(one: ArticleVectors, other: ArticleVectors) -> bool:
    return all(
        a is b is None or (a is not None and b is not None and a.dtype == b.dtype and np.array_equal(a, b))
        for a, b in zip(parts(one), parts(other), strict=True)
    )


def parts(vectors: ArticleVectors) -> tuple[NDArray[Any] | None, ...]:
    return vectors.article, vectors.sentences, vectors.windows


def assert_found(cache: EmbeddingCache, numbers: range) -> None:
    found = cache.get([key(number) for number in numbers])
    assert len(found) == len(numbers)
    assert all(same(found[key(number)], entry(number)) for number in numbers)


@contextmanager
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@contextmanager
def connections(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[sqlite3.Connection], object] = id, options: str = ""
) -> Iterator[None]:
    """Inside, every connection to SQLite is changed in this way, or made with these options of its URI."""
    connect = sqlite3.connect

    def connect_changed(name: str, **arguments: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(name + options, **arguments)
        change(connection)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connect_changed)
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "embeddings.sqlite"


@pytest.fixture
def filled(path: Path) -> Path:
    """A file that holds the entries 0 to 49."""
    with EmbeddingCache.open(path) as cache:
        cache.put(entries(range(50)))
    return path


def with_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# Keys


def test_a_key_is_16_bytes_and_stays_from_version_to_version() -> None:
    assert article_key("model", ["Một câu.", "\ud800"]).hex() == "2b1c43650cefc223152859fabdc3aa5f"


@pytest.mark.parametrize(
    ("fingerprint", "sentences"),
    [
        ("model", ["a", "bc"]),
        ("model", ["abc"]),
        ("model", ["c", "ab"]),
        ("model", ["ab", "c", ""]),
        ("modela", ["b", "c"]),
        ("other", ["ab", "c"]),
        ("", ["model", "ab", "c"]),
    ],
)
def test_other_sentences_another_split_or_another_model_change_the_key(fingerprint: str, sentences: list[str]) -> None:
    assert article_key(fingerprint, sentences) != article_key("model", ["ab", "c"])


# Round trips


@st.composite
def vectors(draw: st.DrawFn) -> ArticleVectors:
    count, dimensions = draw(st.integers(1, 40)), draw(st.integers(1, 16))
    single, half = (st.floats(width=width, allow_nan=False, allow_infinity=False) for width in (32, 16))
    windows = hnp.arrays(np.int64, count, elements=st.integers(0, 2**40))
    return ArticleVectors(
        draw(hnp.arrays(np.float32, dimensions, elements=single)),
        draw(hnp.arrays(np.float16, (count, dimensions), elements=half)),
        draw(st.none() | windows),
    )


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.binary(min_size=16, max_size=16), vectors(), max_size=3))
def test_a_later_run_reads_what_was_put_unchanged(given: dict[bytes, ArticleVectors]) -> None:
    with tempfile.TemporaryDirectory() as folder, no_warning():
        path = Path(folder) / "embeddings.sqlite"
        with EmbeddingCache.open(path) as cache:
            cache.put(given)
        with EmbeddingCache.open(path) as cache:
            found = cache.get([*given, b"not there"])
    assert found.keys() == given.keys()
    assert all(same(found[key], given[key]) for key in given)


def test_vectors_from_the_cache_are_read_only(filled: Path) -> None:
    with EmbeddingCache.open(filled) as cache:
        (found,) = cache.get([key(1)]).values()
    assert found.windows is not None
    assert not any(part.flags.writeable for part in (found.article, found.sentences, found.windows))


def takes_999_keys(connection: sqlite3.Connection) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)


def test_100_000_keys_can_be_looked_up_at_once(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [key(number) for number in range(100_000)]
    with connections(monkeypatch, takes_999_keys), EmbeddingCache.open(filled) as cache:
        assert cache.get(keys[::-1]).keys() == set(keys[:50])


def test_a_second_entry_does_not_replace_the_first(filled: Path) -> None:
    with EmbeddingCache.open(filled) as cache:
        cache.put({key(1): entry(2)})
        assert same(cache.get([key(1)])[key(1)], entry(1))


@pytest.mark.parametrize(
    ("article", "sentences", "windows"), [((3,), (2, 4), None), ((0,), (2, 0), None), ((4,), (2, 4), (3,))]
)
def test_shapes_that_do_not_fit_are_refused(
    article: tuple[int], sentences: tuple[int, int], windows: tuple[int] | None
) -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        ArticleVectors(
            np.zeros(article, np.float32),
            np.zeros(sentences, np.float16),
            None if windows is None else np.zeros(windows, np.int64),
        )


def test_vectors_that_are_not_finite_are_left_out(path: Path) -> None:
    broken = entry(1)
    broken.sentences[3, 3] = np.nan
    with no_warning(), EmbeddingCache.open(path) as cache:
        cache.put({key(1): broken, key(2): entry(2)})
        assert cache.get([key(1), key(2)]).keys() == {key(2)}


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_the_umask_decides_who_may_read(path: Path) -> None:
    before = os.umask(0o027)
    try:
        EmbeddingCache.open(path).close()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_closed_cache_finds_and_adds_nothing(filled: Path) -> None:
    cache = EmbeddingCache.open(filled)
    cache.close()
    cache.close()
    with no_warning():
        assert not cache.put(entries(range(50, 60)))
        assert cache.get([key(1)]) == {}


# Several processes, and one that is killed

PUTTING = """
import sys, warnings
from pathlib import Path
import numpy as np
import detector.encoding.cache
from detector.encoding.cache import ArticleVectors, EmbeddingCache, article_key

warnings.simplefilter("error")
path, first, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
keys = [article_key("model", [str(number)]) for number in range(last)]

def put(key, number):
    vectors = np.full((26, 384), number, np.float16)
    cache.put({key: ArticleVectors(vectors[0].astype(np.float32), vectors, np.arange(26))})

with EmbeddingCache.open(path) as cache:
    put(article_key("model", [f"the first of {first}"]), first)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(first, last):
        put(keys[number], number)
        print(number, flush=True)
        cache.get(keys)
"""


def with_it_open(path: Path, *ranges: range) -> list[subprocess.Popen[str]]:
    """A process for each range, which has put something; after `go` it puts its numbers and prints each after it."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(path), str(numbers.start), str(numbers.stop)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for numbers in ranges
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    return processes


def go(processes: Iterable[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()


@pytest.mark.slow
def test_nothing_that_was_put_is_lost_when_the_process_is_killed(path: Path) -> None:
    processes = with_it_open(path, range(0, 600), range(600, 1200))
    go(processes)
    warned = []
    for process, wait_for in zip(processes, (1, 40), strict=True):
        assert process.stdout
        warned += [process.stdout.readline() for _ in range(wait_for)]
        process.kill()
        warned += process.communicate()[0].splitlines()
        assert process.returncode == -signal.SIGKILL
    with no_warning(), EmbeddingCache.open(path) as cache:
        found = cache.get([key(number) for number in range(1200)])
        assert found.keys() >= {key(int(line)) for line in warned}
        assert all(same(found[key(number)], entry(number)) for number in range(1200) if key(number) in found)
        cache.put(entries(range(1200)))
        assert_found(cache, range(1200))


@pytest.mark.slow
def test_processes_that_put_the_same_articles_at_once_lose_nothing(path: Path) -> None:
    processes = with_it_open(path, range(0, 60), range(30, 90))
    go(processes)
    assert all(process.communicate() and process.returncode == 0 for process in processes)
    with no_warning(), EmbeddingCache.open(path) as cache:
        assert_found(cache, range(90))


def test_a_put_is_skipped_if_the_file_stays_locked(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector.encoding.cache, "PATIENCE", 0.05)
    with EmbeddingCache.open(filled) as cache:
        other = sqlite3.connect(filled, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.warns(UserWarning, match="locked by another process"):
            assert not cache.put(entries(range(50, 60)))
        assert_found(cache, range(50))
        other.execute("ROLLBACK")
        other.close()
        with no_warning():
            assert cache.put(entries(range(50, 60)))
            assert_found(cache, range(60))


def test_a_reader_in_the_usual_journal_mode_blocks_nobody(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector.encoding.cache, "PATIENCE", 0.05)
    with_sql(filled, "PRAGMA journal_mode = delete")
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM vectors").fetchone()
    with no_warning(), EmbeddingCache.open(filled) as cache:
        assert_found(cache, range(50))
    other.close()


# Damage


@pytest.mark.parametrize(
    "change",
    [
        "article = zeroblob(length(article))",
        "sentences = substr(sentences, 1, length(sentences) - 768)",
        "sentences = substr(sentences, 1, 768) || zeroblob(length(sentences) - 768)",
        "sentences = 7",
        "sentences = 'a text'",
        "sentences = NULL",
        "windows = NULL",
        "windows = zeroblob(length(windows))",
        "article = sentences, sentences = article",
        "checksum = zeroblob(8)",
    ],
)
def test_a_damaged_entry_is_removed_and_can_be_put_again(filled: Path, change: str) -> None:
    with_sql(filled, f"UPDATE vectors SET {change} WHERE rowid BETWEEN 2 AND 4")
    with EmbeddingCache.open(filled) as cache:
        with pytest.warns(UserWarning, match="damaged entries") as warned:
            found = cache.get([key(number) for number in range(50)])
        assert [str(warning.message) for warning in warned] == [
            f"{filled}: 3 damaged entries removed; their articles will be encoded again"
        ]
        assert found.keys() == {key(number) for number in (0, *range(4, 50))}
        with no_warning():
            assert cache.get([key(2)]) == {}
            cache.put(entries(range(50)))
            assert_found(cache, range(50))


def test_an_entry_with_bytes_declared_as_text_is_checked_by_its_checksum(filled: Path) -> None:
    with_sql(filled, "UPDATE vectors SET article = CAST(article AS TEXT)")
    with no_warning(), EmbeddingCache.open(filled) as cache:
        assert_found(cache, range(50))


def test_an_entry_under_the_key_of_another_is_damaged(filled: Path) -> None:
    with_sql(
        filled,
        f"DELETE FROM vectors WHERE key = x'{key(1).hex()}'",
        f"UPDATE vectors SET key = x'{key(1).hex()}' WHERE key = x'{key(2).hex()}'",
    )
    with EmbeddingCache.open(filled) as cache, pytest.warns(UserWarning, match="1 damaged entries"):
        assert cache.get([key(1)]) == {}


def test_an_entry_that_is_not_finite_is_damaged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = entry(1)
    broken.article[5] = np.inf
    with EmbeddingCache.open(path) as cache:
        with monkeypatch.context() as unchecked:
            unchecked.setattr(ArticleVectors, "finite", True)
            cache.put({key(1): broken})
            assert cache.get([key(1)])
        with pytest.warns(UserWarning, match="1 damaged entries"):
            assert cache.get([key(1)]) == {}


def overwrite(path: Path, start: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def assert_moved_aside(path: Path, warned: pytest.WarningsRecorder) -> None:
    """The damaged file was moved aside, a new one is in its place, and there is one warning."""
    (message,) = (str(warning.message) for warning in warned)
    assert message.startswith(f"{path} is damaged (")
    assert "embeddings.sqlite.corrupt" in message
    assert "\n" not in message
    aside = path.with_name("embeddings.sqlite.corrupt")
    assert aside.is_file()
    assert not aside.is_symlink()


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def text_instead(path: Path) -> None:
    path.write_text("notes\n", encoding="utf-8")


def noise_instead(path: Path) -> None:
    path.write_bytes(np.random.default_rng(7).bytes(100_000))


def header_lost(path: Path) -> None:
    overwrite(path, 0, bytes(100))


@pytest.mark.parametrize("damage", [cut_short, text_instead, noise_instead, header_lost])
def test_a_damaged_file_is_moved_aside_when_it_is_opened(filled: Path, damage: Callable[[Path], None]) -> None:
    filled.with_name("embeddings.sqlite.corrupt").write_text("an older one\n", encoding="utf-8")
    filled.with_name("embeddings.sqlite-wal").write_bytes(b"left over")
    damage(filled)
    damaged = filled.read_bytes()
    with pytest.warns(UserWarning, match="is damaged") as warned:
        cache = EmbeddingCache.open(filled)
    assert_moved_aside(filled, warned)
    with no_warning(), cache:
        assert cache.get([key(1)]) == {}
        cache.put(entries(range(50)))
    assert filled.with_name("embeddings.sqlite.corrupt").read_bytes() == damaged
    with no_warning(), EmbeddingCache.open(filled) as cache:
        assert_found(cache, range(50))


def lose_pages(path: Path) -> None:
    """All but the first page, which is all that is read on opening."""
    overwrite(path, 4096, b"\xff" * (path.stat().st_size - 4096))


def test_damage_met_while_reading_does_not_stop_the_run(filled: Path) -> None:
    lose_pages(filled)
    with no_warning():
        cache = EmbeddingCache.open(filled)
    with pytest.warns(UserWarning, match="is damaged") as warned:
        assert cache.get([key(number) for number in range(50)]) == {}
    assert_moved_aside(filled, warned)
    with no_warning(), cache:
        cache.put(entries(range(50)))
        assert_found(cache, range(50))


def test_damage_met_while_writing_loses_no_new_entry(filled: Path) -> None:
    lose_pages(filled)
    with EmbeddingCache.open(filled) as cache:
        with pytest.warns(UserWarning, match="is damaged") as warned:
            cache.put(entries(range(50, 60)))
        assert_moved_aside(filled, warned)
        assert_found(cache, range(50, 60))


@pytest.mark.slow
def test_a_damaged_file_open_in_two_processes_is_moved_aside_once(filled: Path) -> None:
    (other,) = with_it_open(filled, range(10, 20))
    lose_pages(filled)
    with EmbeddingCache.open(filled) as cache:
        with pytest.warns(UserWarning, match="is damaged") as warned:
            cache.put(entries(range(10)))
        assert_moved_aside(filled, warned)
        go([other])
        assert other.communicate()
        assert other.returncode == 0
    with no_warning(), EmbeddingCache.open(filled) as cache:
        assert_found(cache, range(10))
        # Its first put may still have gone into the file that is now moved aside.
        assert_found(cache, range(11, 20))


@pytest.mark.parametrize("seed", range(12))
def test_changed_bytes_never_give_wrong_vectors(filled: Path, seed: int) -> None:
    draw = np.random.default_rng(seed)
    for start in draw.integers(100, filled.stat().st_size - 16, size=4 * (seed + 1)):
        overwrite(filled, int(start), draw.bytes(16))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with EmbeddingCache.open(filled) as cache:
            found = cache.get([key(number) for number in range(50)])
            assert all(same(vectors, entry(number)) for number in range(50) if (vectors := found.get(key(number))))
            assert len(found) < 50
            assert warned
            cache.put(entries(range(50)))
            cache.put(entries(range(50)))
    with no_warning(), EmbeddingCache.open(filled) as cache:
        assert_found(cache, range(50))


# Files of other programs and versions


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_another_program_is_refused_and_left_as_it_is(path: Path, journal: str) -> None:
    path.parent.mkdir()
    with_sql(path, f"PRAGMA journal_mode = {journal}", "CREATE TABLE vectors (key)", "INSERT INTO vectors VALUES (1)")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="database of another program") as caught:
        EmbeddingCache.open(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, path.name + ".lock"]


def test_a_file_of_a_newer_version_is_refused_and_left_as_it_is(filled: Path) -> None:
    with_sql(filled, f"PRAGMA user_version = {detector.encoding.cache.LAYOUT + 1}")
    before = filled.read_bytes()
    with pytest.raises(ValueError, match="newer version"):
        EmbeddingCache.open(filled)
    assert filled.read_bytes() == before


def test_a_file_of_an_older_version_is_started_anew(filled: Path) -> None:
    with_sql(
        filled,
        "DROP TABLE vectors",
        "CREATE TABLE vectors (id)",
        f"PRAGMA user_version = {detector.encoding.cache.LAYOUT - 1}",
    )
    with pytest.warns(UserWarning, match="older version"):
        cache = EmbeddingCache.open(filled)
    with no_warning(), cache:
        cache.put(entries(range(50)))
        assert_found(cache, range(50))
    with no_warning():
        EmbeddingCache.open(filled).close()


# Files that cannot be written


@contextmanager
def few_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SQLite says "database or disk is full" beyond 1.6 MB."""
    with connections(monkeypatch, lambda connection: connection.execute("PRAGMA max_page_count = 400")):
        yield


@contextmanager
def quota(_monkeypatch: pytest.MonkeyPatch, size: int = 2_000_000) -> Iterator[None]:
    """The system refuses to let a file grow beyond this size, and SQLite says "disk I/O error"."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("limit", "reason"), [(few_pages, "database or disk is full"), (quota, "disk I/O error")])
def test_a_full_disk_gives_one_warning_and_does_not_stop_the_run(
    filled: Path, monkeypatch: pytest.MonkeyPatch, limit: Callable[..., object], reason: str
) -> None:
    with limit(monkeypatch), EmbeddingCache.open(filled) as cache:  # type: ignore[attr-defined]
        with pytest.warns(UserWarning, match="can no longer be written") as warned:
            assert not cache.put(entries(range(50, 250)))
        with no_warning():
            assert not cache.put(entries(range(250, 450)))
        assert [str(warning.message) for warning in warned] == [
            f"embeddings can no longer be written to {filled} ({reason}); free space there or choose another folder"
        ]
        with no_warning():
            assert_found(cache, range(50))
            assert cache.get([key(number) for number in range(50, 450)]) == {}
    with no_warning(), EmbeddingCache.open(filled) as cache:
        cache.put(entries(range(50, 60)))
        assert_found(cache, range(60))


def test_a_disk_that_is_full_from_the_start_does_not_stop_the_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    with quota(monkeypatch, size=0), pytest.warns(UserWarning, match="embeddings can no longer be written"):
        cache = EmbeddingCache.open(path)
    with no_warning(), cache:
        cache.put(entries(range(10)))
        assert cache.get([key(1)]) == {}


@pytest.mark.parametrize("name", ["file/embeddings.sqlite", "folder"])
def test_without_a_file_nothing_is_cached(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("a file where the folder should be\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.warns(UserWarning, match="choose another folder") as warned:
        cache = EmbeddingCache.open(tmp_path / name)
    assert len(warned) == 1
    with no_warning(), cache:
        cache.put(entries(range(10)))
        assert cache.get([key(1)]) == {}


@pytest.fixture(params=["wal", "delete"])
def for_all(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file with the entries 0 to 49, in either journal mode, in a folder that every user may read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "embeddings.sqlite"
        with EmbeddingCache.open(path) as cache:
            cache.put(entries(range(50)))
        with_sql(path, f"PRAGMA journal_mode = {request.param}")
        yield path


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Inside, the folder of this file may be read and not written; root becomes nobody for it."""
    seteuid: Callable[[int], None] | None = getattr(os, "seteuid", None)
    if seteuid is None:
        pytest.skip("permissions of POSIX")
    user, nobody = os.geteuid(), 65534
    path.parent.chmod(0o555)
    seteuid(user or nobody)
    try:
        if not os.access(path, os.R_OK, effective_ids=True):
            pytest.skip("the temporary folder is closed to other users")
        yield
    finally:
        seteuid(user)
        path.parent.chmod(0o755)


def test_a_cache_in_a_read_only_folder_is_read(for_all: Path) -> None:
    with read_only(for_all):
        with pytest.warns(UserWarning, match="embeddings can no longer be written") as warned:
            cache = EmbeddingCache.open(for_all)
        assert len(warned) == 1
        with no_warning(), cache:
            cache.put(entries(range(50, 60)))
            assert_found(cache, range(50))
            assert cache.get([key(50)]) == {}


def test_a_damaged_cache_in_a_read_only_folder_finds_nothing(for_all: Path) -> None:
    lose_pages(for_all)
    with read_only(for_all):
        with pytest.warns(UserWarning, match="embeddings can no longer be written"):
            cache = EmbeddingCache.open(for_all)
        with no_warning(), cache:
            assert cache.get([key(1)]) == cache.get([key(2)]) == {}


def test_a_read_error_is_one_warning_and_does_not_stop_the_run(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connections(monkeypatch, takes_999_keys), EmbeddingCache.open(filled) as cache:
        monkeypatch.setattr(detector.encoding.cache, "CHUNK", 1000)
        keys = [key(number) for number in range(1000)]
        with pytest.warns(UserWarning, match="too many SQL variables") as warned:
            assert cache.get(keys) == {}
        assert len(warned) == 1
        with no_warning():
            assert cache.get(keys) == {}


def test_a_file_system_without_shared_memory_uses_the_usual_journal(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        connections(monkeypatch, options="&vfs=unix-none"),
        no_warning(),
        EmbeddingCache.open(path) as cache,
        EmbeddingCache.open(path) as other,
    ):
        cache.put(entries(range(10)))
        assert_found(other, range(10))
        assert {file.name for file in path.parent.iterdir()} == {path.name, path.name + ".lock"}
