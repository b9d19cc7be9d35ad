"""The command line as its callers see it: files, exit codes, one line per message."""

from __future__ import annotations

import csv
import io
import json
import shutil
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import detector.detector
from detector.cli import commands
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from detector.reading.decoding import limits
from detector.reporting.tables import PAIR_COLUMNS, STORY_COLUMNS
from tests.encoding.tiny import write_other_model

FILES = {
    "report.html",
    "stories.csv",
    "pairs.csv",
    "stories.jsonl",
    "storylines.jsonl",
    "stories.gexf",
    "rejected.jsonl",
    "run.json",
}
EN = "The river rose a lot in the night. People left their homes and went to the school."
IT = "Il fiume è cresciuto molto nella notte. La gente ha lasciato le case ed è andata a scuola."
OTHER = "The minister opened a new museum. Many children came to see the old paintings."
Ended = tuple[int, str, str]
Run = Callable[..., Ended]


@pytest.fixture(scope="module", autouse=True)
def loaded_once(encoder: SentenceTransformerEncoder) -> Iterator[None]:
    """Every command uses the embedded model that is loaded already, unless another is named."""

    def load(model: str | None = None, **options: Any) -> SentenceTransformerEncoder:
        return encoder if model is None else load_encoder(model, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detector.detector, "load_encoder", load)
        yield


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command: its exit code, and what it wrote to stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        try:
            code = commands.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run_command


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def objects_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def one_line(ended: Ended) -> str:
    """The message of a command that did nothing: exit code 2, nothing on stdout, one line on stderr."""
    code, out, err = ended
    assert (code, out) == (2, "")
    assert err.startswith("detector"), err
    assert err.endswith("\n"), err
    assert err.count("\n") == 1, err
    return err


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Three short articles; two report one event."""
    rows = (
        {"id": "en", "text": EN},
        {"id": "it", "text": IT, "title": "Il fiume è cresciuto"},
        {"id": "other", "text": OTHER},
    )
    return write_lines(tmp_path / "few.jsonl", *rows)


def test_a_report_has_every_file_of_the_contract(run: Run, seeds: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    code, out, err = run("report", seeds, "--output", folder)
    assert (code, err) == (0, "")
    assert "5 articles, 1 story of two or more articles, 1 in several languages" in out
    assert str(folder / "report.html") in out
    assert {path.name for path in folder.iterdir()} == FILES
    stories, pairs = rows_of(folder / "stories.csv"), rows_of(folder / "pairs.csv")
    assert tuple(stories[0]) == STORY_COLUMNS
    assert tuple(pairs[0]) == PAIR_COLUMNS
    assert sorted(row["article_id"] for row in stories) == sorted(path.name for path in seeds.iterdir())
    assert pairs[0]["relation"] == "translation"
    assert all(float(row["storyline_probability"]) >= 0.2 for row in pairs)
    stories_written = objects_of(folder / "stories.jsonl")
    assert [len(story["articles"]) for story in stories_written] == [2, 1, 1, 1]
    assert stories_written[0]["id"] == stories[0]["story_id"]
    assert stories_written[0]["links"][0]["aligned"]
    assert ElementTree.parse(folder / "stories.gexf").getroot().tag.endswith("gexf")
    assert (folder / "rejected.jsonl").read_text() == ""
    run_facts = json.loads((folder / "run.json").read_text())
    assert run_facts["counts"]["articles"] == 5
    assert run_facts["counts"]["storylines"] == len(objects_of(folder / "storylines.jsonl")) <= 4
    assert {"threshold", "storyline_threshold"} < set(run_facts["options"])
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")


def test_the_model_and_its_precision_can_be_chosen(run: Run, few: Path, tmp_path: Path) -> None:
    tiny = write_other_model(tmp_path, "mean")
    ended = run("report", few, "--output", tmp_path / "out", "--model", tiny, "--precision", "int8", "--no-cache")
    assert ended[0] == 0
    assert "no profile for model" in ended[2]
    run_facts = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run_facts["model"] == {"name": str(tiny), "precision": "int8", "adapter": None}
    assert "choose from" in one_line(run("report", few, "--output", tmp_path / "out", "--precision", "int4"))


def test_a_background_is_made_and_used(run: Run, seeds: Path, few: Path, tmp_path: Path) -> None:
    code, out, err = run("fit-background", seeds, few, "--output", tmp_path / "background", "--name", "agencies")
    assert (code, err) == (0, "")
    assert out.startswith("background agencies: ")
    scores = {}
    for name, more in (("own", ()), ("beat", ("--background", tmp_path / "background"))):
        assert run("report", seeds, "--output", tmp_path / name, "--minimum-probability", "0", *more)[0] == 0
        scores[name] = {
            (row["article_a"], row["article_b"]): float(row["probability"])
            for row in rows_of(tmp_path / name / "pairs.csv")
        }
    used = json.loads((tmp_path / "beat" / "run.json").read_text())["background"]
    assert used["name"] == "agencies"
    assert scores["own"] != scores["beat"]
    assert max(scores["own"], key=scores["own"].__getitem__) == max(scores["beat"], key=scores["beat"].__getitem__)
    missing = run("report", seeds, "--output", tmp_path / "none", "--background", tmp_path / "no-such")
    assert "no background in" in one_line(missing)


def test_the_order_of_the_inputs_does_not_change_a_byte(run: Run, seeds: Path, few: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{\n", encoding="utf-8")
    inputs = [*sorted(seeds.iterdir()), few, broken]
    first, second = tmp_path / "first", tmp_path / "second"
    assert run("report", *inputs, "--output", first, "--quiet")[0] == 0
    assert run("report", *inputs[::-1], inputs[3], "--output", second, "--quiet")[0] == 0
    for name in FILES - {"run.json"}:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    assert len(objects_of(first / "rejected.jsonl")) == 1


def test_the_order_of_the_rows_of_a_file_does_not_change_the_stories(run: Run, few: Path, tmp_path: Path) -> None:
    rows = objects_of(few)
    turned = write_lines(tmp_path / "turned.jsonl", *rows[::-1])
    for number, path in enumerate((few, turned)):
        run("report", path, "--output", tmp_path / str(number), "--quiet", "--minimum-probability", "0")
    for name in ("stories.csv", "pairs.csv", "stories.jsonl", "report.html"):
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "1" / name).read_bytes()


def test_an_earlier_report_is_replaced(run: Run, few: Path, seeds: Path, tmp_path: Path) -> None:
    for source, count in ((seeds, 5), (few, 3)):
        assert run("report", source, "--output", tmp_path / "out")[0] == 0
        assert len(rows_of(tmp_path / "out" / "stories.csv")) == count


def test_quiet_prints_nothing(run: Run, few: Path, tmp_path: Path) -> None:
    assert run("report", few, "--output", tmp_path / "out", "--quiet") == (0, "", "")


def test_unreadable_dates_are_reported_in_one_line_and_counted(run: Run, tmp_path: Path) -> None:
    rows = ({"id": "en", "text": EN, "date": "3/4/2026"}, {"id": "it", "text": IT, "date": "3/4/2026", "lang": "it"})
    path = write_lines(tmp_path / "dates.jsonl", *rows)
    code, _, err = run("report", path, "--output", tmp_path / "out", "--quiet")
    assert (code, err.count("\n")) == (0, 1)
    assert f"dates that could not be read: 1, for example '3/4/2026' in {path}" in err
    assert json.loads((tmp_path / "out" / "run.json").read_text())["counts"]["unread_dates"] == 1
    pair = {"pair": "p", "a": rows[0], "b": rows[1]}
    _, _, err = run("score", write_lines(tmp_path / "pairs.jsonl", pair), "--output", tmp_path / "s.csv", "--quiet")
    assert "dates that could not be read: 1" in err


def test_every_candidate_pair_can_be_written(run: Run, seeds: Path, tmp_path: Path) -> None:
    run("report", seeds, "--output", tmp_path / "out", "--minimum-probability", "0")
    pairs = rows_of(tmp_path / "out" / "pairs.csv")
    counts = json.loads((tmp_path / "out" / "run.json").read_text())["counts"]
    assert len(pairs) == counts["candidates"] > 1
    probabilities = [float(row["probability"]) for row in pairs]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[-1] < 0.1


def test_a_high_threshold_splits_stories_and_a_low_one_joins_them(run: Run, few: Path, tmp_path: Path) -> None:
    for threshold, stories in (("1", 3), ("0.2", 2)):
        run("report", few, "--output", tmp_path / "out", "--threshold", threshold)
        assert len({row["story_id"] for row in rows_of(tmp_path / "out" / "stories.csv")}) == stories


def test_a_low_threshold_of_storylines_joins_stories_and_leaves_them_as_they_are(
    run: Run, few: Path, tmp_path: Path
) -> None:
    for threshold, storylines in (("1", 3), ("0.2", 2)):
        run("report", few, "--output", tmp_path / "out", "--threshold", "1", "--storyline-threshold", threshold)
        rows = rows_of(tmp_path / "out" / "stories.csv")
        assert len({row["storyline_id"] for row in rows}) == storylines
        assert len({row["story_id"] for row in rows}) == 3
    one_line(run("report", few, "--output", tmp_path / "out", "--storyline-threshold", "2"))


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good articles and one of each kind of bad input."""
    monkeypatch.setattr(limits, "RECORD_LIMIT", 50_000)
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.bin").write_bytes(bytes(range(256)) * 8)
    (folder / "latin.txt").write_bytes(f"Il Comune è già così. {IT}".encode("latin-1"))
    long = {"id": "long", "text": "word " * 20_000}
    rows = ({"id": "en", "text": EN}, {"id": "en", "text": OTHER}, {"id": "word", "text": "Word"}, long, {"id": "none"})
    write_lines(folder / "rows.jsonl", *rows, {"id": "it", "text": IT})
    return folder


def test_a_bad_record_does_not_affect_the_others(run: Run, bad: Path, tmp_path: Path) -> None:
    code, _, err = run("report", bad, "--output", tmp_path / "out")
    assert code == 0
    assert {row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")} >= {"en", "it"}
    rejected = objects_of(tmp_path / "out" / "rejected.jsonl")
    assert all(tuple(record) == ("path", "record", "id", "reason") and record["reason"] for record in rejected)
    whole = {Path(record["path"]).name for record in rejected if record["record"] is None}
    assert whole == {"empty.txt", "binary.bin", "latin.txt"}
    assert [record["record"] for record in rejected if record["record"]] == [2, 3, 4, 5]
    lines = err.splitlines()
    assert all(line.startswith("detector: rejected ") for line in lines[:-1])
    assert len(lines) == 8
    assert lines[-1] == "detector: 7 rejected, listed in rejected.jsonl"


def test_strict_exits_with_1_after_a_rejected_record(run: Run, bad: Path, few: Path, tmp_path: Path) -> None:
    assert run("report", bad, "--output", tmp_path / "out", "--strict")[0] == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert run("report", few, "--output", tmp_path / "out", "--strict")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such-file.txt",), "no-such-file.txt"),
        (("FEW", "--threshold", "7"), "--threshold is 7.0"),
        (("FEW", "--threshold", "nan"), "--threshold is nan"),
        (("FEW", "--threshold", "high"), "invalid float value: 'high'"),
        (("FEW", "--minimum-probability", "-1"), "--minimum-probability is -1.0"),
        (("FEW", "--window-days", "-3"), "window_days is -3.0"),
        (("FEW", "--model", "/no/such/model"), "'/no/such/model' cannot be loaded"),
        (("FEW", "--profile", "no-such"), "no profile for 'no-such'"),
        ((), "INPUT"),
        (("EMPTY",), "no article to compare"),
        (("FEW", "--colour"), "--colour"),
    ],
)
def test_unusable_arguments_are_reported_in_one_line(
    run: Run, few: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"FEW": str(few), "EMPTY": str(tmp_path / "empty")}
    given = [places.get(argument, argument) for argument in arguments]
    assert message in one_line(run("report", *given, "--output", tmp_path / "out"))
    assert not any((tmp_path / "out").glob("*")), "something was written"


def test_a_folder_without_an_earlier_report_is_left_alone(run: Run, few: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "thesis"
    theirs.mkdir()
    (theirs / "chapter.txt").write_text("mine")
    assert "holds no earlier report" in one_line(run("report", few, "--output", theirs))
    assert [path.name for path in theirs.iterdir()] == ["chapter.txt"]
    assert "is a file" in one_line(run("report", few, "--output", theirs / "chapter.txt"))


def test_standard_input_is_read(run: Run, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(few.read_bytes())))
    assert run("report", "-", "--output", tmp_path / "out")[0] == 0
    assert {row["article_id"] for row in rows_of(tmp_path / "out" / "stories.csv")} == {"en", "it", "other"}


@pytest.mark.parametrize("command", [(), *((name,) for name in ("report", "compare", "score", "evaluate"))])
def test_every_command_has_help(run: Run, command: tuple[str, ...]) -> None:
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("usage: detector")


def test_fit_profile_has_help_and_the_version_is_printed(run: Run) -> None:
    assert run("fit-profile", "--help")[0] == 0
    assert run("--version")[1].startswith("detector ")


def test_without_a_command_the_message_names_the_help(run: Run) -> None:
    assert "--help" in one_line(run())


def test_two_files_are_compared_on_the_terminal(run: Run, tmp_path: Path) -> None:
    first = write_lines(tmp_path / "a.json", {"id": "a", "title": "The river rose", "text": EN})
    second = write_lines(tmp_path / "b.json", {"id": "b", "title": "Il fiume è cresciuto", "text": IT})
    code, out, err = run("compare", first, second)
    assert (code, err) == (0, "")
    for part in ("The river rose", "Il fiume è cresciuto", "English", "Italian", "similarity", "Aligned sentences"):
        assert part in out


def test_compare_takes_single_articles_only(run: Run, few: Path, seeds: Path, tmp_path: Path) -> None:
    single = next(seeds.iterdir())
    assert "this one has 3" in one_line(run("compare", few, single))
    assert "same article id" in one_line(run("compare", single, single))
    assert "no-such" in one_line(run("compare", single, "no-such.txt"))
    shutil.copy(single, tmp_path / "word.txt")
    (tmp_path / "word.txt").write_text("Word")
    one_line(run("compare", single, tmp_path / "word.txt"))
    (tmp_path / "empty").mkdir()
    assert "this one has 0" in one_line(run("compare", single, tmp_path / "empty"))


def test_given_pairs_are_scored_in_the_order_given(run: Run, tmp_path: Path) -> None:
    rows = [
        {"pair": "z", "a": {"text": EN}, "b": {"text": IT}},
        {"pair": "bad", "a": {"text": EN}, "b": {"text": ""}},
        {"pair": 7, "a": {"text": EN}, "b": {"text": OTHER}},
        {"pair": "turned", "a": {"text": IT}, "b": {"text": EN}},
        {"a": {"text": EN}, "b": {"text": OTHER}},
    ]
    pairs, scores = write_lines(tmp_path / "pairs.jsonl", *rows), tmp_path / "deep" / "scores.csv"
    code, out, err = run("score", pairs, "--output", scores)
    assert code == 0
    assert out.startswith("3 pairs")
    assert [line[:18] for line in err.splitlines()] == ["detector: rejected"] * 2 + ["detector: 2 reject"]
    header = scores.read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("pair,similarity,probability")
    found = rows_of(scores)
    assert [row["pair"] for row in found] == ["z", "7", "turned"]
    one, other, turned = (float(row["probability"]) for row in found)
    assert one == pytest.approx(turned, abs=1e-6)
    assert one > 0.5 > other
    assert float(found[0]["similarity"]) > float(found[1]["similarity"])
    assert run("score", pairs, "--output", scores, "--strict", "--quiet")[0] == 1


def test_no_pair_to_score_is_reported(run: Run, few: Path, tmp_path: Path) -> None:
    assert "no pair to score" in one_line(run("score", few, "--output", tmp_path / "scores.csv"))
    one_line(run("score", tmp_path / "none.jsonl", "--output", tmp_path / "scores.csv"))


def test_labelled_articles_are_evaluated(run: Run, seeds: Path, tmp_path: Path) -> None:
    paths = sorted(seeds.iterdir())
    stories = ["a", "b", "c", "d", "c"]
    rows = [
        {"id": path.name, "text": path.read_text(encoding="utf-8"), "story": story}
        for path, story in zip(paths, stories, strict=True)
    ]
    labelled = write_lines(tmp_path / "day.jsonl", *rows, {"id": "none", "text": EN})
    code, out, err = run("evaluate", labelled, "--json", tmp_path / "figures.json")
    assert code == 0
    assert "precision" in err
    figures = json.loads(out)
    assert figures == json.loads((tmp_path / "figures.json").read_text())
    assert figures["pairwise"] == figures["b_cubed"] == {"f1": 1, "precision": 1, "recall": 1}
    assert (figures["articles"], figures["rejected"], figures["stories_found"]) == (5, 1, 4)
    assert figures["average_precision"] == 1
    assert 0 <= figures["calibration_error"] < 0.2


def test_labelled_pairs_are_evaluated(run: Run, tmp_path: Path) -> None:
    rows = [
        {"pair": 1, "label": "same event", "weight": 2, "a": {"text": EN}, "b": {"text": IT}},
        {"pair": 2, "label": "unrelated", "a": {"text": EN}, "b": {"text": OTHER}},
    ]
    code, out, err = run("evaluate", write_lines(tmp_path / "pairs.jsonl", *rows))
    assert code == 0
    figures = json.loads(out)
    assert figures["auc_event"] == figures["auc_affair"] == 1
    assert figures["event"] == {"f1": 1, "precision": 1, "recall": 1}
    assert "false links: form" in err


def test_unlabelled_articles_cannot_be_evaluated(run: Run, few: Path) -> None:
    assert "no labelled article" in one_line(run("evaluate", few))


def test_the_figures_of_a_single_article_are_valid_json(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("evaluate", write_lines(tmp_path / "one.jsonl", {"id": "a", "text": EN, "story": "s"}))
    assert code == 0
    assert "NaN" not in out
    assert json.loads(out)["articles"] == 1


def test_a_command_leaves_the_warnings_of_the_process_as_they_were(
    run: Run, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = warnings.showwarning
    code, _, err = run("report", few, "--output", tmp_path / "out", "--model", write_other_model(tmp_path, "mean"))
    assert (code, err.count("detector: note: no profile for model")) == (0, 1)
    assert warnings.showwarning is show
    monkeypatch.setattr(commands, "run_report", lambda _: warnings.warn("the end is near", stacklevel=1) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        commands.main(["report", str(few), "--output", str(tmp_path / "out")])
    assert warnings.showwarning is show


@pytest.mark.parametrize(
    ("cache", "advice"),
    [((), " to resume."), (("--no-cache",), ".")],
)
def test_an_interrupted_command_promises_no_cache_that_it_does_not_have(
    run: Run, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: tuple[str, ...], advice: str
) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "run_report", interrupt)
    message = f"detector: interrupted: output incomplete. Run the same command again{advice}\n"
    assert run("report", few, "--output", tmp_path / "out", *cache) == (130, "", message)
