"""stories.gexf: the stories of two or more articles as a graph, for Gephi and similar programs."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from xml.sax.saxutils import quoteattr

from detector._moments import moment
from detector.records import Pair, Story
from detector.reporting.phrases import headline, title_of
from detector.reporting.report_data import ReportData, multi_article_stories
from detector.reporting.sanitize import line

Value: TypeAlias = str | float | bool | None

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
  <meta>
    <creator>detector</creator>
  </meta>
  <graph defaultedgetype="undirected" mode="static">
"""
_FOOT = "  </graph>\n</gexf>\n"
# GEXF has no type for dates: `published` is the text of the article, `published_unix` is in seconds since 1970, to
# sort, filter and color by.
NODE_ATTRIBUTES = {
    "article": "string",
    "title": "string",
    "language": "string",
    "source": "string",
    "published": "string",
    "published_unix": "long",
    "story": "string",
    "story_size": "integer",
    "representative": "boolean",
    "probability": "double",
    "storyline": "string",
}
EDGE_ATTRIBUTES = {
    "similarity": "double",
    "relation": "string",
    "coverage_a": "double",
    "coverage_b": "double",
    "storyline_probability": "double",
}
_SIZE, _SIZE_OF_REPRESENTATIVE = 8, 14


def stories_gexf(report: ReportData) -> Iterator[str]:
    """Articles as nodes, colored by language, and links as edges, weighted by probability; in small pieces of text.

    The file holds no time of writing: the same input gives the same bytes.
    """
    stories = multi_article_stories(report.result)
    # Article ids cannot be node ids: without characters that XML does not allow, two of them could become one.
    node_ids: dict[str, int] = {}
    yield _HEAD
    yield from _declarations("node", NODE_ATTRIBUTES)
    yield from _declarations("edge", EDGE_ATTRIBUTES)
    yield "    <nodes>\n"
    colors = _colors(stories)
    for story in stories:
        yield from _nodes(story, report, node_ids, colors)
    yield "    </nodes>\n    <edges>\n"
    links = (pair for story in stories for pair in report.links(story))
    yield from (_edge(edge_id, pair, node_ids) for edge_id, pair in enumerate(links))
    yield "    </edges>\n" + _FOOT


def _declarations(kind: str, types: Mapping[str, str]) -> Iterator[str]:
    yield f'    <attributes class="{kind}">\n'
    for name, type_ in types.items():
        yield f'      <attribute id="{name}" title="{name}" type="{type_}"/>\n'
    yield "    </attributes>\n"


def _colors(stories: Iterable[Story]) -> dict[str, str]:
    """A color for each language, evenly spaced on the color circle."""
    languages = sorted({language for story in stories for language in story.languages})
    colors = {}
    for index, language in enumerate(languages):
        red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(index / len(languages), 0.5, 0.6))
        colors[language] = f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
    return colors


def _nodes(story: Story, report: ReportData, node_ids: dict[str, int], colors: Mapping[str, str]) -> Iterator[str]:
    representative = story.representative.id
    for article, probability in zip(story.articles, story.membership, strict=True):
        node_id = node_ids[article.id] = len(node_ids)
        document = report.documents[article.id]
        published = moment(article.published)
        is_representative = article.id == representative
        values = (
            article.id,
            title_of(document),
            document.language,
            article.source,
            article.published,
            None if published is None else int(published.timestamp()),
            story.id,
            len(story),
            is_representative,
            probability,
            story.storyline,
        )
        size = _SIZE_OF_REPRESENTATIVE if is_representative else _SIZE
        yield (
            f'      <node id="{node_id}" label={_attribute(headline(document))}>{_values(NODE_ATTRIBUTES, values)}'
            f'{colors[document.language]}<viz:size value="{size}"/></node>\n'
        )


def _edge(edge_id: int, pair: Pair, node_ids: Mapping[str, int]) -> str:
    ends = f'source="{node_ids[pair.article_a]}" target="{node_ids[pair.article_b]}"'
    weight = f'weight="{pair.probability:z.6f}"'
    values = _values(EDGE_ATTRIBUTES, [getattr(pair, name) for name in EDGE_ATTRIBUTES])
    return f'      <edge id="{edge_id}" {ends} {weight}>{values}</edge>\n'


def _values(names: Iterable[str], values: Iterable[Value]) -> str:
    """The attributes that have a value."""
    present = ((name, value) for name, value in zip(names, values, strict=True) if value not in (None, ""))
    written = "".join(f'<attvalue for="{name}" value={_attribute(value)}/>' for name, value in present)
    return f"<attvalues>{written}</attvalues>"


def _attribute(value: Value) -> str:
    """The value in quotes; a text on one line and without the characters that XML does not allow."""
    match value:
        case str():
            return quoteattr(line(value))
        case bool():
            return '"true"' if value else '"false"'
        case float():
            return f'"{value:z.6f}"'
        case _:
            return f'"{value}"'
