"""The views for a terminal. Article text goes in as `Text`, cleaned: never as markup, never as an escape sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detector.records import Evidence, Pair
from detector.reporting.reported import ReportedResult, crosses_languages, told_more_than_once
from detector.reporting.words import apart, headline, language_name, likelihood, line, percent, relation_of, verdict

STORIES = 20


def story_table(result: ReportedResult) -> Table:
    """The first stories of two or more, those across languages marked, each on one line of whatever width there is."""
    several = told_more_than_once(result)
    documents = {document.article.id: document for document in result.documents}
    table = Table(box=None, expand=True, pad_edge=False, header_style="dim")
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("languages", max_width=20, no_wrap=True, overflow="ellipsis")
    table.add_column("across", no_wrap=True)
    table.add_column("strength", justify="right", no_wrap=True)
    table.add_column("story", no_wrap=True, overflow="ellipsis", ratio=1)
    for story in several[:STORIES]:
        table.add_row(
            str(len(story)),
            Text(line(" ".join(story.languages))),
            Text("yes", style="bold") if crosses_languages(story) else "",
            likelihood(story.strength),
            Text(headline(documents[story.representative.id])),
        )
    if len(several) > STORIES:
        table.caption = f"and {len(several) - STORIES} more"
        table.caption_justify = "left"
    return table


def pair_view(pair: Pair, title_a: str, title_b: str) -> Group:
    """Two articles side by side: the score in words and numbers, and the evidence where it is filled in."""
    parts: list[RenderableType] = [
        Text(f"{verdict(pair.probability).capitalize()} ({likelihood(pair.probability)})", style="bold"),
        _scores(pair, title_a, title_b),
    ]
    if pair.evidence is not None:
        parts.extend(_evidence(pair, pair.evidence))
    return Group(*parts)


def _scores(pair: Pair, title_a: str, title_b: str) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (
        ("A", f"{line(title_a)} ({language_name(pair.language_a)})"),
        ("B", f"{line(title_b)} ({language_name(pair.language_b)})"),
        ("relation", relation_of(pair)),
        ("similarity", f"{pair.similarity:.2f}"),
        ("cosine", f"{pair.cosine:.2f}"),
        ("coverage", f"{percent(pair.coverage_a)} of A, {percent(pair.coverage_b)} of B"),
        ("apart", apart(pair.days_apart)),
    ):
        table.add_row(name, Text(line(value)))
    return table


def _evidence(pair: Pair, evidence: Evidence) -> Iterator[RenderableType]:
    """Each kind of evidence under its heading, those that are empty left out."""
    if evidence.aligned:
        yield from _headed("Aligned sentences", _aligned(pair, evidence))
    if evidence.disagreements:
        yield from _headed("Numbers and names that disagree", _disagreements(evidence))
    if evidence.shared_numbers:
        yield from _headed("Shared numbers", _indented([", ".join(evidence.shared_numbers)]))
    if evidence.shared_names:
        names = [a if a == b else f"{a} = {b}" for a, b in evidence.shared_names]
        yield from _headed("Shared names", _indented([", ".join(names)]))
    if evidence.only_a:
        yield from _headed("Only in A", _indented(evidence.only_a))
    if evidence.only_b:
        yield from _headed("Only in B", _indented(evidence.only_b))
    if evidence.shares:
        yield from _headed("Share of the score (log odds)", _shares(evidence))


def _headed(heading: str, content: RenderableType) -> tuple[RenderableType, ...]:
    return Text(), Text(heading, style="bold"), content


def _aligned(pair: Pair, evidence: Evidence) -> Table:
    """Two columns of equal width, the cosine after them; the number tells the rows apart for the disagreements."""
    table = Table(box=None, expand=True, pad_edge=False, header_style="dim", padding=(0, 2, 1, 0))
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column(Text(f"A, {language_name(pair.language_a)}"), ratio=1, overflow="fold")
    table.add_column(Text(f"B, {language_name(pair.language_b)}"), ratio=1, overflow="fold")
    table.add_column("cosine", justify="right", no_wrap=True)
    for number, aligned in enumerate(evidence.aligned, 1):
        table.add_row(str(number), Text(line(aligned.text_a)), Text(line(aligned.text_b)), f"{aligned.cosine:.2f}")
    return table


def _disagreements(evidence: Evidence) -> RenderableType:
    return _indented(
        f"{place + 1}: A {', '.join(numbers_a) or 'none'}; B {', '.join(numbers_b) or 'none'}"
        for place, numbers_a, numbers_b in evidence.disagreements
    )


def _shares(evidence: Evidence) -> RenderableType:
    """The features that weigh most come first."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for feature, share in sorted(evidence.shares.items(), key=lambda item: (-abs(item[1]), item[0])):
        table.add_row(f"{share:+.2f}", Text(line(feature)))
    return Padding(table, (0, 0, 0, 2))


def _indented(texts: Iterable[str]) -> RenderableType:
    return Padding(Group(*(Text(line(text)) for text in texts)), (0, 0, 0, 2))
