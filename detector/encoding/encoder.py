"""Sentences to vectors: any sentence-transformers model, the embedded one by default.

Batches are made from the texts alone and each runs on one thread or one graphics card, several at a time, so their
number cannot change a vector; on a processor that is also faster than sharing every small matrix product among all
cores, and as fast as a process a core.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from copy import copy
from functools import cached_property
from itertools import cycle
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from detector.encoding.quiet import quiet
from detector.encoding.windows import Window, batches_of_like_length, lay_out
from detector.records import Embeddings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Tokens of one batch. On a processor smaller ones pay for each product again, and larger ones leave its cache; a
# graphics card wants large ones.
BATCH_TOKENS = {"cpu": 4096, "other": 65536}
# Tokens of a window, of a model that can read more: the cost of attention grows with their square, and among fewer
# others a sentence keeps more of its own meaning.
WINDOW_TOKENS = 192
# Raised when texts are laid out or pooled in another way: vectors of before are others.
LAYOUT = 1
# A model that states no limit is taken for a BERT of the usual size.
USUAL_LIMIT = 512

Progress = Callable[[int], None]


@runtime_checkable
class Encoder(Protocol):
    """What the detector asks of an encoder; anything with these members serves.

    `name` names the model in profiles and in run.json. `encode` takes the sentences of each article and calls
    `progress` with the number of sentences done since the last call.
    """

    name: str

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings: ...


class SentenceTransformerEncoder:
    """Encodes with a `SentenceTransformer`; `prompt` is put before every window.

    `replicas` are the same model on further graphics cards, which share the work.

    A model with mean pooling and a fast tokenizer gives sentence and article vectors from one pass over shared windows.
    Any other kind is asked twice: for the windows, whose mean is the article, and for each sentence on its own.
    """

    def __init__(
        self, model: SentenceTransformer, *, name: str, prompt: str = "", replicas: Sequence[SentenceTransformer] = ()
    ) -> None:
        self.model, self.name, self.prompt, self.replicas = model, name, prompt, tuple(replicas)
        self.window_tokens = WINDOW_TOKENS
        self._tokenizing = Lock()

    @property
    def precision(self) -> str:
        """The number format the model computes in, such as "bfloat16"."""
        return str(next(self.model.parameters()).dtype).removeprefix("torch.")

    @property
    def on_processor(self) -> bool:
        """Whether the model runs on the processor, not on graphics cards or the like."""
        return self.model.device.type == "cpu"

    @property
    def limit(self) -> int:
        """The tokens that the model can read at once."""
        return self.model.max_seq_length or USUAL_LIMIT

    def with_windows(self, tokens: int) -> SentenceTransformerEncoder:
        """The same encoder reading windows of at most so many tokens."""
        other = copy(self)
        other.window_tokens = tokens
        return other

    @property
    def fingerprint(self) -> str:
        """Tells this encoder from every other that would give other vectors: a digest of all they hang on."""
        return f"{self._model_digest} {self.window_tokens}"

    @cached_property
    def _model_digest(self) -> str:
        import torch

        digest = hashlib.blake2b(digest_size=16)
        parts = (LAYOUT, self.prompt, self.model.max_seq_length, str(self.model), self.model.device.type)
        digest.update(repr((*parts, self.precision, torch.__version__)).encode())
        tokenizer = self.model.tokenizer
        fast = getattr(tokenizer, "backend_tokenizer", None)
        digest.update((fast.to_str() if fast else repr(sorted(tokenizer.get_vocab().items()))).encode())
        for name, values in self.model.state_dict().items():
            digest.update(name.encode())
            digest.update(values.reshape(-1).contiguous().cpu().view(torch.uint8).numpy().data)
        return digest.hexdigest()

    @property
    def shares_windows(self) -> bool:
        """Whether token vectors can be pooled sentence by sentence: mean pooling and known token offsets."""
        from sentence_transformers.sentence_transformer.modules import Pooling

        modes = [module.pooling_mode for module in self.model if isinstance(module, Pooling)]
        return modes in ("mean", ["mean"], [("mean",)]) and bool(getattr(self.model.tokenizer, "is_fast", False))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        if not texts:
            return []
        if getattr(self.model.tokenizer, "is_fast", False):
            with self._tokenizer() as tokenizer:
                return list(map(len, tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)))
        rows = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False)["input_ids"]
        return [len(row) for row in rows]

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """Vectors of every article and every sentence, float32, of length 1; nothing is truncated."""
        # Once around all threads: what is silenced belongs to the whole process, so threads would restore it wrongly.
        with quiet():
            return self._encode(articles, progress)

    def _encode(self, articles: Sequence[Sequence[str]], progress: Progress | None) -> Embeddings:
        sizes = [len(article) for article in articles]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        windows = list(lay_out(articles, self._room(), self.count_tokens))
        dimensions = self.model.get_embedding_dimension() or 0
        article_sums = np.zeros((len(articles), dimensions), np.float32)
        sentence_sums = np.zeros((int(offsets[-1]), dimensions), np.float32)
        read = self._read_windows if self.shares_windows else self._read_apart
        lengths = [window.tokens for window in windows]
        read_in = np.zeros(int(offsets[-1]), np.int64)
        for number, window in reversed(list(enumerate(windows))):
            read_in[[piece.sentence for piece in window.pieces]] = number
        pieces_left = Counter(piece.sentence for window in windows for piece in window.pieces)

        def run(
            model: SentenceTransformer, batch: list[int]
        ) -> list[tuple[Window, NDArray[np.float32], NDArray[np.float32]]]:
            chosen = [windows[place] for place in batch]
            return [(window, *vectors) for window, vectors in zip(chosen, read(model, chosen), strict=True)]

        # Sums are added up in the order of the batches, whichever thread finished first.
        for results in self._over_batches(run, list(batches_of_like_length(lengths, self._budget()))):
            for window, pieces, whole in results:
                article_sums[window.article] += whole
                for piece, vector in zip(window.pieces, pieces, strict=True):
                    sentence_sums[piece.sentence] += vector
            if progress:
                done = [piece.sentence for window, *_ in results for piece in window.pieces]
                pieces_left.subtract(done)
                progress(sum(not pieces_left[sentence] for sentence in set(done)))
        return Embeddings(unit(article_sums), unit(sentence_sums), offsets, read_in if self.shares_windows else None)

    def _room(self) -> int:
        """Tokens of text one window can take beside the prompt and the special tokens."""
        special = int(self.model.tokenizer.num_special_tokens_to_add())
        prompt = self.count_tokens([self.prompt])[0] if self.prompt else 0
        return max(min(self.limit, self.window_tokens) - special - prompt, 8)

    def _budget(self) -> int:
        return BATCH_TOKENS["cpu" if self.on_processor else "other"]

    def _read_windows(
        self, model: SentenceTransformer, windows: Sequence[Window]
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Sum of the token vectors of each piece (pieces, dimensions) and of the whole window (dimensions,)."""
        texts = [self.prompt + window.text for window in windows]
        read: list[Any] = [None] * len(windows)
        # Sentences may have more tokens joined than apart, or fewer; beside a longer text, one would be padded.
        same_length: dict[int, list[tuple[int, Any]]] = {}
        for place, row in enumerate(self.tokens(texts)):
            if len(row.ids) > self.limit and len(windows[place].pieces) > 1:
                read[place] = self._in_halves(model, windows[place])
            else:
                same_length.setdefault(min(len(row.ids), self.limit), []).append((place, row))
        for length, rows in same_length.items():
            vectors = self._forward(model, np.array([row.ids[:length] for _, row in rows], np.int64))
            for (place, row), tokens in zip(rows, vectors, strict=True):
                marks = np.array(row.offsets[:length], np.int64)
                read[place] = _pool(tokens, marks, windows[place].spans(len(self.prompt)))
        return read

    def tokens(self, texts: Sequence[str]) -> Any:
        """The `tokenizers.Encoding` of each text, whole and not padded."""
        with self._tokenizer() as tokenizer:
            return tokenizer.encode_batch(texts)

    @contextmanager
    def _tokenizer(self) -> Iterator[Any]:
        """The tokenizer itself: the one of transformers sets, for each call, how all threads pad and truncate."""
        with self._tokenizing:
            tokenizer = self.model.tokenizer.backend_tokenizer
            tokenizer.no_padding()
            tokenizer.no_truncation()
            yield tokenizer

    def _forward(self, model: SentenceTransformer, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The token vectors of texts of one length: (texts, tokens) to (texts, tokens, dimensions)."""
        import torch

        tokens = torch.from_numpy(ids).to(model.device)
        with torch.inference_mode():
            found = model({"input_ids": tokens, "attention_mask": torch.ones_like(tokens)})
        return np.asarray(found["token_embeddings"].float().cpu().numpy())

    def _in_halves(self, model: SentenceTransformer, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        (first, first_sum), (second, second_sum) = (self._read_windows(model, [half])[0] for half in window.halves())
        return np.concatenate([first, second]), first_sum + second_sum

    def _read_apart(
        self, model: SentenceTransformer, windows: Sequence[Window]
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """As `_read_windows`, from separate passes over the windows and over their pieces, weighted by tokens."""
        texts = [window.text for window in windows] + [piece.text for window in windows for piece in window.pieces]
        weights = [window.tokens for window in windows] + [p.tokens for window in windows for p in window.pieces]
        # One text at a time on a processor: padded beside a longer one, a text would get other last bits.
        rows = model.encode(
            texts,
            prompt=self.prompt,
            batch_size=1 if self.on_processor else 32,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        vectors = unit(np.asarray(rows, np.float32)) * np.array(weights, np.float32)[:, None]
        cuts = np.cumsum([len(windows), *(len(window.pieces) for window in windows)])
        return list(zip(np.split(vectors, cuts[:-1])[1:], vectors[: len(windows)], strict=True))

    def _over_batches(self, run: Callable[..., Any], batches: list[list[int]]) -> Iterator[Any]:
        """What `run` gives for each batch, in order: on one thread each on a processor, else one a card at a time."""
        import torch

        if self.on_processor and not self.replicas:
            # In a worker thread this sets the number of threads of that thread's own matrix products.
            pool = ThreadPoolExecutor(torch.get_num_threads(), initializer=torch.set_num_threads, initargs=(1,))
            workers = [(self.model, pool)]
        else:
            # A batch belongs to a card, not to the card that is free: two kinds of cards round in different ways.
            workers = [(model, ThreadPoolExecutor(1)) for model in (self.model, *self.replicas)]
        with ExitStack() as stack:
            for _, pool in workers:
                stack.callback(pool.shutdown, cancel_futures=True)
            given = zip(cycle(workers), batches, strict=False)
            waiting = deque(pool.submit(run, model, batch) for (model, pool), batch in given)
            while waiting:
                yield waiting.popleft().result()


def _pool(
    tokens: NDArray[np.float32], marks: NDArray[np.int64], spans: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sums of the tokens inside each span of characters, and of all tokens.

    A span no token falls into (characters the tokenizer drops) gets the sum of the whole, so that no sentence is
    without a vector.
    """
    whole = tokens.sum(0)
    middles = marks.sum(1) / 2
    inside = marks[:, 1] > marks[:, 0]
    sums = [tokens[inside & (middles > start) & (middles < end)] for start, end in spans]
    return np.stack([part.sum(0) if len(part) else whole for part in sums]), whole


def unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The vectors scaled to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
