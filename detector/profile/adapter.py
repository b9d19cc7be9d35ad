"""An adapter: what was learned for news on top of the weights of one encoder, in one small file.

Each adapted dense layer has two narrow matrices A and B. Its weights W become W + scale · B · A (LoRA: Hu et al.,
2021, arXiv:2106.09685). `detector.encoding.adapter` merges them when a model is loaded, so encoding costs the same.
The file ``adapter.safetensors`` holds both matrices in float16 and, as metadata, the model they belong to and how they
were learned. It cannot hold code.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ADAPTER_FILE = "adapter.safetensors"
FORMAT = 1
# All metadata are one entry: safetensors writes several in no fixed order, but equal adapters must give equal bytes.
METADATA = "adapter"
# The name of the array that lists what was learned from.
SEEN = "seen"


@dataclass(frozen=True)
class LayerChange:
    """The change of one dense layer: up · down is added to its weights, times the adapter's scale.

    down: float16, (rank, inputs). up: float16, (outputs, rank).
    """

    down: NDArray[np.float16]
    up: NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Adapter:
    """Low-rank changes to the dense layers of one encoder.

    model: the name of the model. base: a digest of its adapted weights before the change, as `base_digest` in
    `detector.encoding.adapter` gives it. layers: the change of each layer, by the layer's name in the transformer, such
    as ``encoder.layer.0.attention.self.query``. provenance: data, licences and figures, for people to read.

    Two adapters are equal if they change the same layers by the same amount.
    """

    model: str
    base: str
    scale: float
    layers: Mapping[str, LayerChange]
    provenance: dict[str, Any] = field(default_factory=dict)
    seen: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))

    def has_seen(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Which of the texts, the joined sentences of articles, are in the half it was learned from: (texts,)."""
        return np.isin(text_digests(texts), self.seen)

    @cached_property
    def digest(self) -> str:
        """Digest of all that affects the vectors: 32 hexadecimal digits."""
        digest = hashlib.blake2b(repr(float(self.scale)).encode(), digest_size=16)
        for name, layer in sorted(self.layers.items()):
            for matrix in (layer.down, layer.up):
                digest.update(repr((name, matrix.shape)).encode())
                digest.update(np.ascontiguousarray(matrix).data)
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Adapter) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def save(self, path: Path) -> None:
        """Write the adapter; the same adapter gives the same bytes."""
        from safetensors.numpy import save_file

        facts = {
            "format": FORMAT,
            "model": self.model,
            "base": self.base,
            "scale": self.scale,
            "provenance": self.provenance,
        }
        matrices: dict[str, NDArray[Any]] = {
            f"{name}.{side}": np.ascontiguousarray(matrix)
            for name, layer in self.layers.items()
            for side, matrix in (("A", layer.down), ("B", layer.up))
        }
        if len(self.seen):
            matrices[SEEN] = self.seen
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file(matrices, path, {METADATA: json.dumps(facts, ensure_ascii=False)})
        # safetensors makes files that only their owner can read; an adapter is installed for everybody.
        path.chmod(0o644)


def read_adapter(path: Path) -> Adapter:
    """The adapter in a file that `Adapter.save` wrote.

    Raises `FileNotFoundError` if there is no such file, and `ValueError` if it is no adapter or is damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            facts = _facts((file.metadata() or {}).get(METADATA))
            matrices = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  no mapping: only has keys()
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    seen = matrices.pop(SEEN, np.zeros(0, np.uint64))
    if seen.dtype != np.uint64 or seen.ndim != 1:
        raise ValueError(f"{SEEN} has the shape {seen.shape} of {seen.dtype}, expected a list of uint64")
    return Adapter(layers=layers_of(matrices), seen=seen, **facts)


def text_digests(texts: Iterable[str]) -> NDArray[np.uint64]:
    """A digest of each text, whatever its white space: uint64, (texts,)."""
    encoded = (" ".join(text.split()).encode("utf-8", "surrogatepass") for text in texts)
    return np.array(
        [int.from_bytes(hashlib.blake2b(each, digest_size=8).digest(), "little") for each in encoded], np.uint64
    )


def layers_of(matrices: Mapping[str, NDArray[Any]]) -> dict[str, LayerChange]:
    """The change of each layer from the matrices ``NAME.A`` and ``NAME.B``.

    Raises `ValueError` if one of the two is missing, their ranks differ, or a value is not finite.
    """
    names = sorted({name.rpartition(".")[0] for name in matrices})
    if not names:
        raise ValueError("the adapter changes no layer")
    if odd := sorted(set(matrices) - {f"{name}.{side}" for name in names for side in "AB"}):
        raise ValueError(f"{odd[0]} is neither the matrix A nor the matrix B of a layer")
    layers = {}
    for name in names:
        if missing := [f"{name}.{side}" for side in "AB" if f"{name}.{side}" not in matrices]:
            raise ValueError(f"{missing[0]} is missing")
        down, up = (_matrix(f"{name}.{side}", matrices[f"{name}.{side}"]) for side in "AB")
        if up.shape[1] != len(down):
            raise ValueError(f"{name}: A has the shape {down.shape} and B {up.shape}; their ranks differ")
        layers[name] = LayerChange(down, up)
    return layers


def averaged(a: Adapter, b: Adapter) -> Adapter:
    """The mean of two adapters: each layer changes by half of both changes, or half of one if only one changes it.

    The rank is the sum of both ranks. Raises `ValueError` if the adapters belong to two models.
    """
    if (a.model, a.base) != (b.model, b.base):
        raise ValueError(f"one adapter belongs to {a.model!r} ({a.base}), the other to {b.model!r} ({b.base})")
    ratio = np.float32(b.scale / a.scale)
    layers = {}
    for name in sorted({*a.layers, *b.layers}):
        changes = [(each.layers[name], factor) for each, factor in ((a, 1), (b, ratio)) if name in each.layers]
        down = np.concatenate([change.down for change, _ in changes])
        up = np.concatenate([(change.up * factor).astype(np.float16) for change, factor in changes], axis=1)
        layers[name] = LayerChange(down, up)
    # Half the scale, not half of B, in which small numbers would lose digits.
    return Adapter(a.model, a.base, a.scale / 2, layers, {"mean_of": [a.provenance, b.provenance]})


def load_adapters(paths: Sequence[Path]) -> Adapter | None:
    """The adapter of one file, the average of two, None for no file.

    Raises `ValueError` for three or more, and if one is missing or damaged or they belong to two models.
    """
    if len(paths) > 2:
        raise ValueError(f"{len(paths)} adapters were named; one or two can be used")
    adapters = []
    for path in paths:
        try:
            adapters.append(read_adapter(path))
        except (ValueError, FileNotFoundError) as error:
            raise ValueError(f"adapter {path} cannot be read: {error}; make one with: detector fit-adapter") from error
    return None if not adapters else adapters[0] if len(adapters) == 1 else averaged(*adapters)


def _facts(text: str | None) -> dict[str, Any]:
    """The metadata, checked: every field of `Adapter` but the layers."""
    facts = json.loads(text) if text else None
    if not isinstance(facts, dict):
        raise ValueError("the metadata of an adapter are missing")
    if (found := facts.pop("format", None)) != FORMAT:
        raise ValueError(f"format {found!r:.40}, expected {FORMAT}")
    kinds: dict[str, type[Any]] = {"model": str, "base": str, "scale": float, "provenance": dict}
    for name, kind in kinds.items():
        if not isinstance(facts.get(name), kind):
            raise ValueError(f"{name} is {facts.get(name)!r:.40}, expected {kind.__name__}")
    if not (math.isfinite(facts["scale"]) and facts["scale"]):
        raise ValueError(f"scale is {facts['scale']}, expected a finite number other than 0")
    return {name: facts[name] for name in kinds}


def _matrix(name: str, values: NDArray[Any]) -> NDArray[np.float16]:
    if values.ndim != 2 or 0 in values.shape or values.dtype.kind != "f":
        raise ValueError(f"{name} has the shape {values.shape} of {values.dtype}, expected a matrix of float16")
    with np.errstate(over="ignore"):
        matrix = values.astype(np.float16)
    if not np.isfinite(matrix).all():
        raise ValueError(f"{name} has a value that is not a finite number of float16")
    return matrix
