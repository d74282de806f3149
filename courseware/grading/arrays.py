"""Arrow arrays of numbers and texts, made without `pyarrow.array`, which imports pandas first and so takes long.

`Array.to_numpy` does the same; `numpy.from_dlpack` reads an array of numbers without.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def number_array(numbers: np.ndarray) -> pa.Array:
    """An array of numbers over the same memory, shape (n,).

    >>> number_array(np.array([1, 2], dtype=np.int32)).to_pylist()
    [1, 2]
    """
    buffer = pa.py_buffer(np.ascontiguousarray(numbers))
    return pa.Array.from_buffers(pa.from_numpy_dtype(numbers.dtype), len(numbers), [None, buffer])


def text_array(texts: Sequence[str]) -> pa.StringArray:
    """An array of texts.

    >>> text_array(["α", "", "bc"]).to_pylist()
    ['α', '', 'bc']
    """
    raw = [text.encode() for text in texts]
    offsets = np.cumsum([0, *map(len, raw)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(b"".join(raw)))
