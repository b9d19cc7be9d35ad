"""The measured tables in the Markdown files are those of the results files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector import load_profile
from detector.encoding.loading import EMBEDDED_MODEL
from detector.evaluation.known_relations import KnownPair
from detector.evaluation.relation_metrics import figures_of
from detector.pairs.features import FEATURES
from detector.records import Article, Pair, Relation
from tests.benchmarks.markdown_tables import PROFILE_TABLES, TABLES, filled, relations
from tests.benchmarks.results_files import RESULTS

FOLDER = Path(__file__).parent
FILES = pytest.mark.parametrize(
    "path", [FOLDER.parent.parent / "README.md", FOLDER / "README.md"], ids=["README", "benchmarks"]
)


@FILES
def test_every_table_of_a_file_is_the_measured_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert filled(text) == text


@pytest.mark.parametrize("name", [*TABLES, *PROFILE_TABLES])
def test_every_measured_table_is_among_the_benchmarks(name: str) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    start, end = text.index(f"<!-- {name} -->"), text.index(f"<!-- /{name} -->")
    assert text[start:end].count("\n| ") >= 3


def test_the_profile_has_an_ablation_of_each_of_its_features() -> None:
    table = filled("<!-- ablations -->\n<!-- /ablations -->")
    profile = load_profile(EMBEDDED_MODEL)
    assert profile.scoring is not None
    assert profile.scoring.features == FEATURES
    assert all(f"| without {feature} |" in table for feature in FEATURES)


def test_relations_are_added_up_over_the_sets() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    known = [KnownPair(a, b, "partial reuse", "first half", str(index), "a") for index in range(3)]
    predicted = [
        Pair("a", "b", 0.9, 0.9, 0.9, 1, 1, Relation(relation), "en", "en", contained="a", storyline_probability=0.9)
        for relation in ("partial reuse", "partial reuse", "copy")
    ]
    figures = figures_of(known, predicted)
    table = relations({"one set": figures, "another": figures})
    assert "**partial reuse** (6) |  | 2 | 4 |  |  |  |  | 1.000 | 0.667 |" in table


def test_text_outside_the_marks_and_unknown_marks_stay_as_they_are(tmp_path: Path) -> None:
    text = "before <!-- seeds -->old<!-- /seeds --> between <!-- other -->kept<!-- /other --> after"
    assert filled(text, tmp_path) == text
    (tmp_path / "seeds.json").write_text((RESULTS / "seeds.json").read_text(encoding="utf-8"), encoding="utf-8")
    made = filled(text, tmp_path)
    assert made.startswith("before <!-- seeds -->\n| pair |")
    assert "old" not in made
    assert made.endswith("between <!-- other -->kept<!-- /other --> after")
    assert json.loads((RESULTS / "seeds.json").read_text(encoding="utf-8"))["seeds"]
