"""Lines of a file one at a time, in any encoding, each within a limit.

A line may be as long as a file, so it is read in pieces and never held beyond the limit.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .encoding import Guess, detect
from .model import MEGABYTE, Options, Skipped, Source, Unreadable

HEAD: Final = 1 << 18
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, and its number from 1."""

    number: int
    text: str


def guess_encoding(source: Source, options: Options) -> Guess:
    """Return the encoding of a source that is read line by line, from its beginning."""
    if options.encoding:
        return Guess(options.encoding)
    head = source.head(HEAD)
    whole = len(head) < HEAD
    return detect(head if whole else head[: max(head.rfind(b"\n"), HEAD // 2) + 1])


def read_lines(source: Source, options: Options, encoding: str) -> Iterator[Line | Skipped]:
    """Yield the lines that are not blank, and a `Skipped` for each over the limit.

    Bytes that are not in the encoding become lone surrogates (UTF-8 and the one-byte
    encodings) or U+FFFD; whoever reads the line decides what that means.
    """
    limit = options.limits.document
    with open_text(source, encoding) as file:
        for number, pieces in enumerate(_pieces(file, limit), 1):
            if pieces is None:
                reason = f"a line of more than {limit // MEGABYTE} MB"
                yield Skipped(reason, "too-large", str(number), number)
            elif text := pieces.rstrip("\r\n").removeprefix("\ufeff" if number == 1 else ""):
                yield Line(number, text)


def open_text(source: Source, encoding: str) -> io.TextIOWrapper:
    """Open a source as text that keeps its line ends; for what bad bytes become see above."""
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(source.open(), encoding, errors, newline="\n")


def _pieces(file: io.TextIOWrapper, limit: int) -> Iterator[str | None]:
    """Yield each line with its end, or None for one that is too long."""
    while True:
        line = file.readline(min(limit, _PIECE))
        if not line:
            return
        if line.endswith("\n") or len(line) < min(limit, _PIECE):
            yield line
        else:
            yield _long_line(file, line, limit)


def _long_line(file: io.TextIOWrapper, begun: str, limit: int) -> str | None:
    pieces, size = [begun], len(begun)
    while piece := file.readline(_PIECE):
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
        if piece.endswith("\n"):
            break
    return "".join(pieces) if size <= limit else None


def sound(text: str) -> str:
    """Return a line whose bytes were all in its encoding, or refuse it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        reason = "bytes that are not in the encoding of the file"
        raise Unreadable("encoding", reason) from None
    return text
