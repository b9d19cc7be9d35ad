"""Matrix products on one thread, where their last digits must not hang on how many threads there are.

Encoding, which is nearly all of the work, runs on several threads in its own way; see `detector.encoding.encoder`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def on_one_thread(work: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """The same function, with the linear algebra inside it on one thread."""

    @wraps(work)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Returned:
        with threadpool_limits(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return limited
