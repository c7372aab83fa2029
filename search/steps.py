"""The steps of a plan: each finds the documents of a segment that match a part of a query.

A step is made once for a search and run for each segment. What it finds are two arrays
of one length, documents in ascending order and their scores. Every step is exhaustive;
`topk` prunes where the whole plan is a bag of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple, Protocol

import numpy as np

from .. import kernels
from ..index import Snapshot
from ..index.dtypes import Array, Bytes, Doubles, Floats, UInts
from ..index.segment import Segment
from .lookup import Lookup, Match, look_up
from .ranking import Ranking
from .tree import Rung


class Found(NamedTuple):
    """Documents of a segment, ascending (uint32), and their scores (float64)."""

    docs: UInts
    scores: Doubles


class Step(Protocol):
    """A part of a plan."""

    def run(self, at: int) -> Found:
        """What the part finds in segment number `at`, deleted documents included."""


NOTHING = Found(np.empty(0, np.uint32), np.empty(0, np.float64))


WORDS_HELD = 4096
"""Words whose terms a context remembers, so that the next query need not look them up."""


class Context:
    """What all steps of a search share.

    Args:
        snapshot: what is searched.
        ranking: the numbers of the ranking.

    Attributes:
        word: gives the step of a word: `word(text, rung, fields)`; the last ones are remembered.
    """

    def __init__(self, snapshot: Snapshot, ranking: Ranking) -> None:
        self.snapshot = snapshot
        self.ranking = ranking
        self.word = lru_cache(WORDS_HELD)(self._word)
        self._lists: dict[int, tuple[list[kernels.Lists], Doubles]] = {}

    def _word(self, text: str, rung: Rung, fields: tuple[str, ...]) -> WordStep:
        return WordStep(self, look_up(text, rung), fields)

    def fields(self, at: int) -> list[str]:
        """The text fields of segment number `at`."""
        return [field for field in self.scales if field in self.snapshot.segments[at].text]

    def lists(self, at: int) -> tuple[list[kernels.Lists], Doubles]:
        """The posting lists of segment number `at` and the scales of their fields."""
        if at not in self._lists:
            text, fields = self.snapshot.segments[at].text, self.fields(at)
            scales = np.array([self.scales[field] for field in fields], np.float64)
            self._lists[at] = [text[field].lists for field in fields], scales.reshape(-1, 2)
        return self._lists[at]

    @cached_property
    def scales(self) -> dict[str, tuple[float, float]]:
        """Of each text field, `(fixed, sloped)`: a document's norm is fixed + sloped · length."""
        ranking, means = self.ranking, self.snapshot.average_lengths
        out = {}
        for field, mean in means.items():
            boost = ranking.boosts.get(field, self.snapshot.schema[field].boost)
            if boost > 0:
                out[field] = ((1 - ranking.b) / boost, ranking.b / (mean * boost))
        return out


@dataclass(frozen=True, slots=True)
class Cursor:
    """A run of postings of one field that a word matches, and the weights of their forms."""

    field: str
    start: int
    stop: int
    match: Match


class WordStep:
    """Documents that have a word, on any of its rungs.

    Args:
        context: the search.
        lookup: the word.
        fields: where to look.
    """

    def __init__(self, context: Context, lookup: Lookup, fields: Sequence[str]) -> None:
        self.context = context
        self.lookup = lookup
        self.fields = [field for field in fields if field in context.scales]
        self.cursors = [self._cursors(segment) for segment in context.snapshot.segments]
        self._rows: dict[int, tuple[Array, Floats]] = {}

    @cached_property
    def idf(self) -> float:
        """The word's weight, boost included, from the statistics of the whole commit."""
        df = max((self._df(field) for field in self.fields), default=0.0)
        return self.context.ranking.idf(self.context.snapshot.documents, df)

    def boosted(self, boost: float) -> WordStep:
        """This step with its scores multiplied."""
        if boost == 1.0:
            return self
        other = copy(self)
        other.idf = self.idf * boost
        return other

    def run(self, at: int) -> Found:
        """See `Step`."""
        if not self.cursors[at]:
            return NOTHING
        docs, tfs = scan([self], at).gather()
        return Found(docs, self.idf * tfs / (self.context.ranking.k1 + tfs))

    def rows(self, at: int) -> tuple[Array, Floats]:
        """The cursors in segment number `at` as the kernel takes them, verified for reading.

        Returns:
            int64 (n, 5): 0, field, first posting, end, first of its weights; and the weights.
        """
        if at not in self._rows:
            segment = self.context.snapshot.segments[at]
            fields = self.context.fields(at)
            rows, begin = [], 0
            for cursor in self.cursors[at]:
                segment.text[cursor.field].touch(cursor.start, cursor.stop)
                rows.append((0, fields.index(cursor.field), cursor.start, cursor.stop, begin))
                begin += len(cursor.match.weights)
            weights = [cursor.match.weights for cursor in self.cursors[at]]
            self._rows[at] = (
                np.array(rows, np.int64).reshape(-1, 5),
                np.concatenate(weights) if weights else np.empty(0, np.float32),
            )
        return self._rows[at]

    def _cursors(self, segment: Segment) -> list[Cursor]:
        out = []
        for match in self.lookup.matches(segment, self.context.ranking):
            for field in self.fields:
                if field in segment.text:
                    start, stop = segment.text[field].group(match.group)
                    if start < stop:
                        out.append(Cursor(field, start, stop, match))
        return out

    def _df(self, field: str) -> float:
        """Documents that have the word in a field, each term counted by its relative weight."""
        total, heaviest = 0.0, 0.0
        for segment, cursors in zip(self.context.snapshot.segments, self.cursors, strict=True):
            for cursor in cursors:
                heaviest = max(heaviest, float(cursor.match.weights.max()))
                if cursor.field == field:
                    total += float(cursor.match.weights @ term_dfs(segment, cursor))
        return total / heaviest if heaviest else 0.0


def term_dfs(segment: Segment, cursor: Cursor) -> Array:
    """Live documents of each form of a cursor's group."""
    postings = segment.text[cursor.field]
    forms = len(cursor.match.weights)
    if segment.live is None:
        first, end = segment.vocabulary.group_terms(cursor.match.group)
        return postings.dfs.slice(first, end)[:forms]
    docs = postings.docs.slice(cursor.start, cursor.stop)
    alive = segment.live[docs] == 1
    met = postings.forms.slice(cursor.start, cursor.stop)[alive]
    return np.bincount(met, minlength=forms)[:forms]


def scan(steps: Sequence[WordStep], at: int) -> kernels.Scan:
    """The kernel's scan of some words over segment number `at`."""
    context = steps[0].context
    lists, scales = context.lists(at)
    parts = [step.rows(at) for step in steps]
    rows = np.concatenate([part for part, _ in parts])
    counts = [len(part) for part, _ in parts]
    begins = [0, *accumulate(len(weights) for _, weights in parts)][:-1]
    rows[:, 0] = np.repeat(np.arange(len(steps)), counts)
    rows[:, 4] += np.repeat(begins, counts)
    weights = np.concatenate([weights for _, weights in parts])
    return kernels.Scan(lists, scales, rows, weights, len(steps))


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
        found: list[Found] = []
        for field in self.words[0].fields:
            docs, _ = self.occurrences(at, field)
            if len(docs):
                which, counts = np.unique(docs, return_counts=True)
                found.append(Found(which, counts / self._norms(at, field, which)))
        if not found:
            return NOTHING
        docs, tfs = union(found)
        return Found(docs, self.idf * tfs / (self.context.ranking.k1 + tfs))

    def occurrences(self, at: int, field: str, docs: UInts | None = None) -> tuple[UInts, UInts]:
        """Where the phrase begins: `(docs, positions)`, by document and position.

        Args:
            docs: look only in these documents (ascending); None: in all.
        """
        if docs is None:
            docs = self._candidates(at, field)
        if not len(docs):
            return docs, docs
        places = [_places(word, at, field, docs) for word in self.words]
        which = chain(places, self.slop)
        return docs[which >> 32], (which & 0xFFFFFFFF).astype(np.uint32)

    def _candidates(self, at: int, field: str) -> UInts:
        """Documents that have all the words in a field."""
        docs: UInts | None = None
        for word in sorted(self.words, key=lambda word: _size(word, at, field)):
            mine = _docs_of(word, at, field)
            docs = mine if docs is None else docs[_among(docs, mine)]
            if not len(docs):
                break
        return NOTHING.docs if docs is None else docs

    def _norms(self, at: int, field: str, docs: UInts) -> Doubles:
        fixed, sloped = self.context.scales[field]
        lengths = self.context.snapshot.segments[at].text[field].lengths
        norms: Doubles = fixed + sloped * lengths[docs].astype(np.float64)
        return norms


def _size(word: WordStep, at: int, field: str) -> int:
    return sum(c.stop - c.start for c in word.cursors[at] if c.field == field)


def _docs_of(word: WordStep, at: int, field: str) -> UInts:
    """Documents that have a word in one field."""
    postings = word.context.snapshot.segments[at].text.get(field)
    pieces = []
    for cursor in word.cursors[at]:
        if cursor.field == field and postings is not None:
            docs = postings.docs.slice(cursor.start, cursor.stop)
            if not cursor.match.weights.all():
                forms = postings.forms.slice(cursor.start, cursor.stop)
                docs = docs[cursor.match.weights[forms] > 0]
            pieces.append(docs)
    return np.unique(np.concatenate(pieces)) if pieces else NOTHING.docs


def _places(word: WordStep, at: int, field: str, docs: UInts) -> Array:
    """Where a word stands in some documents: int64, `index into docs << 32 | position`, sorted."""
    found = [
        (which.astype(np.int64) << 32) | positions
        for cursor in word.cursors[at]
        if cursor.field == field
        for which, positions, _ in [locate(word.context.snapshot.segments[at], cursor, docs)]
    ]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def locate(segment: Segment, cursor: Cursor, docs: UInts) -> tuple[UInts, UInts, UInts]:
    """Occurrences of a cursor's forms in some documents: `(index into docs, position, form)`."""
    postings = segment.text[cursor.field]
    postings.touch(cursor.start, cursor.stop)
    postings.touch_positions(cursor.start, cursor.stop)
    found = kernels.locate(postings.lists, cursor.start, cursor.stop, cursor.match.weights, docs)
    if found is None:
        postings.blame()
    return found


def chain(places: Sequence[Array], slop: int) -> Array:
    """The places of the first word from which the others follow in order.

    Args:
        places: of each word, sorted int64; words of one document are near each other.
        slop: how many other words may stand among them, all together.
    """
    starts = places[0]
    ends = starts
    for mine in places[1:]:
        if not len(mine) or not len(starts):
            return starts[:0]
        at = np.searchsorted(mine, ends, "right")
        there = at < len(mine)
        starts, ends = starts[there], mine[at[there]]
        near = (ends >> 32 == starts >> 32) & (ends - starts < len(places) + slop)
        starts, ends = starts[near], ends[near]
    gaps = ends - starts - (len(places) - 1)
    return starts[gaps <= slop]


class OrStep:
    """Documents that any step finds; scores add up."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)

    def run(self, at: int) -> Found:
        """See `Step`."""
        return union([step.run(at) for step in self.steps])


class AndStep:
    """Documents that every step finds; scores add up."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)

    def run(self, at: int) -> Found:
        """See `Step`."""
        found = self.steps[0].run(at)
        for step in self.steps[1:]:
            if not len(found.docs):
                break
            found = intersection(found, step.run(at))
        return found


class NotStep:
    """Documents that a step does not find, all with the score 0."""

    def __init__(self, context: Context, step: Step) -> None:
        self._context = context
        self._step = step

    def run(self, at: int) -> Found:
        """See `Step`."""
        here = np.ones(self._context.snapshot.segments[at].documents, bool)
        here[self._step.run(at).docs] = False
        docs = np.flatnonzero(here).astype(np.uint32)
        return Found(docs, np.zeros(len(docs)))


class MaybeStep:
    """Documents that `needed` finds; where `wished` finds them too its scores are added."""

    def __init__(self, needed: Step, wished: Step) -> None:
        self._needed = needed
        self._wished = wished

    def run(self, at: int) -> Found:
        """See `Step`."""
        needed, wished = self._needed.run(at), self._wished.run(at)
        scores = needed.scores.copy()
        both = _among(wished.docs, needed.docs)
        scores[np.searchsorted(needed.docs, wished.docs[both])] += wished.scores[both]
        return Found(needed.docs, scores)


class ConstantStep:
    """Documents that a step finds, all with one score."""

    def __init__(self, step: Step, score: float) -> None:
        self._step = step
        self._score = score

    def run(self, at: int) -> Found:
        """See `Step`."""
        docs = self._step.run(at).docs
        return Found(docs, np.full(len(docs), self._score))


class DocsStep:
    """Documents that are known from the columns, all with one score.

    Args:
        context: the search.
        docs: gives the documents of a segment, ascending.
        score: of each.
    """

    def __init__(self, docs: list[UInts], score: float) -> None:
        self._docs = docs
        self._score = score

    def run(self, at: int) -> Found:
        """See `Step`."""
        return Found(self._docs[at], np.full(len(self._docs[at]), self._score))


def union(found: Sequence[Found]) -> Found:
    """The documents of any; scores of the same document add up."""
    found = [part for part in found if len(part.docs)]
    if len(found) < 2:
        return found[0] if found else NOTHING
    docs, inverse = np.unique(np.concatenate([part.docs for part in found]), return_inverse=True)
    scores = np.concatenate([part.scores for part in found])
    return Found(docs, np.bincount(inverse, scores, len(docs)).astype(np.float64))


def intersection(one: Found, other: Found) -> Found:
    """The documents of both; scores add up."""
    mine = _among(one.docs, other.docs)
    docs = one.docs[mine]
    return Found(docs, one.scores[mine] + other.scores[np.searchsorted(other.docs, docs)])


def _among(docs: UInts, others: UInts) -> Array:
    """Which of `docs` are in `others`; both ascending."""
    at = np.searchsorted(others, docs)
    at[at == len(others)] = 0
    return others[at] == docs if len(others) else np.zeros(len(docs), bool)


def mask(documents: int, docs: UInts) -> Bytes:
    """uint8, one a document, 1 for those given."""
    out = np.zeros(documents, np.uint8)
    out[docs] = 1
    return out
