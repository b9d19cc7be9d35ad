"""A background: the fixed statistics of news at large, or of one beat, that every pair of articles is measured against.

It holds a centre, the vector that all its articles share, and in how many articles each term occurs. Both come from
articles that were read beforehand, never from the articles that are compared, so that a pair has one score. A profile
ships one; `detector fit-background` makes another, a folder with ``background.json`` and ``background.safetensors``.
Neither file can hold code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.profile.checked_values import checked_counts, checked_value

FORMAT = 1
STATE, ARRAYS = "background.json", "background.safetensors"


@dataclass(frozen=True)
class Background:
    """The statistics that a pair is measured against.

    centre: float32, (dimensions,), what the articles share in the language-neutral space of a profile; it is subtracted
    from every vector. keys: uint32, sorted hashes of the common terms of each language; counts: uint32, the articles
    each occurs in; articles: how many articles of each language were counted. space: a digest of the space that the
    centre belongs to (see `Profile.space`), "" for the background of the profile itself. provenance: for people to
    read; no code depends on it.
    """

    name: str
    centre: NDArray[np.float32]
    keys: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    articles: dict[str, int]
    space: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def empty(cls, name: str, dimensions: int) -> Background:
        """A background of no article: its centre is the origin, and every term is equally rare."""
        nothing = np.zeros(0, np.uint32)
        return cls(name, np.zeros(dimensions, np.float32), nothing, nothing, {})

    @property
    def total(self) -> int:
        """How many articles were counted, in all languages."""
        return sum(self.articles.values())

    @property
    def digest(self) -> str:
        """Differs between two backgrounds that can give different scores; 32 hexadecimal digits."""
        digest = hashlib.blake2b(repr(sorted(self.articles.items())).encode(), digest_size=16)
        for array in (self.centre, self.keys, self.counts.astype(np.uint32)):
            digest.update(repr(array.shape).encode() + array.tobytes())
        return digest.hexdigest()

    def counted(self, keys: NDArray[np.uint32]) -> NDArray[np.float64]:
        """The number of articles with each of the terms, (terms,); 0 for terms that are not listed."""
        if not len(self.keys):
            return np.zeros(len(keys))
        index = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        return np.where(self.keys[index] == keys, self.counts[index], 0).astype(np.float64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays as files hold them, by name."""
        small = self.counts.max(initial=0) <= np.iinfo(np.uint16).max
        counts = self.counts.astype(np.uint16 if small else np.uint32)
        return {"centre": self.centre, "keys": self.keys, "counts": counts}

    def save(self, folder: Path) -> None:
        """Write the background; the same background gives the same bytes."""
        state = {
            "format": FORMAT,
            "name": self.name,
            "space": self.space,
            "articles": self.articles,
            "provenance": self.provenance,
        }
        save_folder(folder, STATE, state, ARRAYS, self.arrays())


def load_background(folder: str | Path) -> Background:
    """The background in a folder that `Background.save` wrote.

    Raises `FileNotFoundError` if there is none, and `ValueError` if it is damaged or incomplete: one line that names
    the file and the missing or wrong value.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = Path(folder)
    if not (path / STATE).is_file():
        raise FileNotFoundError(f"no background in {str(folder)!r}; make one with: detector fit-background")
    file = STATE
    try:
        state = json.loads((path / file).read_text(encoding="utf-8"))
        if (found := checked_value(state, int, "format")) != FORMAT:
            raise ValueError(f"format {found}, expected {FORMAT}")
        name, articles = checked_value(state, str, "name"), checked_counts(state, "articles")
        space, provenance = checked_value(state, str, "space"), checked_value(state, dict, "provenance")
        file = ARRAYS
        arrays = checked_arrays(load_file(path / file))
        return Background(name=name, articles=articles, space=space, provenance=provenance, **arrays)
    except (ValueError, OSError, SafetensorError) as error:
        raise ValueError(
            f"background {path} cannot be read: {file}: {error}; make it again with: detector fit-background"
        ) from error


def checked_arrays(arrays: Mapping[str, NDArray[Any]], prefix: str = "") -> dict[str, Any]:
    """The arrays of a background, in the types that `Background` holds; `prefix` is put before their names in a file.

    Raises `ValueError` if one is missing, or has another shape or type, or if the centre is not finite.
    """
    found = {}
    for name, kind in (("centre", np.float32), ("keys", np.uint32), ("counts", np.uint32)):
        if prefix + name not in arrays:
            raise ValueError(f"{prefix}{name} is missing")
        array = arrays[prefix + name]
        if not np.can_cast(array.dtype, kind, "same_kind" if name == "centre" else "safe"):
            raise ValueError(f"{prefix}{name} has the type {array.dtype}, expected {np.dtype(kind)}")
        found[name] = array.astype(kind)
    for name, shape in (("centre", (found["centre"].size,)), ("keys", (found["keys"].size,))):
        _check_shape(prefix + name, found[name], shape)
    _check_shape(f"{prefix}counts", found["counts"], found["keys"].shape)
    if not np.isfinite(found["centre"]).all():
        raise ValueError(f"{prefix}centre has a value that is not finite")
    if not (np.diff(found["keys"].astype(np.int64)) > 0).all():
        raise ValueError(f"{prefix}keys do not rise")
    return found


def _check_shape(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}, expected {shape}")


def save_folder(
    folder: Path, state_file: str, state: Mapping[str, Any], arrays_file: str, arrays: dict[str, NDArray[Any]]
) -> None:
    """Write a folder of one JSON file and one file of arrays, which everybody may read."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(arrays, folder / arrays_file)
    # safetensors makes files that only their owner can read; a profile is installed for everybody.
    (folder / arrays_file).chmod(0o644)
    text = json.dumps(state, indent=1, ensure_ascii=False)
    (folder / state_file).write_text(text + "\n", encoding="utf-8")
