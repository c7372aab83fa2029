"""The number types of the index, defined once; the kernels use the same widths.

`np` is NumPy, imported when something of it is first used: what a plain search needs of an
index is read by the kernels without it, and its import takes longer than the search.
"""

from ..hints import TYPE_CHECKING, Any

__all__ = [
    "DOC",
    "SCORE",
    "TERM",
    "Array",
    "Bytes",
    "Doubles",
    "Floats",
    "Longs",
    "UInts",
    "np",
]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
    UInts = NDArray[np.uint32]
    Longs = NDArray[np.uint64]
    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Bytes = NDArray[np.uint8]
else:

    class _Late:
        def __getattr__(self, name: str) -> Any:
            import numpy

            vars(self).update(vars(numpy))  # from now on found without this detour
            return getattr(numpy, name)

    np = _Late()
    Array = UInts = Longs = Floats = Doubles = Bytes = object  # names for annotations only

DOC = "<u4"
"""A document's number inside its segment."""

TERM = "<u4"
"""A term's, group's or posting's number inside its segment."""

SCORE = "<f4"
"""A document's score."""
