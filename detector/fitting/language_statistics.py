"""Fitting what a profile knows of languages: the neutral space, the cuts on cosines in it, the background counts."""

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

# Directions in which a language differs beyond its mean, and how far directions of much variance are damped.
DIRECTIONS = 3
WHITENING_POWER = 0.2
# Of a batch's centre, as many further stories as these are taken to have none of what it shares.
CENTRE_PRIOR = 5.0
# Terms in fewer background articles than these are rare enough without being listed.
LISTED_FROM = 4
# Share of sentences whose best match in a stranger's article may reach the cut for a counterpart.
CHANCE_COUNTERPARTS = 0.005
# Pairs of documents drawn to find the cuts, and the strangers among them that are looked at.
SAMPLED_PAIRS, STRANGERS = 100_000, 5_000
# Share of pairs of translations that the cut for one story may lose.
LOST_SAME = 0.05
# Until they are fitted, no cosine reaches a cut.
NOT_FITTED = Cuts(CENTRE_PRIOR, same_story=np.inf, counterpart=np.inf, candidate=np.inf)


@dataclass(frozen=True)
class Encoded:
    """Documents and their raw embeddings, in the same order."""

    documents: tuple[Document, ...]
    raw: Embeddings


def neutral_profile(name: str, translations: Labelled, parallel: Encoded, others: Sequence[Encoded]) -> Profile:
    """A profile with the language-neutral space, whitened in part, and the background counts; no scoring yet."""
    documents, raw = parallel.documents, parallel.raw
    languages = np.repeat([document.language for document in documents], np.diff(raw.offsets))
    scripts = {document.language: script_of(" ".join(document.sentences[:20])) for document in documents}
    dimensions = raw.articles.shape[1]
    space = fit_space(
        raw.sentences,
        languages.tolist(),
        content_numbers(translations, parallel),
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


def content_numbers(translations: Labelled, parallel: Encoded) -> NDArray[np.int64]:
    """A number for what each sentence says, (sentences,): the line of the original it translates.

    Only versions with the same number of lines are taken to be aligned.
    """
    keys = [
        (str(document), len(ready.sentences), line)
        for document, ready in zip(translations.document, parallel.documents, strict=True)
        for line in range(len(ready.sentences))
    ]
    numbers: dict[tuple[str, int, int], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def background(documents: Sequence[Document]) -> tuple[NDArray[np.uint32], NDArray[np.uint16], dict[str, int]]:
    """The hashes of the common terms of each language, sorted; how many documents hold each; documents a language."""
    held: dict[tuple[str, str], Counter[str]] = {}
    for document in documents:
        terms = extract_terms(document.sentences, document.language)
        for kind in KINDS:
            held.setdefault((kind, document.language), Counter()).update(getattr(terms, kind).keys())
    counts: Counter[int] = Counter()
    for (kind, language), counter in held.items():
        common = sorted(term for term, count in counter.items() if count >= LISTED_FROM)
        for term in common:
            counts[term_key(kind, language, term)] += counter[term]
    keys = sorted(counts)
    numbers = np.array([min(counts[key], 65535) for key in keys], np.uint16)
    return np.array(keys, np.uint32), numbers, dict(sorted(Counter(d.language for d in documents).items()))


def with_cuts(profile: Profile, translations: Labelled, parallel: Encoded) -> Profile:
    """The profile with the cosines from which articles are of one story and a sentence has a counterpart."""
    neutral = neutralise(parallel.raw, [document.language for document in parallel.documents], profile)
    rng = np.random.default_rng(zlib.crc32(profile.name.encode()))
    a, b = rng.integers(len(parallel.documents), size=(2, SAMPLED_PAIRS))
    twins = (translations.document[a] == translations.document[b]) & (a != b)
    cosines = np.einsum("ij,ij->i", neutral.articles[a[twins]], neutral.articles[b[twins]])
    single = subtract_window_means(neutral)
    strangers = np.flatnonzero(translations.story[a] != translations.story[b])[:STRANGERS]
    best = np.concatenate([(single.of(a[place]) @ single.of(b[place]).T).max(1) for place in strangers])
    cuts = replace(
        profile.cuts,
        same_story=float(np.quantile(cosines, LOST_SAME)),
        counterpart=float(np.quantile(best, 1 - CHANCE_COUNTERPARTS)),
    )
    return replace(profile, cuts=cuts)
