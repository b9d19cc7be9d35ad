"""How well relations are named: pairs whose relation is known, made from labelled articles, and what is said of them.

A translation is two versions of one document. Copies and partial reuse are made by doing to an article what papers do:
it is republished under another headline, cut to a part, or spliced with another. Two reports of one story are told
independently unless they share much of their wording. Strangers are drawn at random and from those most alike.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from detector.encoding.protocol import Encoder
from detector.evaluation.labelled import Labelled
from detector.fitting.score_model import SAME_GRADE
from detector.languages.codes import canonical_language
from detector.pairs.batch import Batch
from detector.pairs.features import pair_features
from detector.pairs.pair_records import pair_record
from detector.pairs.scoring import Scorer
from detector.preparing import prepare
from detector.profile import Profile
from detector.reading.mapping.given_pairs import GivenPair
from detector.records import Article, Pair, Relation

# Of a set, at most so many pairs of each relation.
PAIRS = 200
# Of translations into very many languages, those that most news is written in.
LANGUAGES = frozenset((
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "pl",
    "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
))  # fmt: skip
# The grade of stories that people called wholly unlike.
UNLIKE = 0
# An article to be cut has at least so many sentences, so that a third of it is more than a line.
FEWEST_SENTENCES = 8
# Reports that share this much of their runs of five words were not written independently.
SHINGLE, SHARED_WORDING = 5, 0.6


@dataclass(frozen=True, slots=True)
class KnownPair:
    """Two articles whose relation is known. kind: how the pair came about. contained: the id of the article that the
    other holds, None where neither does. document: what the pair was made from; pairs of one are never held apart.
    """

    a: Article
    b: Article
    relation: str
    kind: str
    document: str
    contained: str | None = None


def known_pairs(data: Labelled, limit: int = PAIRS) -> list[KnownPair]:
    """Pairs of every relation the set can show, at most `limit` of each; the same for the same set."""
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    data = with_originals(data.sorted_by_id())
    makers: tuple[Callable[[Labelled, np.random.Generator], Iterable[KnownPair]], ...] = (
        translations, copies, partial_reuse, reports, strangers,
    )  # fmt: skip
    made = []
    for make in makers:
        found = list(make(data, rng))
        chosen = rng.permutation(len(found))[:limit]
        made += [found[place] for place in sorted(chosen.tolist())]
    return made


def graded_pairs(given: Sequence[GivenPair], limit: int = PAIRS) -> list[KnownPair]:
    """Of pairs people graded: those called one story, unless worded alike, and those called unlike."""
    found: dict[str, list[KnownPair]] = {"same story": [], "different": []}
    for pair in given:
        if pair.grade is None:
            continue
        if pair.grade <= UNLIKE:
            found["different"].append(KnownPair(pair.a, pair.b, "different", "graded", pair.name))
        elif pair.grade >= SAME_GRADE and shared_wording(pair.a, pair.b) < SHARED_WORDING:
            found["same story"].append(KnownPair(pair.a, pair.b, "same story", "graded", pair.name))
    return [pair for pairs in found.values() for pair in pairs[:: max(1, len(pairs) // limit)][:limit]]


def with_originals(data: Labelled) -> Labelled:
    """The set with its stories for documents where a story is mostly told once in a language: a set of translations."""
    told = Counter(zip(data.story.tolist(), map(language_of, data.articles), strict=True))
    named = len(set(data.document.tolist())) < len(data.articles)
    return data if named or np.median(list(told.values())) > 1 else replace(data, document=data.story)


def translations(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Versions of each document in two languages."""
    for document, versions in _grouped(data.articles, data.document):
        for one, other in _drawn_pairs(versions, rng, 4):
            if language_of(one) != language_of(other):
                yield KnownPair(one, other, "translation", "translation", document)


def copies(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Articles republished in their own language."""
    for document, article, body in _drawn_bodies(data, rng):
        yield KnownPair(article, republished(article, body, rng), "copy", "copy", document)


def partial_reuse(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Parts of articles against the whole, or against the whole in another language; articles spliced, against one."""
    versions = dict(_grouped(data.articles, data.document))
    drawn = list(_drawn_bodies(data, rng))
    for number, (document, article, body) in enumerate(drawn):
        others = [other for other in versions[document] if language_of(other) != language_of(article)]
        whole = others[int(rng.integers(len(others)))] if others and number % 2 else article
        across = "" if whole is article else ", across languages"
        half, third = len(body) // 2, len(body) // 3
        kinds = (("first half", body[:half]), ("second half", body[half:]), ("first third", body[:third]))
        kind, lines = (*kinds, ("spliced", body))[number // 2 % 4]
        if kind == "spliced":
            around = (*drawn[number + 1 :], *drawn[:number])
            stranger = next((s for d, s, _ in around if d != document and language_of(s) == language_of(article)), None)
            if stranger is None:
                continue
            lines = [*body, *prepare(stranger).sentences]
        title = article.title if kind != "second half" else None
        made = replace(article, id=f"{article.id} ({kind})", title=title, text="\n".join(lines))
        held = whole.id if kind == "spliced" else made.id
        yield KnownPair(whole, made, "partial reuse", kind + across, document, held)


def reports(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Articles of different documents on one story that do not share much of their wording."""
    place = {article.id: number for number, article in enumerate(data.articles)}
    for story, articles in _grouped(data.articles, data.story):
        for one, other in _drawn_pairs(articles, rng, 12):
            pair = np.array([[place[one.id], place[other.id]]], np.int64)
            apart = data.document[pair[0, 0]] != data.document[pair[0, 1]] and data.counted(pair)[0]
            if apart and shared_wording(one, other) < SHARED_WORDING:
                yield KnownPair(one, other, "same story", "report", story)


def strangers(data: Labelled, rng: np.random.Generator) -> Iterator[KnownPair]:
    """Of each story, an article with the stranger that shares most of its rare words, and with one at random."""
    words = TfidfVectorizer(sublinear_tf=True).fit_transform([f"{a.title or ''} {a.text}" for a in data.articles])
    _, first = np.unique(data.story, return_index=True)
    for chosen in first.tolist():
        pairs = np.stack([np.full(len(data.articles), chosen), np.arange(len(data.articles))], 1)
        unlike = ~data.same(pairs) & data.counted(pairs)
        if not unlike.any():
            continue
        alike = np.asarray((words @ words[chosen].T).todense()).ravel()
        nearest = int(np.argmax(np.where(unlike, alike, -1)))
        anyone = int(rng.choice(np.flatnonzero(unlike)))
        for kind, other in (("nearest", nearest), ("random", anyone)):
            yield KnownPair(data.articles[chosen], data.articles[other], "different", kind, str(data.story[chosen]))


def republished(article: Article, body: Sequence[str], rng: np.random.Generator) -> Article:
    """The article as another paper might print it: no headline, an agency's line, a few small edits."""
    lines = list(body)
    for _ in range(len(lines) // 12 or int(rng.integers(2))):
        lines.pop(int(rng.integers(1, len(lines))))
    if rng.integers(2):
        place = int(rng.integers(len(lines) - 1))
        lines[place : place + 2] = lines[place + 1], lines[place]
    if rng.integers(2):
        lines = [line.translate(str.maketrans("“”«»–’", '""""-\'')).replace(";", ",") for line in lines]
    if rng.integers(2):
        lines[0] = f"(AFP) - {lines[0]}"
    title = article.title if rng.integers(2) else None
    return replace(article, id=f"{article.id} (copy)", title=title, text="\n".join(lines))


def shared_wording(a: Article, b: Article) -> float:
    """The share of the shorter article's runs of words that the other has too, 0 to 1."""
    runs = []
    for article in (a, b):
        words = article.text.casefold().split()
        runs.append({tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)})
    return len(runs[0] & runs[1]) / max(1, min(map(len, runs)))


def language_of(article: Article) -> str:
    """The declared language in its canonical form, "" where none is declared."""
    return canonical_language(article.language or "") or ""


def _grouped(articles: Sequence[Article], labels: NDArray[np.str_]) -> Iterator[tuple[str, list[Article]]]:
    """The articles of each label, in the order of labels; those in languages that are not looked at left out."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article, label in zip(articles, labels.tolist(), strict=True):
        if language_of(article) in LANGUAGES | {""}:
            groups[label].append(article)
    return iter(sorted(groups.items()))


def _drawn_pairs(articles: Sequence[Article], rng: np.random.Generator, most: int) -> Iterator[tuple[Article, Article]]:
    pairs = np.stack(np.triu_indices(len(articles), 1), 1)
    for a, b in pairs[rng.permutation(len(pairs))[:most]].tolist():
        yield articles[a], articles[b]


def _drawn_bodies(data: Labelled, rng: np.random.Generator) -> Iterator[tuple[str, Article, list[str]]]:
    """A few articles of each document that are long enough to be cut: the document, the article, its sentences."""
    for document, articles in _grouped(data.articles, data.document):
        for place in rng.permutation(len(articles))[:4].tolist():
            prepared = prepare(articles[place])
            body = list(prepared.sentences[prepared.titled :])
            if len(body) >= FEWEST_SENTENCES:
                yield document, articles[place], body


def encoded(
    known: Sequence[KnownPair], encoder: Encoder, profile: Profile, *, declared: bool = False
) -> tuple[Batch, NDArray[np.int64]]:
    """All articles of the pairs as one batch, as in a report, and the numbers of the two of each: (pairs, 2).

    Where `declared`, articles are in the language they declare; otherwise that is not told, but found in the text.
    """
    articles = {article.id: article for pair in known for article in (pair.a, pair.b)}
    documents = [prepare(replace(articles[id], language=None)) for id in sorted(articles)]
    if declared:
        documents = [
            replace(document, language=language_of(articles[document.article.id]) or document.language)
            for document in documents
        ]
    batch = Batch.of(documents, encoder.encode([document.sentences for document in documents]), profile)
    place = {document.article.id: number for number, document in enumerate(documents)}
    return batch, np.array([sorted((place[pair.a.id], place[pair.b.id])) for pair in known], np.int64)


def named(known: Sequence[KnownPair], encoder: Encoder, profile: Profile) -> list[Pair]:
    """What the detector says of each pair, at the threshold of the profile."""
    batch, pairs = encoded(known, encoder, profile)
    scorer, features = Scorer.of(profile), pair_features(batch, pairs)
    scores = scorer.score(features, batch.across(pairs), scorer.model.threshold)
    return [pair_record(batch.table, features, scores, row) for row in range(len(pairs))]


def figures_of(known: Sequence[KnownPair], said: Sequence[Pair]) -> dict[str, Any]:
    """How many pairs of each relation and kind got which name, and of parts named as such, how often the right side."""
    confusion: dict[str, Counter[str]] = {relation: Counter() for relation in Relation}
    kinds: dict[str, list[bool]] = defaultdict(list)
    sides = []
    for pair, answer in zip(known, said, strict=True):
        confusion[pair.relation][answer.relation] += 1
        kinds[f"{pair.relation}: {pair.kind}"].append(answer.relation == pair.relation)
        if answer.relation == pair.relation == "partial reuse":
            sides.append(answer.contained == pair.contained)
    return {
        "confusion": {truth: {name: row[name] for name in Relation} for truth, row in confusion.items()},
        "kinds": {kind: {"right": sum(right), "of": len(right)} for kind, right in kinds.items()},
        "contained": {"right": sum(sides), "of": len(sides)},
        **rates(confusion),
    }


def rates(confusion: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Precision and recall of each relation, and the share of all pairs that are named right."""
    right = {name: confusion[name][name] for name in Relation}
    said = {name: sum(confusion[truth][name] for truth in Relation) for name in Relation}
    are = {name: sum(confusion[name][answer] for answer in Relation) for name in Relation}
    return {
        "relations": {
            name: {"precision": right[name] / max(1, said[name]), "recall": right[name] / max(1, are[name])}
            for name in Relation
            if are[name]
        },
        "accuracy": sum(right.values()) / max(1, sum(are.values())),
    }
