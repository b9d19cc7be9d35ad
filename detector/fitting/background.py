"""`detector fit-background`: what all news of a beat shares, learned from articles without labels.

It adds the articles to the background of a profile: its document frequencies grow by theirs, and its centre moves to
theirs. A profile starts from no background and takes all articles that it is fitted on; its centre comes from those
that were not translated, since translations are of few articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.encoding.model_store import cache_folders, embeddings_file
from detector.execution.progress import Stages
from detector.execution.threads import on_one_thread
from detector.pairs.batch import groups_of
from detector.pairs.exact import COARSE, on_grid, unit_on_grid
from detector.pairs.space import group_indices, neutral_vectors
from detector.pairs.terms import extract_terms
from detector.pairs.tfidf import KINDS, term_key
from detector.preparing import prepare
from detector.profile import Profile, load_profile
from detector.profile.background import Background
from detector.records import Article, Document, Embeddings

# A centre is shrunk towards the one before as if that had so many stories.
PRIOR = 5.0
# Of more articles, every k-th gives the centre: each is compared with all others.
CENTRE_ARTICLES = 10_000
# Articles compared with all others in one step.
BLOCK = 1024
# Terms in fewer articles than this are not listed: unlisted terms count as rare anyway.
LISTED_FROM = 4


def fit_background(
    articles: Iterable[Article],
    name: str,
    *,
    model: str | None = None,
    profile: str | Path | None = None,
    precision: str | None = None,
    cache: bool | Path = True,
    progress: bool | None = None,
) -> Background:
    """The background of a profile with these articles added; the options are those of `StoryDetector`.

    The order of the articles does not matter. Raises `ValueError` if there is no article, and `FileNotFoundError` if
    the model has no profile.
    """
    given = sorted(articles, key=lambda article: article.id)
    if not given:
        raise ValueError("no article to learn a background from: the input has none that can be used")
    stages, folder = Stages(progress), next(cache_folders())
    learned = load_profile(profile or model or EMBEDDED_MODEL)
    loaded = load_encoder(model, precision=precision, adapter=learned.adapter or False)
    encoder = CachedEncoder(loaded, embeddings_file() if cache is True else cache or None, folder)
    with stages.stage("prepare", len(given)) as advance:
        documents = []
        for article in given:
            documents.append(prepare(article))
            advance(1)
    sentences = [document.sentences for document in documents]
    with stages.stage("encode", sum(map(len, sentences))) as advance:
        raw = encoder.encode(sentences, advance)
    with stages.stage("background"):
        groups = group_indices(groups_of(documents, learned), learned)
        neutral = neutral_vectors(raw.articles, groups, learned)
        start = learned.background
        counted = with_documents(start, documents)
        centre = centre_of(neutral, learned.cuts.same_story, start.centre)
    provenance = {"extends": start.name, "articles": len(given), "profile": learned.name}
    return replace(counted, name=name, centre=centre, space=learned.space, provenance=provenance)


def with_documents(background: Background, documents: Sequence[Document]) -> Background:
    """The background with the articles and the terms of further documents counted; its centre stays.

    Terms that are in fewer than `LISTED_FROM` articles are left out.
    """
    counts: Counter[int] = Counter(dict(zip(background.keys.tolist(), background.counts.tolist(), strict=True)))
    articles = Counter(background.articles)
    for document in documents:
        articles[document.language] += 1
        terms = extract_terms(document.sentences, document.language)
        for kind in KINDS:
            counts.update(term_key(kind, document.language, term) for term in getattr(terms, kind))
    keys = sorted(key for key, count in counts.items() if count >= LISTED_FROM)
    return replace(
        background,
        keys=np.array(keys, np.uint32),
        counts=np.array([counts[key] for key in keys], np.uint32),
        articles=dict(sorted(articles.items())),
    )


@on_one_thread
def centre_of(
    neutral: NDArray[np.float32], same_story: float, start: NDArray[np.float32], prior: float = PRIOR
) -> NDArray[np.float32]:
    """What articles share (their topic, their time), as a vector to subtract: float32, (dimensions,).

    neutral: language-neutral vectors before any centre is subtracted, (articles, dimensions). Each article counts as
    one part of its story, the articles with a cosine of `same_story` or more to it once `start` is subtracted, so that
    a story of many articles does not become the centre. The mean is shrunk towards `start` as if `prior` more stories
    were there.
    """
    used = neutral[:: max(1, -(-len(neutral) // CENTRE_ARTICLES))].astype(np.float64)
    centred = on_grid(unit_on_grid(used - start), COARSE).astype(np.float32)
    near = [(centred[low : low + BLOCK] @ centred.T >= same_story).sum(1) for low in range(0, len(used), BLOCK)]
    share = 1.0 / np.concatenate([np.zeros(0), *near]).clip(1)
    return np.asarray((share @ used + prior * start) / (share.sum() + prior), np.float32)


def centred(profile: Profile, real: Sequence[Embeddings]) -> Profile:
    """The profile with the centre of real articles, given by their language-neutral vectors before any centre.

    profile: before its centre is known; its cut for one story is used.
    """
    start = np.zeros(len(profile.metric), np.float32)
    vectors = [each.articles for each in real if len(each.articles)]
    centre = centre_of(np.concatenate(vectors), profile.cuts.same_story, start) if vectors else start
    return replace(profile, background=replace(profile.background, centre=centre))
