"""What the detector needs from an encoder, and the defaults for an encoder that has only the minimum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from detector.records import Embeddings

Progress = Callable[[int], None]
"""Called with the number of sentences encoded since the last call."""


@runtime_checkable
class BasicEncoder(Protocol):
    """The least that an encoder needs. A class with these two members can be given to the detector."""

    @property
    def name(self) -> str:
        """The name of the model, in profiles and in run.json."""

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """The vectors of every article, each given as its sentences, and of every sentence, of length 1."""


@runtime_checkable
class Encoder(BasicEncoder, Protocol):
    """All that the detector needs from an encoder. `CompleteEncoder` adds what a `BasicEncoder` lacks."""

    @property
    def fingerprint(self) -> str | None:
        """Text that differs between encoders with different vectors; None: the vectors are not cached."""

    @property
    def precision(self) -> str | None:
        """The number format of the model, such as "bfloat16", for run.json; None: unknown."""

    @property
    def prompt(self) -> str | None:
        """The text put before every window, for run.json; None: unknown."""

    @property
    def adapter(self) -> str | None:
        """The digest of the adapter in the weights, which must be that of the profile; None: there is none."""

    @property
    def packages(self) -> Sequence[str]:
        """Further packages that affect the vectors; their versions go into run.json."""

    @property
    def on_processor(self) -> bool:
        """Whether the model runs on the processor. Elsewhere it gets more articles at a time."""

    def with_windows(self, tokens: int) -> Encoder:
        """The same encoder with windows of at most `tokens` tokens, or itself if it has no windows."""


class CompleteEncoder:
    """Makes an `Encoder` of a `BasicEncoder`: each member that it lacks gets the default below."""

    def __init__(self, encoder: BasicEncoder) -> None:
        self.encoder = encoder

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.encoder.name

    @property
    def fingerprint(self) -> str | None:
        """None by default: the vectors are not cached."""
        given = getattr(self.encoder, "fingerprint", None)
        return None if given is None else str(given)

    @property
    def precision(self) -> str | None:
        """None by default: unknown."""
        return getattr(self.encoder, "precision", None)

    @property
    def prompt(self) -> str | None:
        """None by default: unknown."""
        return getattr(self.encoder, "prompt", None)

    @property
    def adapter(self) -> str | None:
        """None by default: no adapter."""
        return getattr(self.encoder, "adapter", None)

    @property
    def packages(self) -> Sequence[str]:
        """Empty by default."""
        return getattr(self.encoder, "packages", ())

    @property
    def on_processor(self) -> bool:
        """True by default."""
        return getattr(self.encoder, "on_processor", True)

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """The vectors of every article and sentence."""
        return self.encoder.encode(articles, progress)

    def with_windows(self, tokens: int) -> CompleteEncoder:
        """The encoder itself by default."""
        change = getattr(self.encoder, "with_windows", None)
        return self if change is None else CompleteEncoder(change(tokens))
