"""Matrix products on one thread, so that their last digits do not depend on the number of threads.

Encoding, which is nearly all of the work, uses several threads in its own way; see `detector.encoding.encoder`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def on_one_thread(function: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """The same function, but its linear algebra runs on one thread."""

    @wraps(function)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Returned:
        with _libraries().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited


@cache
def _libraries() -> ThreadpoolController:
    """The linear algebra libraries of the process, looked up once, after numpy and scipy have loaded theirs."""
    return ThreadpoolController()
