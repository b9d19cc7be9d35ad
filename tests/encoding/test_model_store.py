"""The folder of the decoded model: complete or missing, made once, elsewhere if it cannot be written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_cache_path
from safetensors import SafetensorError

from detector.encoding import model_store
from detector.encoding.model_store import CacheError, embedded_model_folder, is_complete

Writer = Callable[[Path, Path], None]


def write_model(source: Path, folder: Path) -> None:
    """Replaces the decoding: two small files, one of them in a folder."""
    (folder / "model.bin").write_bytes(source.read_bytes() * 2)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{}\n", encoding="utf-8")


class Made:
    """Records which folders were written; a test can replace the writer."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.writer: Writer = write_model

    def __call__(self, source: Path, folder: Path) -> None:
        self.folders.append(folder)
        self.writer(source, folder)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Made:
    """A cache folder, a temporary folder and a small file of weights for one test."""
    made = Made()
    weights, temporary = tmp_path / "weights.bin", tmp_path / "temporary"
    weights.write_bytes(b"weights")
    temporary.mkdir()
    monkeypatch.setenv("DETECTOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(model_store, "packaged_weights", lambda: weights)
    monkeypatch.setattr(model_store, "write_sentence_transformer", made)
    return made


def beside(folder: Path) -> list[str]:
    """The names beside the folder, except its lock."""
    return [path.name for path in folder.parent.iterdir() if path != folder and path.suffix != ".lock"]


def test_the_folder_is_made_once_where_the_user_wants_it(made: Made, tmp_path: Path) -> None:
    folder = embedded_model_folder()
    assert folder.parent == tmp_path / "cache"
    assert (folder / "model.bin").read_bytes() == b"weightsweights"
    assert embedded_model_folder() == folder
    assert len(made.folders) == 1
    assert beside(folder) == []


def test_the_users_cache_folder_is_the_default(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETECTOR_CACHE")
    first, second = model_store.cache_folders()
    assert first == user_cache_path("detector")
    assert second.parent == Path(tempfile.gettempdir())


def test_no_process_sees_an_incomplete_folder(made: Made, tmp_path: Path) -> None:
    def stop_half_way(source: Path, folder: Path) -> None:
        write_model(source, folder)
        assert not [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
        raise KeyboardInterrupt

    made.writer = stop_half_way
    with pytest.raises(KeyboardInterrupt):
        embedded_model_folder()
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] in ([], [".lock"])
    made.writer = write_model
    assert is_complete(embedded_model_folder())


def change_byte(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"weightsWeights")


def shorten(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").write_bytes(b"")


def remove_file(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").unlink()


def add_file(folder: Path) -> None:
    (folder / "modeling.py").write_text("print('not ours')\n", encoding="utf-8")


def remove_manifest(folder: Path) -> None:
    (folder / model_store.MANIFEST).unlink()


def empty_manifest(folder: Path) -> None:
    (folder / model_store.MANIFEST).write_text("{}", encoding="utf-8")


def break_manifest(folder: Path) -> None:
    (folder / model_store.MANIFEST).write_bytes(b"\xff{")


@pytest.mark.parametrize(
    "damage", [change_byte, shorten, remove_file, add_file, remove_manifest, empty_manifest, break_manifest]
)
def test_a_damaged_folder_is_made_again(made: Made, damage: Callable[[Path], None]) -> None:
    folder = embedded_model_folder()
    damage(folder)
    assert not is_complete(folder)
    assert embedded_model_folder() == folder
    assert is_complete(folder)
    assert len(made.folders) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["1_Pooling", model_store.MANIFEST, "model.bin"]
    assert beside(folder) == []


def test_other_weights_or_another_layout_get_another_folder(
    made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders = {embedded_model_folder()}
    (tmp_path / "weights.bin").write_bytes(b"other weights")
    folders.add(embedded_model_folder())
    monkeypatch.setattr(model_store, "LAYOUT", model_store.LAYOUT + 1)
    folders.add(embedded_model_folder())
    assert len(folders) == 3
    assert all(map(is_complete, folders))


@pytest.mark.parametrize(("version", "count"), [("6.2.1", 1), ("6.3.0", 2), ("5.4.0", 2)])
def test_each_minor_version_of_sentence_transformers_gets_another_folder(
    made: Made, monkeypatch: pytest.MonkeyPatch, version: str, count: int
) -> None:
    folders = set()
    for installed in ("6.2.0", version):
        monkeypatch.setattr(model_store, "version", {"sentence-transformers": installed}.__getitem__)
        folders.add(embedded_model_folder())
    assert len(folders) == len(made.folders) == count
    assert all(map(is_complete, folders))


TWO_AT_ONCE = """
import sys, time
from pathlib import Path
from detector.encoding import model_store

def write_slowly(source, folder):
    with open(sys.argv[2], "a") as log:
        log.write("made\\n")
    (folder / "model.bin").write_bytes(b"half")
    time.sleep(0.7)
    (folder / "model.bin").write_bytes(b"complete")

model_store.packaged_weights = lambda: Path(sys.argv[1])
model_store.write_sentence_transformer = write_slowly
folder = model_store.embedded_model_folder()
print(folder, (folder / "model.bin").read_text())
"""


@pytest.mark.slow
def test_two_processes_at_once_make_it_once(made: Made, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", TWO_AT_ONCE, str(tmp_path / "weights.bin"), str(log)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(outputs) == 1
    assert outputs.pop().endswith(" complete\n")
    assert log.read_text() == "made\n"


def full_disk(_source: Path, folder: Path) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def full_disk_as_safetensors_says_it(_source: Path, folder: Path) -> None:
    raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")


@pytest.mark.parametrize("fail", [full_disk, full_disk_as_safetensors_says_it])
def test_a_full_folder_falls_back_to_the_temporary_one(made: Made, tmp_path: Path, fail: Writer) -> None:
    made.writer = lambda source, folder: (fail if folder.is_relative_to(tmp_path / "cache") else write_model)(
        source, folder
    )
    folder = embedded_model_folder()
    assert folder.is_relative_to(tmp_path / "temporary")
    assert is_complete(folder)
    assert not any(path.is_dir() for path in (tmp_path / "cache").iterdir())


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_written_falls_back_to_the_temporary_one(
    made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    make = Path.mkdir

    def refuse(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if self.is_relative_to(tmp_path / "cache"):
            raise OSError(code, os.strerror(code), str(self))
        make(self, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert embedded_model_folder().is_relative_to(tmp_path / "temporary")


def test_a_complete_folder_is_used_if_nothing_can_be_written(
    made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = embedded_model_folder()

    def refuse(*args: object, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for name in ("mkdir", "write_text", "write_bytes", "touch"):
        monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr(model_store, "FileLock", refuse)
    assert embedded_model_folder() == folder


def test_a_file_in_the_place_of_the_folder_falls_back_to_the_temporary_one(made: Made, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file\n", encoding="utf-8")
    assert embedded_model_folder().is_relative_to(tmp_path / "temporary")


def test_one_line_says_what_to_do_if_no_folder_can_be_written(made: Made, tmp_path: Path) -> None:
    made.writer = full_disk
    with pytest.raises(CacheError, match="set DETECTOR_CACHE to a writable folder") as caught:
        embedded_model_folder()
    message = str(caught.value)
    assert "\n" not in message
    for part in (str(tmp_path / "cache"), str(tmp_path / "temporary"), "No space left", "set DETECTOR_CACHE"):
        assert part in message


def test_any_other_error_is_raised(made: Made) -> None:
    def fail(source: Path, folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    made.writer = fail
    with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught:
        embedded_model_folder()
    assert not isinstance(caught.value, CacheError)
