"""Puts the measured tables into README.md, from the JSON files that `make bench` wrote.

    python -m detector.evaluation.readme README.md

A table stands between ``<!-- name -->`` and ``<!-- /name -->``; everything else is left alone.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from detector.evaluation.benchmark import RESULTS

Figures = Mapping[str, Any]


def seeds(figures: Figures) -> str:
    """Every pair of the seeds."""
    rows = [
        (
            name,
            row["languages"],
            f"**{row['probability']:.3f}**",
            *(f"{row[n]:.2f}" for n in ("similarity", "cosine", "coverage")),
        )
        for name, row in figures["seeds"].items()
    ]
    short = [(re.sub(r"_[0-9a-f]+\.txt", "", name), *rest) for name, *rest in rows]
    return table(("pair", "languages", "probability", "similarity", "cosine", "coverage"), short)


def stories(figures: Figures) -> str:
    """Pairwise F1 of every method on every set."""
    methods = [name for name in next(iter(figures.values())) if name not in ("set", "articles")]
    rows = [
        (method, *(f"{row[method]['pairwise']:.3f} / {row[method]['b_cubed']:.3f}" for row in figures.values()))
        for method in methods
    ]
    return table(("", *figures), rows)


def speed(figures: Figures) -> str:
    """Tokens and articles a second, beside the plain way."""
    rows = []
    for name, row in figures.items():
        for method, measured in row.items():
            if isinstance(measured, Mapping):
                rate = f"{measured['tokens_per_second']:,.0f}"
                rows.append((name, method, f"{measured['tokens']:,}", f"{measured['seconds']:.1f}", rate))
        ratio = f"{row['times_as_many_tokens_per_second']:.1f} times the tokens a second"
        rows.append((name, f"ratio ({row['precision']})", "", "", ratio))
    return table(("articles of", "", "tokens read", "seconds", "tokens a second"), rows)


def languages(figures: Figures) -> str:
    """Accuracy on titles and on whole articles."""
    rows = []
    for row in figures.values():
        for name in ("titles", "articles"):
            part = row[name]
            rows.append(
                (
                    f"{name}, {part['languages']} codes",
                    f"{part['accuracy']:.3f}",
                    f"{part['accuracy_of_those']:.3f} ({part['languages_ever_found']})",
                    f"{part['texts_per_second']:,.0f}",
                )
            )
    return table(("", "accuracy, all codes", "accuracy, codes it ever names (their number)", "texts a second"), rows)


def cleaning(figures: Figures) -> str:
    """What cleaning kept and dropped of each article."""
    rows = []
    for name, row in figures["seeds"].items():
        dropped = ", ".join(f"{reason} {count}" for reason, count in row["pieces_dropped"].items()) or "nothing"
        kept = f"{row['characters_kept']:,} of {row['characters']:,}"
        rows.append((name.split("_")[0], row["language"], kept, str(row["sentences_kept"]), dropped))
    return table(("article", "language", "characters kept", "sentences", "pieces dropped, by reason"), rows)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


TABLES: dict[str, Callable[[Figures], str]] = {
    "seeds": seeds,
    "stories": stories,
    "speed": speed,
    "languages": languages,
    "cleaning": cleaning,
}


def filled(text: str, results: Path = RESULTS) -> str:
    """The text with every marked table made anew; a table without a results file is left as it is."""
    for name, make in TABLES.items():
        path = results / f"{name}.json"
        if path.is_file():
            made = make(json.loads(path.read_text(encoding="utf-8")))
            marked = re.compile(rf"(<!-- {name} -->).*?(<!-- /{name} -->)", re.DOTALL)
            text = marked.sub(lambda match, made=made: f"{match[1]}\n{made}\n{match[2]}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(filled(readme.read_text(encoding="utf-8")), encoding="utf-8")
