"""`detector fit-adapter`: one command learns an adapter for a model from labelled data.

The data are those of `detector fit-profile`: pairs with a grade or a label, articles with stories, translations with
aligned lines. Cosines of whole articles learn the order of the grades (CoSENT), alike articles attract each other among
all others, and aligned lines anchor the languages to each other (both InfoNCE).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.loading import EMBEDDED_MODEL, default_prompt, load_model, native_precision
from detector.encoding.model_store import digest_of
from detector.encoding.quiet import quiet
from detector.execution.progress import Stages
from detector.fitting.adapter.agreement import agreement
from detector.fitting.adapter.batches import Batches
from detector.fitting.adapter.checkpoint import CHECKPOINT_FILE, Progress
from detector.fitting.adapter.halves import half_of
from detector.fitting.adapter.low_rank import SCALE, TrainedModel
from detector.fitting.adapter.read_sources import read_sources
from detector.fitting.adapter.sources import Source
from detector.fitting.adapter.training import Settings, train
from detector.fitting.weights import weights_of
from detector.profile.adapter import ADAPTER_FILE, Adapter, text_digests
from detector.reporting.run_facts import versions

# Steps of which the mean loss is recorded.
LOSS_STEPS = 20


def fit_adapter(
    model: str | None,
    *,
    output: Path,
    pairs: Sequence[Path] = (),
    stories: Sequence[Path] = (),
    parallel: Path | None = None,
    settings: Settings | None = None,
    half: int | None = None,
    weights: Mapping[str, float] | None = None,
    licences: Sequence[str] = (),
    resume: bool = False,
    progress: bool | None = None,
) -> Adapter:
    """Learn an adapter and write it into the folder `output`; None as the model is the embedded one.

    half: learn from this half of the events only, 0 or 1, and measure on the other. weights: how often each file is
    drawn, by its name up to the first dot; 1 if not given. licences: recorded in the provenance. resume: go on from the
    checkpoint in `output`.

    Raises `FileNotFoundError` or `ValueError` with one line if a file is missing or has nothing to learn from, if an
    option is out of range, if the model cannot be adapted, and if `output` holds an adapter or, without `resume`, an
    unfinished training.
    """
    settings = settings or Settings()
    checkpoint = output / CHECKPOINT_FILE
    _check_output(output, resume)
    stages = Stages(progress)
    with stages.stage("read"):
        every = read_sources(pairs, stories, parallel)
        sources = every if half is None else half_of(every, half)
        others = [] if half is None else half_of(every, 1 - half)
    weighted = weights_of(every, sources, weights or {})
    name = model or EMBEDDED_MODEL
    trained = _loaded(name, settings)
    files = [path for path in (*pairs, *stories, parallel) if path]
    task = {
        "files": {path.name: digest_of(path) for path in files},
        "weights": {source.name: weight for source, weight in zip(sources, weighted, strict=True)},
        "half": half,
        **asdict(settings),
        "base": trained.base,
    }
    with stages.stage("train", settings.steps) as advance, quiet():
        done = train(
            trained,
            Batches(sources, weighted, size=settings.batch, seed=settings.seed),
            settings,
            task=task,
            checkpoint=checkpoint,
            resume=resume,
            before=lambda: agreement(trained, others, settings.tokens),
            advance=advance,
        )
    provenance = {**task, "licences": list(licences), "figures": _figures(done, trained, others, settings)}
    provenance["versions"] = versions()
    adapter = Adapter(Path(name).name, trained.base, SCALE, trained.layers(), provenance, _seen(sources, half))
    adapter.save(output / ADAPTER_FILE)
    checkpoint.unlink(missing_ok=True)
    return adapter


def _seen(sources: Sequence[Source], half: int | None) -> NDArray[np.uint64]:
    """The digests of all texts of a half, for `detector fit-profile`; none if everything was learned from."""
    if half is None:
        return np.zeros(0, np.uint64)
    return np.unique(text_digests(text for source in sources for group in source.connected() for text in group))


def _check_output(output: Path, resume: bool) -> None:
    if (output / ADAPTER_FILE).exists():
        raise ValueError(f"{output} already holds an adapter; name another folder or move it away")
    if not resume and (output / CHECKPOINT_FILE).exists():
        raise ValueError(f"{output} holds an unfinished training; add --resume to go on, or remove {CHECKPOINT_FILE}")


def _loaded(name: str, settings: Settings) -> TrainedModel:
    """The model with fresh matrices, on a graphics card if there is one."""
    return TrainedModel(
        load_model(name, None, "float32"),
        precision=native_precision(),
        rank=settings.rank,
        seed=settings.seed,
        prompt=default_prompt(name),
    )


def _figures(done: Progress, trained: TrainedModel, others: Sequence[Any], settings: Settings) -> dict[str, Any]:
    """The loss at the start and at the end; with a half, the agreement on the other, before and after."""
    first, last = done.losses[:LOSS_STEPS], done.losses[-LOSS_STEPS:]
    figures: dict[str, Any] = {"loss_first": sum(first) / len(first), "loss_last": sum(last) / len(last)}
    if others:
        after = agreement(trained, others, settings.tokens)
        figures |= {"other_half_before": done.before, "other_half_after": after}
    return figures
