"""The page's script by the tools of its own language: its tests, its types and its style, as in js/README.md."""

import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parent / "js"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["test", "check"])
def test_the_script_passes(command):
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("JavaScript tools are not installed: npm is missing")
    if not (JS / "node_modules").is_dir():
        pytest.skip("JavaScript tools are not installed: run npm ci in tests/reporting/page/js")
    done = subprocess.run([npm, "run", "--silent", command], cwd=JS, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
