"""Keyword fields in a segment: whole strings, each with the documents that have it.

    keyword.F.values.*    the distinct strings, sorted by their UTF-8 bytes
    keyword.F.starts      packed: where each value's documents begin, and the end
    keyword.F.docs        packed: documents, ascending for each value

The id field has one value a document, and besides

    keyword.F.places      packed: of each document, the place of its value; 0 where it has none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..storage import ColumnFile, ColumnWriter
from .dtypes import UInts
from .packed import Packed, write_packed
from .strings import StringColumn, write_strings


def write_keywords(
    out: ColumnWriter, field: str, docs_of: Mapping[str, Sequence[int] | UInts]
) -> dict[str, int]:
    """Write a keyword field.

    Args:
        docs_of: value → its documents, ascending.

    Returns:
        The counts that `Keywords` needs.
    """
    rows = sorted((value.encode(), docs) for value, docs in docs_of.items())
    name = f"keyword.{field}"
    write_strings(out, f"{name}.values", [value for value, _ in rows])
    counts = np.fromiter((len(docs) for _, docs in rows), np.int64, len(rows))
    starts = np.concatenate([[0], np.cumsum(counts)])
    write_packed(out, f"{name}.starts", starts.astype(np.uint32))
    docs = [np.asarray(docs, np.uint32) for _, docs in rows]
    write_packed(out, f"{name}.docs", np.concatenate(docs) if docs else np.empty(0, np.uint32))
    return {"values": len(rows), "postings": int(starts[-1])}


def write_ids(
    out: ColumnWriter, field: str, doc_of: Mapping[str, Sequence[int] | UInts], documents: int
) -> dict[str, int]:
    """Write the id field: a keyword field with one document a value, and its inverse."""
    counts = write_keywords(out, field, doc_of)
    places = np.zeros(documents, np.uint32)
    for place, (_, docs) in enumerate(sorted((id.encode(), docs) for id, docs in doc_of.items())):
        places[docs] = place
    write_packed(out, f"keyword.{field}.places", places)
    return counts


class Ids:
    """The ids of an open segment, by document."""

    def __init__(self, file: ColumnFile, field: str, values: StringColumn, documents: int) -> None:
        self._values = values
        self._places = Packed(file, f"keyword.{field}.places", documents)

    def __getitem__(self, doc: int) -> str:
        place = int(self._places.slice(doc, doc + 1)[0])
        return self._values[place].decode("utf-8", "replace")


class Keywords:
    """A keyword field of an open segment."""

    def __init__(self, file: ColumnFile, field: str, counts: dict[str, int]) -> None:
        name = f"keyword.{field}"
        self.values = StringColumn(file, f"{name}.values", counts["values"])
        self.starts = Packed(file, f"{name}.starts", counts["values"] + 1)
        self.docs = Packed(file, f"{name}.docs", counts["postings"])

    def find(self, value: str) -> UInts:
        """The documents that have a value, ascending."""
        at = self.values.find(value.encode("utf-8", "replace"))
        return self.docs_between(at, at + 1) if at >= 0 else np.empty(0, np.uint32)

    def docs_between(self, first: int, end: int) -> UInts:
        """The documents of the values `first:end`, value after value."""
        start, stop = self.starts.slice(first, first + 1)[0], self.starts.slice(end, end + 1)[0]
        return self.docs.slice(int(start), int(stop))

    def read(self) -> tuple[list[bytes], UInts, UInts]:
        """The whole field: `(values, value_of_posting, docs)`."""
        counts = np.diff(self.starts.slice().astype(np.int64))
        owners = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        return self.values.slice(), owners, self.docs.slice()
