"""Read-only bytes that are checked page by page, when first touched.

Opening a file of gigabytes must not read it; answering from a damaged byte must not
happen. So each page of `PAGE` bytes has a CRC-32 in the file's table, and a page is
checked once, before its bytes are first used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..errors import DamagedError
from .checksum import PAGE, PAGE_BITS, crc32, pages_of
from .mapped import UNREADABLE, readable


class Pages:
    """The bytes of a file, their checksums, and which pages have been verified.

    Thread-safe: verifying twice is harmless, and a page is marked after it was checked.

    Parameters:
        file: the file's name, for messages.
        buffer: the bytes.
        table: the CRC-32 of each page; itself checked by the caller.
        blame: names the column that is damaged, given the byte range of a bad page.

    Attributes:
        buffer: the bytes, read-only.
        verified: a byte a page: 1 where the page was checked. Kernels may test it to
            skip the call; only `verify` sets it.
    """

    __slots__ = ("_blame", "_table", "buffer", "file", "verified")

    def __init__(
        self,
        file: str,
        buffer: memoryview,
        table: Sequence[int] | memoryview,
        blame: Callable[[int, int], str | None],
    ) -> None:
        if len(table) != pages_of(len(buffer)):
            raise DamagedError(
                file, None, f"{pages_of(len(buffer))} page checksums", f"{len(table)}"
            )
        self.file = file
        self.buffer = buffer
        self._table = table
        self._blame = blame
        self.verified = bytearray(len(table))

    def verify(self, start: int, stop: int) -> None:
        """Check the pages of bytes `start` to `stop` (exclusive) that were not checked yet.

        Raises DamagedError for a page that is not as written, and for a range that is
        not inside the file: such ranges come from damaged or forged data.
        """
        if not 0 <= start <= stop <= len(self.buffer):
            raise DamagedError(
                self.file, None, f"a range within {len(self.buffer)} bytes", f"{start} to {stop}"
            )
        last = (stop + PAGE - 1) >> PAGE_BITS if stop > start else 0
        page = self.verified.find(0, start >> PAGE_BITS, last)
        if page < 0:
            return
        # All at once, where they are many: to ask for each page takes as long as to check it.
        end = min(last << PAGE_BITS, len(self.buffer))
        whole = readable(self.buffer, page << PAGE_BITS, end)
        while page >= 0:
            self._require(page, whole)
            page = self.verified.find(0, page + 1, last)

    def damage(self) -> Iterator[DamagedError | None]:
        """Check every page again; yield for each, in order, its error or None."""
        for page in range(len(self._table)):
            yield self._fault(page)

    def _require(self, page: int, is_readable: bool) -> None:
        fault = self._fault(page, is_readable)
        if fault:
            raise fault
        self.verified[page] = 1

    def _fault(self, page: int, is_readable: bool = False) -> DamagedError | None:
        start = page << PAGE_BITS
        stop = min(start + PAGE, len(self.buffer))
        if not is_readable and not readable(self.buffer, start, stop):
            return self._error(start, stop, "readable bytes", UNREADABLE)
        expected, found = self._table[page], crc32(self.buffer[start:stop])
        if expected != found:
            return self._error(start, stop, f"checksum {expected:08x}", f"{found:08x}")
        return None

    def _error(self, start: int, stop: int, expected: str, found: str) -> DamagedError:
        column = self._blame(start, stop)
        return DamagedError(self.file, column, f"{expected} in bytes {start} to {stop}", found)
