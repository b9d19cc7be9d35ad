"""The articles, pairs and stories on the page: each is there once, and other rows refer to it by its index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

from detector._moments import moment
from detector.records import Document, Pair, Relation, Story
from detector.reporting.page.inline_json import UniqueValues, size_in_page
from detector.reporting.page.rows import NONE, ArticleRow, Index, LanguageRow, PairRow, StoryRow
from detector.reporting.phrases import apart, date, headline, language_name
from detector.reporting.sanitize import line, web_address

ARTICLES_PER_STORY = 60
# Headlines that represent a story in the list: that of its representative and some in other languages.
HEADLINES_PER_STORY = 4
SOURCES_PER_STORY = 50
_NO_DATE = datetime.max.replace(tzinfo=UTC)

Relations: TypeAlias = Mapping[tuple[str, str], str]
Row = TypeVar("Row", bound=NamedTuple)


class PageTables:
    """The rows of what the page shows; `size` is the bytes that they take in the page.

    relations: the relation of each pair, as if the two were one story; otherwise: as if they were not. A pair that is
    in neither keeps the relation it has.
    """

    def __init__(self, documents: Mapping[str, Document], relations: Relations, otherwise: Relations) -> None:
        self._documents = documents
        self._relations, self._otherwise = relations, otherwise
        self._article_ids: UniqueValues[str] = UniqueValues()
        self._pair_ids: UniqueValues[tuple[str, str]] = UniqueValues()
        self._story_ids: UniqueValues[tuple[str, ...]] = UniqueValues()
        self._languages: UniqueValues[str] = UniqueValues()
        self._sources: UniqueValues[str] = UniqueValues()
        self._apart: UniqueValues[str] = UniqueValues()
        self._articles: list[ArticleRow] = []
        self._pairs: list[PairRow] = []
        self._stories: list[StoryRow] = []
        self.size = 0

    def tables(self) -> dict[str, Any]:
        """Every table, for the page."""
        return {
            "languages": [
                LanguageRow(line(code, 40), line(language_name(code), 60)) for code in self._languages.values
            ],
            "sources": self._sources.values,
            "relations": list(Relation),
            "apart": self._apart.values,
            "articles": self._articles,
            "pairs": self._pairs,
            "stories": self._stories,
        }

    @property
    def article_ids(self) -> list[str]:
        """The ids of the articles on the page, in the order of their indexes."""
        return self._article_ids.values

    @property
    def pair_count(self) -> int:
        """How many pairs are on the page."""
        return len(self._pairs)

    @property
    def shortened(self) -> int:
        """How many stories have articles that are not on the page."""
        return sum(len(story.members) < story.size for story in self._stories)

    def has_article(self, id: str) -> bool:
        """Whether the article is on the page."""
        return id in self._article_ids

    def has_pair(self, pair: Pair) -> bool:
        """Whether the pair is on the page."""
        return (pair.article_a, pair.article_b) in self._pair_ids

    def article(self, id: str) -> Index:
        """The index of an article, which is added if it is new."""
        if id not in self._article_ids:
            self._add(self._articles, self._article_row(self._documents[id]))
        return self._article_ids.index(id)

    def pair(self, pair: Pair) -> Index:
        """The index of a pair, which is added if it is new."""
        key = (pair.article_a, pair.article_b)
        if key not in self._pair_ids:
            self._add(self._pairs, self._pair_row(pair))
        return self._pair_ids.index(key)

    def story(self, story: Story, *, in_full: bool) -> Index:
        """The index of a story, which is added if it is new.

        in_full: with its articles, as many as a story may show; else only with those that are on the page already.
        """
        key = tuple(article.id for article in story.articles)
        if key not in self._story_ids:
            self._add(self._stories, self._story_row(story, in_full=in_full))
        return self._story_ids.index(key)

    def headlines(self, story: Story) -> None:
        """Add the headlines that represent a story in the list."""
        self._indexes(headline_articles(story, self._documents))

    def _article_row(self, document: Document) -> ArticleRow:
        article = document.article
        return ArticleRow(
            headline=headline(document),
            language=self._languages.index(document.language),
            source=self._source(article.source),
            date=date(article.published),
            id=line(article.id, 200),
            url=web_address(article.url) or line(article.url or "", 200),
        )

    def _pair_row(self, pair: Pair) -> PairRow:
        key = (pair.article_a, pair.article_b)
        relation, otherwise = (known.get(key, pair.relation) for known in (self._relations, self._otherwise))
        return PairRow(
            a=self.article(pair.article_a),
            b=self.article(pair.article_b),
            probability=round(pair.probability, 6),
            storyline_probability=round(pair.storyline_probability, 6),
            similarity=round(pair.similarity, 3),
            coverage_a=round(pair.coverage_a, 3),
            coverage_b=round(pair.coverage_b, 3),
            relation=Relation(relation).code,
            otherwise=Relation(otherwise).code,
            apart=self._apart.index(apart(pair.days_apart)),
            contained=NONE if pair.contained is None else self.article(pair.contained),
        )

    def _story_row(self, story: Story, *, in_full: bool) -> StoryRow:
        # One story at a time: the documents of a big batch are never in memory together.
        documents = sorted((self._documents[article.id] for article in story.articles), key=_by_date)
        heads = headline_articles(story, self._documents)
        members = self._members(documents, heads, in_full=in_full)
        membership = {article.id: share for article, share in zip(story.articles, story.membership, strict=True)}
        sources = sorted({document.article.source for document in documents if document.article.source})
        days = [date(document.article.published) for document in documents if moment(document.article.published)]
        return StoryRow(
            members=self._indexes(members),
            heads=self._indexes(heads),
            size=len(story),
            strength=round(story.strength, 6),
            weakest=round(story.weakest, 6),
            membership=[round(membership[id], 4) for id in members],
            roundups=self._indexes(id for id in members if id in story.roundups),
            languages=[self._languages.index(code) for code in story.languages],
            sources=[self._source(source) for source in sources[:SOURCES_PER_STORY]],
            source_count=len(sources),
            first_day=days[0] if days else "",
            last_day=days[-1] if days else "",
        )

    def _members(self, documents: Sequence[Document], heads: Sequence[str], *, in_full: bool) -> list[str]:
        """The articles that the page shows of a story, in the order of its documents."""
        ids = [document.article.id for document in documents]
        if not in_full:
            return [id for id in ids if self.has_article(id)]
        others = [id for id in ids if id not in heads][: ARTICLES_PER_STORY - len(heads)]
        shown = {*heads, *others}
        return [id for id in ids if id in shown]

    def _indexes(self, ids: Iterable[str]) -> list[Index]:
        return [self.article(id) for id in ids]

    def _source(self, source: str | None) -> Index:
        name = line(source or "", 80)
        return self._sources.index(name) if name else NONE

    def _add(self, table: list[Row], row: Row) -> None:
        table.append(row)
        self.size += size_in_page(row)


def _by_date(document: Document) -> tuple[datetime, str]:
    return moment(document.article.published) or _NO_DATE, document.article.id


def headline_articles(story: Story, documents: Mapping[str, Document]) -> list[str]:
    """The articles whose headlines represent a story: its representative, then the firmest of other languages."""
    firmest: dict[str, tuple[float, str]] = {}
    for article, membership in zip(story.articles, story.membership, strict=True):
        language = documents[article.id].language
        firmest[language] = min(firmest.get(language, (1.0, article.id)), (-membership, article.id))
    representative = story.representative.id
    firmest.pop(documents[representative].language)
    return [representative, *(id for _, id in sorted(firmest.values())[: HEADLINES_PER_STORY - 1])]
