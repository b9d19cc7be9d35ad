"""Pairs of articles whose relation is known, made from labelled articles.

A translation is two versions of one document. Copies and partial reuse are made the way newspapers make them: an
article is republished under another headline, cut to a part, or joined to another article. Two reports of one story
count as independent unless they share much of their wording. Unrelated articles are drawn at random and from the most
similar ones.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from detector.evaluation.labelled import SAME_GRADE, Labelled
from detector.languages.codes import canonical_language
from detector.preparing import prepare
from detector.reading.given_pairs import GivenPair
from detector.records import Article

# The most pairs of each relation that are taken from one set.
PAIRS = 200
# Translations into very many languages are reduced to the languages in which most news is written.
LANGUAGES = frozenset((
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "pl",
    "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
))  # fmt: skip
# The grade (0 to 1) of pairs that people called entirely unlike.
UNLIKE_GRADE = 0
# An article is cut only if it has at least this many sentences, so that a third of it is more than a line.
FEWEST_SENTENCES = 8
# Reports that share this much of their word n-grams were not written independently.
SHINGLE, SHARED_WORDING = 5, 0.6


@dataclass(frozen=True, slots=True)
class KnownPair:
    """Two articles whose relation is known.

    kind: how the pair was made. contained: the id of the article that the other one contains, None if neither does.
    document: what the pair was made from; pairs made from one document always go to the same side of a split.
    """

    a: Article
    b: Article
    relation: str
    kind: str
    document: str
    contained: str | None = None


def known_pairs(data: Labelled, limit: int = PAIRS) -> list[KnownPair]:
    """Pairs of every relation that the set can show, at most `limit` of each; the same set gives the same pairs."""
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    data = with_documents(data.sorted_by_id())
    makers: tuple[Callable[[Labelled, np.random.Generator], Iterable[KnownPair]], ...] = (
        translations, copies, partial_reuse, independent_reports, unrelated,
    )  # fmt: skip
    pairs = []
    for make in makers:
        made = list(make(data, rng))
        chosen = rng.permutation(len(made))[:limit]
        pairs += [made[index] for index in sorted(chosen.tolist())]
    return pairs


def graded_pairs(given: Sequence[GivenPair], limit: int = PAIRS) -> list[KnownPair]:
    """Of pairs that people graded: those called one story, unless their wording is alike, and those called unlike."""
    found: dict[str, list[KnownPair]] = {"same story": [], "different": []}
    for pair in given:
        if pair.grade is None:
            continue
        if pair.grade <= UNLIKE_GRADE:
            found["different"].append(KnownPair(pair.a, pair.b, "different", "graded", pair.name))
        elif pair.grade >= SAME_GRADE and shared_wording(pair.a, pair.b) < SHARED_WORDING:
            found["same story"].append(KnownPair(pair.a, pair.b, "same story", "graded", pair.name))
    return [pair for pairs in found.values() for pair in pairs[:: max(1, len(pairs) // limit)][:limit]]


def with_documents(data: Labelled) -> Labelled:
    """The set with a document for each article.

    A set that names no documents and mostly has each story once in a language is a set of translations: there, the
    story is the document.
    """
    versions = Counter(zip(data.story.tolist(), map(language_of, data.articles), strict=True))
    has_documents = len(set(data.document.tolist())) < len(data.articles)
    if has_documents or np.median(list(versions.values())) > 1:
        return data
    return replace(data, document=data.story)


def translations(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Versions of each document in two languages."""
    for document, versions in _grouped(data.articles, data.document):
        for a, b in _drawn_pairs(versions, rng, 4):
            if language_of(a) != language_of(b):
                yield KnownPair(a, b, "translation", "translation", document)


def copies(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Articles republished in their own language."""
    for document, article, sentences in _drawn_long_articles(data, rng):
        yield KnownPair(article, republished(article, sentences, rng), "copy", "copy", document)


def partial_reuse(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Articles against a part of them, or of a version in another language, or against themselves joined to another."""
    versions = dict(_grouped(data.articles, data.document))
    drawn = list(_drawn_long_articles(data, rng))
    for index, (document, article, sentences) in enumerate(drawn):
        others = [other for other in versions[document] if language_of(other) != language_of(article)]
        full = others[int(rng.integers(len(others)))] if others and index % 2 else article
        kind, lines = _part(sentences, index // 2 % 4)
        if kind == "spliced":
            candidates = (*drawn[index + 1 :], *drawn[:index])
            appended = next((a for d, a, _ in candidates if d != document and _one_language(a, article)), None)
            if appended is None:
                continue
            lines = [*sentences, *prepare(appended).sentences]
        title = article.title if kind != "second half" else None
        made = replace(article, id=f"{article.id} ({kind})", title=title, text="\n".join(lines))
        contained = full.id if kind == "spliced" else made.id
        suffix = "" if full is article else ", across languages"
        yield KnownPair(full, made, "partial reuse", kind + suffix, document, contained)


def _part(sentences: list[str], which: int) -> tuple[str, list[str]]:
    """One of four ways to reuse an article: its name and the sentences that are used."""
    half, third = len(sentences) // 2, len(sentences) // 3
    ways = (
        ("first half", sentences[:half]),
        ("second half", sentences[half:]),
        ("first third", sentences[:third]),
        ("spliced", sentences),
    )
    return ways[which]


def independent_reports(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Articles of different documents on one story that do not share much of their wording."""
    index_of = {article.id: index for index, article in enumerate(data.articles)}
    for story, articles in _grouped(data.articles, data.story):
        for a, b in _drawn_pairs(articles, rng, 12):
            pair = np.array([[index_of[a.id], index_of[b.id]]], np.int64)
            two_documents = data.document[pair[0, 0]] != data.document[pair[0, 1]]
            if two_documents and data.counted(pair)[0] and shared_wording(a, b) < SHARED_WORDING:
                yield KnownPair(a, b, "same story", "report", story)


def unrelated(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """One article of each story with two of other stories: the one that shares most rare words, and one at random."""
    words = TfidfVectorizer(sublinear_tf=True).fit_transform([f"{a.title or ''} {a.text}" for a in data.articles])
    _, first = np.unique(data.story, return_index=True)
    for chosen in first.tolist():
        pairs = np.stack([np.full(len(data.articles), chosen), np.arange(len(data.articles))], 1)
        different = ~data.same(pairs) & data.counted(pairs)
        if not different.any():
            continue
        similarity = np.asarray((words @ words[chosen].T).todense()).ravel()
        nearest = int(np.argmax(np.where(different, similarity, -1)))
        random = int(rng.choice(np.flatnonzero(different)))
        for kind, other in (("nearest", nearest), ("random", random)):
            yield KnownPair(data.articles[chosen], data.articles[other], "different", kind, str(data.story[chosen]))


def republished(article: Article, sentences: Sequence[str], rng: np.random.Generator) -> Article:
    """The article as another newspaper might print it: no headline, an agency's name in front, a few small edits."""
    lines = list(sentences)
    for _ in range(len(lines) // 12 or int(rng.integers(2))):
        lines.pop(int(rng.integers(1, len(lines))))
    if rng.integers(2):
        index = int(rng.integers(len(lines) - 1))
        lines[index : index + 2] = lines[index + 1], lines[index]
    if rng.integers(2):
        lines = [line.translate(str.maketrans("“”«»–’", '""""-\'')).replace(";", ",") for line in lines]
    if rng.integers(2):
        lines[0] = f"(AFP) - {lines[0]}"
    title = article.title if rng.integers(2) else None
    return replace(article, id=f"{article.id} (copy)", title=title, text="\n".join(lines))


def shared_wording(a: Article, b: Article) -> float:
    """The share of the shorter article's word n-grams that the other article has too, 0 to 1."""
    shingles = []
    for article in (a, b):
        words = article.text.casefold().split()
        shingles.append({tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)})
    return len(shingles[0] & shingles[1]) / max(1, min(map(len, shingles)))


def language_of(article: Article) -> str:
    """The declared language in its canonical form, "" if the article declares none."""
    return canonical_language(article.language or "") or ""


def _one_language(a: Article, b: Article) -> bool:
    return language_of(a) == language_of(b)


def _grouped(articles: Sequence[Article], labels: NDArray[np.str_]) -> Iterator[tuple[str, list[Article]]]:
    """The articles of each label, sorted by label, without those in other languages than `LANGUAGES`."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article, label in zip(articles, labels.tolist(), strict=True):
        if language_of(article) in LANGUAGES | {""}:
            groups[label].append(article)
    return iter(sorted(groups.items()))


def _drawn_pairs(articles: Sequence[Article], rng: np.random.Generator, most: int) -> Iterator[tuple[Article, Article]]:
    """At most so many pairs of the articles, in random order."""
    pairs = np.stack(np.triu_indices(len(articles), 1), 1)
    for a, b in pairs[rng.permutation(len(pairs))[:most]].tolist():
        yield articles[a], articles[b]


def _drawn_long_articles(data: Labelled, rng: np.random.Generator) -> Iterator[tuple[str, Article, list[str]]]:
    """Up to four articles of each document that are long enough to be cut: document, article, sentences."""
    for document, articles in _grouped(data.articles, data.document):
        for index in rng.permutation(len(articles))[:4].tolist():
            prepared = prepare(articles[index])
            sentences = list(prepared.sentences[prepared.titled :])
            if len(sentences) >= FEWEST_SENTENCES:
                yield document, articles[index], sentences
