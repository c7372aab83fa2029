"""Columns of unsigned 32-bit numbers, packed in blocks of 128 by the kernels.

On disk a packed column NAME is two columns, `NAME.directory` and `NAME.data`; its count
of values is kept by whoever owns it. `docs/format.md` has the layout.
"""

from __future__ import annotations

from .. import kernels
from ..errors import DamagedError, UsageError
from ..hints import TYPE_CHECKING, NoReturn
from ..storage import ColumnFile
from .dtypes import Array, UInts, np

if TYPE_CHECKING:
    from ..storage import ColumnWriter
    from .crew import Crew, Task

BLOCK = 128
PADDING = 4  # 32-bit words behind the last block
PIECE = 512 * BLOCK  # values that are packed together at most
LARGEST = 1 << 30  # 32-bit words of data that a directory can address


class PackedWriter:
    """Packs a column while it is written: `with PackedWriter(out, "docs") as docs: ...`.

    Args:
        out: the file; nothing else is written to it meanwhile.
        name: the column's name.
    """

    def __init__(self, out: ColumnWriter, name: str) -> None:
        self._out = out
        self._name = name
        self._opened = out.stream(f"{name}.data", np.uint32)
        self._pending: list[UInts] = []
        self._waiting = 0
        self._directory: list[UInts] = []
        self._words = 0
        self.count = 0

    def __enter__(self) -> PackedWriter:
        self._stream = self._opened.__enter__()
        return self

    def write(self, values: UInts) -> None:
        """Append values."""
        self.count += len(values)
        for first in range(0, len(values), PIECE):
            piece = values[first : first + PIECE]
            self._pending.append(piece)
            self._waiting += len(piece)
            if self._waiting >= 64 * BLOCK:
                self._pack(self._waiting - self._waiting % BLOCK)

    def write_blocks(self, directory: UInts, data: UInts) -> None:
        """Append whole blocks, packed by the kernel, where nothing but whole blocks was written."""
        if self._waiting:
            raise UsageError(f"column {self._name} is in the middle of a block")
        self.count += BLOCK * len(directory)
        self._append(directory, data)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._close()
        self._opened.__exit__(kind, *rest)  # type: ignore[arg-type]
        if kind is None:
            self._out.add(f"{self._name}.directory", np.concatenate(self._directory).ravel())

    def _close(self) -> None:
        if self._waiting % BLOCK:
            last = next(values[-1] for values in reversed(self._pending) if len(values))
            self._pending.append(np.full(BLOCK - self._waiting % BLOCK, last, np.uint32))
            self._waiting += len(self._pending[-1])
        self._pack(self._waiting)
        self._directory.append(np.array([[0, 4 * self._words]], np.uint32))
        self._stream.write(np.zeros(PADDING, np.uint32))

    def _pack(self, count: int) -> None:
        if not count:
            return
        values = np.ascontiguousarray(np.concatenate(self._pending), np.uint32)
        self._pending, self._waiting = [values[count:]], len(values) - count
        self._append(*kernels.pack(values[:count]))

    def _append(self, directory: UInts, data: UInts) -> None:
        """Append blocks that were packed."""
        if self._words + len(data) >= LARGEST:
            raise OverflowError(f"column {self._name} is too large for one segment")
        directory[:, 1] += np.uint32(4 * self._words)
        self._words += len(data)
        self._directory.append(directory)
        self._stream.write(data)


def write_packed(out: ColumnWriter, name: str, values: UInts) -> None:
    """Write a whole packed column."""
    with PackedWriter(out, name) as column:
        column.write(values)


class PackedBuffer:
    """A packed column in memory, on its way into a file.

    Args:
        crew: packs.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._blocks: list[Task[tuple[UInts, UInts]]] = []
        self._rest = np.empty(0, np.uint32)
        self.count = 0

    def write(self, values: UInts) -> None:
        """Append values."""
        self.count += len(values)
        whole, self._rest = split_blocks(self._rest, values)
        if len(whole):
            self._blocks.append(self._crew.begin(pack_blocks, whole))

    def put(self, out: ColumnWriter, name: str) -> None:
        """Write it as a column, once."""
        with PackedWriter(out, name) as column:
            for task in self._blocks:
                column.write_blocks(*task.result())
            column.write(self._rest)
        self._blocks.clear()


def split_blocks(rest: UInts, values: UInts) -> tuple[UInts, UInts]:
    """Whole blocks of what was left and of values behind it; and what is left of both."""
    values = np.concatenate([rest, values])
    whole = len(values) - len(values) % BLOCK
    return values[:whole], values[whole:].copy()


def pack_blocks(values: UInts) -> tuple[UInts, UInts]:
    """Whole blocks, packed, in no more memory than they take: their directory and their data."""
    directory, data = kernels.pack(values)
    return directory, data.copy()


class Packed(kernels.Packed):
    """A packed column of an open file, verified where it is read.

    Args:
        file: the file.
        name: the column's name.
        count: how many values it holds.
        below: no value reaches it.

    Raises:
        DamagedError: if the columns cannot hold that many values; from every method, if bytes
            are not as they were written.
    """

    def __init__(self, file: ColumnFile, name: str, count: int, below: int = 1 << 32) -> None:
        self._file_name = file.name
        self._name = name
        blocks = (count + BLOCK - 1) // BLOCK
        file.expect(f"{name}.directory", "<u4", 2 * (blocks + 1))
        file.expect(f"{name}.data", "<u4")
        data = file.raw(f"{name}.data")
        if len(data) < PADDING:
            self.blame(f"{PADDING} words at least", str(len(data)))
        super().__init__(
            file.raw(f"{name}.directory", 2),
            data,
            count,
            file.pages,
            file.span(f"{name}.directory")[0],
            file.span(f"{name}.data")[0],
            below,
        )

    def steps(self) -> Array:
        """The differences of neighbours, int64, in a column that ascends.

        Raises:
            DamagedError: if it does not.
        """
        values = self.slice().astype(np.int64)
        steps: Array = values[1:] - values[:-1]
        if (steps < 0).any():
            self.blame("ascending values", "others")
        return steps

    def blame(self, expected: str, found: str) -> NoReturn:
        """Raise DamagedError."""
        raise DamagedError(self._file_name, self._name, expected, found)
