"""Work on many things at once, a few ahead, and hand out the results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item, _Result = TypeVar("_Item"), TypeVar("_Result")
_THREADS = min(os.cpu_count() or 1, 4)


def in_order(
    function: Callable[[_Item], _Result], items: Iterable[_Item], threads: int = _THREADS
) -> Iterator[_Result]:
    """`function` of each item, by threads that are a few items ahead; `items` itself is read by the calling thread.

    >>> list(in_order(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    waiting = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
