"""The spellings of a segment in alphabetical order: for prefixes, patterns, near words.

A vocabulary is sorted by root; this is the other order. It is made when first asked for,
which reads the vocabulary, and kept as long as the vocabulary is open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from ..index.dtypes import Array, UInts
from ..index.segment import Segment
from ..index.vocabulary import Vocabulary

LAST = "\U0010ffff"
"""Sorts after every character of a word."""


@dataclass(frozen=True, eq=False)
class Spellings:
    """Spellings and where they stand.

    Attributes:
        texts: the spellings, ascending; one may stand more than once, under several stems.
        first, end: of each, its range of terms (uint32).
    """

    texts: list[str]
    first: UInts
    end: UInts

    def between(self, low: str | None, high: str | None, *, above: bool, below: bool) -> range:
        """The places of the spellings from `low` to `high`.

        Args:
            low, high: the borders; None: no border.
            above, below: leave out the border itself.
        """
        start = 0 if low is None else (bisect_right if above else bisect_left)(self.texts, low)
        end = len(self.texts)
        if high is not None:
            end = (bisect_left if below else bisect_right)(self.texts, high)
        return range(start, max(start, end))

    def beginning(self, prefix: str) -> range:
        """The places of the spellings that begin with a prefix."""
        return range(bisect_left(self.texts, prefix), bisect_left(self.texts, prefix + LAST))

    def sums(self, per_term: Array) -> Array:
        """A number a term, summed for each spelling."""
        before = np.concatenate([[0], np.cumsum(per_term, dtype=np.int64)])
        sums: Array = before[self.end] - before[self.first]
        return sums

    @cached_property
    def lengths(self) -> Array:
        """Characters of each spelling."""
        return np.fromiter(map(len, self.texts), np.int32, len(self.texts))


_made: WeakKeyDictionary[Vocabulary, Spellings] = WeakKeyDictionary()


def spellings_of(segment: Segment) -> Spellings:
    """The spellings of a segment."""
    vocabulary = segment.vocabulary
    if vocabulary not in _made:
        rows = sorted(vocabulary.spelled())
        texts = [spelling.decode() for spelling, _, _ in rows]
        ranges = np.array([row[1:] for row in rows], np.uint32).reshape(-1, 2)
        _made[vocabulary] = Spellings(texts, ranges[:, 0].copy(), ranges[:, 1].copy())
    return _made[vocabulary]


_totals: WeakKeyDictionary[Vocabulary, Array] = WeakKeyDictionary()


def documents_of_terms(segment: Segment) -> Array:
    """Of each term of a segment, the documents that have it, summed over the text fields."""
    vocabulary = segment.vocabulary
    if vocabulary not in _totals:
        total = np.zeros(vocabulary.terms, np.int64)
        for postings in segment.text.values():
            total += postings.dfs.slice()
        _totals[vocabulary] = total
    return _totals[vocabulary]


def documents_of(segment: Segment, fields: tuple[str, ...]) -> Array:
    """Of each spelling of a segment, the documents that have it, summed over fields.

    Deleted documents count: a merge takes them out.
    """
    total = np.zeros(segment.vocabulary.terms, np.int64)
    for field in fields:
        if field in segment.text:
            total += segment.text[field].dfs.slice()
    return spellings_of(segment).sums(total)
