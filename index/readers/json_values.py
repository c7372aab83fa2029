"""JSON files: one record, an array of records, or records one after another.

The values are taken from the file one at a time, so that an array may be larger than
memory. In an array `part` is the position of the record, from 1; a lone record is the file.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Final

from .jsonl import as_record
from .lines import guess_encoding
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .records import to_document

_PIECE: Final = 1 << 16
_BETWEEN: Final = re.compile(r"[\s,]*")
_DECODER: Final = json.JSONDecoder()


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield a document for each record of the file."""
    guess = guess_encoding(source, options)
    with io.TextIOWrapper(source.open(), guess.encoding, "replace") as file:
        values = _Values(file, options.limits.document)
        for number, value in enumerate(values, 1):
            part = "" if number == 1 and values.alone() else str(number)
            try:
                document = to_document(as_record(value), part, options)
            except Unreadable as trouble:
                yield Skipped(str(trouble), trouble.kind, part, values.line)
                continue
            document.notes[:0] = guess.notes()
            yield document


class _Values:
    """The values of a file that holds one, an array of them, or one after another."""

    def __init__(self, file: io.TextIOWrapper, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._buffer = ""
        self._ended = False
        self.line = 1
        self._in_array = False

    def __iter__(self) -> Iterator[object]:
        self._fill()
        self._drop(0)
        self._in_array = self._buffer.startswith("[")
        self._drop(int(self._in_array))
        while self._buffer and not (self._in_array and self._buffer.startswith("]")):
            yield self._next()
            self._drop(0)
        if self._in_array and not self._buffer:
            raise Unreadable("damaged", "the array is cut off", self.line)

    def alone(self) -> bool:
        """Return whether the value just taken is all that the file holds."""
        self._drop(0)
        return not self._in_array and not self._buffer

    def _next(self) -> object:
        """Return the next value, reading on until it is whole.

        Each new try has twice the text, so the tries together cost two of the last.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer)
            except RecursionError:
                raise Unreadable("bad-line", "nested too deep", self.line) from None
            except ValueError as trouble:
                if not self._fill():
                    reason = getattr(trouble, "msg", str(trouble))
                    raise Unreadable("bad-line", f"not JSON: {reason}", self.line) from None
                continue
            # A number may go on in what is not read yet.
            if end < len(self._buffer) or not self._fill():
                self._drop(end)
                return value

    def _fill(self) -> bool:
        """Double the buffer; return whether there was more to read."""
        more = "" if self._ended else self._file.read(max(_PIECE, len(self._buffer)))
        self._ended = not more
        self._buffer += more
        if len(self._buffer) > 2 * self._limit + _PIECE:
            size = self._limit // MEGABYTE
            raise Unreadable("too-large", f"a value of more than {size} MB", self.line)
        return bool(more)

    def _drop(self, count: int) -> None:
        """Go past `count` characters and what stands between values."""
        while True:
            found = _BETWEEN.match(self._buffer, count)
            end = found.end() if found else count
            self.line += self._buffer.count("\n", 0, end)
            self._buffer = self._buffer[end:]
            if self._buffer or not self._fill():
                return
            count = 0
