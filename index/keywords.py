"""Keyword fields in a segment: whole strings, each with the documents that have it.

    keyword.F.values.*    the distinct strings, sorted by their UTF-8 bytes
    keyword.F.starts      packed: where each value's documents begin, and the end
    keyword.F.docs        packed: documents, ascending for each value

The id field has one value a document, and besides

    keyword.F.places      packed: of each document, the place of its value; 0 where it has none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from .. import kernels
from ..hints import TYPE_CHECKING
from ..storage import ColumnFile
from .dtypes import Array, UInts, np
from .packed import Packed, write_packed
from .strings import StringColumn, Texts, write_strings

if TYPE_CHECKING:
    from ..storage import ColumnWriter


def write_keywords(
    out: ColumnWriter, field: str, docs_of: Mapping[str, Sequence[int]]
) -> dict[str, int]:
    """Write a keyword field.

    Args:
        docs_of: value → its documents, ascending.

    Returns:
        The counts that `Keywords` needs.
    """
    ranked, texts = kernels.sort_texts(list(docs_of))
    rows = list(docs_of.values())
    sizes = np.fromiter(map(len, rows), np.int64, len(rows))
    docs = np.fromiter(chain.from_iterable(map(rows.__getitem__, ranked.tolist())), np.uint32)
    return write_sorted(out, field, texts, sizes[ranked], docs)


def write_ids(
    out: ColumnWriter, field: str, doc_of: Mapping[str, int], documents: int
) -> dict[str, int]:
    """Write the id field: a keyword field with one document a value, and its inverse."""
    ranked, texts = kernels.sort_texts(list(doc_of))
    docs = np.fromiter(doc_of.values(), np.uint32, len(doc_of))[ranked]
    return write_sorted_ids(out, field, texts, docs, documents)


def write_sorted(
    out: ColumnWriter, field: str, values: Texts, counts: Array, docs: UInts
) -> dict[str, int]:
    """Write a keyword field: its values in order, how many documents each has, and which."""
    name = f"keyword.{field}"
    write_strings(out, f"{name}.values", values)
    starts = np.concatenate([[0], np.cumsum(counts)])
    write_packed(out, f"{name}.starts", starts.astype(np.uint32))
    write_packed(out, f"{name}.docs", docs)
    return {"values": len(counts), "postings": len(docs)}


def write_sorted_ids(
    out: ColumnWriter, field: str, values: Texts, docs: UInts, documents: int
) -> dict[str, int]:
    """Write the id field: its values in order, the document of each, and the inverse of that."""
    written = write_sorted(out, field, values, np.ones(len(docs), np.int64), docs)
    places = np.zeros(documents, np.uint32)
    places[docs] = np.arange(len(docs))
    write_packed(out, f"keyword.{field}.places", places)
    return written


def _no_docs() -> UInts:
    return np.empty(0, np.uint32)


class Ids:
    """The ids of an open segment, by document."""

    def __init__(self, file: ColumnFile, field: str, values: StringColumn, documents: int) -> None:
        self._values = values
        self._places = Packed(file, f"keyword.{field}.places", documents)

    def __getitem__(self, doc: int) -> str:
        return self.of([doc])[0]

    def of(self, docs: list[int]) -> list[str]:
        """The ids of some documents."""
        places = self._places.items(docs)
        try:
            return self._values.texts(places)
        except IndexError as error:
            self._places.blame("a place among the ids", str(error))

    def places(self) -> UInts:
        """Of each document, the place of its id among the ids."""
        return self._places.slice()


class Keywords:
    """A keyword field of an open segment.

    Args:
        file: the segment's file.
        field: the field's name.
        counts: what `write_keywords` returned.
        documents: how many the segment has.
    """

    def __init__(
        self, file: ColumnFile, field: str, counts: dict[str, int], documents: int
    ) -> None:
        name = f"keyword.{field}"
        self.values = StringColumn(file, f"{name}.values", counts["values"])
        self.starts = Packed(file, f"{name}.starts", counts["values"] + 1, counts["postings"] + 1)
        self.docs = Packed(file, f"{name}.docs", counts["postings"], documents)

    def find(self, value: str) -> UInts:
        """The documents that have a value, ascending."""
        at = self.values.find(value.encode("utf-8", "replace"))
        return self.docs_between(at, at + 1) if at >= 0 else _no_docs()

    def docs_between(self, first: int, end: int) -> UInts:
        """The documents of the values `first:end`, value after value."""
        return self.docs.slice(self.starts.item(first), self.starts.item(end))

    def owners(self) -> UInts:
        """Of each posting, the place of its value."""
        counts = self.starts.steps()
        if int(counts.sum()) != self.docs.count:
            self.starts.blame(f"{self.docs.count} postings", str(counts.sum()))
        return np.repeat(np.arange(len(counts), dtype=np.uint32), counts)

    def read(self) -> tuple[list[bytes], UInts, UInts]:
        """The whole field: `(values, value_of_posting, docs)`."""
        return self.values.slice(), self.owners(), self.docs.slice()
