"""int8: nearly the vectors of float32, quantised once, no reports sent, one line for what it cannot do."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from detector.encoding import int8
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder
from tests.encoding.tiny import HIDDEN, write_other_model

ARTICLES = [["a river rose.", "the town is dry."], ["rain " * 90], ["one."], []]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the module's own."""
    folder = tmp_path_factory.getbasetemp() / "int8"
    monkeypatch.setenv("DETECTOR_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model."""
    return write_other_model(tmp_path_factory.mktemp("tiny"), "mean")


@pytest.fixture
def encoder(model: Path) -> SentenceTransformerEncoder:
    """The tiny model in int8."""
    return load_encoder(model, precision="int8")


@pytest.fixture
def threads() -> Iterator[None]:
    """Puts the number of threads back after the test."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.slow
def test_vectors_are_nearly_those_of_float32(encoder: SentenceTransformerEncoder, model: Path) -> None:
    found, exact = encoder.encode(ARTICLES), load_encoder(model, precision="float32").encode(ARTICLES)
    assert found.sentences.shape == (4, HIDDEN)
    assert encoder.precision == "int8"
    assert (found.sentences * exact.sentences).sum(1).min() > 0.99
    assert (found.articles[:3] * exact.articles[:3]).sum(1).min() > 0.99
    assert not np.array_equal(found.sentences, exact.sentences)


@pytest.mark.slow
@pytest.mark.usefixtures("threads")
def test_other_articles_and_threads_do_not_change_a_vector(model: Path, encoder: SentenceTransformerEncoder) -> None:
    together = encoder.encode(ARTICLES)
    torch.set_num_threads(1)
    alone = load_encoder(model, precision="int8")
    for index in range(3):
        np.testing.assert_array_equal(alone.encode([ARTICLES[index]]).articles[0], together.articles[index])


@pytest.mark.slow
def test_its_fingerprint_differs_from_all_others(model: Path, encoder: SentenceTransformerEncoder) -> None:
    others = [load_encoder(model, precision=precision) for precision in ("float32", "bfloat16")]
    prompted = load_encoder(model, precision="int8", prompt="query: ")
    exact = load_encoder(model, precision="float32")
    rounded = [int8.Int8Encoder(exact, native=native) for native in ("float32", "bfloat16")]
    assert encoder.fingerprint in {each.fingerprint for each in rounded}
    encoders = [*rounded, *others, prompted, encoder.with_windows(24)]
    assert len({each.fingerprint for each in encoders}) == len(encoders)
    assert load_encoder(model, precision="int8").fingerprint == encoder.fingerprint


@pytest.mark.slow
@pytest.mark.usefixtures("encoder")
def test_a_model_is_quantised_once(model: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> None:
    def again(*_: object) -> None:
        raise AssertionError("quantised again")

    monkeypatch.setattr(int8, "write_int8", again)
    load_encoder(model, precision="int8")
    for network in cache_folder.glob("int8-*/model.bin"):
        network.write_bytes(network.read_bytes()[:-1])
    with pytest.raises(AssertionError, match="quantised again"):
        load_encoder(model, precision="int8")


def test_unusable_models_devices_and_precisions_are_refused(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot run in int8, which needs mean pooling .*; leave the precision out"):
        load_encoder(write_other_model(tmp_path, "cls"), precision="int8")
    with pytest.raises(ValueError, match=r"int8 runs on the processor, not on 'cuda'"):
        load_encoder(model, precision="int8", device="cuda")
    with pytest.raises(ValueError, match=r"precision is 'int4'; give one of float32, bfloat16, int8"):
        load_encoder(model, precision="int4")


@pytest.mark.parametrize("missing", ["openvino", "nncf"])
def test_a_missing_package_is_named_with_the_pip_command(
    missing: str, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError, match=r"int8 needs OpenVINO and NNCF: pip install 'detector\[int8\]'"):
        load_encoder(model, precision="int8")


@pytest.mark.slow
def test_a_model_that_cannot_be_converted_is_named(
    model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DETECTOR_CACHE", str(tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such layer\nmore")

    openvino, _ = int8.libraries()
    monkeypatch.setattr(openvino, "convert_model", fail)
    with pytest.raises(ValueError, match=r"OpenVINO cannot convert model .*: no such layer; leave the precision out$"):
        load_encoder(model, precision="int8")
    assert not list(tmp_path.glob("int8-*/*"))


QUANTISE = """
import logging, sys
from detector.encoding.loading import load_encoder

{before}
names = ("openvino_telemetry", "openvino_telemetry.main")
modules = [sys.modules.get(name, "absent") for name in names]
load_encoder(sys.argv[1], precision="int8", prompt=sys.argv[2])
print([sys.modules.get(name, "absent") for name in names] == modules)
print(logging.getLogger("nncf").level == logging.INFO)
{after}
"""
# A program that uses OpenVINO and NNCF itself, so their reporter is already imported; it records what is sent.
IMPORTED_BEFORE = """
from openvino_telemetry.utils.sender import TelemetrySender
sent = []
TelemetrySender.send = record = lambda self, backend, message: sent.append(message)
import nncf, openvino
import openvino_telemetry
telemetry = openvino_telemetry.Telemetry(
    app_name="a", app_version="1", tid="t", backend="ga4", enable_opt_in_dialog=False
)
telemetry.consent = True
del sent[:]
"""
SENT_AFTERWARDS = """
print(len(sent), TelemetrySender.send is record)
telemetry.send_event("a", "b", "c")
print(len(sent))
"""


def quantise(model: Path, prompt: str, before: str = "", after: str = "") -> list[str]:
    """The lines that a process of its own prints that quantises the model; nothing goes to stderr."""
    script = QUANTISE.format(before=before, after=after)
    done = subprocess.run([sys.executable, "-c", script, model, prompt], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_nothing_is_printed_and_no_report_is_sent(model: Path) -> None:
    reporters = 'print([name for name in sys.modules if name.startswith("openvino_telemetry")])'
    assert quantise(model, "in a process of its own: ", after=reporters) == ["True", "True", "[]"]


@pytest.mark.slow
def test_no_report_is_sent_by_libraries_that_the_program_imported(
    model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The reporter writes an id into the home folder.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    lines = quantise(model, "imported before: ", IMPORTED_BEFORE, SENT_AFTERWARDS)
    assert lines == ["True", "True", "0 True", "1"]


@pytest.mark.parametrize("imported", [None, ModuleType("openvino_telemetry")])
def test_modules_are_as_before_after_an_import_without_reports(
    imported: ModuleType | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "openvino_telemetry", raising=False)
    if imported:
        monkeypatch.setitem(sys.modules, "openvino_telemetry", imported)
    before = dict(sys.modules)
    with pytest.raises(ModuleNotFoundError, match="openvino_telemetry"), int8.no_reports():
        importlib.import_module("openvino_telemetry")
    assert sys.modules == before
