"""A run resumes after one that was stopped, and writes the same files as a run that was never stopped."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import detector.detector
from detector.cli import commands
from detector.encoding.encoder import SentenceTransformerEncoder
from tests.encoding.languages import SENTENCES
from tests.encoding.tiny import write_other_model

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="signals and processes of POSIX")]

ARTICLES, SHARD = 41, 8
# The last two are the writing of the report.
STAGES = ("read", "prepare", "encode", "neutralise", "candidates", "evidence", "score", "cluster", "mark", "report")

# Runs each command it is given in its own process and prints how it ended. If a stage is named, the process
# sends itself the signal in the middle of it: after three quarters, or at its twentieth function call if the stage has
# no total. In the report it does so before its third file is put in place, or before the first, which marks the folder.
STOPPING = """
import json, os, pathlib, signal, sys, traceback
from contextlib import contextmanager

import sentence_transformers

from detector.cli import commands
from detector.encoding import cached as kept
from detector.preparing import prepare
from detector.execution.progress import Stages
from detector.records import Article
from detector.pairs.terms import extract_terms

# Loaded once, since it takes long.
document = prepare(Article("a", "The river rose in the night of 7 May 2026."))
extract_terms(document.sentences, document.language)
kept.SHARD = int(sys.argv[1])
original_stage, original_replace = Stages.stage, pathlib.Path.replace


def stop_in(stage, number):
    calls = 0

    def stop():
        os.kill(os.getpid(), number)

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls == 20:
            stop()

    @contextmanager
    def stopping(self, name, total=None):
        with original_stage(self, name, total) as advance:
            done = 0

            def advance_or_stop(more):
                nonlocal done
                done += more
                if name == stage and total and done > 0.75 * total:
                    stop()
                advance(more)

            sys.setprofile(count if name == stage and not total else None)
            yield advance_or_stop
            sys.setprofile(None)

    def replace(self, target):
        nonlocal calls
        calls += 1
        if calls == (1 if stage == "mark" else 3):
            stop()
        return original_replace(self, target)

    Stages.stage = stopping
    if stage in ("mark", "report"):
        pathlib.Path.replace = replace


for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        said = os.open(job["said"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if job["stage"]:
            stop_in(job["stage"], job["signal"])
        code = 70
        try:
            code = commands.main(job["arguments"])
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class RunFiles:
    """The files of a run: its cache, its report, and what it printed; `arguments` of an undisturbed run."""

    def __init__(self, folder: Path, articles: Path, model: Path | None) -> None:
        folder.mkdir(exist_ok=True)
        self.cache, self.output, self.said = folder / "cache.sqlite", folder / "report", folder / "said.txt"
        named = [] if model is None else ["--model", str(model)]
        self.arguments = ["report", str(articles), "--output", str(self.output), "--cache", str(self.cache), "--quiet"]
        self.arguments += named

    @property
    def files(self) -> dict[str, bytes]:
        """The content of each file written, except run.json."""
        return {path.name: path.read_bytes() for path in self.output.iterdir() if path.name != "run.json"}

    @property
    def run(self) -> dict[str, Any]:
        """The content of run.json."""
        facts: dict[str, Any] = json.loads((self.output / "run.json").read_text(encoding="utf-8"))
        return facts

    @property
    def lines(self) -> list[str]:
        """The lines that the last run in its own process printed."""
        return self.said.read_text(encoding="utf-8").splitlines()

    @property
    def kept(self) -> int:
        """How many texts are in the cache."""
        if not self.cache.exists():
            return 0
        with closing(sqlite3.connect(self.cache)) as connection:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])


class Processes:
    """Runs commands, each in its own process, with shards of few articles."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", STOPPING, str(SHARD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, place: RunFiles, stage: str | None = None, number: int = signal.SIGKILL) -> int:
        """The exit code of a run that gets the signal in the middle of the stage."""
        assert self._parent.stdin
        assert self._parent.stdout
        job = {"arguments": place.arguments, "said": str(place.said), "stage": stage, "signal": int(number)}
        self._parent.stdin.write(json.dumps(job) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def end(self) -> None:
        self._parent.communicate()


def start(place: RunFiles) -> subprocess.Popen[str]:
    """The plain command, as a user would start it."""
    command = [sys.executable, "-m", "detector", *place.arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    found = Processes()
    yield found
    found.end()


@pytest.fixture(scope="module")
def articles(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds and small articles in twelve languages, some of which share sentences."""
    folder = tmp_path_factory.mktemp("articles")
    for path in seeds.iterdir():
        (folder / path.name).symlink_to(path)
    codes = ["de", "fr", "it", "es", "pl", "pt", "cs", "en", "tr", "fi", "hu", "ru"]
    with (folder / "small.jsonl").open("w", encoding="utf-8") as file:
        for place, code in enumerate(codes):
            own, more = SENTENCES[code], SENTENCES[codes[place - 1]]
            for number, text in enumerate((own, f"{own} {more}", f"{more} {own} {place} km.")):
                file.write(json.dumps({"id": f"{code}-{number}", "text": text}, ensure_ascii=False) + "\n")
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model that loads and encodes fast."""
    return write_other_model(tmp_path_factory.mktemp("tiny"), "mean")


@pytest.fixture(scope="module")
def never_stopped(articles: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFiles:
    """A run with the tiny model that was not stopped."""
    place = RunFiles(tmp_path_factory.mktemp("whole"), articles, model)
    with start(place) as process:
        said, _ = process.communicate()
    place.said.write_text(said, encoding="utf-8")
    assert process.returncode == 0, said
    counts = place.run["counts"]
    assert counts["articles"] == ARTICLES
    assert counts["stories_of_two_or_more"] > 1
    assert counts["languages"] > 9
    return place


@pytest.fixture
def place(tmp_path: Path, articles: Path, model: Path) -> RunFiles:
    return RunFiles(tmp_path, articles, model)


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_is_resumed(processes: Processes, never_stopped: RunFiles, place: RunFiles, stage: str) -> None:
    assert processes.run(place, stage) == -signal.SIGKILL
    kept = place.kept
    assert not (place.output / "report.html").exists()
    assert processes.run(place) == 0, place.lines
    assert place.files == never_stopped.files
    assert place.lines == never_stopped.lines
    if stage in ("read", "prepare"):
        assert kept == 0
    elif stage == "encode":
        assert 0 < kept < ARTICLES
        assert kept % SHARD == 0
    else:
        assert kept >= ARTICLES
    assert place.run["articles_in_cache"] == min(kept, ARTICLES)


def test_a_run_killed_several_times_is_resumed(processes: Processes, never_stopped: RunFiles, place: RunFiles) -> None:
    for stage in ("encode", "evidence", "report"):
        assert processes.run(place, stage) == -signal.SIGKILL
    assert processes.run(place) == 0
    assert place.files == never_stopped.files


def test_an_interrupted_run_prints_in_one_line_how_to_resume(
    processes: Processes, never_stopped: RunFiles, place: RunFiles
) -> None:
    assert processes.run(place, "encode", signal.SIGINT) == 130
    kept = place.kept
    assert place.lines == [
        f"detector: interrupted: output incomplete. {kept:,} of {ARTICLES:,} articles are cached; "
        "run the same command again to resume."
    ]
    assert list(place.output.iterdir()) == []
    assert 0 < kept < ARTICLES
    assert kept % SHARD == 0
    assert processes.run(place) == 0
    assert place.files == never_stopped.files
    assert place.run["articles_in_cache"] == kept


def test_two_runs_at_once_share_the_cache_of_a_killed_one(processes: Processes, articles: Path, tmp_path: Path) -> None:
    """With the embedded model, on the small articles alone."""
    small = articles / "small.jsonl"
    first, second, whole = (RunFiles(tmp_path / name, small, None) for name in ("first", "second", "whole"))
    with start(whole) as undisturbed:
        assert processes.run(first, "encode") == -signal.SIGKILL
        said, _ = undisturbed.communicate()
    assert (undisturbed.returncode, said) == (0, "")
    kept = first.kept
    assert 0 < kept < whole.run["counts"]["articles"]
    assert kept % SHARD == 0
    second.arguments[second.arguments.index("--cache") + 1] = str(first.cache)
    with start(first) as one, start(second) as other:
        said = one.communicate()[0] + other.communicate()[0]
    assert (one.returncode, other.returncode, said) == (0, 0, "")
    for place in (first, second):
        assert place.files == whole.files
        assert place.run["articles_in_cache"] >= kept
    assert whole.run["articles_in_cache"] == 0


@pytest.fixture
def loaded(encoder: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands in this process use the embedded model that is loaded already."""
    monkeypatch.setattr(detector.detector, "load_encoder", lambda *_, **options: encoder)


def test_a_damaged_cache_is_reported_in_one_line_and_changes_nothing(
    loaded: None, seeds: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = RunFiles(tmp_path, seeds, None)
    assert commands.main(place.arguments) == 0
    before, content = place.files, place.cache.read_bytes()
    place.cache.write_bytes(b"notes\n" * 1000 + content[6000:])
    capfd.readouterr()
    assert commands.main(place.arguments) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"detector: note: {place.cache} is damaged (")
    assert "articles will be encoded again" in err
    assert place.files == before
    assert place.run["articles_in_cache"] == 0
    assert commands.main(place.arguments) == 0
    assert capfd.readouterr() == ("", "")
    assert place.files == before
    assert place.run["articles_in_cache"] == 5


def test_without_a_cache_nothing_is_cached_and_the_files_are_the_same(
    loaded: None, seeds: Path, tmp_path: Path
) -> None:
    place = RunFiles(tmp_path, seeds, None)
    assert commands.main(place.arguments) == 0
    before = place.files
    at = place.arguments.index("--cache")
    place.arguments[at : at + 2] = ["--no-cache"]
    assert commands.main(place.arguments) == 0
    assert place.files == before
    assert place.run["articles_in_cache"] == 0
