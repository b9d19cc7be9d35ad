"""Starting is fast because nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "jinja2",
    "numpy",
    "pandas",
    "regex",
    "rich",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
}


def heavy_modules_after(code: str) -> set[str]:
    """The heavy packages that a new Python process has loaded once the code has run."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}}, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return HEAVY & set(result.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import detector",
        "import detector; dir(detector)",
        "from detector.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from detector.cli import main\ntry: main(['report', '--help'])\nexcept SystemExit: pass",
    ],
    ids=["import", "dir", "help", "help of a command"],
)
def test_nothing_heavy_is_loaded_at_the_start(code: str) -> None:
    assert heavy_modules_after(code) == set()


def test_a_public_name_loads_what_it_needs() -> None:
    assert "sklearn" in heavy_modules_after("from detector import StoryDetector")


def test_an_unknown_name_is_refused_as_by_any_module() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Storys' from 'detector'"):
        exec("from detector import Storys")
