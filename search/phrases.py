"""Phrases: words in order, by their positions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from .. import kernels
from ..index.dtypes import Array, UInts, np
from .algebra import among
from .steps import Found, WordStep, locate, nothing


class PhraseStep:
    """Documents that have some words in order.

    Args:
        words: the words; all of one context and the same fields.
        slop: how many other words may stand among them.
        boost: factor on the score.
    """

    def __init__(self, words: Sequence[WordStep], slop: int, boost: float) -> None:
        self.words = list(words)
        self.slop = slop
        self.boost = boost
        self.context = words[0].context

    @cached_property
    def idf(self) -> float:
        """The sum of the words' weights."""
        return self.boost * sum(word.idf for word in self.words)

    def run(self, at: int) -> Found:
        """See `Step`."""
        docs, values = self.impacts(at).arrays()
        return Found(docs, self.idf * values.astype(np.float64))

    def impacts(self, at: int) -> kernels.Impacts:
        """The phrase's impacts in segment number `at`."""
        words = [(word.impacts(at), word.runs(at)) for word in self.words]
        if all(runs for _, runs in words):
            for word in self.words:
                word.touch_positions(at)
        found = kernels.weigh_phrase(words, self.slop, self.context.ranking.k1)
        if found.damaged:
            self.context.blame(at)
        return found

    def occurrences(
        self, at: int, field: str, docs: UInts | None = None
    ) -> tuple[UInts, UInts, UInts]:
        """Where the phrase stands: `(docs, first positions, last positions)`, in that order.

        Args:
            docs: look only in these documents (ascending); None: in all.
        """
        if docs is None:
            docs = self._candidates(at, field)
        if not len(docs):
            return docs, docs, docs
        places = [_places(word, at, field, docs) for word in self.words]
        starts, ends = chain(places, self.slop)
        first, last = ((which & 0xFFFFFFFF).astype(np.uint32) for which in (starts, ends))
        return docs[starts >> 32], first, last

    def _candidates(self, at: int, field: str) -> UInts:
        """Documents that have all the words in a field."""
        docs: UInts | None = None
        for word in sorted(self.words, key=lambda word: _size(word, at, field)):
            mine = _docs_of(word, at, field)
            docs = mine if docs is None else docs[among(docs, mine)]
            if not len(docs):
                break
        return nothing().docs if docs is None else docs


def _size(word: WordStep, at: int, field: str) -> int:
    return sum(c.stop - c.start for c in word.cursors[at] if c.field == field)


def _docs_of(word: WordStep, at: int, field: str) -> UInts:
    """Documents that have a word in one field."""
    postings = word.context.snapshot.segments[at].text.get(field)
    pieces = []
    for cursor in word.cursors[at]:
        if cursor.field == field and postings is not None:
            docs = postings.docs.slice(cursor.start, cursor.stop)
            weights = np.asarray(cursor.match.weights)
            if not weights.all():
                span = cursor.start, cursor.stop
                docs = docs[weights[postings.forms_of(span, len(weights))] > 0]
            pieces.append(docs)
    return np.unique(np.concatenate(pieces)) if pieces else nothing().docs


def _places(word: WordStep, at: int, field: str, docs: UInts) -> Array:
    """Where a word stands in some documents: int64, `index into docs << 32 | position`, sorted."""
    found = [
        (which.astype(np.int64) << 32) | positions
        for cursor in word.cursors[at]
        if cursor.field == field
        for which, positions, _ in [locate(word.context.snapshot.segments[at], cursor, docs)]
    ]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def chain(places: Sequence[Array], slop: int) -> tuple[Array, Array]:
    """The places of the first word from which the others follow in order, and of the last.

    Args:
        places: of each word, sorted int64; words of one document are near each other.
        slop: how many other words may stand among them, all together.
    """
    starts = places[0]
    ends = starts
    for mine in places[1:]:
        if not len(mine) or not len(starts):
            return starts[:0], starts[:0]
        at = np.searchsorted(mine, ends, "right")
        there = at < len(mine)
        starts, ends = starts[there], mine[at[there]]
        near = (ends >> 32 == starts >> 32) & (ends - starts < len(places) + slop)
        starts, ends = starts[near], ends[near]
    gaps = ends - starts - (len(places) - 1)
    near = gaps <= slop
    return starts[near], ends[near]
