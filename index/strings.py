"""Columns of strings, front-coded in blocks of 16 by the kernels.

On disk NAME is two columns, `NAME.heads` and `NAME.blob`. `docs/format.md` has the layout.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import kernels
from ..errors import DamagedError
from ..hints import TYPE_CHECKING, NoReturn
from ..storage import ColumnFile
from .dtypes import Bytes, UInts, np

if TYPE_CHECKING:
    from ..storage import ColumnWriter

Texts = tuple[Bytes, UInts]
"""Packed strings: their bytes one after another, and where each begins in them, and the end."""


def pack_texts(strings: Sequence[bytes]) -> Texts:
    """Strings, packed."""
    edges = np.cumsum([0, *map(len, strings)])
    if edges[-1] >> 32:
        raise OverflowError("packed strings take at most 4 GiB")
    return np.frombuffer(b"".join(strings), np.uint8), edges.astype(np.uint32)


def write_strings(out: ColumnWriter, name: str, texts: Texts) -> None:
    """Write a column of strings, packed."""
    heads, blob = kernels.encode(*texts)
    out.add(f"{name}.heads", heads)
    out.add(f"{name}.blob", blob)


class StringColumn(kernels.Strings):
    """The strings of an open file, UTF-8 bytes, verified where they are read.

    Args:
        file, name: the file and the column's name.
        count: how many strings.

    Raises:
        DamagedError: from every method, if bytes are not as they were written.
    """

    def __init__(self, file: ColumnFile, name: str, count: int) -> None:
        self._file_name = file.name
        self._name = name
        file.expect(f"{name}.heads", "<u4", (count + 15) // 16)
        file.expect(f"{name}.blob", "|u1")
        super().__init__(
            file.raw(f"{name}.heads"),
            file.raw(f"{name}.blob"),
            count,
            file.pages,
            file.span(f"{name}.heads")[0],
            file.span(f"{name}.blob")[0],
        )

    def __getitem__(self, index: int) -> bytes:
        return self.get(index)

    def packed(self) -> Texts:
        """All strings, packed."""
        blob, starts = self.joined()
        if starts[-1] >> 32:
            self.blame()
        return blob, starts.astype(np.uint32)

    def blame(self) -> NoReturn:
        """Raise DamagedError."""
        raise DamagedError(self._file_name, self._name, "front-coded strings", "other bytes")
