"""A profile: everything that was learned from labelled data for one encoder, as one folder of arrays and JSON.

``profile.json`` holds the names, the score model and the provenance; ``arrays.safetensors`` holds the language
statistics and the background; ``adapter.safetensors``, if the profile has an adapter, what was learned on top of the
encoder's weights. None of them can hold code. The package ships its profiles in ``detector/profiles/``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.profile.adapter import ADAPTER_FILE, Adapter, read_adapter
from detector.profile.background import Background, checked_arrays, save_folder
from detector.profile.checked_values import (
    checked_counts,
    checked_number,
    checked_numbers,
    checked_strings,
    checked_value,
)

FORMAT = 3

# The additive models of a score model, by the names of its fields.
CURVES = ("probability", "storyline", "form", "similarity")


@dataclass(frozen=True)
class Cuts:
    """Cosines from which something is decided, −1 to 1.

    same_story: two articles this near are taken to report one story. counterpart: two sentences this near say the
    same. candidate: articles this near are a candidate pair.
    """

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
    """What turns the features of a pair into its probabilities, similarity and relation.

    features: the names of the features used. probability: P(same event). storyline: P(same affair). form: P(one
    recurring form with different facts). similarity: as people grade it. threshold: the probability from which two
    articles are one story. storyline_threshold: the storyline probability from which two stories are one storyline.
    """

    features: tuple[str, ...]
    probability: Curves
    storyline: Curves
    form: Curves
    similarity: Curves
    threshold: float
    storyline_threshold: float
    relations: RelationCuts


@dataclass(frozen=True)
class Profile:
    """What was learned for one encoder.

    groups: what the language statistics belong to: a language ("it"), a script ("Latn"), or "*" for all languages.
    means: float32, (groups, dimensions), the mean embedding of the group.
    bases: float32, (groups, directions, dimensions), orthonormal directions in which the group differs from the others
    beyond its mean. metric: float32, (dimensions, dimensions), a linear map: the partial whitening.
    background: what every pair is measured against, from news at large; `with_background` takes that of a beat.
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
    background: Background
    cuts: Cuts
    scoring: ScoreModel | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    adapter: Adapter | None = None

    @property
    def space(self) -> str:
        """A digest of the space that vectors are compared in, before the centre is subtracted: 32 hexadecimal digits.

        In the precision of the files, so that a profile has one digest before and after it is saved.
        """
        digest = hashlib.blake2b(repr(self.groups).encode(), digest_size=16)
        for array in (self.means, self.bases, self.metric):
            digest.update(array.astype(np.float16).tobytes())
        return digest.hexdigest()

    def with_background(self, background: Background) -> Profile:
        """The profile with another background. Raises `ValueError` if that was made for another model or profile."""
        dimensions, given = len(self.metric), len(background.centre)
        problem = f"is for vectors of {given} dimensions, profile {self.name!r} for {dimensions}"
        if given == dimensions:
            problem = f"was made with another profile than this {self.name!r}"
        if given != dimensions or background.space not in ("", self.space):
            raise ValueError(f"background {background.name!r} {problem}; make it again with: detector fit-background")
        return replace(self, background=background)

    def save(self, folder: Path) -> None:
        """Write the profile; the same profile gives the same bytes.

        Raises `ValueError` if it has no score model, and if it has no adapter but the folder holds one: it would be
        loaded with the profile.
        """
        if self.adapter is None and (folder / ADAPTER_FILE).exists():
            raise ValueError(f"{folder} holds an adapter that profile {self.name!r} was not fitted with; move it away")

        state = {
            "format": FORMAT,
            "name": self.name,
            "groups": list(self.groups),
            "background": {"name": self.background.name, "articles": self.background.articles},
            "scoring": self._scoring_state(),
            "provenance": self.provenance,
        }
        arrays: dict[str, NDArray[Any]] = {
            "means": self.means.astype(np.float16),
            "bases": self.bases.astype(np.float16),
            "metric": self.metric.astype(np.float16),
            **{f"background_{name}": array for name, array in self.background.arrays().items()},
        }
        save_folder(folder, "profile.json", state, "arrays.safetensors", arrays)
        if self.adapter:
            self.adapter.save(folder / ADAPTER_FILE)

    def _scoring_state(self) -> dict[str, Any]:
        if self.scoring is None:
            raise ValueError(f"profile {self.name!r} has no score model; make one with: detector fit-profile")
        return {
            "features": list(self.scoring.features),
            **{name: _curves_state(getattr(self.scoring, name)) for name in CURVES},
            "cuts": asdict(self.cuts),
            "threshold": self.scoring.threshold,
            "storyline_threshold": self.scoring.storyline_threshold,
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
        if (found := checked_value(state, int, "format")) != FORMAT:
            raise ValueError(f"format {found}, expected {FORMAT}")
        parts = _parsed(state)
        background = checked_value(state, str, "background", "name"), checked_counts(state, "background", "articles")
        file = "arrays.safetensors"
        arrays = _checked(load_file(folder / file), len(parts["groups"]), *background)
        file = ADAPTER_FILE
        return Profile(**parts, **arrays, adapter=_adapter(folder))
    except (ValueError, OSError, SafetensorError) as error:
        raise ValueError(
            f"profile {folder} cannot be read: {file}: {error}; make it again with: detector fit-profile"
        ) from error


def _parsed(state: Any) -> dict[str, Any]:
    """The fields of a profile that profile.json holds."""
    features = checked_strings(state, "scoring", "features")
    return {
        "name": checked_value(state, str, "name"),
        "groups": checked_strings(state, "groups"),
        "cuts": Cuts(**{cut.name: checked_number(state, "scoring", "cuts", cut.name) for cut in fields(Cuts)}),
        "scoring": ScoreModel(
            features,
            **{name: _curves(state, features, "scoring", name) for name in CURVES},
            threshold=checked_number(state, "scoring", "threshold"),
            storyline_threshold=checked_number(state, "scoring", "storyline_threshold"),
            relations=RelationCuts(
                **{cut.name: checked_number(state, "scoring", "relations", cut.name) for cut in fields(RelationCuts)}
            ),
        ),
        "provenance": checked_value(state, dict, "provenance"),
    }


def _checked(
    arrays: Mapping[str, NDArray[Any]], groups: int, background: str, articles: dict[str, int]
) -> dict[str, Any]:
    """The arrays of a profile with so many groups, and its background, in the types that `Profile` holds."""
    for name in ("means", "bases", "metric", "background_centre"):
        if name not in arrays:
            raise ValueError(f"{name} is missing")
    dimensions, directions = arrays["means"].shape[1:2], arrays["bases"].shape[1:2]
    shapes = {
        "means": (groups, *dimensions),
        "bases": (groups, *directions, *dimensions),
        "metric": (*dimensions, *dimensions),
        "background_centre": dimensions,
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has the shape {arrays[name].shape}, expected {shape}")
    return {
        **{name: arrays[name].astype(np.float32) for name in ("means", "bases", "metric")},
        "background": Background(background, articles=articles, **checked_arrays(arrays, "background_")),
    }


def _curves_state(curves: Curves) -> dict[str, Any]:
    return {
        "base": curves.base,
        "knots": {name: values.tolist() for name, values in curves.knots.items()},
        "gains": {name: values.tolist() for name, values in curves.gains.items()},
    }


def _curves(state: Any, features: tuple[str, ...], *path: str) -> Curves:
    knots = {name: checked_numbers(state, *path, "knots", name) for name in features}
    gains = {name: checked_numbers(state, *path, "gains", name) for name in features}
    for name in features:
        if len(gains[name]) != len(knots[name]) - 1:
            raise ValueError(f"{'.'.join(path)}: {name!r} has {len(gains[name])} gains for {len(knots[name])} knots")
        if not (np.diff(knots[name]) > 0).all():
            raise ValueError(f"{'.'.join(path)}: the knots of {name!r} do not rise")
    return Curves(checked_number(state, *path, "base"), knots, gains)
