"""`detector fit-adapter` end to end: a few steps on a tiny model and tiny data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from detector.cli import main
from detector.encoding.loading import load_encoder, load_model
from detector.fitting.adapter import fit_adapter as fitting
from detector.fitting.adapter.checkpoint import CHECKPOINT_FILE
from detector.fitting.adapter.low_rank import TrainedModel
from detector.fitting.adapter.training import CHECKPOINT_EVERY, Settings, rate_at
from detector.profile.adapter import ADAPTER_FILE, Adapter, load_adapters, read_adapter
from tests.encoding.tiny import write_other_model
from tests.fitting.test_fit_profile import graded, stories, translations, write

STEPS = CHECKPOINT_EVERY + 3
QUICK = ("--steps", str(STEPS), "--batch", "4", "--tokens", "24", "--rank", "2", "--learning-rate", "0.01")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_other_model(tmp_path_factory.mktemp("model"), "mean")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that name the files."""
    folder = tmp_path_factory.mktemp("data")
    labels = ("same event", "same storyline", "alike", "unrelated")
    labelled = [{**row, "label": labels[index % 4], "overall": None} for index, row in enumerate(graded())]
    return [
        "--pairs", str(write(folder / "graded.jsonl", graded())), str(write(folder / "labelled.jsonl", labelled)),
        "--stories", str(write(folder / "stories.jsonl", stories())),
        "--parallel", str(write(folder / "parallel.jsonl", translations())),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def made(model: Path, data: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an adapter made on the command line."""
    path = tmp_path_factory.mktemp("adapter") / "out"
    assert fit(model, data, path) == 0
    return path / ADAPTER_FILE


def fit(model: Path, data: list[str], output: Path, *more: str) -> int:
    return main(["fit-adapter", "--model", str(model), *data, "--output", str(output), *QUICK, *more])


def test_an_adapter_has_what_was_learned_and_where_from(made: Path, model: Path) -> None:
    adapter = read_adapter(made)
    assert adapter.model == model.name
    assert len(adapter.layers) == 12
    assert all(np.abs(layer.up).max() > 0 and layer.down.shape[0] == 2 for layer in adapter.layers.values())
    assert [path.name for path in made.parent.iterdir()] == [ADAPTER_FILE]
    facts = adapter.provenance
    assert set(facts["files"]) == {"graded.jsonl", "labelled.jsonl", "stories.jsonl", "parallel.jsonl"}
    assert facts["weights"] == {"graded": 1, "labelled": 1, "stories": 1, "parallel": 1}
    assert (facts["steps"], facts["seed"], facts["half"]) == (STEPS, 0, None)
    assert facts["figures"]["loss_first"] > 0


def test_the_merged_model_gives_the_vectors_that_were_trained(made: Path, model: Path) -> None:
    adapter = read_adapter(made)
    trained = TrainedModel(load_model(str(model), "cpu", "float32"), precision="float32", rank=2, seed=0, prompt="")
    assert trained.base == adapter.base
    with torch.no_grad():
        for name, layer in adapter.layers.items():
            trained.matrices[f"{name}.A"].copy_(torch.from_numpy(layer.down))
            trained.matrices[f"{name}.B"].copy_(torch.from_numpy(layer.up))
        texts = ["a river rose.", "the town is dry and the school is open."]
        expected = trained.vectors(texts, 40).numpy()
    merged = load_encoder(model, device="cpu", precision="float32", adapter=adapter)
    np.testing.assert_allclose(merged.encode([[text] for text in texts]).articles, expected, atol=1e-5)


def test_the_same_data_and_seed_give_the_same_bytes(made: Path, model: Path, data: list[str], tmp_path: Path) -> None:
    assert fit(model, data, tmp_path / "again") == 0
    assert (tmp_path / "again" / ADAPTER_FILE).read_bytes() == made.read_bytes()
    assert fit(model, data, tmp_path / "other", "--seed", "1") == 0
    assert read_adapter(tmp_path / "other" / ADAPTER_FILE) != read_adapter(made)


def test_an_interrupted_training_goes_on_to_the_same_bytes(
    made: Path, model: Path, data: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    output = tmp_path / "out"
    with monkeypatch.context() as patch:
        stop_after(CHECKPOINT_EVERY + 1, patch)
        assert fit(model, data, output) == 130
    assert "step 10 of 13 is saved: add --resume" in capsys.readouterr().err.lower()
    assert [path.name for path in output.iterdir()] == [CHECKPOINT_FILE]
    assert fit(model, data, output) == 2
    assert "holds an unfinished training; add --resume to go on" in capsys.readouterr().err
    assert fit(model, data, output, "--resume", "--seed", "9") == 2
    assert "made with other options, files or weights" in capsys.readouterr().err
    assert fit(model, data, output, "--resume") == 0
    assert (output / ADAPTER_FILE).read_bytes() == made.read_bytes()
    assert not (output / CHECKPOINT_FILE).exists()


def stop_after(steps: int, patch: pytest.MonkeyPatch) -> None:
    """Interrupt the training in the step after so many."""
    from detector.fitting.adapter import training

    done, loss_of = [0], training.loss_of

    def counted(*arguments: Any) -> torch.Tensor:
        done[0] += 1
        if done[0] > steps:
            raise KeyboardInterrupt
        return loss_of(*arguments)

    patch.setattr(training, "loss_of", counted)


def test_one_half_is_learned_and_the_other_measured(model: Path, data: list[str], tmp_path: Path) -> None:
    adapters = []
    for half in ("0", "1"):
        assert fit(model, data, tmp_path / half, "--half", half, "--licences", "CC BY 4.0") == 0
        adapters.append(read_adapter(tmp_path / half / ADAPTER_FILE))
    for adapter in adapters:
        figures = adapter.provenance["figures"]
        for when in ("before", "after"):
            assert set(figures[f"other_half_{when}"]) == {"graded", "labelled", "stories"}
        assert all(-1 <= value <= 1 for value in figures["other_half_after"].values())
        assert adapter.provenance["licences"] == ["CC BY 4.0"]
    assert adapters[0] != adapters[1]
    mean = load_adapters([tmp_path / half / ADAPTER_FILE for half in "01"])
    assert isinstance(mean, Adapter)
    assert all(len(layer.down) == 4 for layer in mean.layers.values())


def test_training_makes_the_loss_smaller(model: Path, data: list[str], tmp_path: Path) -> None:
    assert fit(model, data, tmp_path, "--steps", "120", "--weights", "stories=0", "labelled=0", "parallel=0") == 0
    figures = read_adapter(tmp_path / ADAPTER_FILE).provenance["figures"]
    assert figures["loss_last"] < 0.9 * figures["loss_first"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--weights", "none=1"], "a weight is given for 'none', but the files are"),
        (["--weights", "graded"], "--weights: 'graded' is not NAME=N"),
        (["--steps", "0"], "steps is 0; give 1 or more"),
        (["--learning-rate", "nan"], "the learning rate is nan; give a number above 0"),
        (["--resume"], "holds no unfinished training; leave out --resume"),
        (["--pairs", "none.jsonl"], "none.jsonl"),
        (["--pairs"], ""),
    ],
)
def test_what_cannot_be_done_is_one_line(
    model: Path, data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    if more == ["--pairs"]:
        data, message = [], "nothing to learn from: name files with --pairs, --stories or --parallel"
    assert fit(model, data, tmp_path / "out", *more) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out" / ADAPTER_FILE).exists()


def test_unusable_files_are_one_line(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = write(tmp_path / "unknown.jsonl", [{**graded()[0], "overall": None, "label": "akin"}])
    ungraded = write(tmp_path / "ungraded.jsonl", [{**graded()[0], "overall": None}])
    single = write(tmp_path / "single.jsonl", [{"id": "a", "story": "s", "text": "The river rose in town."}])
    for files, message in (
        (["--pairs", str(unknown)], "the label 'akin' is none of: same event, same storyline, alike, unrelated"),
        (["--pairs", str(ungraded)], "no pair of articles to learn from"),
        (["--stories", str(single)], "no pair of articles to learn from"),
        (["--stories", str(single), str(single)], "no pair of articles to learn from"),
        (["--pairs", *[str(write(tmp_path / f"{name}/x.jsonl", graded())) for name in folders(tmp_path)]], "two files"),
    ):
        assert fit(model, files, tmp_path / "out") == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1


def folders(parent: Path) -> list[str]:
    for name in ("one", "two"):
        (parent / name).mkdir()
    return ["one", "two"]


def test_an_adapter_is_never_overwritten(made: Path, model: Path, data: list[str], capsys: Any) -> None:
    before = made.read_bytes()
    assert fit(model, data, made.parent) == 2
    assert "already holds an adapter" in capsys.readouterr().err
    profile = ["fit-profile", "--model", str(model), "--pairs", "x", "--parallel", "y", "--output", str(made.parent)]
    assert main(profile) == 2
    assert "holds an adapter; name it with --adapters" in capsys.readouterr().err
    assert made.read_bytes() == before


def test_the_learning_rate_rises_then_falls_to_almost_nothing() -> None:
    rates = [rate_at(step, 100) for step in range(100)]
    assert 0 < rates[0] < rates[3] < rates[5] <= 1
    assert rates[6:] == sorted(rates[6:], reverse=True)
    assert 0 < rates[-1] < 0.001
    assert rate_at(0, 1) > 0


def test_the_defaults_of_the_command_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def given(model: str | None, **options: Any) -> None:
        assert model is None
        assert options["settings"] == Settings()
        raise Stop

    monkeypatch.setattr(fitting, "fit_adapter", given)
    with pytest.raises(Stop):
        main(["fit-adapter", "--output", str(tmp_path)])
