"""The language part of a profile: the language-neutral space, the cuts on cosines in it, the document frequencies."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.labelled import Labelled
from detector.fitting.background import with_documents
from detector.fitting.language_space import fit_space, partial_whitening
from detector.languages.script import script_of
from detector.pairs.batch import groups_of
from detector.pairs.space import in_space, neutralise
from detector.profile import Cuts, Profile
from detector.profile.background import Background
from detector.records import Document, Embeddings

# How many directions of a language are removed beside its mean, and how strongly high variance is damped.
DIRECTIONS = 3
WHITENING_POWER = 0.2
# Share of sentences whose best match in an unrelated article may reach the cut for a counterpart.
CHANCE_COUNTERPARTS = 0.005
# Pairs of documents that are drawn to find the cuts, and how many of the unrelated ones are compared by sentences.
SAMPLED_PAIRS, UNRELATED_PAIRS = 100_000, 5_000
# Share of the pairs of translations that may fall below the cut for one story.
LOST_SAME = 0.05
# Until they are fitted, no cosine reaches a cut.
NOT_FITTED = Cuts(same_story=np.inf, counterpart=np.inf, candidate=np.inf)


@dataclass(frozen=True)
class Encoded:
    """Documents and their raw embeddings, in the same order."""

    documents: tuple[Document, ...]
    raw: Embeddings


def neutral_profile(
    name: str, translations: Labelled, parallel: Encoded, others: Sequence[Encoded], counted: Sequence[Document]
) -> Profile:
    """A profile with the language-neutral space, partly whitened, but without a centre and without scoring.

    The whitening is learned from the sentences of `others`. The document frequencies are counted over `counted`.
    """
    documents, raw = parallel.documents, parallel.raw
    languages = np.repeat([document.language for document in documents], np.diff(raw.offsets))
    scripts = {document.language: script_of(" ".join(document.sentences[:20])) for document in documents}
    dimensions = raw.articles.shape[1]
    space = fit_space(
        raw.sentences,
        languages.tolist(),
        content_ids(translations, parallel),
        scripts,
        directions=DIRECTIONS,
    )
    profile = Profile(
        name=name,
        groups=space.groups,
        means=space.means,
        bases=space.bases,
        metric=np.eye(dimensions, dtype=np.float32),
        background=with_documents(Background.empty("news at large", dimensions), counted),
        cuts=NOT_FITTED,
    )
    rows = [neutralise(each.raw, groups_of(each.documents, profile), profile).sentences for each in others]
    if not rows:
        return profile
    return replace(profile, metric=partial_whitening(np.concatenate(rows), WHITENING_POWER))


def content_ids(translations: Labelled, parallel: Encoded) -> NDArray[np.int64]:
    """An id for the content of each sentence, (sentences,): the line of the original that it translates.

    Versions of a document are aligned only if they have the same number of lines.
    """
    keys = [
        (str(document), len(version.sentences), line)
        for document, version in zip(translations.document, parallel.documents, strict=True)
        for line in range(len(version.sentences))
    ]
    ids: dict[tuple[str, int, int], int] = {}
    return np.array([ids.setdefault(key, len(ids)) for key in keys], np.int64)


def with_cuts(profile: Profile, translations: Labelled, parallel: Encoded) -> Profile:
    """The profile with two cuts: the cosine from which two articles may be one story, and that of a counterpart.

    A sentence has a counterpart in another article if its best cosine there reaches the cut.
    """
    neutral, specific = in_space(parallel.raw, [document.language for document in parallel.documents], profile)
    rng = np.random.default_rng(zlib.crc32(profile.name.encode()))
    a, b = rng.integers(len(parallel.documents), size=(2, SAMPLED_PAIRS))
    versions = (translations.document[a] == translations.document[b]) & (a != b)
    cosines = np.einsum("ij,ij->i", neutral.articles[a[versions]], neutral.articles[b[versions]])
    unrelated = np.flatnonzero(translations.story[a] != translations.story[b])[:UNRELATED_PAIRS]
    best = np.concatenate([(specific.of(a[row]) @ specific.of(b[row]).T).max(1) for row in unrelated])
    cuts = replace(
        profile.cuts,
        same_story=float(np.quantile(cosines, LOST_SAME)),
        counterpart=float(np.quantile(best, 1 - CHANCE_COUNTERPARTS)),
    )
    return replace(profile, cuts=cuts)
