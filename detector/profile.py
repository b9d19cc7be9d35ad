"""A profile: everything that was learned from labelled data for one encoder, as one folder of arrays and JSON.

``profile.json`` holds the names, the score model and the provenance; ``arrays.safetensors`` holds the language
statistics and the background counts; ``adapter.safetensors``, if the profile has an adapter, what was learned on top of
the encoder's weights. None of them can hold code. The package ships its profiles in ``detector/profiles/``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.adapter import ADAPTER_FILE, Adapter, read_adapter

FORMAT = 2

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Cuts:
    """Cosines from which something is decided, −1 to 1, and the prior of the batch mean.

    centre_prior: the number of stories at the origin that are added before the mean of a batch is taken.
    same_story: two articles this near are taken to report one story. counterpart: two sentences this near say the
    same. candidate: articles this near are a candidate pair.
    """

    centre_prior: float
    same_story: float
    counterpart: float
    candidate: float


@dataclass(frozen=True)
class Curves:
    """One additive model: a base, and for each feature a curve that is straight between its knots.

    base: log odds before any feature counts. knots: for each feature, float64, (k + 1,), rising. gains: for each
    feature, float64, (k,), the log odds gained from one knot to the next.
    """

    base: float
    knots: dict[str, NDArray[np.float64]]
    gains: dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class RelationCuts:
    """The shares, 0 to 1, that decide how two articles of one story are related.

    wording: within one language, the share of its shingles from which an article counts as taken from the other.
    answered: across languages, the mean best cosine of its sentences from which it does. even: across languages, the
    smaller such mean divided by the larger, from which each article is taken from the other.
    """

    wording: float
    answered: float
    even: float


@dataclass(frozen=True)
class ScoreModel:
    """What turns the features of a pair into its probability, similarity and relation.

    features: the names of the features used. threshold: the probability from which two articles are one story.
    """

    features: tuple[str, ...]
    probability: Curves
    similarity: Curves
    threshold: float
    relations: RelationCuts


@dataclass(frozen=True)
class Profile:
    """What was learned for one encoder.

    groups: what the language statistics belong to: a language ("it"), a script ("Latn"), or "*" for all languages.
    means: float32, (groups, dimensions), the mean embedding of the group.
    bases: float32, (groups, directions, dimensions), orthonormal directions in which the group differs from the others
    beyond its mean. metric: float32, (dimensions, dimensions), the linear map that was learned to separate stories.
    background_keys: uint32, sorted hashes of the common terms of each language; background_counts: uint16, the articles
    each occurs in; background_articles: how many articles of each language were counted.
    scoring: None for a profile without a score model (see `detector.pairs.fallback`); such a profile cannot be saved.
    provenance: the data, the figures and the versions of the fit, for people to read. No code depends on it.
    adapter: what was learned on top of the encoder's weights; the rest of the profile was learned from the vectors of
    the encoder with it. None: from those of the encoder as it is.
    """

    name: str
    groups: tuple[str, ...]
    means: NDArray[np.float32]
    bases: NDArray[np.float32]
    metric: NDArray[np.float32]
    background_keys: NDArray[np.uint32]
    background_counts: NDArray[np.uint16]
    background_articles: dict[str, int]
    cuts: Cuts
    scoring: ScoreModel | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    adapter: Adapter | None = None

    def save(self, folder: Path) -> None:
        """Write the profile; the same profile gives the same bytes.

        Raises `ValueError` if it has no score model, and if it has no adapter but the folder holds one: it would be
        loaded with the profile.
        """
        from safetensors.numpy import save_file

        if self.adapter is None and (folder / ADAPTER_FILE).exists():
            raise ValueError(f"{folder} holds an adapter that profile {self.name!r} was not fitted with; move it away")

        state = {
            "format": FORMAT,
            "name": self.name,
            "groups": list(self.groups),
            "background_articles": self.background_articles,
            "scoring": self._scoring_state(),
            "provenance": self.provenance,
        }
        arrays: dict[str, NDArray[Any]] = {
            "means": self.means.astype(np.float16),
            "bases": self.bases.astype(np.float16),
            "metric": self.metric.astype(np.float16),
            "background_keys": self.background_keys,
            "background_counts": self.background_counts,
        }
        folder.mkdir(parents=True, exist_ok=True)
        save_file(arrays, folder / "arrays.safetensors")
        # safetensors makes files that only their owner can read; a profile is installed for everybody.
        (folder / "arrays.safetensors").chmod(0o644)
        text = json.dumps(state, indent=1, ensure_ascii=False)
        (folder / "profile.json").write_text(text + "\n", encoding="utf-8")
        if self.adapter:
            self.adapter.save(folder / ADAPTER_FILE)

    def _scoring_state(self) -> dict[str, Any]:
        if self.scoring is None:
            raise ValueError(f"profile {self.name!r} has no score model; make one with: detector fit-profile")
        return {
            "features": list(self.scoring.features),
            "probability": _curves_state(self.scoring.probability),
            "similarity": _curves_state(self.scoring.similarity),
            "cuts": asdict(self.cuts),
            "threshold": self.scoring.threshold,
            "relations": asdict(self.scoring.relations),
        }


def profile_folder(name: str) -> Path:
    """The folder of a profile that the package ships, by the last part of a model's name; it may not exist."""
    return Path(str(files("detector") / "profiles" / Path(name).name.lower()))


def shipped_adapter(name: str) -> Adapter | None:
    """The adapter of the profile that the package ships for a model; None if there is none."""
    return _adapter(profile_folder(name))


def _adapter(folder: Path) -> Adapter | None:
    path = folder / ADAPTER_FILE
    return read_adapter(path) if path.is_file() else None


def load_profile(name_or_path: str | Path) -> Profile:
    """A profile by the name of its model, or from a folder that `Profile.save` wrote.

    Raises `FileNotFoundError` if there is no such profile, and `ValueError` if it is damaged or incomplete: one line
    that names the file and the missing or wrong value.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = Path(name_or_path)
    if not (folder / "profile.json").is_file():
        folder = profile_folder(str(name_or_path))
    if not (folder / "profile.json").is_file():
        raise FileNotFoundError(f"no profile for {str(name_or_path)!r}; make one with: detector fit-profile")
    file = "profile.json"
    try:
        state = json.loads((folder / file).read_text(encoding="utf-8"))
        if (found := _value(state, int, "format")) != FORMAT:
            raise ValueError(f"format {found}, expected {FORMAT}")
        parts = _parsed(state)
        file = "arrays.safetensors"
        arrays = _checked(load_file(folder / file), len(parts["groups"]))
        file = ADAPTER_FILE
        return Profile(**parts, **arrays, adapter=_adapter(folder))
    except (ValueError, OSError, SafetensorError) as error:
        raise ValueError(
            f"profile {folder} cannot be read: {file}: {error}; make it again with: detector fit-profile"
        ) from error


def _parsed(state: Any) -> dict[str, Any]:
    """The fields of a profile that profile.json holds."""
    languages = _value(state, dict, "background_articles")
    features = _strings(state, "scoring", "features")
    return {
        "name": _value(state, str, "name"),
        "groups": _strings(state, "groups"),
        "background_articles": {code: _value(state, int, "background_articles", code) for code in languages},
        "cuts": Cuts(**{cut.name: _number(state, "scoring", "cuts", cut.name) for cut in fields(Cuts)}),
        "scoring": ScoreModel(
            features,
            _curves(state, features, "scoring", "probability"),
            _curves(state, features, "scoring", "similarity"),
            _number(state, "scoring", "threshold"),
            RelationCuts(
                **{cut.name: _number(state, "scoring", "relations", cut.name) for cut in fields(RelationCuts)}
            ),
        ),
        "provenance": _value(state, dict, "provenance"),
    }


def _checked(arrays: Mapping[str, NDArray[Any]], groups: int) -> dict[str, Any]:
    """The arrays of a profile with so many groups, in the types that `Profile` holds."""
    for name in ("means", "bases", "metric", "background_keys", "background_counts"):
        if name not in arrays:
            raise ValueError(f"{name} is missing")
    dimensions, directions = arrays["means"].shape[1:2], arrays["bases"].shape[1:2]
    shapes = {
        "means": (groups, *dimensions),
        "bases": (groups, *directions, *dimensions),
        "metric": (*dimensions, *dimensions),
        "background_counts": arrays["background_keys"].shape,
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has the shape {arrays[name].shape}, expected {shape}")
    return {
        **{name: arrays[name].astype(np.float32) for name in ("means", "bases", "metric")},
        **{name: arrays[name] for name in ("background_keys", "background_counts")},
    }


def _curves_state(curves: Curves) -> dict[str, Any]:
    return {
        "base": curves.base,
        "knots": {name: values.tolist() for name, values in curves.knots.items()},
        "gains": {name: values.tolist() for name, values in curves.gains.items()},
    }


def _curves(state: Any, features: tuple[str, ...], *path: str) -> Curves:
    knots = {name: _numbers(state, *path, "knots", name) for name in features}
    gains = {name: _numbers(state, *path, "gains", name) for name in features}
    for name in features:
        if len(gains[name]) != len(knots[name]) - 1:
            raise ValueError(f"{'.'.join(path)}: {name!r} has {len(gains[name])} gains for {len(knots[name])} knots")
        if not (np.diff(knots[name]) > 0).all():
            raise ValueError(f"{'.'.join(path)}: the knots of {name!r} do not rise")
    return Curves(_number(state, *path, "base"), knots, gains)


def _value(state: Any, kind: type[Kind], *path: str) -> Kind:
    """The value at a path of keys. Raises `ValueError` with the path if it is missing or of another type."""
    for key in path:
        if not isinstance(state, dict) or key not in state:
            raise ValueError(f"{'.'.join(path)} is missing")
        state = state[key]
    return _typed(state, kind, path)


def _typed(value: Any, kind: type[Kind], path: tuple[str, ...]) -> Kind:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{'.'.join(path)} is {value!r:.40}, expected {kind.__name__}")
    return value


def _finite(value: Any, path: tuple[str, ...]) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{'.'.join(path)} is {value!r:.40}, expected a finite number")
    return float(value)


def _number(state: Any, *path: str) -> float:
    return _finite(_value(state, object, *path), path)


def _numbers(state: Any, *path: str) -> NDArray[np.float64]:
    return np.array([_finite(value, path) for value in _value(state, list, *path)], np.float64)


def _strings(state: Any, *path: str) -> tuple[str, ...]:
    return tuple(_typed(value, str, path) for value in _value(state, list, *path))
