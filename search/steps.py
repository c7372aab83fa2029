"""The steps of a plan: each finds the documents of a segment that match a part of a query.

A step is made once for a search and run for each segment. What it finds are two arrays
of one length, documents in ascending order and their scores. Every step is exhaustive;
`topk` prunes where the whole plan is a bag of words. Words are here; `phrases` and
`algebra` have the other steps.
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
from ..index.dtypes import Array, Doubles, Floats, UInts
from ..index.segment import Segment
from .lookup import Match, Matcher, Synonyms, look_up
from .ranking import Ranking
from .tree import RUNGS, Rung


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

    def _word(
        self, text: str, rung: Rung, fields: tuple[str, ...], also: tuple[str, ...] = ()
    ) -> WordStep:
        lookup: Matcher = look_up(text, rung)
        if also:
            others = tuple(look_up(other, rung) for other in also)
            lookup = Synonyms(lookup, others, self.ranking.synonym)
        return WordStep(self, lookup, fields)

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

    def __init__(self, context: Context, lookup: Matcher, fields: Sequence[str]) -> None:
        self.context = context
        self.lookup = lookup
        self.fields = [field for field in fields if field in context.scales]
        self.cursors = [self._cursors(segment) for segment in context.snapshot.segments]
        self._rows: dict[int, tuple[Array, Floats]] = {}

    @cached_property
    def idf(self) -> float:
        """The word's weight, boost included, from the statistics of the whole commit."""
        counts = [self._frequencies(field) for field in self.fields]
        frequencies = max(counts, key=lambda rungs: rungs[-1], default=[0.0])
        return self.context.ranking.idf(self.context.snapshot.documents, frequencies)

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

    def _frequencies(self, field: str) -> list[float]:
        """Documents that have the word in a field, on each rung or a narrower one.

        A term that stands for an unlikely reading counts in part.
        """
        weights = self.context.ranking.weights
        widest = RUNGS.index(self.lookup.rung) + 1
        counts = np.zeros(widest)
        for segment, cursors in zip(self.context.snapshot.segments, self.cursors, strict=True):
            for cursor in cursors:
                if cursor.field == field:
                    dfs, match = term_dfs(segment, cursor), cursor.match
                    if match.rungs is None:
                        counts[0] += match.weights @ dfs
                    else:
                        shares = dfs * (match.weights / weights[match.rungs])
                        counts += np.bincount(match.rungs, shares, len(RUNGS))[:widest]
        sums: list[float] = np.cumsum(counts).tolist()
        return sums


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


def locate(segment: Segment, cursor: Cursor, docs: UInts) -> tuple[UInts, UInts, UInts]:
    """Occurrences of a cursor's forms in some documents: `(index into docs, position, form)`."""
    postings = segment.text[cursor.field]
    postings.touch(cursor.start, cursor.stop)
    postings.touch_positions(cursor.start, cursor.stop)
    found = kernels.locate(postings.lists, cursor.start, cursor.stop, cursor.match.weights, docs)
    if found is None:
        postings.blame()
    return found
