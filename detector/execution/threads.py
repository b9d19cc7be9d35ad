"""Matrix products on one thread, where their last digits must not hang on how many threads there are.

Encoding, which is nearly all of the work, runs on several threads in its own way; see `detector.encoding.encoder`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def on_one_thread(work: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """The same function, with the linear algebra inside it on one thread."""

    @wraps(work)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Returned:
        with _libraries().limit(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return limited


@cache
def _libraries() -> ThreadpoolController:
    """The linear algebra libraries of the process, found once: numpy and scipy have loaded theirs by now."""
    return ThreadpoolController()
