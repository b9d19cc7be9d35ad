"""With `--allowed-skips` a run fails on a skip that is not listed, be it the skip of a test or of a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.allowed_skips import unexpected_skips

OF_A_TEST = "tests/test_one.py: no such processor"
OF_A_FILE = "tests/test_file.py: could not import 'pyarrow'"


def config(*listed: Path) -> pytest.Config:
    """The configuration of a run that skipped one test and one file."""
    skipped = [
        SimpleNamespace(nodeid="tests/test_one.py::test_it", longrepr=("", 3, "Skipped: no such processor")),
        SimpleNamespace(nodeid="tests/test_file.py", longrepr=("", 1, "Skipped: could not import 'pyarrow'")),
    ]
    plugins = SimpleNamespace(get_plugin=lambda name: SimpleNamespace(stats={"skipped": skipped}))
    return cast(pytest.Config, SimpleNamespace(option=SimpleNamespace(allowed_skips=listed), pluginmanager=plugins))


@pytest.mark.parametrize(
    ("lines", "unexpected"),
    [
        ([OF_A_TEST, OF_A_FILE], []),
        (["tests/*: no such*", "tests/test_file.py: could not import*"], []),
        (["# a comment", "", OF_A_FILE], [OF_A_TEST]),
        ([f"# {OF_A_TEST}", "tests/test_one.py: could not import*"], [OF_A_TEST, OF_A_FILE]),
        ([], [OF_A_TEST, OF_A_FILE]),
    ],
)
def test_a_skip_is_expected_if_a_line_matches_its_file_and_reason(
    tmp_path: Path, lines: list[str], unexpected: list[str]
) -> None:
    listed = tmp_path / "allowed.txt"
    listed.write_text("\n".join(lines))
    assert unexpected_skips(config(listed)) == unexpected


def test_the_lists_add_up(tmp_path: Path) -> None:
    (tmp_path / "all.txt").write_text(OF_A_TEST)
    (tmp_path / "more.txt").write_text(OF_A_FILE)
    assert unexpected_skips(config(tmp_path / "all.txt", tmp_path / "more.txt")) == []


def test_an_unexpected_skip_fails_the_run_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_file.py").write_text("import pytest\n\npytest.importorskip('no_such_module')\n")
    (tmp_path / "test_one.py").write_text("def test_it():\n    pass\n")
    (tmp_path / "allowed.txt").write_text("")
    plugin = ["-p", "tests.allowed_skips", "--allowed-skips", "allowed.txt"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, "--rootdir", ".", "."]
    path = os.pathsep.join(filter(None, (str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": ""}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 passed, 1 skipped" in ended.stdout
    assert "not an expected skip: test_file.py: could not import 'no_such_module'" in ended.stdout
    assert ended.returncode == 1
