"""CSV and TSV: a row is a record; the first row names the fields if it looks like names.

Without names the cells of a row, between tabs, are its body; so are they where the names
say nothing of title or body, since a row is found by what is in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from .lines import guess_encoding, open_text, sound
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .records import to_document

_DELIMITERS: Final = ",\t;|؛،"
_NAME_LENGTH: Final = 60
_HEAD_LINES: Final = 20


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield a document for each row; its part is the number of the row's last line."""
    guess = guess_encoding(source, options)
    limit = options.limits.document
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    with open_text(source, guess.encoding) as file:
        rows = csv.reader(_lines(file, limit), delimiter=_delimiter(source, guess.encoding))
        names: list[str] | None = None
        for row in _rows(rows):
            if isinstance(row, list) and names is None:
                names = header(row)
                if names:
                    continue
            item = _document(row, names or [], rows.line_num, options)
            if isinstance(item, Document):
                item.notes[:0] = guess.notes()
            yield item


def header(row: list[str]) -> list[str]:
    """Return the row if it looks like the names of fields, else nothing."""
    names = [cell.strip().encode("utf-8", "replace").decode("utf-8") for cell in row]
    looks = (
        0 < len(name) <= _NAME_LENGTH and not name[0].isdigit() and name[-1] not in ".؟!"
        for name in names
    )
    return names if len(names) > 1 and all(looks) and len(set(names)) == len(names) else []


def _lines(file: io.TextIOWrapper, limit: int) -> Iterator[str]:
    first = True
    while line := file.readline(limit):
        if len(line) >= limit:
            raise Unreadable("too-large", f"a line of more than {limit // MEGABYTE} MB")
        yield line.removeprefix("\ufeff") if first else line
        first = False


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str] | csv.Error]:
    """Yield the rows that are not blank, and the errors: after one the next line goes on."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as trouble:
            yield trouble
            continue
        if any(cell.strip() for cell in row):
            yield row


def _delimiter(source: Source, encoding: str) -> str:
    """Return what separates cells: what gives the first rows most steadily as many as the first."""
    with open_text(source, encoding) as file:
        lines = [file.readline(10_000) for _ in range(_HEAD_LINES)]

    def steadiness(delimiter: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        width = len(rows[0]) if rows else 0
        return sum(len(row) == width > 1 for row in rows) / max(1, len(rows)), width

    try:
        return max(_DELIMITERS, key=steadiness)
    except csv.Error:
        return ","


def _document(
    row: list[str] | csv.Error, names: list[str], line: int, options: Options
) -> Document | Skipped:
    try:
        if isinstance(row, csv.Error):
            raise Unreadable("bad-line", f"not a row: {row}")
        return row_document([sound(cell) for cell in row], names, str(line), options)
    except Unreadable as trouble:
        return Skipped(str(trouble), trouble.kind, str(line), line)


def row_document(row: list[str], names: list[str], part: str, options: Options) -> Document:
    """Return the document in a row of a table whose columns have these names, or none."""
    if names and len(row) > len(names):
        raise Unreadable("bad-line", f"{len(row)} cells under {len(names)} names")
    record = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
    document = to_document(record or {"body": "\t".join(row)}, part, options)
    if not document.fields.keys() & {"title", "body"}:
        document.fields["body"] = "\t".join(record.values())
    return document
