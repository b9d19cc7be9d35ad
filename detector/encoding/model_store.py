"""Where converted models are kept: in the user's cache folder, checked by digest.

``DETECTOR_CACHE`` names another folder. If the folder is full or cannot be written, the system's temporary folder is
used; if that fails too, one error says what to do.
"""

from __future__ import annotations

import errno
import getpass
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path
from safetensors import SafetensorError

from detector.encoding.e5_small import packaged_weights, write_sentence_transformer

logger = logging.getLogger(__name__)

MANIFEST = "digests.json"
# Increase when the decoding changes, so that folders of older versions are not used.
LAYOUT = 1
UNWRITABLE = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.ENOENT, errno.EEXIST,
}  # fmt: skip


class CacheError(OSError):
    """The model fits into no folder; the message names the folders tried and says what to do."""


def cache_folders() -> Iterator[Path]:
    """The folders to try, in order: ``DETECTOR_CACHE`` or the user's cache folder, then a temporary one."""
    chosen = os.environ.get("DETECTOR_CACHE")
    yield Path(chosen) if chosen else user_cache_path("detector")
    yield Path(tempfile.gettempdir()) / f"detector-{_user()}"


def embeddings_file() -> Path:
    """The file of the embedding cache, unless the user names another one."""
    return next(cache_folders()) / "embeddings.sqlite"


def embedded_model_folder() -> Path:
    """The folder of the decoded embedded model, created at first use (about 470 MB, twice that for ten seconds).

    Each minor version of sentence-transformers has its own, because the folder names the library's modules and an older
    version cannot load what a newer one wrote. Raises `CacheError` if no folder can be written, `FileNotFoundError` if
    the package with the weights is missing.
    """
    source = packaged_weights()
    library = ".".join(version("sentence-transformers").split(".")[:2])
    name = f"multilingual-e5-small-{digest_of(source)[:12]}-{LAYOUT}-{library}"
    return model_folder(name, partial(_decode, source))


def model_folder(name: str, write: Callable[[Path], None]) -> Path:
    """The folder of this name. If it is missing or its files do not match their digests, `write` fills it.

    Two processes can run at once: one writes, the other waits and uses the result. Raises `CacheError` if no folder can
    be written.
    """
    failures = []
    for root in cache_folders():
        try:
            return _find_or_create(root / name, write)
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            failures.append(f"{root} ({error.strerror})")
            logger.info("cannot write the model to %s: %s", root, error.strerror)
    raise CacheError(
        f"no folder for the decoded model: {', '.join(failures)}; "
        "free 1 GB there or set DETECTOR_CACHE to a writable folder"
    )


def _find_or_create(folder: Path, write: Callable[[Path], None]) -> Path:
    if is_complete(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if not is_complete(folder):
            _create(folder, write)
    return folder


def _create(folder: Path, write: Callable[[Path], None]) -> None:
    """Write the model beside its folder, then move it in one step, so that no process sees an incomplete one."""
    temporary = Path(tempfile.mkdtemp(prefix=folder.name + ".", dir=folder.parent))
    try:
        write(temporary)
        digests = {path.relative_to(temporary).as_posix(): digest_of(path) for path in _files(temporary)}
        (temporary / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
        temporary.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _decode(source: Path, folder: Path) -> None:
    """Decode into the folder. A disk error that safetensors reports as "… (os error 28)" is raised as `OSError`."""
    try:
        write_sentence_transformer(source, folder)
    except SafetensorError as error:
        code = re.search(r"\(os error (\d+)\)", str(error))
        if code is None:
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1])), str(folder)) from error


def is_complete(folder: Path) -> bool:
    """Whether the folder holds exactly the files of its manifest, with the right digests."""
    try:
        expected = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        actual = {path.relative_to(folder).as_posix(): digest_of(path) for path in _files(folder)}
    except (OSError, ValueError):
        return False
    actual.pop(MANIFEST, None)
    return bool(expected) and actual == expected


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"
