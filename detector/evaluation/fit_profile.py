"""`detector fit-profile`: everything a profile holds, learned from labelled data by one command.

Three kinds of data. Translations (one sentence a line, the same lines in every language) give the language-neutral
space, the background counts and the cuts. Articles with stories give pairs to tell apart. Pairs that people graded
give independent reports, and the scale of similarity.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.batch import Batch, groups_of
from detector.detector import versions
from detector.encoding.encoder import load_encoder
from detector.evaluation.labelled import Labelled, read_labelled
from detector.evaluation.sampling import graded_set, story_set
from detector.evaluation.score_fitting import PairSet, fit_scoring
from detector.evaluation.space import fit_space, partial_whitening
from detector.evidence import FEATURES
from detector.neutral import neutralise, specific
from detector.overlap import KINDS, term_keys
from detector.preparing import prepare
from detector.preparing.language import canonical_language
from detector.preparing.script import script_of
from detector.profile import Profile
from detector.progress import Stages
from detector.reading.pairs import GivenPair, read_pairs
from detector.records import Document, Embeddings
from detector.terms import extract_terms

# Directions in which a language differs beyond its mean, and how far directions of much variance are damped.
DIRECTIONS = 3
WHITENING_POWER = 0.2
# Of a batch's centre, as many further stories as these are taken to have none of what it shares.
CENTRE_PRIOR = 5.0
# Terms in fewer background articles than these are rare enough without being listed.
LISTED_FROM = 4
# Share of sentences whose best match in a stranger's article may reach the cut for a counterpart.
CHANCE_COUNTERPARTS = 0.005
# Below one half: F1 is largest at half its own best value (Lipton, Elkan and Naryanaswamy, ECML 2014), and in days cut
# from translations the profile had not seen, a story told in eight ways fell into parts at 0.5 that stayed one at 0.4.
THRESHOLD = 0.4
# Pairs of documents drawn to find the cuts, and the strangers among them that are looked at.
SAMPLED_PAIRS, STRANGERS = 100_000, 5_000
# Share of pairs of one story, or of translations, that a cut may lose.
LOST_CANDIDATES, LOST_SAME = 0.002, 0.05


@dataclass(frozen=True)
class Encoded:
    """Documents and their raw embeddings, in the same order."""

    documents: tuple[Document, ...]
    raw: Embeddings


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
    )
    files = [parallel.name, pairs.name, *(path.name for path in stories)]
    return replace(profile, provenance={**profile.provenance, "files": files, "versions": versions()})


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
) -> Profile:
    """The profile of encoded data; `graded` holds the two articles of each given pair, one after the other."""
    profile = neutral_profile(name, translations, parallel, [graded, *articles])
    profile = with_cuts(profile, translations, parallel)
    sets = [graded_set("graded pairs", given, _batch(graded, profile))]
    sources = zip([translations.by_document(), *labelled], [parallel, *articles], strict=True)
    sets += [story_set(data, _batch(encoded, profile)) for data, encoded in sources]
    scoring, figures = fit_scoring(sets)
    cuts = {**profile.scoring["cuts"], "candidate": _candidate_cut(sets)}
    provenance = {
        "articles": {
            "translations": len(translations.articles),
            **{data.name: len(data.articles) for data in labelled},
        },
        "graded_pairs": len(given),
        "cross_validation": figures,
    }
    return replace(
        profile,
        scoring={**scoring, "cuts": cuts, "threshold": THRESHOLD, "whole": _whole_cut(sets[1], [sets[0], *sets[2:]])},
        provenance=provenance,
    )


def _batch(encoded: Encoded, profile: Profile) -> Batch:
    return Batch.of(encoded.documents, encoded.raw, profile)


def neutral_profile(name: str, translations: Labelled, parallel: Encoded, others: Sequence[Encoded]) -> Profile:
    """A profile with the language-neutral space and the background counts, and no scoring yet."""
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
        whitening=np.eye(dimensions, dtype=np.float32),
    )
    keys, counts, articles = background(documents)
    profile = Profile(
        name=name,
        groups=space.groups,
        means=space.means,
        bases=space.bases,
        whitening=space.whitening,
        background_keys=keys,
        background_counts=counts,
        background_articles=articles,
        scoring={"cuts": {"centre_prior": CENTRE_PRIOR}},
    )
    rows = [neutralise(each.raw, groups_of(each.documents, profile), profile).sentences for each in others]
    return replace(profile, whitening=partial_whitening(np.concatenate(rows), WHITENING_POWER))


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
        terms = extract_terms(document.sentences)
        for kind in KINDS:
            held.setdefault((kind, document.language), Counter()).update(getattr(terms, kind).keys())
    counts: Counter[int] = Counter()
    for (kind, language), counter in held.items():
        common = sorted(term for term, count in counter.items() if count >= LISTED_FROM)
        for key, term in zip(term_keys(kind, language, common).tolist(), common, strict=True):
            counts[key] += counter[term]
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
    single = specific(neutral)
    strangers = np.flatnonzero(translations.story[a] != translations.story[b])[:STRANGERS]
    best = np.concatenate([(single.of(a[place]) @ single.of(b[place]).T).max(1) for place in strangers])
    cuts = {
        **profile.scoring["cuts"],
        "same_story": float(np.quantile(cosines, LOST_SAME)),
        "counterpart": float(np.quantile(best, 1 - CHANCE_COUNTERPARTS)),
    }
    return replace(profile, scoring={**profile.scoring, "cuts": cuts})


def best_cut(values: NDArray[np.floating[Any]], above: NDArray[np.bool_]) -> float:
    """The value with the most of `above` at or over it and the most of the others under it, both counted as shares."""
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, 401)))
    told = [(values[above] >= cut).mean() + (values[~above] < cut).mean() for cut in cuts]
    return float(cuts[int(np.argmax(told))])


def _candidate_cut(sets: Sequence[PairSet]) -> float:
    """The article cosine that all but a few pairs of one story reach, in the set where it is lowest."""
    return min(
        float(np.quantile(data.features[data.same, FEATURES.index("article")], LOST_CANDIDATES)) for data in sets
    )


def _whole_cut(translations: PairSet, others: Sequence[PairSet]) -> float:
    """The coverage both ways that best tells translations from reports of one story written independently."""
    place = FEATURES.index("coverage_least")
    whole = translations.features[translations.same & translations.across, place]
    if not len(whole) or not any((data.same & ~data.across).any() for data in others):
        raise ValueError("no translations, or no pair of one story within one language, to learn relations from")
    apart = np.concatenate([data.features[data.same & ~data.across, place] for data in others])
    return best_cut(np.concatenate([whole, apart]), np.arange(len(whole) + len(apart)) < len(whole))
