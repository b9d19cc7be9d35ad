"""Where models made here are kept, first of all the embedded one: the user's cache folder, checked by digest.

``DETECTOR_CACHE`` names another folder. A folder that cannot be written or is full falls back to the temporary folder
of the system; where that fails too, one clear error says what to do.
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
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path
from safetensors import SafetensorError

from detector.encoding.e5_small import packaged_weights, write_sentence_transformer

logger = logging.getLogger(__name__)

MANIFEST = "digests.json"
# Raised when the decoding itself changes, so that a folder an older version wrote is not taken for a new one.
LAYOUT = 1
UNWRITABLE = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.ENOENT, errno.EEXIST,
}  # fmt: skip


class CacheError(OSError):
    """No folder could take the decoded model; the message says which were tried and what to do."""


def cache_folders() -> Iterator[Path]:
    """The folders to try, in order: ``DETECTOR_CACHE`` or the user's cache folder, then a temporary one."""
    chosen = os.environ.get("DETECTOR_CACHE")
    yield Path(chosen) if chosen else user_cache_path("detector")
    yield Path(tempfile.gettempdir()) / f"detector-{_user()}"


def embeddings_file() -> Path:
    """The file in which embeddings are kept from run to run, unless another is named."""
    return next(cache_folders()) / "embeddings.sqlite"


def embedded_model_folder() -> Path:
    """The folder of the decoded embedded model, made at first use (about 470 MB, twice that for some ten seconds).

    Raises `CacheError` where no folder can be written, `FileNotFoundError` where the package with the weights is
    missing.
    """
    source = packaged_weights()
    return model_folder(f"multilingual-e5-small-{digest_of(source)[:12]}-{LAYOUT}", partial(_write, source))


def model_folder(name: str, write: Callable[[Path], None]) -> Path:
    """The folder of this name, which `write` fills where there is none whose files match their digests.

    Two processes at once are safe: one writes, the other waits and uses the result. Raises `CacheError` where no folder
    can be written.
    """
    failures = []
    for root in cache_folders():
        try:
            return _kept_or_made(root / name, write)
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            failures.append(f"{root} ({error.strerror})")
            logger.info("cannot keep the model in %s: %s", root, error.strerror)
    raise CacheError(
        f"no folder can take the decoded model: {', '.join(failures)}; "
        "free 1 GB there or set DETECTOR_CACHE to a folder that can be written"
    )


def _kept_or_made(folder: Path, write: Callable[[Path], None]) -> Path:
    if is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):
        if not is_whole(folder):
            _make(folder, write)
    return folder


def _make(folder: Path, write: Callable[[Path], None]) -> None:
    """Write the model beside its place and move it there in one step, so that nobody ever sees half of it."""
    fresh = Path(tempfile.mkdtemp(prefix=folder.name + ".", dir=folder.parent))
    try:
        write(fresh)
        digests = {path.relative_to(fresh).as_posix(): digest_of(path) for path in _files(fresh)}
        (fresh / MANIFEST).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(source: Path, folder: Path) -> None:
    """Decode into the folder; what safetensors says of the disk becomes the `OSError` it is ("… (os error 28)")."""
    try:
        write_sentence_transformer(source, folder)
    except SafetensorError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(folder)) from error


def is_whole(folder: Path) -> bool:
    """Whether the folder holds exactly the files of its manifest, each with its digest."""
    try:
        wanted = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = {path.relative_to(folder).as_posix(): digest_of(path) for path in _files(folder)}
    except (OSError, ValueError):
        return False
    found.pop(MANIFEST, None)
    return bool(wanted) and found == wanted


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
