"""`detector fit-profile` end to end, on a tiny model and tiny data."""

from __future__ import annotations

import json
import random
import warnings
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from detector import Article, StoryDetector, load_profile
from detector.cli import main
from detector.pairs.features import FEATURES
from detector.profile.adapter import averaged, read_adapter
from tests.encoding.tiny import HIDDEN, write_other_model

pytestmark = pytest.mark.slow

WORDS = [
    "river", "town", "bridge", "school", "minister", "budget", "museum", "child", "train", "strike",
    "market", "storm", "coast", "doctor", "hospital", "vote", "law", "judge", "farmer", "harvest",
    "engine", "factory", "union", "teacher", "border", "ship", "harbour", "forest", "fire", "rescue",
    "team", "winter", "summer", "price",
]  # fmt: skip


def sentence(chooser: random.Random) -> str:
    return f"The {' and the '.join(chooser.sample(WORDS, 4))} were seen in {chooser.randint(2, 90)} places."


def report(seed: int, sentences: int = 8) -> list[str]:
    chooser = random.Random(seed)
    return [sentence(chooser) for _ in range(sentences)]


def rewritten(text: list[str], seed: int) -> str:
    """The sentences in another order, one of them replaced."""
    chooser = random.Random(seed)
    return " ".join(chooser.sample([*text[1:], sentence(chooser)], len(text)))


def translated(line: str, language: str) -> str:
    """The line in a made-up language: every word gets an ending."""
    return " ".join(word + {"en": "", "it": "o", "fr": "e"}[language] for word in line.rstrip(".").split()) + "."


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def translations() -> list[dict[str, object]]:
    return [
        {
            "id": f"{number}/{language}",
            "document": f"d{number}",
            "story": f"e{number}",
            "language": language,
            "text": "\n".join(translated(line, language) for line in report(number)),
        }
        for number in range(12)
        for language in ("en", "it", "fr")
    ]


def graded() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in range(40):
        text = report(100 + number)
        others = {1: rewritten(text, number), 2: " ".join(text[:2] + report(number)[:2]), 3: " ".join(report(number))}
        grade = 1 + number % 4
        other = others.get(grade, " ".join(report(900 + number)))
        rows.append({"pair": f"p{number}", "overall": grade, "a": {"text": " ".join(text)}, "b": {"text": other}})
    return rows


def stories() -> list[dict[str, object]]:
    return [
        {
            "id": f"{number}.{version}",
            "story": f"s{number}",
            "text": rewritten(report(300 + number), 10 * number + version),
        }
        for number in range(12)
        for version in range(3)
    ]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_other_model(tmp_path_factory.mktemp("model"), "mean")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that name the files."""
    folder = tmp_path_factory.mktemp("data")
    files = {"--parallel": translations(), "--pairs": graded(), "--stories": stories()}
    return [
        argument
        for option, rows in files.items()
        for argument in (option, str(write(folder / f"{option.removeprefix('--')}.jsonl", rows)))
    ]


@pytest.fixture(scope="module")
def folder(model: Path, data: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile made on the command line."""
    path = tmp_path_factory.mktemp("profile") / "out"
    assert main(["fit-profile", "--model", str(model), *data, "--output", str(path)]) == 0
    return path


def test_a_profile_contains_everything_that_was_learned(folder: Path) -> None:
    profile = load_profile(folder)
    assert profile.groups == ("en", "fr", "it", "Latn", "*")
    assert profile.means.shape == (5, HIDDEN)
    assert profile.metric.shape == (HIDDEN, HIDDEN)
    background = profile.background
    assert background.total == 36 + 80 + 36
    assert {"fr", "it"} < set(background.articles)
    assert (np.diff(background.keys.astype(np.int64)) > 0).all()
    assert (background.counts >= 4).all()
    assert 0 < np.linalg.norm(background.centre) < 1
    assert profile.scoring is not None
    assert profile.scoring.features == FEATURES
    assert 0 < profile.scoring.threshold < 1
    assert all(0 < cut < 1 for cut in asdict(profile.scoring.relations).values())
    assert -1 < profile.cuts.candidate < 1
    assert -1 < profile.cuts.same_story < 1
    assert -1 < profile.cuts.counterpart < 1


def test_a_profile_records_its_provenance(folder: Path) -> None:
    provenance = load_profile(folder).provenance
    assert provenance["files"] == ["parallel.jsonl", "pairs.jsonl", "stories.jsonl"]
    assert provenance["articles"] == {"parallel": 36, "pairs": 80, "stories": 36}
    assert provenance["pairs"]["pairs"] == 40
    sets = {"parallel", "pairs", "stories"}
    assert sets == set(provenance["cross_validation"]) == set(provenance["left_out"])
    assert set(provenance["ablations"]) == set(FEATURES)
    assert all(set(figures) == sets for figures in provenance["ablations"].values())
    assert all(0 <= row["probability_auc"] <= 1 for name, row in provenance["left_out"].items() if name != "pairs")


def test_with_its_profile_the_model_finds_stories_without_a_warning(folder: Path, model: Path) -> None:
    texts = [report(2000), report(2001), report(2000)]
    articles = [Article(f"{index}", " ".join(text)) for index, text in enumerate(texts)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = StoryDetector(model=model, profile=folder).detect(articles)
    assert result.labels.tolist() == [0, 1, 0]
    assert result.pair("0", "2").relation == "copy"


def test_the_same_profile_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    load_profile(folder).save(tmp_path / "again")
    assert sorted(path.name for path in folder.iterdir()) == ["arrays.safetensors", "profile.json"]
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_same_data_gives_the_same_bytes(folder: Path, model: Path, data: list[str], tmp_path: Path) -> None:
    assert main(["fit-profile", "--model", str(model), *data, "--output", str(tmp_path / "again")]) == 0
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_translations_need_no_story_and_files_of_stories_may_be_left_out(
    model: Path, data: list[str], tmp_path: Path
) -> None:
    rows = [{name: value for name, value in row.items() if name != "story"} for row in translations()]
    parallel = write(tmp_path / "parallel.jsonl", rows)
    arguments = ["--parallel", str(parallel), *data[2:4], "--output", str(tmp_path / "out")]
    assert main(["fit-profile", "--model", str(model), *arguments]) == 0
    assert set(load_profile(tmp_path / "out").provenance["cross_validation"]) == {"pairs", "parallel"}


@pytest.fixture(scope="module")
def adapters(model: Path, data: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two adapters, each learned from half of the data on the command line."""
    paths = []
    for half in "01":
        path = tmp_path_factory.mktemp("adapter") / "out"
        arguments = ["fit-adapter", "--model", str(model), *data, "--half", half, "--steps", "2", "--batch", "4"]
        assert main([*arguments, "--output", str(path)]) == 0
        paths.append(str(path / "adapter.safetensors"))
    return paths


def test_with_two_adapters_every_article_is_seen_by_the_one_that_did_not_learn_from_it(
    model: Path, data: list[str], adapters: list[str], tmp_path: Path
) -> None:
    arguments = ["fit-profile", "--model", str(model), *data, "--adapters", *adapters]
    assert main([*arguments, "--cache", str(tmp_path / "cache"), "--output", str(tmp_path / "out")]) == 0
    profile = load_profile(tmp_path / "out")
    halves = [read_adapter(Path(path)) for path in adapters]
    assert profile.adapter == averaged(*halves)
    assert not len(profile.adapter.seen)
    # Every graded pair is in one half.
    assert profile.provenance["pairs"]["pairs"] == 40
    assert not set(halves[0].seen.tolist()) & set(halves[1].seen.tolist())


def test_an_adapter_that_does_not_list_what_it_learned_from_is_refused(
    model: Path, data: list[str], adapters: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.safetensors"
    replace(read_adapter(Path(adapters[0])), seen=np.zeros(0, np.uint64)).save(path)
    arguments = ["fit-profile", "--model", str(model), *data, "--adapters", str(path), adapters[1]]
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 2
    assert "does not list what it learned from; make it with: fit-adapter --half" in capsys.readouterr().err


def test_a_damaged_profile_is_reported_in_one_line(folder: Path, tmp_path: Path) -> None:
    load_profile(folder).save(tmp_path)
    (tmp_path / "arrays.safetensors").write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"cannot be read: .*; make it again with: detector fit-profile"):
        load_profile(tmp_path)
    replace(load_profile(folder), name="other").save(tmp_path)
    state = json.loads((tmp_path / "profile.json").read_text(encoding="utf-8"))
    assert state["name"] == "other"
    (tmp_path / "profile.json").write_text(json.dumps({**state, "format": 99}), encoding="utf-8")
    with pytest.raises(ValueError, match="format 99, expected 3"):
        load_profile(tmp_path)


def test_unusable_data_is_reported_in_one_line(
    model: Path, data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unnamed = write(tmp_path / "unnamed.jsonl", [{"id": "a", "document": "d", "text": "The river rose in town."}])
    for parallel, message in ((unnamed, "no usable language"), (tmp_path / "none.jsonl", "no file or folder")):
        arguments = ["fit-profile", "--model", str(model), *data, "--parallel", str(parallel)]
        capsys.readouterr()
        assert main([*arguments, "--output", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.startswith("detector: ")
        assert error.count("\n") == 1
        assert not (tmp_path / "out").exists()
