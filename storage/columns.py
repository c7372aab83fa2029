"""The column file: named arrays in one file, mapped and never copied.

Grammar, all numbers little-endian, `[n]` bytes:

    file    := body table footer trailer
    body    := header column*             padded with zeros to a multiple of 64
    header  := magic[8] version[4] zero[52]
    column  := raw array, starting at a multiple of 64; zeros before it as needed
    table   := crc32[4]*                  one for each 16384 bytes of the body, in order
    footer  := JSON, UTF-8
    trailer := body-length[8] footer-length[4] version[4] crc[4] magic[8]

    magic   := "KshfCol\\n"
    version := 1
    crc     := CRC-32 of table, footer and the first 16 bytes of the trailer

The footer is one object:

    kind      what the file is for, such as "segment"
    columns   a list of [name, dtype, count, offset, length, crc32], in the order of the
              file: offset and length in bytes, dtype as NumPy writes it ("<u4"), and the
              CRC-32 of the column's bytes
    meta      an object for the file's owner

Every byte is under some check: the body under the table, the table, the footer and the
lengths under the trailer's crc, the magic under comparison. The trailer's crc thus stands
for the whole file, and a commit that keeps it notices a file that was swapped.

The layout is canonical: each column starts at the first multiple of 64 after the one
before it. So columns cannot overlap or lie outside the body, and a reader need only
compare.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from ..errors import DamagedError, VersionError
from ..hints import Any
from ..records import NamedTuple
from .checksum import pages_of
from .directory import is_plain
from .parsing import parse_json

MAGIC = b"KshfCol\n"
FORMAT = 1
ALIGN = 64
DTYPES = {
    "|u1": "B",
    "|i1": "b",
    "<u2": "H",
    "<i2": "h",
    "<u4": "I",
    "<i4": "i",
    "<u8": "Q",
    "<i8": "q",
    "<f4": "f",
    "<f8": "d",
}
"""The types a column may have, as NumPy and as `memoryview` name them: plain numbers, no
objects, nothing to execute."""

HEADER = struct.Struct("<8sI52x")
TRAILER = struct.Struct("<QIII8s")
SIGNED = TRAILER.size - 12
"""Bytes of the trailer that its crc covers: those before it."""

_NAME_LIMIT = 500  # characters
_ROW = [str, str, int, int, int, int]  # the name of a column, and its Column


class FileInfo(NamedTuple):
    """What a commit remembers of a file, to notice a missing, cut or swapped one.

    Attributes:
        name: the file's name in its directory.
        size: its length in bytes.
        crc: the crc of its trailer, which stands for all its bytes.
    """

    name: str
    size: int
    crc: int

    @classmethod
    def from_json(cls, value: object, file: str) -> FileInfo:
        """Return the FileInfo that was written as a JSON list into `file`.

        Raises DamagedError, naming `file`, for anything else.
        """
        match value:
            case [str(name), int(size), int(crc)] if is_plain(name) and size >= 0:
                return cls(name, size, crc)
        raise DamagedError(file, None, "a file's name, size and checksum", brief(value))


class Column(NamedTuple):
    """Where a column lies and what it holds; `offset` and `length` are in bytes."""

    dtype: str
    count: int  # type: ignore[assignment]
    offset: int
    length: int
    crc: int

    @property
    def width(self) -> int:
        """Bytes of one element."""
        return int(self.dtype[-1])

    @property
    def stop(self) -> int:
        """The byte after the column."""
        return self.offset + self.length


class Trailer(NamedTuple):
    """The lengths in bytes that the end of a file vouches for, and its crc."""

    body: int
    footer: int
    crc: int

    @property
    def table(self) -> int:
        """Bytes of the page table."""
        return 4 * pages_of(self.body)

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.body + self.table + self.footer + TRAILER.size


def align(offset: int) -> int:
    """Return the first multiple of ALIGN that is not below `offset`."""
    return -(-offset // ALIGN) * ALIGN


def brief(value: object) -> str:
    """Return a value from a strange file as a short printable text, for messages."""
    import reprlib

    text = reprlib.repr(value)  # bounded in depth and length
    return text if text.isprintable() else ascii(text)


def valid_name(name: object) -> bool:
    """Whether `name` can name a column: printable text, which may be Arabic."""
    return isinstance(name, str) and 0 < len(name) <= _NAME_LIMIT and name.isprintable()


def parse_trailer(file: str, data: memoryview) -> Trailer:
    """Return the trailer of a whole file, once its magics, version and lengths fit.

    Raises DamagedError, or VersionError for a sound file of another format version.
    """
    if len(data) < ALIGN + TRAILER.size:
        raise DamagedError(file, None, f"at least {ALIGN + TRAILER.size} bytes", f"{len(data)}")
    magic, version = HEADER.unpack_from(data)
    body, footer, version_again, crc, magic_again = TRAILER.unpack_from(
        data, len(data) - TRAILER.size
    )
    for place, found in (("first", magic), ("last", magic_again)):
        if found != MAGIC:
            raise DamagedError(file, None, f"{MAGIC!r} in the {place} bytes", repr(found))
    if version != version_again:
        raise DamagedError(file, None, f"format version {version}", f"{version_again}")
    _check_version(file, version)
    trailer = Trailer(body, footer, crc)
    if body < ALIGN or body % ALIGN or trailer.size != len(data):
        raise DamagedError(file, None, f"{trailer.size} bytes", f"{len(data)}")
    return trailer


def _check_version(file: str, version: int) -> None:
    if version != FORMAT:
        raise VersionError(
            f"{file} has column format {version}, and this Kashaf reads {FORMAT}: "
            "use a newer Kashaf, or build the index again"
        )


def parse_footer(
    file: str, data: bytes, kind: str, body: int
) -> tuple[dict[str, Column], dict[str, Any]]:
    """Return the columns and the meta of a footer, once everything in it fits.

    Parameters:
        file: the file's name, for messages.
        data: the footer's bytes.
        kind: the kind the file must have.
        body: the length of the body in bytes.

    Raises DamagedError.
    """
    match _json(file, data):
        case {"kind": found, "columns": list(rows), "meta": dict(meta)}:
            if found != kind:
                raise DamagedError(file, None, f"a file of kind {kind!r}", brief(found))
            return _parse_columns(file, rows, body), meta
    raise DamagedError(file, None, "a footer with kind, columns and meta", brief(data[:40]))


def _json(file: str, data: bytes) -> object:
    try:
        return parse_json(data.decode())
    except (ValueError, RecursionError) as error:
        raise DamagedError(file, None, "a footer in JSON", brief(str(error))) from None


def _parse_columns(file: str, rows: list[object], body: int) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    end = ALIGN
    for row in rows:
        name, column = _parse_column(file, row)
        if name in columns:
            raise DamagedError(file, name, "one column of that name", "two")
        if column.offset != align(end):
            raise DamagedError(file, name, f"offset {align(end)}", brief(column.offset))
        columns[name] = column
        end = column.stop
    if align(end) != body:
        raise DamagedError(file, None, f"columns that end at {body}", f"{align(end)}")
    return columns


def _parse_column(file: str, row: object) -> tuple[str, Column]:
    # A search from a cold process reads the columns of all segments: no patterns, for speed.
    if isinstance(row, list) and [*map(type, row)] == _ROW:
        name, dtype, count, offset, length, crc = row
        sound = valid_name(name) and dtype in DTYPES and count >= 0 and offset >= 0 and crc >= 0
        if sound and length == count * int(dtype[-1]):
            return name, Column(dtype, count, offset, length, crc)
    raise DamagedError(file, None, "a column's name, dtype, count, offset and length", brief(row))


def pack_footer(kind: str, columns: Mapping[str, Column], meta: Mapping[str, Any]) -> bytes:
    """Return the footer's bytes. Raises TypeError or ValueError where `meta` is not JSON."""
    import json

    rows = [[name, *column] for name, column in columns.items()]
    footer = {"kind": kind, "columns": rows, "meta": dict(meta)}
    text = json.dumps(footer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8")
