"""Everything between encoding and stories: from documents and their vectors to scored pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.execution.progress import Stages
from detector.execution.spool import release
from detector.pairs.batch import Batch
from detector.pairs.candidates import EXACT, candidate_pairs
from detector.pairs.fallback import batch_profile, batch_scorer
from detector.pairs.features import PairFeatures
from detector.pairs.near_duplicates import find_near_duplicates, without_copies
from detector.pairs.scoring import Scorer, Scores
from detector.pairs.sharding import all_pair_features, merge, score_all
from detector.profile import Profile
from detector.records import Document, Embeddings
from detector.stories.clustering import stories_of, within_reach
from detector.stories.missing_pairs import missing_pairs

# Times that the stories of a big batch are asked which pairs they lack.
ROUNDS = 3


@dataclass(frozen=True)
class ScoredBatch:
    """A batch and what is said of its candidate pairs; profile: the one used, of the batch itself where none is given.

    threshold: the probability from which articles are one story. copy_of: int64, (articles,), in big batches the
    article that each is a copy of, itself where of none; None where copies are compared as any others.
    """

    batch: Batch
    evidence: PairFeatures
    scores: Scores
    scorer: Scorer
    profile: Profile
    threshold: float
    copy_of: NDArray[np.int64] | None


def score_batch(
    documents: Sequence[Document],
    raw: Embeddings,
    learned: Profile | None,
    stages: Stages,
    *,
    threshold: float | None = None,
    window_days: float | None = None,
    folder: Path | None = None,
) -> ScoredBatch:
    """Find candidate pairs, gather their evidence and score them.

    `learned` None works on statistics of the batch; `threshold` None takes the profile's; `folder` is where large
    arrays lie. Raises `ValueError` where the profile is for other vectors.
    """
    profile = learned or batch_profile(raw, [document.language for document in documents])
    if profile.metric.shape[0] != raw.articles.shape[1]:
        raise ValueError(
            f"profile {profile.name!r} is for vectors of {profile.metric.shape[0]} dimensions, "
            f"the model gives {raw.articles.shape[1]}"
        )
    with stages.stage("neutralise", len(documents)) as advance:
        batch = Batch.of(documents, raw, profile, folder=folder, progress=advance)
    with stages.stage("candidates"):
        copy_of = find_near_duplicates(batch.shingles, batch.days, window_days) if len(documents) > EXACT else None
        pairs = _candidates(batch, profile, window_days, copy_of)
        batch.release()
    with stages.stage("evidence", len(pairs)) as advance:
        evidence = all_pair_features(batch, pairs, folder, advance)
    with stages.stage("score"):
        scorer = Scorer.of(profile) if learned else batch_scorer(evidence)
        threshold = scorer.model.threshold if threshold is None else threshold
        scores = score_all(scorer, batch, evidence, threshold, folder)
    judged = ScoredBatch(batch, evidence, scores, scorer, profile, threshold, copy_of)
    if copy_of is not None:
        with stages.stage("complete") as advance:
            judged = _completed(judged, copy_of, window_days, folder, advance)
    return judged


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
    judged: ScoredBatch,
    copy_of: NDArray[np.int64],
    window_days: float | None,
    folder: Path | None,
    progress: Callable[[int], None],
) -> ScoredBatch:
    """With the pairs scored that the search left out and the stories lack, as far as they are not too far apart."""
    batch, threshold = judged.batch, judged.threshold
    for _ in range(ROUNDS):
        pairs, probabilities = judged.evidence.pairs.astype(np.int32), judged.scores.probability
        release(judged.evidence.pairs)
        said = without_copies(pairs, copy_of) & within_reach(len(copy_of), pairs, probabilities, threshold)
        pairs, probabilities = pairs[said], probabilities[said]
        labels = stories_of(len(copy_of), pairs, probabilities, threshold)
        owed = missing_pairs(labels, pairs, probabilities, threshold, copy_of)
        if window_days is not None:
            owed = owed[~(np.abs(batch.days[owed[:, 0]] - batch.days[owed[:, 1]]) > window_days)]
        if not len(owed):
            break
        evidence = all_pair_features(batch, owed, folder, progress)
        scores = score_all(judged.scorer, batch, evidence, threshold, folder)
        judged = replace(
            judged,
            evidence=merge([judged.evidence, evidence], folder),
            scores=merge([judged.scores, scores], folder),
        )
    return judged
