"""Writing the folder: every file, the same bytes each time, and nothing of anyone else's touched."""

import json

import pytest

from detector.reporting import files, write_report

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


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_is_written_and_nothing_else(result, tmp_path):
    write_report(result, tmp_path / "new" / "report")
    assert set(contents(tmp_path / "new" / "report")) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("which", ["result", "hostile"])
def test_two_writes_give_equal_bytes(which, request, tmp_path):
    result = request.getfixturevalue(which)
    write_report(result, tmp_path / "one")
    write_report(result, tmp_path / "two")
    write_report(result, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_every_file_is_utf8_with_unix_line_ends(hostile, tmp_path):
    write_report(hostile, tmp_path / "report")
    for name, content in contents(tmp_path / "report").items():
        content.decode("utf-8")
        assert b"\r" not in content, name


def test_a_foreign_folder_is_refused_and_left_as_it_was(result, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "run.json").write_text('{"made by": "another tool"}')
    before = contents(tmp_path)
    with pytest.raises(FileExistsError, match=r"not empty.*name another folder") as raised:
        write_report(result, tmp_path)
    assert "\n" not in str(raised.value)
    assert contents(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_refused(result, tmp_path):
    (tmp_path / "report").write_text("mine")
    with pytest.raises(FileExistsError, match="is a file"):
        write_report(result, tmp_path / "report")


def test_an_empty_folder_and_an_earlier_report_are_taken(result, tmp_path):
    write_report(result, tmp_path)
    (tmp_path / "notes.txt").write_text("kept")
    result.run = {"model": "another"}
    write_report(result, tmp_path)
    assert json.loads((tmp_path / "run.json").read_text())["model"] == "another"
    assert (tmp_path / "notes.txt").read_text() == "kept"


def test_links_planted_in_the_folder_are_not_followed_outside(result, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("untouched")
    folder = tmp_path / "report"
    write_report(result, folder)
    (folder / "stories.csv").unlink()
    (folder / "stories.csv").symlink_to(outside)
    (folder / ".pairs.csv.part").symlink_to(outside)
    write_report(result, folder)
    assert outside.read_text() == "untouched"
    assert set(contents(folder)) == FILES


def test_a_report_that_fails_leaves_the_earlier_one_as_it_was(result, tmp_path, monkeypatch):
    write_report(result, tmp_path)
    before = contents(tmp_path)
    monkeypatch.setattr(type(result), "explain", lambda *_, **__: 1 / 0)
    result.run = {"model": "another"}
    with pytest.raises(ZeroDivisionError):
        write_report(result, tmp_path)
    assert contents(tmp_path) == before


def test_files_that_a_killed_run_left_are_replaced_and_removed(result, tmp_path):
    for name in ("run.json", "stories.jsonl", "pairs.parquet"):
        (tmp_path / f".{name}.part").write_text("half")
    write_report(result, tmp_path)
    assert set(contents(tmp_path)) == FILES


def test_texts_are_asked_for_only_while_they_are_written(tmp_path):
    part = tmp_path / ".stories.csv.part"

    def chunks():
        for number in range(3):
            yield "x" * 100_000
            assert part.stat().st_size > 90_000 * number

    files.write(tmp_path, {files.MARK: files.text(["{}"]), "stories.csv": files.text(chunks())})
    assert (tmp_path / "stories.csv").stat().st_size == 300_000


def test_a_file_written_elsewhere_leaves_its_neighbours_alone(tmp_path):
    (tmp_path / "stories.csv").write_text("another's")
    files.write(tmp_path, {"scores.csv": files.text(["pair\n"])})
    assert set(contents(tmp_path)) == {"scores.csv", "stories.csv"}
