"""The measured tables of the README come from what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from detector import load_profile
from detector.encoding.loading import EMBEDDED_MODEL
from detector.pairs.features import FEATURES
from tests.benchmarks.benchmark import RESULTS
from tests.benchmarks.readme import PROFILE_TABLES, TABLES, filled

README = Path(__file__).parent.parent.parent / "README.md"


def test_every_table_of_the_readme_is_as_it_was_measured() -> None:
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text


def test_every_measured_table_stands_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    for name in (*TABLES, *PROFILE_TABLES):
        start, end = text.index(f"<!-- {name} -->"), text.index(f"<!-- /{name} -->")
        assert text[start:end].count("\n| ") >= 3, name


def test_the_profile_tells_what_each_of_its_features_earns() -> None:
    table = filled("<!-- ablations -->\n<!-- /ablations -->")
    profile = load_profile(EMBEDDED_MODEL)
    assert profile.scoring is not None
    assert profile.scoring.features == FEATURES
    assert all(f"| without {feature} |" in table for feature in FEATURES)


def test_text_outside_the_marks_and_unknown_marks_are_left_alone(tmp_path: Path) -> None:
    text = "before <!-- seeds -->old<!-- /seeds --> between <!-- other -->kept<!-- /other --> after"
    assert filled(text, tmp_path) == text
    (tmp_path / "seeds.json").write_text((RESULTS / "seeds.json").read_text(encoding="utf-8"), encoding="utf-8")
    made = filled(text, tmp_path)
    assert made.startswith("before <!-- seeds -->\n| pair |")
    assert "old" not in made
    assert made.endswith("between <!-- other -->kept<!-- /other --> after")
    assert json.loads((RESULTS / "seeds.json").read_text(encoding="utf-8"))["seeds"]
