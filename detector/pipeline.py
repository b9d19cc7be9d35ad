"""The stages between encoding and the report, in order: from documents and vectors to scored pairs and stories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.execution.progress import Stages
from detector.execution.spool import release
from detector.pairs.batch import Batch
from detector.pairs.candidates import EXACT, candidate_pairs
from detector.pairs.fallback import batch_profile, batch_scorer
from detector.pairs.features import PairFeatures
from detector.pairs.near_duplicates import find_near_duplicates, without_copies
from detector.pairs.relations import Thresholds, levels, relation_codes
from detector.pairs.scoring import Scorer, Scores
from detector.pairs.sharding import all_pair_features, merge, score_all
from detector.preparing.document_table import DocumentTable
from detector.profile import Profile
from detector.records import Document, Embeddings, Relation, Story, Storyline
from detector.stories.building import build_stories
from detector.stories.clustering import Clusters, cluster, in_order, stories_of, within_reach
from detector.stories.missing_pairs import missing_pairs
from detector.stories.storylines import StoryLinks, build_storylines, storylines_of

# Searches for missing pairs in a big batch, at most.
ROUNDS = 3


@dataclass(frozen=True)
class ScoredBatch:
    """A batch with the features and scores of its candidate pairs.

    profile: the one used; without a learned profile, one made of the batch. thresholds: where stories and storylines
    begin. copy_of: int64, (articles,), in big batches the index of the original of each article, its own index if it is
    no copy; None if copies are compared like all articles. linked: int64, (articles,), the labels that `stories_of`
    gives for these pairs at this threshold, if they are known already.
    """

    batch: Batch
    features: PairFeatures
    scores: Scores
    scorer: Scorer
    profile: Profile
    thresholds: Thresholds
    copy_of: NDArray[np.int64] | None = None
    linked: NDArray[np.int64] | None = None

    @property
    def threshold(self) -> float:
        """The probability from which articles are one story, 0 to 1."""
        return self.thresholds.story


def score_batch(
    documents: Sequence[Document],
    raw: Embeddings,
    learned: Profile | None,
    stages: Stages,
    *,
    table: DocumentTable | None = None,
    threshold: float | None = None,
    storyline_threshold: float | None = None,
    window_days: float | None = None,
    folder: Path | None = None,
) -> ScoredBatch:
    """Find candidate pairs, compute their features and score them.

    If `learned` is None, statistics of the batch are used; if `table` is None, it is made; a threshold of None is that
    of the profile. `folder` is where large arrays are stored. Raises `ValueError` if the profile is for vectors of
    another length.
    """
    table = DocumentTable.of(documents, folder) if table is None else table
    profile = learned or batch_profile(raw, table.languages.tolist())
    if profile.metric.shape[0] != raw.articles.shape[1]:
        raise ValueError(
            f"profile {profile.name!r} is for vectors of {profile.metric.shape[0]} dimensions, "
            f"the model gives {raw.articles.shape[1]}"
        )
    with stages.stage("neutralise", len(documents)) as advance:
        batch = Batch.of(documents, raw, profile, table=table, folder=folder, progress=advance)
    with stages.stage("candidates"):
        copy_of = find_near_duplicates(batch.shingles, batch.days, window_days) if len(documents) > EXACT else None
        pairs = _candidates(batch, profile, window_days, copy_of)
        batch.release()
    with stages.stage("evidence", len(pairs)) as advance:
        features = all_pair_features(batch, pairs, folder, advance)
    with stages.stage("score"):
        scorer = Scorer.of(profile) if learned else batch_scorer(features)
        thresholds = Thresholds.of(scorer.model, threshold, storyline_threshold)
        scores = score_all(scorer, batch, features, thresholds, folder)
    scored = ScoredBatch(
        batch=batch,
        features=features,
        scores=scores,
        scorer=scorer,
        profile=profile,
        thresholds=thresholds,
        copy_of=copy_of,
    )
    if copy_of is not None:
        with stages.stage("complete") as advance:
            scored = _completed(scored, copy_of, window_days, folder, advance)
    return scored


def form_stories(scored: ScoredBatch) -> tuple[Clusters, list[Story], list[Storyline]]:
    """The last stage: the clusters of a scored batch, their stories and the storylines of these, the biggest first."""
    clusters = cluster_batch(scored)
    one_form = scored.scores.relation == Relation.SAME_FORM.code
    links = StoryLinks.of(
        clusters, scored.features.pairs, scored.scores.storyline_probability, one_form, scored.copy_of
    )
    labels = storylines_of(links, scored.thresholds.storyline)
    return clusters, *build_storylines(stories_of_clusters(scored, clusters), scored.batch.table, links, labels)


def cluster_batch(scored: ScoredBatch) -> Clusters:
    """The story of each article of a scored batch, and which articles are roundups."""
    features = scored.features
    coverage = np.stack([features.coverage_a, features.coverage_b], 1)
    release(features.coverage_a, features.coverage_b)
    # Sentences of one form match without stating the same: they do not make an article a roundup.
    coverage[scored.scores.relation == Relation.SAME_FORM.code] = 0
    return cluster(
        len(scored.batch.table),
        features.pairs,
        scored.scores.probability,
        coverage,
        scored.threshold,
        copy_of=scored.copy_of,
        linked=scored.linked,
    )


def stories_of_clusters(scored: ScoredBatch, clusters: Clusters) -> list[Story]:
    """The stories of a clustered batch, the biggest first."""
    batch, pairs = scored.batch, scored.features.pairs
    return build_stories(batch.documents, batch.table, clusters, pairs, scored.scores.probability, scored.copy_of)


def at_thresholds(scored: ScoredBatch, thresholds: Thresholds) -> ScoredBatch:
    """The same pairs with the same scores at other thresholds; their relations follow them."""
    scores = scored.scores
    level = levels(scores.probability, scores.storyline_probability, scores.form_probability, thresholds)
    across = scored.batch.across(scored.features.pairs)
    relation = relation_codes(scored.scorer.model.relations, level, across, scored.features)
    linked = scored.linked if thresholds.story == scored.threshold else None
    return replace(scored, thresholds=thresholds, scores=replace(scores, relation=relation), linked=linked)


def batch_counts(scored: ScoredBatch) -> dict[str, int]:
    """What a batch holds, whatever the threshold: articles, languages, sentences, pieces dropped, candidate pairs."""
    table = scored.batch.table
    return {
        "articles": len(table),
        "languages": len(np.unique(table.languages)),
        "sentences": int(table.sentences.sum()),
        "dropped": int(table.dropped.sum()),
        "candidates": len(scored.features.pairs),
    }


def story_counts(clusters: Clusters, stories: Sequence[Story], storylines: Sequence[Storyline]) -> dict[str, int]:
    """How many stories, storylines and roundups there are."""
    several = [story for story in stories if len(story) > 1]
    return {
        "stories": len(stories),
        "stories_of_two_or_more": len(several),
        "stories_across_languages": sum(len(story.languages) > 1 for story in several),
        "storylines": len(storylines),
        "storylines_of_two_or_more": sum(len(storyline) > 1 for storyline in storylines),
        "roundups": int(clusters.roundups.sum()),
    }


def _candidates(
    batch: Batch, profile: Profile, window_days: float | None, copy_of: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    return candidate_pairs(
        batch.neutral.articles,
        profile.cuts.candidate,
        batch.days,
        window_days,
        copy_of=copy_of,
        big_story=profile.cuts.same_story,
    )


def _completed(
    scored: ScoredBatch,
    copy_of: NDArray[np.int64],
    window_days: float | None,
    folder: Path | None,
    progress: Callable[[int], None],
) -> ScoredBatch:
    """Also score the pairs that the neighbour search skipped and that could change the stories, then the storylines.

    Only pairs within the window are scored. The labels made here only answer which pairs are missing. Once none is,
    those of the stories are also the first step of the clustering that follows, and are passed on; labels made before
    the last pairs were added are not.
    """
    batch = scored.batch
    for level in (_stories_so_far, _storylines_so_far):
        for _ in range(ROUNDS):
            scored, known = level(scored, copy_of)
            missing = missing_pairs(*known, copy_of)
            if window_days is not None:
                missing = missing[~(np.abs(batch.days[missing[:, 0]] - batch.days[missing[:, 1]]) > window_days)]
            if not len(missing):
                break
            features = all_pair_features(batch, missing, folder, progress)
            scores = score_all(scored.scorer, batch, features, scored.thresholds, folder)
            scored = replace(
                scored,
                features=merge([scored.features, features], folder),
                scores=merge([scored.scores, scores], folder),
                linked=None,
            )
    return scored


# Labels, the pairs that can change them, their probabilities and the threshold, as `missing_pairs` takes them.
_Known: TypeAlias = tuple[NDArray[np.int64], NDArray[np.integer], NDArray[np.float64], float]


def _stories_so_far(scored: ScoredBatch, copy_of: NDArray[np.int64]) -> tuple[ScoredBatch, _Known]:
    """The batch with the labels of its stories, and what they were made of."""
    known, probability = scored.features.pairs.astype(np.int32), scored.scores.probability
    release(scored.features.pairs)
    needed = without_copies(known, copy_of) & within_reach(len(copy_of), known, probability, scored.threshold)
    pairs, probabilities = in_order(known[needed], probability[needed])
    labels = stories_of(len(copy_of), pairs, probabilities, scored.threshold)
    return replace(scored, linked=labels), (labels, pairs, probabilities, scored.threshold)


def _storylines_so_far(scored: ScoredBatch, copy_of: NDArray[np.int64]) -> tuple[ScoredBatch, _Known]:
    """The batch with the labels of its stories, the labels of their storylines, and what these were made of."""
    if scored.linked is None:
        scored, _ = _stories_so_far(scored, copy_of)
    stories = np.arange(len(copy_of)) if scored.linked is None else scored.linked
    pairs, threshold = scored.features.pairs, scored.thresholds.storyline
    one_form = scored.scores.relation == Relation.SAME_FORM.code
    of_affair = np.where(one_form, 0.0, scored.scores.storyline_probability)
    # Roundups are found later, so here they count as any article.
    links = StoryLinks.of(Clusters(stories, np.zeros(len(copy_of), bool)), pairs, of_affair, one_form, copy_of)
    labels = storylines_of(links, threshold)
    needed = without_copies(pairs, copy_of) & within_reach(len(copy_of), pairs, of_affair, threshold)
    return scored, (labels, pairs[needed], of_affair[needed], threshold)
