"""stories.gexf: a graph any XML parser reads, of the stories of two or more and their links."""

import xml.etree.ElementTree as ET

from detector.reporting.graph import stories_gexf
from detector.reporting.reported import Gathered

GEXF = "{http://gexf.net/1.3}"


def parsed(result):
    return ET.fromstring(stories_gexf(Gathered(result)).encode())


def values(element):
    return {value.get("for"): value.get("value") for value in element.iter(f"{GEXF}attvalue")}


def test_nodes_are_the_articles_of_stories_of_two_or_more(result):
    nodes = {values(node)["article"]: node for node in parsed(result).iter(f"{GEXF}node")}
    assert set(nodes) == {article.id for story in result.stories[:2] for article in story.articles}
    english = nodes["summit-en.txt"]
    assert english.get("label") == "Climate summit ends with deal on $300 billion"
    assert values(english) == {
        "article": "summit-en.txt",
        "title": "Climate summit ends with deal on $300 billion",
        "language": "en",
        "source": "The Morning Paper",
        "published": "2024-11-24T04:10:00Z",
        "story": "s-summit-ar.txt",
    }


def test_edges_are_their_links_weighted_by_probability(result):
    root = parsed(result)
    articles = {node.get("id"): values(node)["article"] for node in root.iter(f"{GEXF}node")}
    edges = {(articles[edge.get("source")], articles[edge.get("target")]): edge for edge in root.iter(f"{GEXF}edge")}
    assert len(edges) == 6
    flood = edges["flood-a.txt", "flood-b.txt"]
    assert flood.get("weight") == "0.999200"
    assert values(flood) == {"similarity": "0.800000", "relation": "copy"}


def test_every_value_refers_to_a_declared_attribute(result):
    root = parsed(result)
    declared = {attribute.get("id") for attribute in root.iter(f"{GEXF}attribute")}
    assert {value.get("for") for value in root.iter(f"{GEXF}attvalue")} <= declared


def test_hostile_texts_leave_it_valid(hostile):
    root = parsed(hostile)
    assert len(list(root.iter(f"{GEXF}node"))) == 8
    assert len({node.get("id") for node in root.iter(f"{GEXF}node")}) == 8
