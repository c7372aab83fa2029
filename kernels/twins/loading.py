"""Documents in from squeezed lines of JSON."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from .arrays import U32, U64
from .dumping import SWITCH

_RUNS = re.compile(rb"""\x01 | ["\n] | [\x80-\xff]+ | [^\x01"\n\x80-\xff]+""", re.VERBOSE)
_LETTERS = {byte: byte + 0x580 for byte in range(0x80, 0x100)}

_value_at = json.JSONDecoder().raw_decode


def load(
    data: bytes, start: int, stop: int, others: Callable[[bytes], Any]
) -> dict[str, Any] | None:
    """The document of a squeezed line of JSON.

    Args:
        data: the line is `data[start:stop]`.
        others: gives the value of the JSON, in bytes, of what is no text.

    Returns:
        The document, or None where the line is not as `dump` writes it, or has a character of
        four bytes or one that is escaped by its number: then it takes another reader.
    """
    if not 0 <= start <= stop <= len(data):
        raise ValueError("a line lies in its data")
    try:
        text = spread(data[start:stop]).decode()
        return {} if text == "{}" else _document(text, others)
    except (ValueError, IndexError):
        return None


def spread(lines: bytes) -> bytes:
    """Squeezed lines in UTF-8: what `squeeze` was given."""
    out: list[bytes] = []
    raw = False
    for match in _RUNS.finditer(lines):
        run = match[0]
        if run == SWITCH:
            raw = not raw
        elif run[0] >= 0x80 and not raw:
            out.append(run.decode("latin-1").translate(_LETTERS).encode())
        else:
            raw = raw and run not in b'"\n'
            out.append(run)
    return b"".join(out)


def _document(text: str, others: Callable[[bytes], Any]) -> dict[str, Any] | None:
    document: dict[str, Any] = {}
    at = 0
    while at < max(len(text) - 1, 1):
        if text[at : at + 2] != (',"' if at else '{"'):
            return None
        name, at = _value_at(text, at + 1)
        if text[at] != ":":
            return None
        value, end = _value_at(text, at + 1)
        document[name] = value if type(value) is str else others(text[at + 1 : end].encode())
        at = end
    return document if text[at:] == "}" else None


def find_line(data: bytes, number: int) -> tuple[int, int, int]:
    """Where a line begins and ends in some data, and how many lines there are.

    Args:
        number: of the line, from 0; where there is none of that number, it is an empty one at the
            end.
    """
    lines = data.split(b"\n")
    if not 0 <= number < len(lines):
        return len(data), len(data), len(lines)
    start = sum(len(line) + 1 for line in lines[:number])
    return start, start + len(lines[number]), len(lines)


class Blocks:
    """Which documents are in which block, and where the blocks are.

    Args:
        firsts: uint32, the first document of each block.
        ends: uint64, where each block ends in the data.
        sizes: uint32, bytes of each block when decompressed.
        documents: the number of all.
    """

    def __init__(
        self,
        firsts: "U32 | memoryview",
        ends: "U64 | memoryview",
        sizes: "U32 | memoryview",
        documents: int,
    ) -> None:
        self._edges = [*firsts.tolist(), documents]
        self._ends, self._sizes = ends.tolist(), sizes.tolist()
        if not len(firsts) == len(ends) == len(sizes):
            raise ValueError("blocks have a first document, an end and a size each")

    def place(self, block: int) -> tuple[int, int, int]:
        """Where a block begins and ends in the data, and its size when decompressed."""
        if not 0 <= block < len(self._ends):
            raise IndexError(block)
        return self._ends[block - 1] if block else 0, self._ends[block], self._sizes[block]

    def find(self, doc: int) -> tuple[int, int, int]:
        """The last block that begins at a document or before it, its first document and the one
        after its last; the block is -1 where there is none."""
        block = bisect_right(self._edges, doc, 0, len(self._edges) - 1) - 1
        return (block, *self._edges[block : block + 2]) if block >= 0 else (-1, 0, 0)
