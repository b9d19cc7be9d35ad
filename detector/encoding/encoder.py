"""Sentences to vectors: any sentence-transformers model, the embedded one by default.

Batches depend on the texts alone. Each batch runs on one thread or one graphics card, several at a time, so the number
of threads or cards cannot change a vector. On a processor this is also faster than sharing every small matrix product
among all cores, and as fast as one process per core.
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
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.protocol import Progress
from detector.encoding.quiet import quiet
from detector.encoding.windows import Window, arrange_windows, batches_of_equal_length
from detector.records import Embeddings, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Tokens of one batch. On a processor, smaller batches cost more calls and larger ones do not fit its cache; a graphics
# card needs large ones.
BATCH_TOKENS = {"cpu": 4096, "other": 65536}
# Most tokens of a window, even if the model can read more: the cost of attention grows with their square, and a
# sentence keeps more of its own meaning among fewer others.
WINDOW_TOKENS = 192
# Increase when windows or pooling change: earlier vectors then no longer match.
LAYOUT = 2
# Tokens that a model reads at once if it states no limit: those of a BERT of the usual size.
USUAL_LIMIT = 512

# The sums of a window: of the token vectors of each part, (parts, dimensions), and of all tokens, (dimensions,).
Sums = tuple[NDArray[np.float32], NDArray[np.float32]]


class SentenceTransformerEncoder:
    """Encodes with a `SentenceTransformer`; `prompt` is put before every window.

    `replicas` are the same model on further graphics cards, which share the work. `adapter` is the digest of the
    adapter that was merged into the weights, if any.

    A model with mean pooling and a fast tokenizer gives sentence and article vectors in one pass over shared windows.
    Any other model runs twice: on the windows, whose mean is the article's vector, and on each sentence alone.
    """

    packages: tuple[str, ...] = ()

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        name: str,
        prompt: str = "",
        replicas: Sequence[SentenceTransformer] = (),
        adapter: str | None = None,
    ) -> None:
        self.model, self.name, self.prompt, self.replicas = model, name, prompt, tuple(replicas)
        self.adapter = adapter
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
        """The most tokens that the model can read at once."""
        return self.model.max_seq_length or USUAL_LIMIT

    def with_windows(self, tokens: int) -> SentenceTransformerEncoder:
        """The same encoder with windows of at most `tokens` tokens."""
        changed = copy(self)
        changed.window_tokens = tokens
        return changed

    @property
    def fingerprint(self) -> str:
        """Digest of everything that affects the vectors: weights, tokenizer, prompt, precision, device, window."""
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
        # Once around all threads, because what it silences belongs to the process.
        with quiet():
            return self._encode(articles, progress)

    def _encode(self, articles: Sequence[Sequence[str]], progress: Progress | None) -> Embeddings:
        sizes = [len(article) for article in articles]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        windows = list(arrange_windows(articles, self._room(), self.count_tokens))
        dimensions = self.model.get_embedding_dimension() or 0
        article_sums = np.zeros((len(articles), dimensions), np.float32)
        sentence_sums = np.zeros((int(offsets[-1]), dimensions), np.float32)
        encode = self._encode_shared if self.shares_windows else self._encode_separately
        first_window = np.zeros(int(offsets[-1]), np.int64)
        for index, window in reversed(list(enumerate(windows))):
            first_window[[part.sentence for part in window.parts]] = index
        parts_left = Counter(part.sentence for window in windows for part in window.parts)

        def run(model: SentenceTransformer, batch: list[int]) -> list[tuple[Window, Sums]]:
            chosen = [windows[index] for index in batch]
            return list(zip(chosen, encode(model, chosen), strict=True))

        # Sums are added up in the order of the batches, whichever thread finishes first.
        lengths = [window.tokens for window in windows]
        for results in self._over_batches(run, list(batches_of_equal_length(lengths, self._budget()))):
            for window, (part_sums, window_sum) in results:
                article_sums[window.article] += window_sum
                for part, part_sum in zip(window.parts, part_sums, strict=True):
                    sentence_sums[part.sentence] += part_sum
            if progress:
                done = [part.sentence for window, _ in results for part in window.parts]
                parts_left.subtract(done)
                progress(sum(not parts_left[sentence] for sentence in set(done)))
        window_of_sentence = first_window if self.shares_windows else None
        return Embeddings(unit(article_sums), unit(sentence_sums), offsets, window_of_sentence)

    def _room(self) -> int:
        """Tokens of text that fit into one window beside the prompt and the special tokens."""
        special = int(self.model.tokenizer.num_special_tokens_to_add())
        prompt = self.count_tokens([self.prompt])[0] if self.prompt else 0
        return max(min(self.limit, self.window_tokens) - special - prompt, 8)

    def _budget(self) -> int:
        return BATCH_TOKENS["cpu" if self.on_processor else "other"]

    def _encode_shared(self, model: SentenceTransformer, windows: Sequence[Window]) -> list[Sums]:
        """The sums of each window, from one pass over it."""
        texts = [self.prompt + window.text for window in windows]
        sums: list[Any] = [None] * len(windows)
        # Joined sentences may have more or fewer tokens than apart; texts of equal length need no padding.
        same_length: dict[int, list[tuple[int, Any]]] = {}
        for index, row in enumerate(self.tokens(texts)):
            if len(row.ids) > self.limit and len(windows[index].parts) > 1:
                sums[index] = self._encode_halves(model, windows[index])
            else:
                same_length.setdefault(min(len(row.ids), self.limit), []).append((index, row))
        for length, rows in same_length.items():
            vectors = self._forward(model, np.array([row.ids[:length] for _, row in rows], np.int64))
            for (index, row), tokens in zip(rows, vectors, strict=True):
                token_spans = np.array(row.offsets[:length], np.int64)
                sums[index] = _pool(tokens, token_spans, windows[index].spans(len(self.prompt)))
        return sums

    def tokens(self, texts: Sequence[str]) -> Any:
        """The `tokenizers.Encoding` of each text, neither truncated nor padded."""
        with self._tokenizer() as tokenizer:
            return tokenizer.encode_batch(texts)

    @contextmanager
    def _tokenizer(self) -> Iterator[Any]:
        """The tokenizer without that of transformers around it, whose every call sets padding for all threads."""
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
            features = model({"input_ids": tokens, "attention_mask": torch.ones_like(tokens)})
        return np.asarray(features["token_embeddings"].float().cpu().numpy())

    def _encode_halves(self, model: SentenceTransformer, window: Window) -> Sums:
        (first, first_sum), (second, second_sum) = (self._encode_shared(model, [half])[0] for half in window.halves())
        return np.concatenate([first, second]), first_sum + second_sum

    def _encode_separately(self, model: SentenceTransformer, windows: Sequence[Window]) -> list[Sums]:
        """As `_encode_shared`, but from one pass over the windows and one over their parts, weighted by tokens."""
        texts = [window.text for window in windows] + [part.text for window in windows for part in window.parts]
        weights = [window.tokens for window in windows] + [part.tokens for window in windows for part in window.parts]
        # One text at a time on a processor: padding beside a longer text would change the last bits.
        rows = model.encode(
            texts,
            prompt=self.prompt,
            batch_size=1 if self.on_processor else 32,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        vectors = unit(np.asarray(rows, np.float32)) * np.array(weights, np.float32)[:, None]
        cuts = np.cumsum([len(windows), *(len(window.parts) for window in windows)])
        return list(zip(np.split(vectors, cuts[:-1])[1:], vectors[: len(windows)], strict=True))

    def _over_batches(self, run: Callable[..., Any], batches: list[list[int]]) -> Iterator[Any]:
        """The result of `run` for each batch, in order. On a processor each batch has a thread, else a card."""
        import torch

        if self.on_processor and not self.replicas:
            # In a worker thread this sets the number of threads of that thread's own matrix products.
            pool = ThreadPoolExecutor(torch.get_num_threads(), initializer=torch.set_num_threads, initargs=(1,))
            workers = [(self.model, pool)]
        else:
            # The order assigns batches to cards, not which card is free: different cards may round differently.
            workers = [(model, ThreadPoolExecutor(1)) for model in (self.model, *self.replicas)]
        with ExitStack() as stack:
            for _, pool in workers:
                stack.callback(pool.shutdown, cancel_futures=True)
            assigned = zip(cycle(workers), batches, strict=False)
            pending = deque(pool.submit(run, model, batch) for (model, pool), batch in assigned)
            while pending:
                yield pending.popleft().result()


def _pool(tokens: NDArray[np.float32], token_spans: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> Sums:
    """Sums of the token vectors inside each span of characters, and of all.

    A span without tokens (its characters are dropped by the tokenizer) gets the sum of all, so that every sentence has
    a vector. tokens: (tokens, dimensions). token_spans: (tokens, 2), start and end in characters.
    """
    total = tokens.sum(0)
    middles = token_spans.sum(1) / 2
    has_text = token_spans[:, 1] > token_spans[:, 0]
    inside = [tokens[has_text & (middles > start) & (middles < end)] for start, end in spans]
    return np.stack([part.sum(0) if len(part) else total for part in inside]), total
