"""Files to sources: the same kinds of files as `detector fit-profile` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from detector.evaluation.labelled import read_labelled
from detector.fitting.adapter.sources import GRADES, GradedPairs, Source, StoryTexts, TextPair, Translations
from detector.preparing import prepare
from detector.reading.given_pairs import GivenPair, read_pairs
from detector.records import Article


def read_sources(pairs: Sequence[Path], stories: Sequence[Path], parallel: Path | None) -> list[Source]:
    """A source for each file, in this order; each has the name of its file up to the first dot.

    Raises `FileNotFoundError` if a file is missing, and `ValueError` if one has nothing to learn from or if two files
    have one name.
    """
    sources: list[Source] = [_graded_pairs(path) for path in pairs]
    sources += [_story_texts(path) for path in stories]
    if parallel:
        sources.append(_translations(parallel))
    if not sources:
        raise ValueError("nothing to learn from: name files with --pairs, --stories or --parallel")
    for source, path in zip(sources, [*pairs, *stories, *([parallel] if parallel else [])], strict=True):
        if not len(source):
            raise ValueError(f"{path}: no pair of articles to learn from")
    names = [source.name for source in sources]
    if repeated := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"two files are called {repeated[0]!r}; rename one")
    return sources


def text_of(article: Article) -> str:
    """What the encoder reads of an article: its cleaned sentences, joined."""
    return " ".join(prepare(article).sentences)


def _graded_pairs(path: Path) -> GradedPairs:
    given, _ = read_pairs(path)
    return GradedPairs(_name(path), tuple(_with_grades(path, given)))


def _with_grades(path: Path, given: Sequence[GivenPair]) -> Iterator[TextPair]:
    """The pairs that have a grade or a label. Raises `ValueError` for an unknown label."""
    for pair in given:
        if pair.grade is None and pair.label is None:
            continue
        if pair.grade is None and pair.label not in GRADES:
            raise ValueError(f"{path}: the label {pair.label!r} is none of: {', '.join(GRADES)}")
        grade = pair.grade if pair.grade is not None else GRADES[str(pair.label)]
        yield TextPair(text_of(pair.a), text_of(pair.b), grade)


def _story_texts(path: Path) -> StoryTexts:
    data = read_labelled(path)
    texts = tuple(map(text_of, data.articles))
    topic = np.full(len(texts), "") if data.topic is None else data.topic
    return StoryTexts(data.name, texts, data.story, topic, data.ambiguous)


def _translations(path: Path) -> Translations:
    data = read_labelled(path, need=("document", "language"))
    documents: dict[str, dict[str, tuple[str, ...]]] = {}
    for article, document in zip(data.articles, data.document.tolist(), strict=True):
        lines = tuple(line.strip() for line in [article.title or "", *article.text.split("\n")])
        documents.setdefault(document, {})[str(article.language)] = lines
    return Translations(data.name, documents)


def _name(path: Path) -> str:
    return path.name.split(".")[0]
