"""JSON Lines: a record a line, in constant memory. A bad line is told with its number."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .lines import Line, guess_encoding, read_lines, sound
from .model import Document, Options, Skipped, Source, Unreadable
from .records import to_document


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield a document for each line; its part is the number of the line."""
    guess = guess_encoding(source, options)
    for line in read_lines(source, options, guess.encoding):
        item = _document(line, options) if isinstance(line, Line) else line
        if isinstance(item, Document):
            item.notes[:0] = guess.notes()
        yield item


def _document(line: Line, options: Options) -> Document | Skipped:
    part = str(line.number)
    try:
        return to_document(parse(sound(line.text)), part, options)
    except Unreadable as trouble:
        return Skipped(str(trouble), trouble.kind, part, line.number)


def parse(text: str) -> dict[str, object]:
    """Return the record that a text holds; a bare string is a record of its body alone."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as trouble:
        raise Unreadable("bad-line", f"not JSON: {trouble.msg}, column {trouble.colno}") from None
    except (RecursionError, ValueError) as trouble:
        raise Unreadable("bad-line", f"not JSON that can be read: {trouble}") from None
    return as_record(value)


def as_record(value: object) -> dict[str, object]:
    """Return a JSON value as a record, or refuse one that is none."""
    if isinstance(value, str):
        return {"body": value}
    if not isinstance(value, dict):
        raise Unreadable("bad-line", f"not a record: {type(value).__name__}")
    return value
