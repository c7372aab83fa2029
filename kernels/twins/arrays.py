"""The array types that cross the border of a kernel."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

U8: TypeAlias = NDArray[np.uint8]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I64: TypeAlias = NDArray[np.int64]
F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]
Packed: TypeAlias = tuple[U32, U32, int]
"""A packed column as a file holds it: directory with its closing row, data with its row of
padding, and how many values there are."""
