"""The number types of the index, defined once; the kernels use the same widths."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    UInts = NDArray[np.uint32]
    Longs = NDArray[np.uint64]
    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Bytes = NDArray[np.uint8]
else:  # names for annotations only: reading an index needs no NumPy
    Array = UInts = Longs = Floats = Doubles = Bytes = object

DOC = "<u4"
"""A document's number inside its segment."""

TERM = "<u4"
"""A term's, group's or posting's number inside its segment."""

SCORE = "<f4"
"""A document's score."""
