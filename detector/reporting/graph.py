"""stories.gexf: the stories of two or more as a graph, for Gephi and its like."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from detector.records import Document, Pair
from detector.reporting.reported import Gathered, told_more_than_once
from detector.reporting.words import clean, headline, title_of

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMESPACE = "http://gexf.net/1.3"
_NODE_ATTRIBUTES = ("article", "title", "language", "source", "published", "story")
_EDGE_ATTRIBUTES = {"similarity": "double", "relation": "string"}


def stories_gexf(gathered: Gathered) -> str:
    """Articles as nodes and links as edges, weighted by probability. No time of writing: same input, same bytes."""
    root = ET.Element("gexf", {"xmlns": _NAMESPACE, "version": "1.3"})
    ET.SubElement(ET.SubElement(root, "meta"), "creator").text = "detector"
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    _declare(graph, "node", dict.fromkeys(_NODE_ATTRIBUTES, "string"))
    _declare(graph, "edge", _EDGE_ATTRIBUTES)
    nodes, edges = ET.SubElement(graph, "nodes"), ET.SubElement(graph, "edges")
    # Node ids are numbers: article ids are data, and two of them could become one without their illegal characters.
    numbers: dict[str, str] = {}
    for story in told_more_than_once(gathered.result):
        for article in story.articles:
            numbers[article.id] = str(len(numbers))
            _add_node(nodes, numbers[article.id], gathered.documents[article.id], story.id)
        for pair in gathered.links(story):
            _add_edge(edges, numbers, pair)
    ET.indent(root)
    return f"{_DECLARATION}\n{ET.tostring(root, encoding='unicode')}\n"


def _declare(graph: ET.Element, kind: str, types: dict[str, str]) -> None:
    attributes = ET.SubElement(graph, "attributes", {"class": kind})
    for name, type_ in types.items():
        ET.SubElement(attributes, "attribute", {"id": name, "title": name, "type": type_})


def _add_node(nodes: ET.Element, number: str, document: Document, story_id: str) -> None:
    article = document.article
    node = ET.SubElement(nodes, "node", {"id": number, "label": headline(document)})
    values = (article.id, title_of(document), document.language, article.source, article.published, story_id)
    _add_values(node, _NODE_ATTRIBUTES, values)


def _add_edge(edges: ET.Element, numbers: dict[str, str], pair: Pair) -> None:
    ends = {"source": numbers[pair.article_a], "target": numbers[pair.article_b]}
    edge = ET.SubElement(edges, "edge", {"id": str(len(edges)), **ends, "weight": f"{pair.probability:.6f}"})
    _add_values(edge, tuple(_EDGE_ATTRIBUTES), (f"{pair.similarity:.6f}", pair.relation))


def _add_values(parent: ET.Element, names: Sequence[str], values: Sequence[str | None]) -> None:
    """What is known; `clean` also takes away the characters XML does not allow."""
    holder = ET.SubElement(parent, "attvalues")
    for name, value in zip(names, values, strict=True):
        if value:
            ET.SubElement(holder, "attvalue", {"for": name, "value": clean(value)})
