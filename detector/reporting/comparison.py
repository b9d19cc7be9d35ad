"""Two articles compared, for a terminal: the score in words and numbers, and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import bidirectional

from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from detector.records import Aligned, Document, Evidence, Pair
from detector.reporting.marking import marked
from detector.reporting.phrases import (
    apart,
    date,
    feature_name,
    headline,
    language_name,
    likelihood,
    meaning_of,
    percent,
    relation_of,
    verdict,
)
from detector.reporting.sanitize import line
from detector.reporting.terminal import spelled

# From so many columns on, aligned sentences are side by side.
_WIDE = 80


class PairView:
    """A pair with its evidence, if it has any; document a is that of `pair.article_a`."""

    def __init__(self, pair: Pair, a: Document, b: Document) -> None:
        self._pair, self._documents = pair, (a, b)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        parts = Group(*self._parts(_Setter(options.encoding), options.max_width))
        for segments in console.render_lines(parts, options, pad=False):
            yield from _trimmed(segments)
            yield Segment.line()

    def _parts(self, setter: _Setter, width: int) -> Iterator[RenderableType]:
        pair = self._pair
        yield Text(f"{verdict(pair.probability).capitalize()} ({likelihood(pair.probability)})", style="bold")
        yield Text()
        yield setter.labelled(dict(zip("AB", map(_about, self._documents), strict=True)))
        yield Text()
        yield setter.labelled(_scores(pair))
        if pair.evidence is not None:
            wide = width >= _WIDE and not _from_the_right(pair.evidence.aligned)
            languages = [language_name(document.language) for document in self._documents]
            yield from _evidence(setter, pair.evidence, languages if wide else None)


def _trimmed(segments: Sequence[Segment]) -> Sequence[Segment]:
    """The line without the spaces at its end."""
    for index in range(len(segments) - 1, -1, -1):
        if text := segments[index].text.rstrip():
            return [*segments[:index], Segment(text, segments[index].style)]
    return []


class _Setter:
    """Sets texts in the characters of a terminal."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding

    def text(self, text: str, shared: Iterable[str] = ()) -> Text:
        """One line, with what both articles share in bold."""
        shared = [spelled(word, self._encoding) for word in shared]
        stretches = marked(spelled(text, self._encoding), shared)
        return Text.assemble(*((stretch, "bold" if kind else "") for stretch, kind in stretches))

    def lines(self, texts: Sequence[str]) -> RenderableType:
        """One text, or a list of several with dashes."""
        if len(texts) == 1:
            return self.text(texts[0])
        table = _grid("left", "left")
        for text in texts:
            table.add_row("-", self.text(text))
        return table

    def labelled(self, texts: Mapping[str, Sequence[str]]) -> Table:
        """Texts after their labels."""
        table = _grid("left", "left")
        for name, lines in texts.items():
            for index, text in enumerate(lines):
                table.add_row(Text("" if index else name, style="dim"), self.text(text))
        return table


def _grid(*justify: JustifyMethod) -> Table:
    """Columns without lines; the last one takes the rest of the width and wraps."""
    table = Table.grid(padding=(0, 2, 0, 0))
    *fixed, last = justify
    for side in fixed:
        table.add_column(justify=side, no_wrap=True)
    table.add_column(justify=last, overflow="fold")
    return table


def _about(document: Document) -> list[str]:
    """The headline; then language, source and date, as far as known, and the id."""
    article = document.article
    known = (language_name(document.language), line(article.source or ""), date(article.published), line(article.id))
    return [headline(document), ", ".join(filter(None, known))]


def _scores(pair: Pair) -> dict[str, list[str]]:
    return {
        "relation": [relation_of(pair), *([] if pair.contained else [meaning_of(pair.relation)])],
        "same event": [likelihood(pair.probability)],
        "same affair": [likelihood(pair.storyline_probability)],
        "similarity": [f"{pair.similarity:.2f}"],
        "cosine": [f"{pair.cosine:.2f}"],
        "coverage": [f"{percent(pair.coverage_a)} of A, {percent(pair.coverage_b)} of B"],
        "apart": [apart(pair.days_apart)],
    }


def _from_the_right(aligned: Iterable[Aligned]) -> bool:
    """Whether any letter runs from right to left: terminals that reorder lines would mix columns side by side."""
    letters = {letter for pair in aligned for letter in pair.text_a + pair.text_b}
    return any(bidirectional(letter) in ("R", "AL") for letter in letters)


def _evidence(setter: _Setter, evidence: Evidence, languages: Sequence[str] | None) -> Iterator[RenderableType]:
    """Each kind of evidence that there is, under its heading.

    languages: those of both articles, to show sentences side by side; None to stack them.
    """
    shared = [*evidence.shared_numbers, *(name for names in evidence.shared_names for name in names)]
    names = [a if a == b else f"{a} = {b}" for a, b in evidence.shared_names]
    if evidence.aligned:
        if languages:
            yield from _headed("Aligned sentences", _side_by_side(setter, evidence.aligned, shared, languages))
        else:
            yield from _headed("Aligned sentences", _stacked(setter, evidence.aligned, shared))
    for heading, texts in (
        ("Numbers and names that disagree", list(_disagreements(evidence))),
        ("Shared numbers", [", ".join(evidence.shared_numbers)] * bool(evidence.shared_numbers)),
        ("Shared names", [", ".join(names)] * bool(names)),
        ("Only in A", evidence.only_a),
        ("Only in B", evidence.only_b),
    ):
        if texts:
            yield from _headed(heading, setter.lines(texts))
    if evidence.shares:
        yield from _headed("Share of the score (log odds)", _shares(setter, evidence))


def _headed(heading: str, content: RenderableType) -> tuple[RenderableType, ...]:
    return Text(), Text(heading, style="bold"), Padding(content, (0, 0, 0, 2))


def _side_by_side(
    setter: _Setter, aligned: Iterable[Aligned], shared: Sequence[str], languages: Sequence[str]
) -> Table:
    """Two columns of equal width, then the cosine; disagreements refer to the number before each row."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    heads = (f"{side}, {language}" for side, language in zip("AB", languages, strict=True))
    table.add_row("", *map(setter.text, heads), "cosine", style="dim")
    for number, pair in enumerate(aligned, 1):
        if number > 1:
            table.add_row()
        texts = (setter.text(text, shared) for text in (pair.text_a, pair.text_b))
        table.add_row(str(number), *texts, f"{pair.cosine:.2f}")
    return table


def _stacked(setter: _Setter, aligned: Iterable[Aligned], shared: Sequence[str]) -> Table:
    """Each sentence of A over its counterpart in B, the cosine under them."""
    table = _grid("right", "left", "left")
    for number, pair in enumerate(aligned, 1):
        if number > 1:
            table.add_row()
        table.add_row(Text(str(number), style="dim"), Text("A", style="dim"), setter.text(pair.text_a, shared))
        table.add_row("", Text("B", style="dim"), setter.text(pair.text_b, shared))
        table.add_row("", "", Text(f"cosine {pair.cosine:.2f}", style="dim"))
    return table


def _disagreements(evidence: Evidence) -> Iterator[str]:
    """What only one side of an aligned pair has: "2: A has 33, B has 35"."""
    for found in evidence.disagreements:
        sides = (("A", found.only_a), ("B", found.only_b))
        differences = (f"{side} has {', '.join(values)}" for side, values in sides if values)
        yield f"{found.position + 1}: {', '.join(differences)}"


def _shares(setter: _Setter, evidence: Evidence) -> Table:
    """The features with their shares, the largest first; those that round to zero are left out."""
    table = _grid("right", "left")
    for feature, share in sorted(evidence.shares.items(), key=lambda item: (-abs(item[1]), item[0])):
        if round(share, 2):
            table.add_row(f"{share:+.2f}", setter.text(feature_name(feature)))
    return table
