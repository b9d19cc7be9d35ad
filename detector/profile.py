"""A profile: everything that was learned from labelled data for one encoder, as one folder of arrays and JSON.

``profile.json`` holds the names, the scoring model and the provenance; ``arrays.safetensors`` the language statistics
and the background counts. Neither can hold code. Profiles of the package stand under ``detector/profiles/``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 2


@dataclass(frozen=True)
class Profile:
    """What was learned for one encoder.

    groups: what the language statistics belong to: a language ("it"), a script ("Latn"), or "*" for all languages.
    means: float32, (groups, dimensions), the mean embedding of the group.
    bases: float32, (groups, directions, dimensions), orthonormal directions in which the group differs from the others
    beyond its mean. metric: float32, (dimensions, dimensions), the linear map learned to tell stories apart.
    background_keys: uint32, sorted hashes of the common terms of each language; background_counts: uint16, the articles
    each occurs in; background_articles: how many articles of each language were counted.
    scoring: the fitted scoring model and cuts, see `detector.pairs.scoring`.
    """

    name: str
    groups: tuple[str, ...]
    means: NDArray[np.float32]
    bases: NDArray[np.float32]
    metric: NDArray[np.float32]
    background_keys: NDArray[np.uint32]
    background_counts: NDArray[np.uint16]
    background_articles: dict[str, int]
    scoring: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write the profile; the same profile gives the same bytes."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "means": self.means.astype(np.float16),
            "bases": self.bases.astype(np.float16),
            "metric": self.metric.astype(np.float16),
            "background_keys": self.background_keys,
            "background_counts": self.background_counts,
        }
        save_file(arrays, folder / "arrays.safetensors")
        # The library writes for its owner alone; a profile is installed for everybody.
        (folder / "arrays.safetensors").chmod(0o644)
        state = {
            "format": FORMAT,
            "name": self.name,
            "groups": list(self.groups),
            "background_articles": self.background_articles,
            "scoring": self.scoring,
            "provenance": self.provenance,
        }
        text = json.dumps(state, indent=1, ensure_ascii=False)
        (folder / "profile.json").write_text(text + "\n", encoding="utf-8")


def profile_folder(name: str) -> Path:
    """The folder of a profile the package ships, by the last part of a model's name; it may not exist."""
    return Path(str(files("detector") / "profiles" / Path(name).name.lower()))


def load_profile(name_or_path: str | Path) -> Profile:
    """A profile by the name of its model, or from a folder that `save` wrote.

    Raises `FileNotFoundError` where there is none, `ValueError` where it cannot be read, each with one clear line.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = Path(name_or_path)
    if not (folder / "profile.json").is_file():
        folder = profile_folder(str(name_or_path))
    if not (folder / "profile.json").is_file():
        raise FileNotFoundError(f"no profile for {str(name_or_path)!r}; make one with: detector fit-profile")
    try:
        state = json.loads((folder / "profile.json").read_text(encoding="utf-8"))
        arrays = load_file(folder / "arrays.safetensors")
        if state["format"] != FORMAT:
            raise ValueError(f"format {state['format']}, expected {FORMAT}")
        return Profile(
            name=state["name"],
            groups=tuple(state["groups"]),
            means=arrays["means"].astype(np.float32),
            bases=arrays["bases"].astype(np.float32),
            metric=arrays["metric"].astype(np.float32),
            background_keys=arrays["background_keys"],
            background_counts=arrays["background_counts"],
            background_articles=state["background_articles"],
            scoring=state["scoring"],
            provenance=state["provenance"],
        )
    except (ValueError, KeyError, OSError, SafetensorError) as error:
        raise ValueError(
            f"profile {folder} cannot be read: {error}; make it again with: detector fit-profile"
        ) from error
