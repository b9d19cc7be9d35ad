"""int8: nearly the vectors of float32, made once, sending nothing; what it cannot do is said in one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


def test_vectors_are_nearly_those_of_float32(encoder: SentenceTransformerEncoder, model: Path) -> None:
    found, exact = encoder.encode(ARTICLES), load_encoder(model, precision="float32").encode(ARTICLES)
    assert found.sentences.shape == (4, HIDDEN)
    assert encoder.precision == "int8"
    assert (found.sentences * exact.sentences).sum(1).min() > 0.99
    assert (found.articles[:3] * exact.articles[:3]).sum(1).min() > 0.99
    assert not np.array_equal(found.sentences, exact.sentences)


@pytest.mark.usefixtures("threads")
def test_neither_company_nor_threads_change_a_vector(model: Path, encoder: SentenceTransformerEncoder) -> None:
    together = encoder.encode(ARTICLES)
    torch.set_num_threads(1)
    alone = load_encoder(model, precision="int8")
    for place in range(3):
        np.testing.assert_array_equal(alone.encode([ARTICLES[place]]).articles[0], together.articles[place])


def test_its_vectors_are_kept_apart_from_others(model: Path, encoder: SentenceTransformerEncoder) -> None:
    others = [load_encoder(model, precision=precision) for precision in ("float32", "bfloat16")]
    prompted = load_encoder(model, precision="int8", prompt="query: ")
    plain = load_encoder(model, precision="float32")
    rounded = [int8.Int8Encoder(plain, native=native) for native in ("float32", "bfloat16")]
    assert encoder.fingerprint in {one.fingerprint for one in rounded}
    encoders = [*rounded, *others, prompted, encoder.with_windows(24)]
    assert len({one.fingerprint for one in encoders}) == len(encoders)
    assert load_encoder(model, precision="int8").fingerprint == encoder.fingerprint


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


def test_what_it_cannot_do_is_said(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot run in int8, which needs mean pooling .*; leave the precision out"):
        load_encoder(write_other_model(tmp_path, "cls"), precision="int8")
    with pytest.raises(ValueError, match=r"int8 runs on the processor, not on 'cuda'"):
        load_encoder(model, precision="int8", device="cuda")
    with pytest.raises(ValueError, match=r"precision is 'int4'; give one of float32, bfloat16, int8"):
        load_encoder(model, precision="int4")


@pytest.mark.parametrize("missing", ["openvino", "nncf"])
def test_a_missing_package_is_told_with_the_command_to_type(
    missing: str, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError, match=r"int8 needs OpenVINO and NNCF: pip install 'detector\[int8\]'"):
        load_encoder(model, precision="int8")


def test_a_model_that_cannot_be_converted_is_told(model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DETECTOR_CACHE", str(tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such layer\nmore")

    monkeypatch.setattr(int8.library("openvino"), "convert_model", fail)
    with pytest.raises(ValueError, match=r"OpenVINO cannot take model .*: no such layer; leave the precision out$"):
        load_encoder(model, precision="int8")
    assert not list(tmp_path.glob("int8-*/*"))


SCRIPT = """
import sys
from detector.encoding.loading import load_encoder
load_encoder(sys.argv[1], precision="int8", prompt="in a process of its own: ")
print([name for name in sys.modules if name.startswith("openvino_telemetry.")])
"""


def test_nothing_is_printed_and_nobody_is_told_of_its_use(model: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, model], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)
