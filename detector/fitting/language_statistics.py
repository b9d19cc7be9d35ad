"""The language part of a profile: the language-neutral space, the cuts on cosines in it, the background counts."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.labelled import Labelled
from detector.fitting.language_space import fit_space, partial_whitening
from detector.languages.script import script_of
from detector.pairs.batch import groups_of
from detector.pairs.space import neutralise, subtract_window_means
from detector.pairs.terms import extract_terms
from detector.pairs.tfidf import KINDS, term_key
from detector.profile import Cuts, Profile
from detector.records import Document, Embeddings

# How many directions of a language are removed beside its mean, and how strongly high variance is damped.
DIRECTIONS = 3
WHITENING_POWER = 0.2
# The centre of a batch is shrunk as if it had this many further stories with nothing in common.
CENTRE_PRIOR = 5.0
# Terms in fewer background articles than this are not listed: unlisted terms count as rare anyway.
LISTED_FROM = 4
# Share of sentences whose best match in an unrelated article may reach the cut for a counterpart.
CHANCE_COUNTERPARTS = 0.005
# Pairs of documents that are drawn to find the cuts, and how many of the unrelated ones are compared by sentences.
SAMPLED_PAIRS, UNRELATED_PAIRS = 100_000, 5_000
# Share of the pairs of translations that may fall below the cut for one story.
LOST_SAME = 0.05
# Until they are fitted, no cosine reaches a cut.
NOT_FITTED = Cuts(CENTRE_PRIOR, same_story=np.inf, counterpart=np.inf, candidate=np.inf)


@dataclass(frozen=True)
class Encoded:
    """Documents and their raw embeddings, in the same order."""

    documents: tuple[Document, ...]
    raw: Embeddings


def neutral_profile(name: str, translations: Labelled, parallel: Encoded, others: Sequence[Encoded]) -> Profile:
    """A profile with the language-neutral space, partly whitened, and the background counts, but without scoring.

    The whitening is learned from the sentences of `others`.
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
    keys, counts, articles = background(documents)
    profile = Profile(
        name=name,
        groups=space.groups,
        means=space.means,
        bases=space.bases,
        metric=np.eye(dimensions, dtype=np.float32),
        background_keys=keys,
        background_counts=counts,
        background_articles=articles,
        cuts=NOT_FITTED,
    )
    rows = [neutralise(each.raw, groups_of(each.documents, profile), profile).sentences for each in others]
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


def background(documents: Sequence[Document]) -> tuple[NDArray[np.uint32], NDArray[np.uint16], dict[str, int]]:
    """Document frequencies: sorted hashes of terms, the documents that contain each, and the documents a language.

    Terms in fewer than `LISTED_FROM` documents of a language are left out.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    for document in documents:
        terms = extract_terms(document.sentences, document.language)
        for kind in KINDS:
            found.setdefault((kind, document.language), Counter()).update(getattr(terms, kind).keys())
    counts: Counter[int] = Counter()
    for (kind, language), counter in found.items():
        common = sorted(term for term, count in counter.items() if count >= LISTED_FROM)
        for term in common:
            counts[term_key(kind, language, term)] += counter[term]
    keys = sorted(counts)
    frequencies = np.array([min(counts[key], 65535) for key in keys], np.uint16)
    return np.array(keys, np.uint32), frequencies, dict(sorted(Counter(d.language for d in documents).items()))


def with_cuts(profile: Profile, translations: Labelled, parallel: Encoded) -> Profile:
    """The profile with two cuts: the cosine from which two articles may be one story, and that of a counterpart.

    A sentence has a counterpart in another article if its best cosine there reaches the cut.
    """
    neutral = neutralise(parallel.raw, [document.language for document in parallel.documents], profile)
    rng = np.random.default_rng(zlib.crc32(profile.name.encode()))
    a, b = rng.integers(len(parallel.documents), size=(2, SAMPLED_PAIRS))
    versions = (translations.document[a] == translations.document[b]) & (a != b)
    cosines = np.einsum("ij,ij->i", neutral.articles[a[versions]], neutral.articles[b[versions]])
    sentences = subtract_window_means(neutral)
    unrelated = np.flatnonzero(translations.story[a] != translations.story[b])[:UNRELATED_PAIRS]
    best = np.concatenate([(sentences.of(a[row]) @ sentences.of(b[row]).T).max(1) for row in unrelated])
    cuts = replace(
        profile.cuts,
        same_story=float(np.quantile(cosines, LOST_SAME)),
        counterpart=float(np.quantile(best, 1 - CHANCE_COUNTERPARTS)),
    )
    return replace(profile, cuts=cuts)
