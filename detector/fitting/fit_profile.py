"""`detector fit-profile`: one command learns everything that a profile holds from labelled data.

There are three kinds of data. Translations (one sentence a line, the same lines in every language) give the
language-neutral space, the background counts and the cuts. Articles with stories give pairs of one story and unrelated
pairs. Pairs that people graded give independent reports and the scale of similarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.adapter import Adapter
from detector.encoding.loading import load_encoder
from detector.evaluation.labelled import Labelled, read_labelled
from detector.execution.progress import Stages
from detector.fitting.language_statistics import Encoded, neutral_profile, with_cuts
from detector.fitting.metric_learning import PairVectors, fit_metric
from detector.fitting.pair_sets import FOLDS, PairSet, graded_pairs, story_pairs, with_features
from detector.fitting.profile_evaluation import FittedSet, ablations, leave_one_set_out
from detector.fitting.relation_cuts import learned_relation_cuts
from detector.fitting.score_model import fit_scoring
from detector.languages.codes import canonical_language
from detector.pairs.batch import Batch, groups_of
from detector.pairs.features import FEATURES
from detector.pairs.space import neutralise
from detector.preparing import prepare
from detector.profile import Profile, RelationCuts, ScoreModel
from detector.reading.given_pairs import GivenPair, read_pairs
from detector.records import Document, Embeddings
from detector.reporting.run_facts import versions

# Below one half: F1 is largest at half its own best value (Lipton, Elkan and Naryanaswamy, ECML 2014), and in days cut
# from translations the profile had not seen, a story of eight documents was split at 0.5 but not at 0.4.
THRESHOLD = 0.4
# Until its cuts are fitted, no pair is related.
NOT_FITTED = RelationCuts(wording=np.inf, answered=np.inf, even=np.inf)
# Share of the pairs of one story that may fall below the cut for candidates.
LOST_CANDIDATES = 0.005


@dataclass(frozen=True)
class TrainingData:
    """The labelled data of a profile, each part with its documents and embeddings in the same order.

    `encoded_pairs` holds both articles of each pair, one after the other.
    """

    translations: Labelled
    encoded_translations: Encoded
    pairs: Sequence[GivenPair]
    encoded_pairs: Encoded
    stories: Sequence[Labelled]
    encoded_stories: Sequence[Encoded]

    @property
    def encoded(self) -> list[Encoded]:
        """Every part, in the order of the pair sets: graded pairs, translations, each set of stories."""
        return [self.encoded_pairs, self.encoded_translations, *self.encoded_stories]

    def pair_sets(self, profile: Profile) -> list[PairSet]:
        """The labelled pairs of every part, without features; large sets are sampled in the space of the profile."""
        sets = [graded_pairs("graded pairs", self.pairs, languages_of(self.encoded_pairs))]
        for source, encoded in zip([self.translations.by_document(), *self.stories], self.encoded[1:], strict=True):
            sets.append(story_pairs(source, _neutral(encoded, profile), languages_of(encoded)))
        return sets

    @property
    def sizes(self) -> dict[str, int]:
        """How many articles each set of articles has."""
        counts = {"translations": len(self.translations.articles)}
        return counts | {data.name: len(data.articles) for data in self.stories}


def fit_profile(
    model: str | None,
    *,
    parallel: Path,
    pairs: Path,
    stories: Sequence[Path],
    adapter: Adapter | None = None,
    progress: bool | None = None,
) -> Profile:
    """The profile of a model, from files of translations, of graded pairs, and of articles with stories.

    With an adapter, it is fitted on the vectors of the model with the adapter, and keeps it. Raises FileNotFoundError
    or ValueError if a file is missing or has no usable record.
    """
    stages = Stages(progress)
    encoder = load_encoder(model, adapter=adapter or False)
    translations = read_labelled(parallel, need=("document",))
    given, _ = read_pairs(pairs)
    labelled = [read_labelled(path) for path in stories]

    def encode(name: str, documents: Iterable[Document]) -> Encoded:
        prepared = tuple(documents)
        with stages.stage(name, sum(len(document.sentences) for document in prepared)) as advance:
            return Encoded(prepared, encoder.encode([document.sentences for document in prepared], advance))

    data = TrainingData(
        translations=translations,
        encoded_translations=encode("translations", as_lines(translations)),
        pairs=given,
        encoded_pairs=encode("pairs", (prepare(article) for pair in given for article in (pair.a, pair.b))),
        stories=labelled,
        encoded_stories=[encode(data.name, map(prepare, data.articles)) for data in labelled],
    )
    profile = learn(Path(encoder.name).name, data, stages)
    if profile.scoring is None:
        raise ValueError("a profile without a scoring model has no cuts for relations")
    relations = learned_relation_cuts(profile, [translations, *labelled], encoder)
    files = [parallel.name, pairs.name, *(path.name for path in stories)]
    provenance = {**profile.provenance, "files": files, "versions": versions()}
    scoring = replace(profile.scoring, relations=relations)
    return replace(profile, scoring=scoring, provenance=provenance, adapter=adapter)


def as_lines(translations: Labelled) -> Iterable[Document]:
    """Translations as documents in the declared language, whose sentences are the title and the lines."""
    for article in translations.articles:
        language = canonical_language(article.language or "")
        if language is None:
            raise ValueError(f"article {article.id!r} has no usable language: {article.language!r}")
        lines = [line.strip() for line in [article.title or "", *article.text.split("\n")] if line.strip()]
        yield Document(article, language, 1.0, tuple(lines), bool(article.title))


def learn(name: str, data: TrainingData, stages: Stages | None = None) -> Profile:
    """The profile of encoded data, without the cuts for relations.

    The linear map of the space is learned once for each fold, without the stories of the fold, and once from all
    pairs. So the features that the scores are fitted and measured on never come from a map that saw their stories.
    """
    stages = stages or Stages(False)
    profile = neutral_profile(
        name, data.translations, data.encoded_translations, [data.encoded_pairs, *data.encoded_stories]
    )
    start = profile.metric
    sets = data.pair_sets(profile)
    unmapped = replace(profile, metric=np.eye(len(start), dtype=np.float32))
    spaces = [PairVectors(each, _neutral(encoded, unmapped)) for each, encoded in zip(sets, data.encoded, strict=True)]
    metric, fold_metrics = _learn_metrics(spaces, start, stages)
    profile = with_cuts(replace(profile, metric=metric), data.translations, data.encoded_translations)
    fold_profiles = [replace(profile, metric=fold_metric) for fold_metric in fold_metrics]
    with stages.stage("features", len(sets)) as advance:
        batches, fitted = [], []
        for each, encoded in zip(sets, data.encoded, strict=True):
            batches.append(Batch.of(encoded.documents, encoded.raw, profile))
            fitted.append(with_features(each, batches[-1], fold_profiles))
            advance(1)
    with stages.stage("fit scores"):
        same, alike, figures = fit_scoring(fitted)
    cuts = replace(profile.cuts, candidate=_candidate_cut(fitted))
    profile = replace(profile, cuts=cuts, scoring=ScoreModel(FEATURES, same, alike, THRESHOLD, NOT_FITTED))
    with stages.stage("evaluate", len(FEATURES) + len(sets)) as advance:
        fitted_sets = [FittedSet(*each) for each in zip(fitted, spaces, batches, strict=True)]
        evaluation = {
            "cross_validation": figures,
            "left_out": leave_one_set_out(fitted_sets, profile, start, advance),
            "ablations": ablations(fitted, advance),
        }
    return replace(profile, provenance={"articles": data.sizes, "graded_pairs": len(data.pairs), **evaluation})


def languages_of(encoded: Encoded) -> NDArray[np.str_]:
    """The language of each document, (documents,)."""
    return np.array([document.language for document in encoded.documents])


def _learn_metrics(
    spaces: Sequence[PairVectors], start: NDArray[np.float32], stages: Stages
) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """The linear map learned from all pairs, and one for each fold learned without it."""
    with stages.stage("learn the map", FOLDS + 1) as advance:
        metrics = []
        for fold in (*range(FOLDS), None):
            metrics.append(fit_metric(spaces, start, without=fold))
            advance(1)
    return metrics[-1], metrics[:-1]


def _neutral(encoded: Encoded, profile: Profile) -> Embeddings:
    return neutralise(encoded.raw, groups_of(encoded.documents, profile), profile)


def _candidate_cut(fitted: Sequence[PairSet]) -> float:
    """The article cosine that all but a few pairs of one story reach; the median over the sets."""
    return float(np.median([np.quantile(data.cosine[data.same], LOST_CANDIDATES) for data in fitted]))
