"""The articles, pairs and stories that the page shows: each stands there once, as a row of numbers and short texts.

The rows are read by templates/report/model.js, which names their columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from detector._moments import moment
from detector.records import Document, Pair, Relation, Story
from detector.reporting.page.inline_json import Numbered, room
from detector.reporting.phrases import date, headline, language_name, line, web_address

Row: TypeAlias = list[Any]

ARTICLES_A_STORY = 60
# Headlines that stand for a story in the list: its representative and some in other languages.
HEADLINES = 4
SOURCES_A_STORY = 50
_NO_DATE = datetime.max.replace(tzinfo=UTC)


class Catalogue:
    """Rows of what the page shows; `room` is the bytes that they take in the page.

    relations: what each pair is, were it one story; a pair under the threshold of the page is shown as different.
    """

    def __init__(self, documents: Mapping[str, Document], relations: Mapping[tuple[str, str], str]) -> None:
        self._documents = documents
        self._relations = relations
        self._articles: Numbered[str] = Numbered()
        self._pairs: Numbered[tuple[str, str]] = Numbered()
        self._stories: Numbered[tuple[str, ...]] = Numbered()
        self._languages: Numbered[str] = Numbered()
        self._sources: Numbered[str] = Numbered()
        self._rows: dict[str, list[Row]] = {"articles": [], "pairs": [], "stories": []}
        self.room = 0

    def rows(self) -> dict[str, Any]:
        """Everything, for the page."""
        return {
            **self._rows,
            "languages": [[line(code, 40), line(language_name(code), 60)] for code in self._languages.values],
            "sources": self._sources.values,
            "relations": list(Relation),
        }

    def has(self, id: str) -> bool:
        """Whether the article stands in the page."""
        return id in self._articles

    def has_pair(self, pair: Pair) -> bool:
        """Whether the pair stands in the page."""
        return (pair.article_a, pair.article_b) in self._pairs

    @property
    def pairs(self) -> int:
        """How many pairs stand in the page."""
        return len(self._pairs)

    def shortened(self) -> int:
        """How many stories have articles that do not stand in the page."""
        return sum(len(members) < size for members, _, size, *_ in self._rows["stories"])

    @property
    def articles(self) -> list[str]:
        """The ids of the articles in the page, in the order of their numbers."""
        return self._articles.values

    def article(self, id: str) -> int:
        """The number of an article."""
        if id not in self._articles:
            document = self._documents[id]
            article = document.article
            self._add(
                "articles",
                [
                    headline(document),
                    self._languages(document.language),
                    self._source(article.source),
                    date(article.published),
                    line(id, 200),
                    web_address(article.url) or line(article.url or "", 200),
                ],
            )
        return self._articles(id)

    def pair(self, pair: Pair) -> int:
        """The number of a pair."""
        key = (pair.article_a, pair.article_b)
        if key not in self._pairs:
            relation = self._relations.get(key, pair.relation)
            self._add(
                "pairs",
                [
                    self.article(pair.article_a),
                    self.article(pair.article_b),
                    round(pair.probability, 6),
                    *(round(share, 3) for share in (pair.similarity, pair.cosine, pair.coverage_a, pair.coverage_b)),
                    Relation(relation).code,
                    None if pair.days_apart is None else round(abs(pair.days_apart), 1),
                    0 if pair.contained is None else 1 if pair.contained == pair.article_a else 2,
                ],
            )
        return self._pairs(key)

    def story(self, story: Story, *, whole: bool) -> int:
        """The number of a story; not `whole`, with those of its articles that stand in the page already."""
        ids = tuple(article.id for article in story.articles)
        if ids not in self._stories:
            # A story at a time: the documents of a big batch are never held together.
            documents = sorted((self._documents[id] for id in ids), key=_by_date)
            membership = dict(zip(ids, story.membership, strict=True))
            ahead = front(story, self._documents)
            shown = {*ahead, *_first(documents, ahead)} if whole else {id for id in ids if id in self._articles}
            members = [document.article.id for document in documents if document.article.id in shown]
            sources = sorted({document.article.source for document in documents if document.article.source})
            days = [date(d.article.published) for d in documents if moment(d.article.published)]
            self._add(
                "stories",
                [
                    [self.article(id) for id in members],
                    [self.article(id) for id in ahead],
                    len(story),
                    round(story.strength, 6),
                    round(story.weakest, 6),
                    [round(membership[id], 4) for id in members],
                    [self.article(id) for id in members if id in story.roundups],
                    [self._languages(code) for code in story.languages],
                    [self._source(source) for source in sources[:SOURCES_A_STORY]],
                    len(sources),
                    [days[0], days[-1]] if days else [],
                ],
            )
        return self._stories(ids)

    def head(self, story: Story) -> None:
        """Take in the headlines by which the list shows a story."""
        for id in front(story, self._documents):
            self.article(id)

    def _source(self, source: str | None) -> int:
        name = line(source or "", 80)
        return self._sources(name) if name else -1

    def _add(self, kind: str, row: Row) -> None:
        self._rows[kind].append(row)
        self.room += room(row)


def _by_date(document: Document) -> tuple[datetime, str]:
    return moment(document.article.published) or _NO_DATE, document.article.id


def front(story: Story, documents: Mapping[str, Document]) -> list[str]:
    """The articles whose headlines stand for a story: its representative, then the firmest of other languages."""
    firmest: dict[str, tuple[float, str]] = {}
    for article, membership in zip(story.articles, story.membership, strict=True):
        language = documents[article.id].language
        firmest[language] = min(firmest.get(language, (1.0, article.id)), (-membership, article.id))
    speaker = story.representative.id
    firmest.pop(documents[speaker].language)
    return [speaker, *(id for _, id in sorted(firmest.values())[: HEADLINES - 1])]


def _first(documents: Sequence[Document], ahead: Sequence[str]) -> list[str]:
    """As many of the articles as the page shows beside those ahead."""
    ids = [document.article.id for document in documents if document.article.id not in ahead]
    return ids[: ARTICLES_A_STORY - len(ahead)]
