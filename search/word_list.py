"""All words of a commit by spelling, with how many documents have each."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from ..index import Snapshot
from ..index.dtypes import Array
from .patterns import fold
from .spellings import LAST, documents_of, documents_of_terms, spellings_of


@dataclass(frozen=True, slots=True)
class WordList:
    """Spellings in alphabetical order.

    Attributes:
        texts: they.
        counts: of each, the documents that have it, summed over fields.
        lengths: characters of each.
    """

    texts: list[str]
    counts: Array
    lengths: Array

    def count(self, spelling: str) -> int:
        """How many documents have a spelling."""
        at = bisect_left(self.texts, spelling)
        return int(self.counts[at]) if at < len(self.texts) and self.texts[at] == spelling else 0

    def beginning(self, prefix: str) -> range:
        """The places of the spellings that begin with a prefix."""
        return range(bisect_left(self.texts, prefix), bisect_left(self.texts, prefix + LAST))

    def frequent(self, places: range, limit: int) -> list[int]:
        """Those of some places whose spellings are in the most documents, best first."""
        counts = self.counts[places.start : places.stop]
        if limit < len(counts):
            least = np.partition(counts, len(counts) - limit)[len(counts) - limit]
            kept = np.flatnonzero(counts >= least)
        else:
            kept = np.arange(len(counts))
        order = kept[np.lexsort((kept, -counts[kept]))][:limit]
        return [places.start + int(at) for at in order]


_made: WeakKeyDictionary[Snapshot, WordList] = WeakKeyDictionary()


def word_list(snapshot: Snapshot) -> WordList:
    """The words of a commit; made when first asked for, and kept."""
    if snapshot not in _made:
        total: Counter[str] = Counter()
        fields = tuple(snapshot.schema.of_kind("text"))
        for segment in snapshot.segments:
            counts = documents_of(segment, fields).tolist()
            for text, count in zip(spellings_of(segment).texts, counts, strict=True):
                total[text] += count
        texts = sorted(total)
        counts = np.array([total[text] for text in texts], np.int64)
        _made[snapshot] = WordList(texts, counts, np.array([len(t) for t in texts], np.int64))
    return _made[snapshot]


def usual_form(snapshot: Snapshot, spelling: str) -> str:
    """How a spelling is written most often: المدرسة for المدرسه."""
    forms: Counter[str] = Counter()
    for segment in snapshot.segments:
        spellings, counts = spellings_of(segment), documents_of_terms(segment)
        at = bisect_left(spellings.texts, spelling)
        while at < len(spellings.texts) and spellings.texts[at] == spelling:
            for term in range(int(spellings.first[at]), int(spellings.end[at])):
                forms[segment.vocabulary.written_form(term, spelling)] += int(counts[term])
            at += 1
    return min(forms, key=lambda form: (-forms[form], form), default=spelling)


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that begins as asked, and how many documents have it."""

    text: str
    count: int


def complete(snapshot: Snapshot, prefix: str, limit: int) -> list[Completion]:
    """The most frequent words that begin with a prefix, by spelling."""
    words = word_list(snapshot)
    places = words.frequent(words.beginning(fold(prefix)), limit)
    return [
        Completion(usual_form(snapshot, words.texts[at]), int(words.counts[at])) for at in places
    ]
