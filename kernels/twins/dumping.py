"""Documents out as lines of JSON."""

import json
from collections.abc import Callable, Container, Iterable
from typing import Any

import numpy as np

from .arrays import U32, U64

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


def text_size(document: dict[Any, Any], known: Container[str]) -> int:
    """Characters of the values of a document; -1 if one is no text, or of a name not known."""
    if not all(type(value) is str and name in known for name, value in document.items()):
        return -1
    return sum(map(len, document.values()))


def dump_blocks(
    documents: Iterable[dict[Any, Any] | bytes], size: int, others: Callable[[Any], bytes]
) -> tuple[bytes, U64, U32]:
    """Documents as lines of JSON, laid out in blocks. Other threads can run meanwhile.

    Args:
        documents: values by name, which nobody changes meanwhile; or lines, in bytes.
        size: a block ends when it has this many bytes or more, a line feed after each line.
        others: gives the line, in bytes, of a document that is not texts in UTF-8 alone.

    Returns:
        `(data, spans, firsts)`: the bytes of all blocks, with line feeds between the documents of
        one; uint64, where each block begins in them and how long it is; uint32, the number of its
        first document.
    """
    blocks: list[list[bytes]] = []
    firsts: list[int] = []
    waiting = size
    for number, document in enumerate(documents):
        if waiting >= size:
            blocks.append([])
            firsts.append(number)
            waiting = 0
        line = document if isinstance(document, bytes) else _line(document, others)
        blocks[-1].append(line)
        waiting += len(line) + 1
    texts = [b"\n".join(block) for block in blocks]
    sizes = np.array([len(text) for text in texts], np.uint64)
    spans = np.stack([np.cumsum(sizes) - sizes, sizes], axis=1).astype(np.uint64)
    return b"".join(texts), spans.ravel(), np.array(firsts, np.uint32)


def _line(document: dict[Any, Any], others: Callable[[Any], bytes]) -> bytes:
    plain = all(type(value) is str for value in document.values())
    return (dump(document, others) if plain else None) or others(document)
