"""All words of a commit by spelling: for patterns, near words, completion, suggestions.

A vocabulary is sorted by root; this is the other order, over all segments. It is made when
first asked for, by the kernels, and kept as long as the snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from .. import kernels
from ..index import Snapshot
from ..index.dtypes import Array, UInts
from ..index.segment import Segment
from .patterns import beginning, fold

FIELDS_HELD = 16
"""Choices of fields whose counts are remembered."""


class WordList:
    """The distinct spellings of a commit, ascending; a word is known by its number here.

    Args:
        snapshot: the commit.

    Attributes:
        texts: the spellings, UTF-8.
        numbers: of each segment, the word of each of its spellings (uint32).
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._segments = snapshot.segments
        every = [segment.vocabulary.spelled() for segment in self._segments]
        together = _joined(every)
        self._order, ranks = together.ranked()
        self._edges = np.cumsum([0, *(len(texts) for texts in every)])
        ordered = ranks[self._order]
        first = np.ones(len(ranks), bool)
        first[1:] = ordered[1:] != ordered[:-1]
        self._begins = np.append(np.flatnonzero(first), len(ranks))
        self.texts = together.take(self._order[first])
        self.numbers: list[UInts] = np.split(ranks, self._edges[1:])[:-1]
        self.documents = lru_cache(FIELDS_HELD)(self._documents)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> str:
        return self.texts.get(number).decode("utf-8", "replace")

    def find(self, spelling: str) -> int | None:
        """The number of a word, or None."""
        needle = spelling.encode("utf-8", "surrogatepass")
        at = self.texts.bisect(needle)
        return at if at < len(self) and self.texts.get(at) == needle else None

    def count(self, spelling: str) -> int:
        """How many documents have a spelling, summed over the text fields."""
        at = self.find(spelling)
        return 0 if at is None else int(self.counts[at])

    def between(self, start: int, stop: int) -> list[str]:
        """Words `start:stop`."""
        return [text.decode("utf-8", "replace") for text in self.texts.slice(start, stop)]

    @cached_property
    def counts(self) -> Array:
        """Of each word, the documents that have it, summed over the text fields."""
        return self.documents(tuple(sorted({f for s in self._segments for f in s.text})))

    def _documents(self, fields: tuple[str, ...]) -> Array:
        """Of each word, the documents that have it, summed over fields (int64).

        Deleted documents count: a merge takes them out.
        """
        total = np.zeros(len(self), np.int64)
        for segment, numbers in zip(self._segments, self.numbers, strict=True):
            before = np.cumsum(_documents_of_terms(segment, fields))
            sums = np.append(0, before)[segment.vocabulary.spelling_starts]
            total += np.bincount(numbers, np.diff(sums), len(self)).astype(np.int64)
        return total

    def frequent(self, places: range, limit: int) -> list[int]:
        """Those of some words that are in the most documents, most first."""
        counts = self.counts[places.start : places.stop]
        return [places.start + at for at in most(counts, limit).tolist()]

    def usual_form(self, number: int) -> str:
        """How a word is written most often: المدرسة for المدرسه."""
        forms: Counter[str] = Counter()
        spelling = self[number]
        for place in self._order[self._begins[number] : self._begins[number + 1]].tolist():
            at = int(np.searchsorted(self._edges, place, "right")) - 1
            segment, local = self._segments[at], place - int(self._edges[at])
            first, end = segment.vocabulary.terms_of_spelling(local)
            counts = [0] * (end - first)
            for postings in segment.text.values():
                for i, count in enumerate(postings.dfs.slice(first, end).tolist()):
                    counts[i] += count
            for term, count in zip(range(first, end), counts, strict=True):
                forms[segment.vocabulary.written_form(term, spelling)] += count
        return min(forms, key=lambda form: (-forms[form], form))

    def weighed(self, segment: Segment, weights: Array) -> Array:
        """Of each term of a segment, its word's weight.

        Args:
            segment: one of the commit.
            weights: one a word.
        """
        at = next(i for i, each in enumerate(self._segments) if each is segment)
        of_spellings: Array = weights[self.numbers[at]]
        return np.repeat(of_spellings, np.diff(segment.vocabulary.spelling_starts))


def most(counts: Array, limit: int) -> Array:
    """The places of the largest counts, largest first, then in order."""
    kept = np.arange(len(counts))
    if limit < len(counts):
        least = np.partition(counts, len(counts) - limit)[len(counts) - limit] if limit else 0
        kept = np.flatnonzero(counts >= least)
    places: Array = kept[np.lexsort((kept, -counts[kept]))][:limit]
    return places


def _joined(every: Sequence[kernels.Texts]) -> kernels.Texts:
    if len(every) == 1:
        return every[0]
    sizes = np.cumsum([0, *(len(texts.blob) for texts in every)])
    starts = [texts.starts[:-1] + size for texts, size in zip(every, sizes, strict=False)]
    blobs = [np.empty(0, np.uint8), *(texts.blob for texts in every)]
    return kernels.Texts(np.concatenate(blobs), np.concatenate([*starts, sizes[-1:]]))


def _documents_of_terms(segment: Segment, fields: tuple[str, ...]) -> Array:
    total = np.zeros(segment.vocabulary.terms, np.int64)
    for field in fields:
        if field in segment.text:
            total += segment.text[field].dfs.slice()
    return total


_made: WeakKeyDictionary[Snapshot, WordList] = WeakKeyDictionary()


def word_list(snapshot: Snapshot) -> WordList:
    """The words of a commit; made when first asked for, and kept."""
    if snapshot not in _made:
        _made[snapshot] = WordList(snapshot)
    return _made[snapshot]


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that begins as asked, and how many documents have it."""

    text: str
    count: int


def complete(snapshot: Snapshot, prefix: str, limit: int) -> list[Completion]:
    """The most frequent words that begin with a prefix, by spelling."""
    words = word_list(snapshot)
    places = words.frequent(beginning(words.texts, fold(prefix)), limit)
    return [Completion(words.usual_form(at), int(words.counts[at])) for at in places]
