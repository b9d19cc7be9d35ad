"""`detector fit-profile`: one command learns everything that a profile holds from labelled data.

There are three kinds of data. Translations (one sentence a line, the same lines in every language) give the
language-neutral space and the cuts. Articles with stories give pairs of one story and unrelated pairs. Pairs that were
graded or labelled give the levels and the scale of similarity. All of them give the document frequencies of the
background, and those that are no translations its centre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import load_encoder
from detector.encoding.model_store import cache_folders
from detector.evaluation.labelled import read_labelled
from detector.execution.progress import Stages
from detector.fitting.pair_sets import PairSet
from detector.fitting.profile_evaluation import ablations, leave_one_set_out
from detector.fitting.relation_cuts import learned_relation_cuts
from detector.fitting.score_model import fit_scoring
from detector.fitting.training_sets import GivenSet, StorySet, read_pair_set, read_story_set, translation_set
from detector.fitting.views import (
    SHIPPED_TRANSLATIONS,
    View,
    encoded,
    pairs_with_features,
    some_translations,
    space_of,
)
from detector.fitting.weights import weights_of
from detector.pairs.features import FEATURES
from detector.profile import Profile, RelationCuts, ScoreModel
from detector.profile.adapter import Adapter, load_adapters
from detector.reporting.run_facts import versions

# Chosen on real news in cross-validation. From the first on, 73 % of the pairs are one event, and 77 % of those of one
# event are found; from the second on, 79 % are one affair, and 76 % of those of one affair are found.
THRESHOLD = 0.4
STORYLINE_THRESHOLD = 0.45
# Until its cuts are fitted, no pair is related.
NOT_FITTED = RelationCuts(wording=np.inf, answered=np.inf, even=np.inf)
# Share of the pairs of one story that may fall below the cut for candidates.
LOST_CANDIDATES = 0.005
# Share of the sentences of alike but different articles whose best match may reach the cut for a counterpart.
CHANCE_COUNTERPARTS = 0.05
# Articles of each set that the shipped encoder reads: they give the whitening and the centre, which need no more.
REAL_ARTICLES = 400


def fit_profile(
    model: str | None,
    *,
    parallel: Path,
    pairs: Sequence[Path],
    stories: Sequence[Path],
    adapters: Sequence[Path] = (),
    weights: Mapping[str, float] | None = None,
    cache: Path | None = None,
    progress: bool | None = None,
) -> Profile:
    """The profile of a model, from files of translations, of labelled pairs, and of articles with stories.

    adapters: none, one, or two that `detector fit-adapter --half` learned from the halves of the same data; the profile
    gets their mean, and the scores are learned from articles that an adapter has not seen. weights: how much each file
    counts in the scores, by its name up to the first dot; 1 if not given. cache: a file that keeps the vectors, so that
    an interrupted run goes on and a second one takes minutes.

    Raises `FileNotFoundError` or `ValueError` if a file is missing or has no usable record, and if a weight is wrong.
    """
    stages = Stages(progress)
    translations = translation_set(read_labelled(parallel, need=("document",)))
    given = [read_pair_set(path) for path in pairs]
    labelled = [read_story_set(path) for path in stories]
    views, final = _views(model, adapters, cache)
    sources: list[GivenSet | StorySet] = [*given, *labelled]
    sets = pairs_with_features(views, translations, sources, stages)
    profile = _shipped(final, translations, sources, stages)
    shares = weights_of([translations, *sources], sets, weights or {})
    sets = [replace(data, share=share) for data, share in zip(sets, shares, strict=True)]
    profile = _with_scoring(profile, sets, stages)
    relations = learned_relation_cuts(
        profile, [translations.labelled, *(each.labelled for each in labelled)], final.encoder
    )
    scoring = profile.scoring and replace(profile.scoring, relations=relations)
    facts = {
        "files": [path.name for path in (parallel, *pairs, *stories)],
        "articles": {each.name: len(each.documents) for each in (translations, *sources)},
        "pairs": {each.name: len(each.pairs) for each in sets},
        "versions": versions(),
    }
    return replace(profile, scoring=scoring, provenance={**profile.provenance, **facts})


def _views(model: str | None, adapters: Sequence[Path], cache: Path | None) -> tuple[list[View], View]:
    """The views that features come from, and the one of the encoder that is shipped."""

    def view(adapter: Adapter | None) -> View:
        encoder = load_encoder(model, adapter=adapter or False)
        return View(CachedEncoder(encoder, cache, next(cache_folders())), adapter)

    if len(adapters) > 2:
        raise ValueError(f"{len(adapters)} adapters were named; one or two can be used")
    final = view(load_adapters(adapters))
    if len(adapters) < 2:
        return [final], final
    halves = [view(load_adapters([path])) for path in adapters]
    for path, each in zip(adapters, halves, strict=True):
        if each.adapter and not len(each.adapter.seen):
            raise ValueError(
                f"{path}: the adapter does not list what it learned from; make it with: fit-adapter --half"
            )
    return halves, final


def _shipped(final: View, translations: StorySet, sets: Sequence[GivenSet | StorySet], stages: Stages) -> Profile:
    """The profile of the shipped encoder, without a score model."""
    rows = some_translations(translations.labelled, np.arange(len(translations.documents)), SHIPPED_TRANSLATIONS)
    chosen = [translations.documents[row] for row in rows.tolist()]
    parallel = encoded(final.encoder, chosen, stages, "translations")
    rng = np.random.default_rng(0)
    real = []
    for each in sets:
        some = np.sort(rng.permutation(len(each.documents))[:REAL_ARTICLES]).tolist()
        real.append(encoded(final.encoder, [each.documents[row] for row in some], stages, each.name))
    counted = [document for each in (translations, *sets) for document in each.documents]
    profile = space_of(Path(final.encoder.name).name, translations.labelled.part(rows), parallel, real, counted)
    return replace(profile, adapter=final.adapter)


def _with_scoring(profile: Profile, sets: Sequence[PairSet], stages: Stages) -> Profile:
    """The profile with the score model that the sets give, and its figures as provenance."""
    with stages.stage("fit scores"):
        curves, figures = fit_scoring(sets)
    scoring = ScoreModel(
        FEATURES, **curves, threshold=THRESHOLD, storyline_threshold=STORYLINE_THRESHOLD, relations=NOT_FITTED
    )
    with stages.stage("evaluate", len(FEATURES) + len(sets)) as advance:
        evaluation: dict[str, Any] = {
            "cross_validation": figures,
            "left_out": leave_one_set_out(sets, advance),
            "ablations": ablations(sets, advance),
        }
    cuts = replace(profile.cuts, candidate=_candidate_cut(sets))
    chance = np.concatenate([data.chance for data in sets])
    if len(chance):
        cuts = replace(cuts, counterpart=float(np.quantile(chance, 1 - CHANCE_COUNTERPARTS)))
    return replace(profile, cuts=cuts, scoring=scoring, provenance=evaluation)


def _candidate_cut(sets: Sequence[PairSet]) -> float:
    """The article cosine that all but a few pairs of one story reach; the median over the sets."""
    return float(np.median([np.quantile(data.cosine[data.same], LOST_CANDIDATES) for data in sets if data.same.any()]))
