"""Where the words of a query stand in some documents, read from the posting lists."""

import struct
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .arrays import F32, U32
from .packing import Packed
from .scanning import Lists, locate

Group = tuple[int, int, "F32 | array[float]"]
"""Postings of a group, from the first to the one after the last, and the weights of its forms."""

ROW = struct.Struct("IIdII")
"""An occurrence as bytes: position, word, weight, last position, document."""


class Occurrence(NamedTuple):
    """As `ROW` has it."""

    position: int
    word: int
    weight: float
    last: int


class Places:
    """The posting lists of one text field, for reading where words stand.

    Args:
        docs, forms, tfs, positions: `Packed` columns.
        token_starts: uint32, tokens before each block of 128 postings.

    Of the runs that are read the bytes must be verified, but for those of their positions. Threads
    may share it.
    """

    def __init__(
        self,
        docs: Packed,
        forms: Packed,
        tfs: Packed,
        positions: Packed,
        token_starts: "U32 | memoryview",
    ) -> None:
        self._lists = Lists(
            docs.parts(),
            forms.parts(),
            tfs.parts(),
            positions.parts(),
            np.asarray(token_starts),
            np.empty(0, np.uint32),
        )
        self._count = docs.count
        self._positions = positions

    def _locate(self, start: int, stop: int, weights: F32, docs: U32) -> tuple[U32, U32, U32]:
        if not 0 <= start <= stop <= self._count:
            raise ValueError("a run lies outside its posting lists")
        self._positions.touch(0, self._positions.count)
        found = locate(self._lists, start, stop, np.asarray(weights), docs)
        if found is None:
            self._positions.blame("blocks inside the column", "others")
        return found


class Occurrences:
    """What of a query stands in one field of some documents; collected, then asked for.

    Where a document has a query word itself, words that only share its root say nothing: an
    occurrence that weighs no more than a part of its word's best in the document is left out.

    Args:
        documents: how many documents, known here by their index.
        telling: that part.
    """

    def __init__(self, documents: int, telling: float) -> None:
        if not 0 <= documents < 1 << 31:
            raise ValueError("documents are counted from 0")
        self._telling = telling
        self._found: list[list[Occurrence]] = [[] for _ in range(documents)]

    def add_words(
        self,
        places: Places,
        words: "Sequence[tuple[list[Group], int, float]]",
        docs: "U32 | array[int]",
    ) -> None:
        """Add the occurrences of groups' forms that have a positive weight.

        Args:
            places: the posting lists of the field.
            words: of each word its groups, which word of the query it is, and a factor on the
                weights; of each group the first of its postings, the one after the last, and the
                weight of each of its forms (float32).
            docs: uint32, the documents' numbers, ascending.

        Raises what `Packed.blame` raises where the lists are not as they were written.
        """
        if len(docs) != len(self._found):
            raise ValueError("occurrences are of as many documents as were said")
        for groups, word, idf in words:
            for start, stop, weights in groups:
                found = places._locate(start, stop, np.asarray(weights), np.asarray(docs))
                rows = (column.tolist() for column in found)
                for which, position, form in zip(*rows, strict=True):
                    self._add(which, position, position, word, idf * float(weights[form]))

    def add(
        self,
        which: Iterable[int],
        positions: Iterable[int],
        lasts: Iterable[int],
        word: int,
        weight: float,
    ) -> None:
        """Add occurrences of a phrase.

        Args:
            which: their documents, by index.
            positions, lasts: where each begins and ends.
            word: which part of the query it is.
            weight: of each.
        """
        for each, position, last in zip(which, positions, lasts, strict=True):
            if not 0 <= each < len(self._found):
                raise ValueError("an occurrence is in no document")
            self._add(each, position, max(position, last), word, weight)

    def rows(self) -> bytes:
        """All of them, by document and position, as bytes: `struct.iter_unpack("IIdII")` gives
        position, word, weight, last position and document of each."""
        documents = range(len(self._found))
        return b"".join(ROW.pack(*each, which) for which in documents for each in self._told(which))

    def worths(self) -> list[float]:
        """How much of the query stands in each document: the best weights of its words, summed."""
        return [sum(_best(self._told(which)).values()) for which in range(len(self._found))]

    def _add(self, which: int, position: int, last: int, word: int, weight: float) -> None:
        self._found[which].append(Occurrence(position, word, weight, last))

    def _told(self, which: int) -> list[Occurrence]:
        found = self._found[which]
        best = _best(found)
        return sorted(each for each in found if each.weight > self._telling * best[each.word])


def _best(found: list[Occurrence]) -> dict[int, float]:
    """Of each word, its best weight."""
    best: dict[int, float] = {}
    for each in found:
        best[each.word] = max(best.get(each.word, 0.0), each.weight)
    return best
