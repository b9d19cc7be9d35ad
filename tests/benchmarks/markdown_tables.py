"""Writes the measured tables into Markdown files, from the JSON files under `results/` and the shipped profile.

    python -m tests.benchmarks.markdown_tables README.md tests/benchmarks/README.md

A table goes between ``<!-- name -->`` and ``<!-- /name -->``; the rest of the file stays as it is.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from detector.encoding.loading import EMBEDDED_MODEL
from detector.evaluation.relation_metrics import rates
from detector.profile import profile_folder
from detector.records import Relation
from tests.benchmarks.results_files import RESULTS

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
    """Pairwise and B-cubed F1 of every method on every set; each method has one threshold for all sets."""
    rows = [
        (
            name,
            f"{row['threshold']:g}",
            *(f"{f1['pairwise']:.3f} / {f1['b_cubed']:.3f}" for f1 in row["sets"].values()),
        )
        for name, row in figures["methods"].items()
    ]
    return table(("", "threshold", *figures["articles"]), rows)


def speed(figures: Figures) -> str:
    """Tokens a second, against the plain model."""
    rows = []
    for name, run in figures.items():
        ours = f" ({run['precision']}, {run['share_of_matrix_rate']:.0%} of the matrix rate)"
        for index, (way, row) in enumerate(run["ways"].items()):
            rows.append(
                (
                    name,
                    way if index else way + ours,
                    f"{row['tokens']:,}",
                    f"{row['seconds']:.1f}",
                    f"{row['tokens_per_second']:,.0f}",
                    f"{row['times_as_many']:.2f}",
                )
            )
    return table(("articles of", "", "tokens read", "seconds", "tokens a second", "times as many"), rows)


def pipeline(figures: Figures) -> str:
    """Articles a second from texts to stories, against the obvious script."""
    rows = [
        (
            f"{name} ({run['articles']:,})",
            way,
            f"{row['seconds']:.1f}",
            f"{run['articles'] / row['seconds']:.1f}",
            f"{row['times_as_fast']:.2f}",
        )
        for name, run in figures.items()
        for way, row in run["ways"].items()
    ]
    return table(("articles of", "", "seconds", "articles a second", "times as fast"), rows)


def scale(figures: Figures) -> str:
    """How time, memory and quality depend on the size of a batch."""
    rows = [
        (
            f"{row['articles']:,}",
            f"{row['candidates']:,}",
            f"{row['pairwise']['f1']:.3f}",
            f"{row['seconds_after_encoding']:,.0f}",
            f"{row['share_of_encoding']:.1%}",
            f"{row['milliseconds_an_article']:.1f}",
            f"{max(row['peak_memory_mb'].values()) * 1e6 / 2**30:.2f}",
        )
        for row in figures.values()
    ]
    head = ("articles", "candidate pairs", "pairwise F1", "seconds after encoding")
    more = ("share of encoding", "milliseconds an article, encoding included", "peak memory, GiB")
    return table((*head, *more), rows)


def recall(figures: Figures) -> str:
    """Recall of the index of neighbours, and the time it takes."""
    rows = [
        (
            f"{row['vectors']:,}",
            f"{row['recall']:.3f}",
            f"{row['recall_of_near_ones']:.3f}",
            f"{row['seconds_to_build']:,.0f}",
            f"{row['milliseconds_a_query']:.2f}",
        )
        for row in figures.values()
    ]
    head = ("vectors", "recall of the true 32 nearest", "recall of those as near as one story")
    return table((*head, "seconds to build", "milliseconds a query"), rows)


def relations(figures: Figures) -> str:
    """The confusion matrix of the relations over all sets, with precision and recall."""
    # Those that the figures have: earlier ones know fewer.
    names = [name for name in Relation if all(name in row["confusion"] for row in figures.values())]
    confusion: dict[str, dict[str, int]] = {
        truth: {name: sum(row["confusion"][truth][name] for row in figures.values()) for name in names}
        for truth in names
    }
    rows = [
        (
            f"**{truth}** ({sum(confusion[truth].values()):,})",
            *(f"{count:,}" if count else "" for count in confusion[truth].values()),
            *(f"{rate:.3f}" for rate in precision_recall.values()),
        )
        for truth, precision_recall in rates(confusion)["relations"].items()
    ]
    return table(("true relation (pairs), predicted as", *names, "precision", "recall"), rows)


def languages(figures: Figures) -> str:
    """Accuracy on titles and on articles."""
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
    return table(("", "accuracy, all codes", "accuracy, codes it can name (how many)", "texts a second"), rows)


def cleaning(figures: Figures) -> str:
    """What cleaning keeps and drops of each article."""
    rows = []
    for name, row in figures["seeds"].items():
        dropped = ", ".join(f"{reason} {count}" for reason, count in row["pieces_dropped"].items()) or "nothing"
        kept = f"{row['characters_kept']:,} of {row['characters']:,}"
        rows.append((name.split("_")[0], row["language"], kept, str(row["sentences_kept"]), dropped))
    return table(("article", "language", "characters kept", "sentences", "dropped pieces by reason"), rows)


def reading(figures: Figures) -> str:
    """Articles and megabytes a second of each format, and the memory of reading it."""
    rows = []
    for name, row in figures.items():
        if "missing" in row:
            rows.append((name, *[""] * 4, f"not measured without {', '.join(row['missing'])}"))
            continue
        memory = row["memory_mb"]
        rows.append(
            (
                name,
                f"{row['articles']:,}",
                f"{row['megabytes']:,.0f}",
                f"{row['articles_per_second']:,.0f}",
                f"{row['megabytes_per_second']:.1f}",
                f"{memory['peak']:,.0f}, {memory['peak'] - memory['after_importing']:,.0f}" if memory else "unknown",
            )
        )
    head = ("format", "articles", "MB", "articles a second", "MB a second")
    return table((*head, "peak memory in MB: total, above importing"), rows)


def cross_validation(figures: Figures) -> str:
    """The shipped profile on stories it was not fitted on, and on sets it was not fitted on: "0.95 (0.93)"."""
    names = {
        "probability_average_precision": "event: average precision",
        "probability_across_languages_average_precision": "across languages",
        "probability_auc": "AUC",
        "probability_calibration_error": "calibration error",
        "storyline_auc": "affair: AUC",
        "storyline_calibration_error": "calibration error",
        "event_against_development_auc": "event against development: AUC",
        "event_against_form_auc": "event against form: AUC",
        "pearson": "Pearson of similarity",
    }
    rows = []
    for name, row in figures["cross_validation"].items():
        unseen = figures["left_out"].get(name, {})
        cells = [
            f"{row[key]:.3f}" + (f" ({unseen[key]:.3f})" if key in unseen else "") if key in row else ""
            for key in names
        ]
        rows.append((name, *cells))
    return table(("set", *names.values()), rows)


def ablations(figures: Figures) -> str:
    """The main figure of each set in cross-validation, and how it changes without one feature."""
    complete = figures["cross_validation"]
    main = {name: _main_figure(row) for name, row in complete.items()}
    head = [f"{name}: {key.replace('_', ' ')}" for name, key in main.items()]
    rows = [("all features", *(f"{complete[name][key]:.4f}" for name, key in main.items()))]
    for feature, sets in figures["ablations"].items():
        changes = [sets[name][key] - complete[name][key] for name, key in main.items()]
        rows.append((f"without {feature}", *(f"{change:+.4f}" for change in changes)))
    return table(("", *head), rows)


def _main_figure(row: Mapping[str, float]) -> str:
    """The figure that a set is there for: telling events from developments, grading, or finding stories."""
    wanted = ("event_against_development_auc", "pearson", "probability_average_precision")
    return next(name for name in wanted if name in row)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


TABLES: dict[str, Callable[[Figures], str]] = {
    "seeds": seeds,
    "stories": stories,
    "speed": speed,
    "pipeline": pipeline,
    "scale": scale,
    "scale_openings": scale,
    "recall": recall,
    "relations": relations,
    "languages": languages,
    "cleaning": cleaning,
    "reading": reading,
}


# Tables of what `detector fit-profile` measured; the figures are in the profile itself.
PROFILE_TABLES: dict[str, Callable[[Figures], str]] = {"cross_validation": cross_validation, "ablations": ablations}


def filled(text: str, results: Path = RESULTS) -> str:
    """The text with every marked table replaced; a table without a results file stays as it is."""
    sources = [(name, make, results / f"{name}.json") for name, make in TABLES.items()]
    sources += [(name, make, profile_folder(EMBEDDED_MODEL) / "profile.json") for name, make in PROFILE_TABLES.items()]
    for name, make, path in sources:
        if path.is_file():
            figures = json.loads(path.read_text(encoding="utf-8"))
            made = make(figures["provenance"] if name in PROFILE_TABLES else figures)
            marked = re.compile(rf"(<!-- {name} -->).*?(<!-- /{name} -->)", re.DOTALL)
            text = marked.sub(lambda match, made=made: f"{match[1]}\n{made}\n{match[2]}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
