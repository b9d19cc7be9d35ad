"""The encoder in int8 on a processor, by OpenVINO: `pip install 'detector[int8]'`.

NNCF quantises weights and activations after training (Jacob et al., 2018, arXiv:1712.05877), after it has moved the
outliers of the activations into the weights (SmoothQuant: Xiao et al., 2023, arXiv:2211.10438). The ranges of the
activations are measured on calibration.txt: invented news in 15 languages, one text per line. Each model is quantised
once and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from detector._optional import require
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.model_store import digest_of, model_folder
from detector.encoding.quiet import errors_only, first_line, quiet

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

CALIBRATION = Path(__file__).with_name("calibration.txt")
NETWORK = "model.xml"
# The package by which OpenVINO and NNCF report their use, and its class that sends.
REPORTER, SENDER = "openvino_telemetry", "openvino_telemetry.utils.sender"


class Int8Encoder(SentenceTransformerEncoder):
    """Computes the token vectors in int8; otherwise like the float32 encoder that it is made from."""

    precision = "int8"
    packages = ("openvino", "nncf")

    def __init__(self, encoder: SentenceTransformerEncoder, *, native: str) -> None:
        """native: the number format between the int8 layers, "bfloat16" or "float32".

        Raises `ModuleNotFoundError` if OpenVINO or NNCF is not installed, and `ValueError` if the model does not pool
        token vectors or if OpenVINO cannot convert it.
        """
        if not encoder.shares_windows:
            raise ValueError(
                f"model {encoder.name!r} cannot run in int8, which needs mean pooling and a fast tokenizer; "
                "leave the precision out"
            )
        super().__init__(encoder.model, name=encoder.name, prompt=encoder.prompt, adapter=encoder.adapter)
        self.window_tokens = encoder.window_tokens
        openvino, nncf = libraries()
        parts = (encoder.fingerprint, digest_of(CALIBRATION), openvino.__version__, nncf.__version__)
        self._network_digest = hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
        self._native = native
        folder = model_folder(f"int8-{self._network_digest}", partial(write_int8, encoder))
        self._local = _ThreadRequest(_compiled(openvino, folder / NETWORK, native))

    @property
    def fingerprint(self) -> str:
        """Digest of everything that affects the vectors: also the calibration and the versions of both libraries."""
        return f"{self._network_digest} {self._native} {self.window_tokens}"

    def _forward(self, model: SentenceTransformer, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.array(self._local.request.infer({0: ids})[0], np.float32)


class _ThreadRequest(local):
    """The network's inference request of the calling thread; each thread makes its own at first use."""

    def __init__(self, network: Any) -> None:
        self.request = network.create_infer_request()


def _compiled(openvino: Any, network: Path, native: str) -> Any:
    import torch

    threads = torch.get_num_threads()
    options = {
        # One stream per thread, so that one thread computes a batch.
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,
        "INFERENCE_PRECISION_HINT": {"bfloat16": "bf16"}.get(native, "f32"),
        "ENABLE_CPU_PINNING": False,
    }
    core = openvino.Core()
    return core.compile_model(core.read_model(network), "CPU", options)


def write_int8(encoder: SentenceTransformerEncoder, folder: Path) -> None:
    """Quantise the model of a float32 encoder and write it into the folder.

    Raises `ValueError` if OpenVINO cannot convert the model.
    """
    openvino, nncf = libraries()
    limit = min(encoder.limit, encoder.window_tokens)
    texts = [encoder.prompt + text for text in CALIBRATION.read_text(encoding="utf-8").splitlines()]
    rows = [np.array([row.ids[:limit]], np.int64) for row in encoder.tokens(texts)]
    # NNCF draws its progress on stdout, which is for our own output.
    with no_reports(), quiet(), errors_only("nncf"), redirect_stdout(StringIO()):
        quantised = nncf.quantize(
            _converted(openvino, encoder),
            nncf.Dataset(rows, lambda ids: {0: ids}),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(rows),
        )
        openvino.save_model(quantised, folder / NETWORK, compress_to_fp16=False)


def _converted(openvino: Any, encoder: SentenceTransformerEncoder) -> Any:
    """The model in OpenVINO: from ids (texts, tokens) to token vectors (texts, tokens, dimensions)."""
    import torch

    try:
        with torch.inference_mode():
            network = openvino.convert_model(
                _token_vectors(encoder.model), example_input=torch.ones((2, 8), dtype=torch.int64)
            )
    except Exception as error:
        raise ValueError(
            f"OpenVINO cannot convert model {encoder.name!r}: {first_line(error)}; leave the precision out"
        ) from error
    network.reshape([-1, -1])
    return network


def _token_vectors(model: SentenceTransformer) -> torch.nn.Module:
    """The model as a module with one input tensor and one output tensor, which tracing needs; no mask."""
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            vectors: torch.Tensor = self.model(features)["token_embeddings"]
            return vectors

    return TokenVectors().eval()


def libraries() -> tuple[Any, Any]:
    """OpenVINO and NNCF. Raises `ModuleNotFoundError` if one is not installed."""
    with no_reports():
        openvino, nncf = (require(name, "int8 needs OpenVINO and NNCF", "int8") for name in Int8Encoder.packages)
    return openvino, nncf


@contextmanager
def no_reports() -> Iterator[None]:
    """Inside, OpenVINO and NNCF report their use to nobody. Afterwards the process is as it was before.

    Both report through the package openvino_telemetry, NNCF without asking. They import it when they are imported
    themselves, and do without if that fails. If the program imported them before, with the package, its sender is
    replaced instead, so reports of other threads are not sent inside either.
    """
    modules = cast(dict[str, Any], sys.modules)
    imported, sender = REPORTER in modules, modules.get(SENDER)
    reporter = modules.get(REPORTER)
    send = sender.TelemetrySender.send if sender else None
    modules[REPORTER] = None
    if sender:
        sender.TelemetrySender.send = _send_nothing
    try:
        yield
    finally:
        if sender:
            sender.TelemetrySender.send = send
        if imported:
            modules[REPORTER] = reporter
        else:
            modules.pop(REPORTER, None)


def _send_nothing(*_: object) -> None:
    """In the place of the method that sends a report."""
