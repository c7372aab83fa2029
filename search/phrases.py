"""Phrases: words in order, by their positions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from .. import kernels
from ..index.dtypes import np
from .steps import Found, WordStep


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
        memory = self.context.phrases
        key = at, self.slop, *(word.number for word in self.words)
        held = memory.get(key)
        if held is None:
            held = self._weighed(at)
            if memory.wants(key, held.nbytes):
                memory.put(key, held)
        return held

    part = impacts

    def _weighed(self, at: int) -> kernels.Impacts:
        words = [(word.part(at), word.runs(at, True)) for word in self.words]
        found = kernels.weigh_phrase(words, self.slop, self.context.ranking.k1)
        if found.damaged:
            self.context.blame(at)
        return found

    def occurrences(self, at: int, field: str, docs: Sequence[int]) -> list[tuple[int, int, int]]:
        """Where the phrase stands: `(index into docs, first position, last position)`, in order.

        Args:
            at: number of the segment.
            field: a text field that it has.
            docs: the documents to look in, ascending.
        """
        lists = self.context.snapshot.segments[at].text[field].lists
        words = [[run for run in word.runs(at, True) if run[0] is lists] for word in self.words]
        found = kernels.locate_phrase(words, self.slop, docs)
        if found is None:
            self.context.blame(at)
        return found
