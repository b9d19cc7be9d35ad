"""`detector fit-profile`: everything a profile holds, learned from labelled data by one command.

Three kinds of data. Translations (one sentence a line, the same lines in every language) give the language-neutral
space, the background counts and the cuts. Articles with stories give pairs to tell apart. Pairs that people graded
give independent reports, and the scale of similarity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.loading import load_encoder
from detector.evaluation.labelled import Labelled, read_labelled
from detector.execution.progress import Stages
from detector.fitting.language_statistics import Encoded, neutral_profile, with_cuts
from detector.fitting.metric_learning import PairVectors, fit_metric
from detector.fitting.relation_cuts import learned_relation_cuts
from detector.fitting.sampling import crossfitted, graded_pairs, story_pairs
from detector.fitting.score_model import FOLDS, PairSet, cross_validate, fit_scoring, judged_by_others
from detector.languages.codes import canonical_language
from detector.pairs.batch import Batch, groups_of
from detector.pairs.features import FEATURES, pair_features
from detector.pairs.space import neutralise
from detector.preparing import prepare
from detector.profile import Profile, RelationCuts, ScoreModel
from detector.reading.mapping.given_pairs import GivenPair, read_pairs
from detector.records import Document, Embeddings
from detector.reporting.run_facts import versions

# Below one half: F1 is largest at half its own best value (Lipton, Elkan and Naryanaswamy, ECML 2014), and in days cut
# from translations the profile had not seen, a story told in eight ways fell into parts at 0.5 that stayed one at 0.4.
THRESHOLD = 0.4
# Until its cuts are fitted, no pair is related.
NOT_FITTED = RelationCuts(wording=np.inf, answered=np.inf, even=np.inf)
# Share of pairs of one story that the cut for candidates may lose.
LOST_CANDIDATES = 0.005


def fit_profile(
    model: str | None, *, parallel: Path, pairs: Path, stories: Sequence[Path], progress: bool | None = None
) -> Profile:
    """The profile of a model, from files of translations, of graded pairs, and of articles with stories.

    Raises `FileNotFoundError` or `ValueError` where a file is missing or holds nothing of use.
    """
    stages = Stages(progress)
    encoder = load_encoder(model)
    translations = read_labelled(parallel, need=("document",))
    given, _ = read_pairs(pairs)
    labelled = [read_labelled(path) for path in stories]

    def encode(name: str, documents: Iterable[Document]) -> Encoded:
        ready = tuple(documents)
        with stages.stage(name, sum(len(document.sentences) for document in ready)) as advance:
            return Encoded(ready, encoder.encode([document.sentences for document in ready], advance))

    profile = learn(
        Path(encoder.name).name,
        translations,
        encode("translations", as_lines(translations)),
        given,
        encode("pairs", (prepare(article) for pair in given for article in (pair.a, pair.b))),
        labelled,
        [encode(data.name, map(prepare, data.articles)) for data in labelled],
        stages,
    )
    assert profile.scoring is not None
    relations = learned_relation_cuts(profile, [translations, *labelled], encoder)
    files = [parallel.name, pairs.name, *(path.name for path in stories)]
    provenance = {**profile.provenance, "files": files, "versions": versions()}
    return replace(profile, scoring=replace(profile.scoring, relations=relations), provenance=provenance)


def as_lines(translations: Labelled) -> Iterable[Document]:
    """Translations as documents whose sentences are the title and the lines, in the declared language."""
    for article in translations.articles:
        language = canonical_language(article.language or "")
        if language is None:
            raise ValueError(f"article {article.id!r} has no usable language: {article.language!r}")
        lines = [line.strip() for line in [article.title or "", *article.text.split("\n")] if line.strip()]
        yield Document(article, language, 1.0, tuple(lines), bool(article.title))


def learn(
    name: str,
    translations: Labelled,
    parallel: Encoded,
    given: Sequence[GivenPair],
    graded: Encoded,
    labelled: Sequence[Labelled],
    articles: Sequence[Encoded],
    stages: Stages | None = None,
) -> Profile:
    """The profile of encoded data, without relations; `graded` holds both articles of each pair, one after the other.

    The map of the space is learned once for each fold of stories, without them, and once from all: what the scores are
    fitted and judged on is never read through a map that has seen it.
    """
    stages = stages or Stages(False)
    encoded = [graded, parallel, *articles]
    profile = neutral_profile(name, translations, parallel, [graded, *articles])
    sources = [translations.by_document(), *labelled]
    sets = [graded_pairs("graded pairs", given, languages_of(graded))]
    for source, each in zip(sources, encoded[1:], strict=True):
        sets.append(story_pairs(source, _neutral(each, profile), languages_of(each)))
    unmapped = replace(profile, metric=np.eye(len(profile.metric), dtype=np.float32))
    spaces = [PairVectors(data, _neutral(each, unmapped)) for data, each in zip(sets, encoded, strict=True)]
    with stages.stage("learn the map", FOLDS + 1) as advance:
        metrics = []
        for fold in (*range(FOLDS), None):
            metrics.append(fit_metric(spaces, profile.metric, without=fold))
            advance(1)
    start, profile = profile.metric, with_cuts(replace(profile, metric=metrics.pop()), translations, parallel)
    with stages.stage("gather", len(sets)) as advance:
        batches, fitted = [], []
        for data, each in zip(sets, encoded, strict=True):
            batches.append(Batch.of(each.documents, each.raw, profile))
            fitted.append(crossfitted(data, batches[-1], [replace(profile, metric=metric) for metric in metrics]))
            advance(1)
    with stages.stage("score"):
        same, alike, figures = fit_scoring(fitted)
    cuts = replace(profile.cuts, candidate=_candidate_cut(fitted))
    profile = replace(profile, cuts=cuts, scoring=ScoreModel(FEATURES, same, alike, THRESHOLD, NOT_FITTED))
    with stages.stage("judge", len(FEATURES) + len(sets)) as advance:
        judged = {
            "cross_validation": figures,
            "left_out": left_out(fitted, spaces, batches, profile, start, advance),
            "ablations": ablations(fitted, advance),
        }
    counts = {"translations": len(translations.articles), **{data.name: len(data.articles) for data in labelled}}
    return replace(profile, provenance={"articles": counts, "graded_pairs": len(given), **judged})


def left_out(
    fitted: Sequence[PairSet],
    spaces: Sequence[PairVectors],
    batches: Sequence[Batch],
    profile: Profile,
    start: NDArray[np.float32],
    advance: Callable[[int], None],
) -> dict[str, Any]:
    """For each set, the figures of a map and scores learned from the other sets alone.

    The scores of the others are fitted on their cross-fitted features, whose maps had seen the set.
    """
    figures = {}
    for number, data in enumerate(fitted):
        others = [place for place in range(len(fitted)) if place != number]
        if others and any(fitted[place].same.any() for place in others):
            metric = fit_metric([spaces[place] for place in others], start)
            batch = batches[number].in_space_of(replace(profile, metric=metric))
            unseen = replace(data, features=pair_features(batch, data.pairs).matrix.astype(np.float64))
            figures[data.name] = judged_by_others(unseen, [fitted[place] for place in others])
        advance(1)
    return figures


def ablations(fitted: Sequence[PairSet], advance: Callable[[int], None]) -> dict[str, Any]:
    """The figures of cross-validation by set without one feature at a time, by the name of the feature."""
    figures = {}
    for name in FEATURES:
        figures[name] = cross_validate(fitted, [other for other in FEATURES if other != name])
        advance(1)
    return figures


def languages_of(encoded: Encoded) -> NDArray[np.str_]:
    """The language of each document, (documents,)."""
    return np.array([document.language for document in encoded.documents])


def _neutral(encoded: Encoded, profile: Profile) -> Embeddings:
    return neutralise(encoded.raw, groups_of(encoded.documents, profile), profile)


def _candidate_cut(fitted: Sequence[PairSet]) -> float:
    """The article cosine that all but a few pairs of one story reach, in the set in the middle."""
    return float(np.median([np.quantile(data.cosine[data.same], LOST_CANDIDATES) for data in fitted]))
