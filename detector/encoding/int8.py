"""The encoder in int8 on a processor, by OpenVINO: `pip install 'detector[int8]'`.

Weights and activations are quantised after training (Jacob et al., 2018, arXiv:1712.05877), once what is far out in the
activations has been moved into the weights (SmoothQuant: Xiao et al., 2023, arXiv:2211.10438), both as NNCF does them.
The ranges of the activations are those of calibration.txt: made-up news in 15 languages, one text a line. It is done
once for a model and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector._optional import require
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.model_store import digest_of, model_folder
from detector.encoding.quiet import gist, quiet

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

CALIBRATION = Path(__file__).with_name("calibration.txt")
NETWORK = "model.xml"


class Int8Encoder(SentenceTransformerEncoder):
    """Computes the token vectors in int8; all else is as with the encoder in float32 it is made from."""

    precision = "int8"
    packages = ("openvino", "nncf")

    def __init__(self, encoder: SentenceTransformerEncoder, *, native: str) -> None:
        """native: the number format between the int8 layers, "bfloat16" or "float32".

        Raises `ModuleNotFoundError` where OpenVINO or NNCF is not installed, and `ValueError` where the model has no
        token vectors to compute or OpenVINO cannot convert it.
        """
        if not encoder.shares_windows:
            raise ValueError(
                f"model {encoder.name!r} cannot run in int8, which needs mean pooling and a fast tokenizer; "
                "leave the precision out"
            )
        super().__init__(encoder.model, name=encoder.name, prompt=encoder.prompt)
        self.window_tokens = encoder.window_tokens
        openvino, nncf = map(library, self.packages)
        parts = (encoder.fingerprint, digest_of(CALIBRATION), openvino.__version__, nncf.__version__)
        self._made_of = hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
        self._native = native
        folder = model_folder(f"int8-{self._made_of}", partial(write_int8, encoder))
        self._requests = local()
        self._network = _compiled(openvino, folder / NETWORK, native)

    @property
    def fingerprint(self) -> str:
        return f"{self._made_of} {self._native} {self.window_tokens}"

    def _forward(self, model: SentenceTransformer, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        if not hasattr(self._requests, "own"):
            self._requests.own = self._network.create_infer_request()
        return np.array(self._requests.own.infer({0: ids})[0], np.float32)


def _compiled(openvino: Any, network: Path, native: str) -> Any:
    import torch

    threads = torch.get_num_threads()
    options = {
        # One stream a thread: as everywhere, a batch is computed by one thread.
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,
        "INFERENCE_PRECISION_HINT": {"bfloat16": "bf16"}.get(native, "f32"),
        "ENABLE_CPU_PINNING": False,
    }
    core = openvino.Core()
    return core.compile_model(core.read_model(network), "CPU", options)


def write_int8(encoder: SentenceTransformerEncoder, folder: Path) -> None:
    """Quantise the encoder's model, which is in float32, and write it into the folder.

    Raises `ValueError` where OpenVINO cannot convert the model.
    """
    openvino, nncf = library("openvino"), library("nncf")
    limit = min(encoder.limit, encoder.window_tokens)
    texts = [encoder.prompt + text for text in CALIBRATION.read_text(encoding="utf-8").splitlines()]
    rows = [np.array([row.ids[:limit]], np.int64) for row in encoder.tokens(texts)]
    # NNCF draws its progress on stdout, where our own output goes.
    with quiet(), redirect_stdout(StringIO()):
        quantised = nncf.quantize(
            _converted(openvino, encoder),
            nncf.Dataset(rows, lambda ids: {0: ids}),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(rows),
        )
        openvino.save_model(quantised, folder / NETWORK, compress_to_fp16=False)


def _converted(openvino: Any, encoder: SentenceTransformerEncoder) -> Any:
    """The model as OpenVINO's: ids (texts, tokens) to token vectors (texts, tokens, dimensions)."""
    import torch

    try:
        with torch.inference_mode():
            network = openvino.convert_model(
                _token_vectors(encoder.model), example_input=torch.ones((2, 8), dtype=torch.int64)
            )
    except Exception as error:
        raise ValueError(
            f"OpenVINO cannot take model {encoder.name!r}: {gist(error)}; leave the precision out"
        ) from error
    network.reshape([-1, -1])
    return network


def _token_vectors(model: SentenceTransformer) -> torch.nn.Module:
    """The model as a module of one tensor in and one out, as tracing wants it; nothing is masked."""
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            found: torch.Tensor = self.model(features)["token_embeddings"]
            return found

    return TokenVectors().eval()


def library(name: str) -> Any:
    """OpenVINO or NNCF, which here report to nobody.

    Both send statistics of their use by the package openvino_telemetry, NNCF without asking; where it cannot be
    imported they do without.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    module = require(name, "int8 needs OpenVINO and NNCF", "int8")
    logging.getLogger("nncf").setLevel(logging.ERROR)
    return module
