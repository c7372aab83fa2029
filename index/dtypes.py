"""The number types of the index, defined once; the kernels use the same widths."""

from typing import Any

import numpy as np
import numpy.typing as npt

DOC = np.dtype(np.uint32)
"""A document's number inside its segment."""

TERM = np.dtype(np.uint32)
"""A term's, group's or posting's number inside its segment."""

SCORE = np.dtype(np.float32)
"""A document's score."""

Array = npt.NDArray[Any]
UInts = npt.NDArray[np.uint32]
Longs = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
