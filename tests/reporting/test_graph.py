"""stories.gexf: a graph any XML parser reads, of the stories of two or more and their links."""

import io
import xml.etree.ElementTree as ET

import networkx as nx

from detector.reporting.graph import stories_gexf
from detector.reporting.report_data import ReportData

GEXF = "{http://gexf.net/1.3}"


def parsed(result):
    return ET.fromstring("".join(stories_gexf(ReportData(result))).encode("utf-8", "replace"))


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
        "published_unix": "1732421400",
        "story": "s-summit-ar.txt",
        "story_size": "4",
        "representative": "false",
        "probability": "0.940000",
        "storyline": "sl-s-summit-ar.txt",
    }


def test_edges_are_their_links_weighted_by_probability(result):
    root = parsed(result)
    articles = {node.get("id"): values(node)["article"] for node in root.iter(f"{GEXF}node")}
    edges = {(articles[edge.get("source")], articles[edge.get("target")]): edge for edge in root.iter(f"{GEXF}edge")}
    assert len(edges) == 6
    flood = edges["flood-a.txt", "flood-b.txt"]
    assert flood.get("weight") == "0.999200"
    assert values(flood) == {
        "similarity": "0.800000",
        "relation": "copy",
        "coverage_a": "1.000000",
        "coverage_b": "1.000000",
        "storyline_probability": "0.999200",
    }


def test_another_reader_finds_typed_attributes_weights_and_a_color_a_language(result):
    graph = nx.read_gexf(io.BytesIO("".join(stories_gexf(ReportData(result))).encode()))
    nodes = {fields["article"]: fields for _, fields in graph.nodes(data=True)}
    assert nodes["summit-ar.txt"]["representative"] is True
    assert nodes["summit-en.txt"]["published_unix"] == 1732421400
    assert nodes["summit-en.txt"]["story_size"] == 4
    assert "published" not in nodes["summit-vi.txt"]
    colors = {tuple(fields["viz"]["color"].values()) for fields in nodes.values()}
    assert len(colors) == len({fields["language"] for fields in nodes.values()}) == 4
    assert nodes["flood-a.txt"]["viz"]["color"] == nodes["summit-en.txt"]["viz"]["color"]
    assert nodes["summit-ar.txt"]["viz"]["size"] > nodes["summit-en.txt"]["viz"]["size"]
    assert sorted(fields["weight"] for _, _, fields in graph.edges(data=True))[-1] == 0.9992
    assert {fields["relation"] for _, _, fields in graph.edges(data=True)} == {
        "copy",
        "partial reuse",
        "same story",
        "translation",
    }


def test_without_stories_the_graph_is_empty(make_result):
    root = parsed(make_result(documents=[], stories=[], candidates=[]))
    assert not list(root.iter(f"{GEXF}node"))


def test_every_value_refers_to_a_declared_attribute(result):
    root = parsed(result)
    declared = {attribute.get("id") for attribute in root.iter(f"{GEXF}attribute")}
    assert {value.get("for") for value in root.iter(f"{GEXF}attvalue")} <= declared


def test_hostile_texts_leave_it_valid(hostile):
    root = parsed(hostile)
    assert len(list(root.iter(f"{GEXF}node"))) == 8
    assert len({node.get("id") for node in root.iter(f"{GEXF}node")}) == 8


def test_a_text_stays_one_attribute_of_xml(hostile, hostile_texts):
    titles = {values(node)["title"] for node in parsed(hostile).iter(f"{GEXF}node")}
    assert "</script><script>alert(1)</script>" in titles
    assert '" onmouseover="alert(1)' in titles
