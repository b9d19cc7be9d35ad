"""Arrays that grow: the same rows in memory and in a file, which has no name and is deleted."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from detector.execution import spool
from detector.execution.spool import Spool, release, spool_folder

MEGABYTE = 1 << 20


@pytest.fixture
def all_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every array that is not empty goes to a file."""
    monkeypatch.setattr(spool, "IN_MEMORY", 0)


def folders_used(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """The folder of every temporary file of the test; None for the system's."""
    used: list[Path | None] = []
    make = tempfile.TemporaryFile

    def make_and_record(**given: Any) -> Any:
        used.append(given["dir"])
        return make(**given)

    monkeypatch.setattr(tempfile, "TemporaryFile", make_and_record)
    return used


@given(
    st.lists(st.integers(0, 5), max_size=6),
    st.none() | st.integers(1, 4),
    st.sampled_from([np.float16, np.float32, np.int8, np.int64]),
    st.integers(0, 200),
    st.integers(0, 10**6),
)
def test_the_array_is_all_blocks_in_order(
    sizes: list[int], width: int | None, dtype: type[np.generic], in_memory: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    blocks = [100 * generator.normal(size=(size,) if width is None else (size, width)) for size in sizes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "IN_MEMORY", in_memory)
        rows = Spool(dtype, width)
        for block in blocks:
            rows.append(block)
        found = rows.array()
    expected = np.concatenate([np.zeros((0,) if width is None else (0, width)), *blocks]).astype(dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)
    assert isinstance(found, np.memmap) == (expected.nbytes > in_memory)
    assert not found.flags.writeable


@pytest.mark.parametrize("in_memory", [0, MEGABYTE])
def test_values_are_rounded_to_the_dtype_of_the_spool(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    values = np.random.default_rng(2).normal(size=(7, 3))
    rows = Spool(np.float16, 3)
    rows.append(values)
    np.testing.assert_array_equal(rows.array(), values.astype(np.float16))


@pytest.mark.parametrize(("width", "shape"), [(None, (0,)), (5, (0, 5))])
@pytest.mark.parametrize("dtype", [np.float16, np.int64])
def test_without_rows_the_array_is_empty_and_has_the_dtype(
    all_in_files: None, width: int | None, shape: tuple[int, ...], dtype: DTypeLike
) -> None:
    for blocks in ([], [np.zeros(shape)]):
        rows = Spool(dtype, width)
        for block in blocks:
            rows.append(block)
        assert (rows.array().shape, rows.array().dtype) == (shape, dtype)


def test_rows_that_are_not_contiguous_are_copied_in_order(all_in_files: None) -> None:
    values = np.arange(24.0).reshape(4, 6)
    rows = Spool(np.float32, 3)
    rows.append(values[:, ::2])
    rows.append(values[::-1, 3:])
    np.testing.assert_array_equal(rows.array(), np.concatenate([values[:, ::2], values[::-1, 3:]]))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a temporary file has its name until it is closed")
def test_a_file_has_no_name_so_nothing_remains_of_it(all_in_files: None, tmp_path: Path) -> None:
    rows = Spool(np.float32, None, tmp_path)
    rows.append(np.ones(1000))
    assert list(tmp_path.iterdir()) == []
    array = rows.array()
    del rows
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    assert array.sum() == 1000


def test_a_missing_folder_is_created(all_in_files: None, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    Spool(np.float32, None, folder).append(np.ones(10))
    assert folder.is_dir()
    assert spool_folder(folder) == folder
    assert spool_folder(None) is None


def test_the_temporary_folder_replaces_one_that_cannot_be_created(all_in_files: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder should be\n", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert spool_folder(folder) is None
        rows = Spool(np.int64, None, folder)
        rows.append(np.arange(9))
        assert rows.array().tolist() == list(range(9))


def test_the_temporary_folder_replaces_one_that_cannot_be_written(
    all_in_files: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not (Path(path) == tmp_path and mode & os.W_OK))
    used = folders_used(monkeypatch)
    rows = Spool(np.int64, None, tmp_path)
    rows.append(np.arange(9))
    assert rows.array().tolist() == list(range(9))
    assert used == [None]


def resident() -> int:
    """Bytes of memory the process holds now."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports the memory that the process holds")
def test_released_memory_is_given_back_and_the_values_stay(all_in_files: None, tmp_path: Path) -> None:
    rows = Spool(np.float32, 1024, tmp_path)
    for number in range(16):
        rows.append(np.full((1024, 1024), number))
    array = rows.array()
    before = resident()
    assert array.sum(dtype=np.float64) == 120 * MEGABYTE
    assert resident() > before + 60 * MEGABYTE
    # A part of the array releases the file that it is in.
    release(array[5:, :10])
    assert resident() < before + 10 * MEGABYTE
    assert array.sum(dtype=np.float64) == 120 * MEGABYTE


def test_releasing_arrays_in_memory_changes_nothing() -> None:
    rows = Spool(np.float32)
    rows.append(np.arange(5))
    array, plain = rows.array(), np.arange(4)
    release(array, array[1:], plain)
    release()
    assert array.tolist() == [0, 1, 2, 3, 4]
    assert plain.tolist() == [0, 1, 2, 3]
