"""The input of the report: a detection result, and what several files of the report look up in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from detector.records import Document, Evidence, Pair, Rejected, Relation, Story, Storyline
from detector.reporting.phrases import title_of


class ReportedResult(Protocol):
    """The parts of a detection result that the report uses."""

    @property
    def documents(self) -> Sequence[Document]:
        """The prepared articles, sorted by id."""
        ...

    @property
    def stories(self) -> Sequence[Story]:
        """The stories, the largest first; every document is in exactly one."""
        ...

    @property
    def storylines(self) -> Sequence[Storyline]:
        """The storylines, the largest first; every story is in exactly one."""
        ...

    @property
    def pairs(self) -> Sequence[Pair]:
        """The pairs above the reporting floor, those most likely of one event first."""
        ...

    @property
    def rejected(self) -> Sequence[Rejected]:
        """The records that could not be read."""
        ...

    @property
    def threshold(self) -> float:
        """The probability from which articles are one story, 0 to 1."""
        ...

    @property
    def storyline_threshold(self) -> float:
        """The storyline probability from which stories are one storyline, 0 to 1."""
        ...

    @property
    def run(self) -> Mapping[str, Any]:
        """The content of run.json."""
        ...

    def scored(self, minimum_probability: float) -> Sequence[Pair]:
        """Every candidate pair with a storyline probability at or above this, those most likely of one event first."""
        ...

    def relations_to_representatives(self) -> Mapping[str, Relation]:
        """By its id, how each article is related to the representative of its story, except to itself."""
        ...

    def explain(self, article_a: str, article_b: str, *, clauses: bool = True) -> Evidence:
        """The evidence between two articles, by clauses or by sentences only."""
        ...

    def rethreshold(self, threshold: float) -> ReportedResult:
        """The same articles and pairs clustered at another threshold."""
        ...


# Only the largest stories are read clause by clause, since it costs as much as encoding their articles again.
READ_CLOSELY = 500


class ReportData:
    """A result with its documents by article id and its links (pairs inside a story) by story."""

    def __init__(self, result: ReportedResult) -> None:
        self.result = result
        self.documents: Mapping[str, Document] = _ById(result.stories)
        self._story_of = {id: story.id for story in result.stories for id in story.article_ids}
        self._titles: dict[str, str] = {}
        self._links: dict[str, list[Pair]] = {}
        for pair in result.pairs:
            if self.joined(pair):
                self._links.setdefault(self._story_of[pair.article_a], []).append(pair)
        self._closely = {story.id for story in multi_article_stories(result)[:READ_CLOSELY]}
        self._evidence: dict[tuple[str, str], Evidence] = {}

    def story_id(self, article: str) -> str:
        """The id of the story that an article is in."""
        return self._story_of[article]

    def title(self, article: str) -> str | None:
        """The title of an article, None if it has none; kept, as many pairs ask for it."""
        if article not in self._titles:
            self._titles[article] = title_of(self.documents[article])
        return self._titles[article] or None

    def joined(self, pair: Pair) -> bool:
        """Whether both articles of the pair are in the same story."""
        return self._story_of[pair.article_a] == self._story_of[pair.article_b]

    def links(self, story: Story) -> Sequence[Pair]:
        """The pairs inside the story that reach the reporting floor, strongest first."""
        return self._links.get(story.id, ())

    def read_closely(self, pair: Pair) -> bool:
        """Whether the evidence of the pair includes additions inside sentences."""
        return self._story_of[pair.article_a] in self._closely

    def evidence(self, pair: Pair) -> Evidence:
        """The evidence of a pair; that of stories read closely is kept, since several files show it."""
        key = (pair.article_a, pair.article_b)
        if key in self._evidence:
            return self._evidence[key]
        closely = self.read_closely(pair)
        found = pair.evidence or self.result.explain(*key, clauses=closely)
        if closely:
            self._evidence[key] = found
        return found


class _ById(Mapping[str, Document]):
    """The documents of all stories by article id, each opened when it is asked for: a big batch is in a file."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._positions = {id: (story, index) for story in stories for index, id in enumerate(story.article_ids)}

    def __getitem__(self, id: str) -> Document:
        story, index = self._positions[id]
        return story.documents[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


def multi_article_stories(result: ReportedResult) -> list[Story]:
    """The stories of two or more articles: the largest first, then those in the most languages, then the strongest."""
    several = (story for story in result.stories if len(story) > 1)
    return sorted(several, key=lambda story: (-len(story), -len(story.languages), -story.strength, story.id))


def multi_story_storylines(result: ReportedResult) -> list[Storyline]:
    """The storylines of two or more stories, the largest first."""
    return [storyline for storyline in result.storylines if len(storyline) > 1]


def is_multilingual(story: Story) -> bool:
    """Whether the story has articles in several languages."""
    return len(story.languages) > 1
