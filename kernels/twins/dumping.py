"""Documents out as lines of JSON."""

import json
import re
from collections.abc import Callable, Container, Iterable
from typing import Any

import numpy as np

from .arrays import U32, U64

SWITCH = b"\x01"
"""From one mode of a squeezed line to the other."""

_RUNS = re.compile(
    rb"""(?P<letters>(?:[\xd8\xd9][\x80-\xbf])+)
    | (?P<others>(?:(?![\xd8\xd9][\x80-\xbf])[\x80-\xff])+)
    | ["\n] | [^"\n\x80-\xff]+""",
    re.VERBOSE,
)

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def dump(document: dict[Any, Any], others: Callable[[Any], bytes]) -> bytes | None:
    """A document as one line of JSON.

    Args:
        document: values by name.
        others: gives the JSON, in bytes, of a value that is not text.

    Returns:
        The line in UTF-8, or None: a name is no text, or a text has a lone surrogate.
    """
    parts = []
    for name, value in document.items():
        if type(name) is not str:
            return None
        try:
            text = _quoted(value).encode() if type(value) is str else others(value)
            parts.append(_quoted(name).encode() + b":" + text)
        except UnicodeEncodeError:
            return None
    return b"{" + b",".join(parts) + b"}"


def squeeze(lines: bytes) -> bytes:
    """Lines of JSON, squeezed: see `docs/format.md`.

    Raises:
        ValueError: for lines with the byte 1, which JSON has not.
    """
    if SWITCH in lines:
        raise ValueError("a line of JSON has no control characters")
    out: list[bytes] = []
    raw = False
    for match in _RUNS.finditer(lines):
        run = match[0]
        if match.lastgroup is None:
            raw = raw and run not in b'"\n'
        elif raw == (match.lastgroup == "letters"):
            out.append(SWITCH)
            raw = not raw
        out.append(run if match.lastgroup != "letters" else _bytes_of(run))
    return b"".join(out)


def _bytes_of(letters: bytes) -> bytes:
    pairs = zip(letters[::2], letters[1::2], strict=True)
    return bytes([0x80 | (a & 1) << 6 | (b & 63) for a, b in pairs])


def text_size(document: dict[Any, Any], known: Container[str]) -> int:
    """Characters of the values of a document; -1 if one is no text, or of a name not known."""
    if not all(type(value) is str and name in known for name, value in document.items()):
        return -1
    return sum(map(len, document.values()))


def dump_blocks(
    documents: Iterable[dict[Any, Any] | bytes], size: int, others: Callable[[Any], bytes]
) -> tuple[bytes, U64, U32]:
    """Documents as lines of JSON, squeezed, laid out in blocks. Other threads can run meanwhile.

    Args:
        documents: values by name, which nobody changes meanwhile; or lines, in bytes, not squeezed.
        size: a block ends when it has this many bytes or more, a line feed after each line.
        others: gives the line, in bytes, of a document that is not texts in UTF-8 alone.

    Returns:
        `(data, spans, firsts)`: the bytes of all blocks, with line feeds between the documents of
        one; uint64, where each block begins in them and how long it is; uint32, the number of its
        first document.

    Raises:
        ValueError: for a line with the byte 1.
    """
    blocks: list[list[bytes]] = []
    firsts: list[int] = []
    waiting = size
    for number, document in enumerate(documents):
        if waiting >= size:
            blocks.append([])
            firsts.append(number)
            waiting = 0
        line = squeeze(document if isinstance(document, bytes) else _line(document, others))
        blocks[-1].append(line)
        waiting += len(line) + 1
    texts = [b"\n".join(block) for block in blocks]
    sizes = np.array([len(text) for text in texts], np.uint64)
    spans = np.stack([np.cumsum(sizes) - sizes, sizes], axis=1).astype(np.uint64)
    return b"".join(texts), spans.ravel(), np.array(firsts, np.uint32)


def _line(document: dict[Any, Any], others: Callable[[Any], bytes]) -> bytes:
    plain = all(type(value) is str for value in document.values())
    return (dump(document, others) if plain else None) or others(document)
