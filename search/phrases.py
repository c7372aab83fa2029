"""Phrases: words in order, by their positions."""

from __future__ import annotations

from collections.abc import Sequence

from .. import kernels
from ..index.dtypes import np
from .steps import Found, WordStep


class PhraseStep:
    """Documents that have some words in order.

    Args:
        words: the words; all of one context and the same fields.
        slop: how many other words may stand among them.
        boost: factor on the score.

    Attributes:
        idf: the sum of the words' weights.
    """

    def __init__(self, words: Sequence[WordStep], slop: int, boost: float) -> None:
        self.words = list(words)
        self.slop = slop
        self.boost = boost
        self.context = words[0].context
        self.idf = boost * sum([word.idf for word in self.words])
        self._key = slop, *[word.key[0] for word in self.words]

    def run(self, at: int) -> Found:
        """See `Step`."""
        docs, values = self.impacts(at).arrays()
        return Found(docs, self.idf * values.astype(np.float64))

    def impacts(self, at: int) -> kernels.Impacts:
        """The phrase's impacts in segment number `at`."""
        held = self.context.phrases.get(self._key)
        if held is not None:
            return held[at]
        return self._weighed(at, [word.impacts(at) for word in self.words])

    def parts(self) -> Sequence[kernels.Impacts]:
        """What the phrase gives in each segment."""
        memory = self.context.phrases
        held = memory.get(self._key)
        if held is None:
            words = zip(*[word.parts() for word in self.words], strict=True)
            held = [self._weighed(at, parts) for at, parts in enumerate(words)]
            nbytes = sum(each.nbytes for each in held)
            if memory.wants(self._key, nbytes):
                memory.put(self._key, held, nbytes)
        return held

    def _weighed(self, at: int, parts: Sequence[kernels.Impacts | kernels.Runs]) -> kernels.Impacts:
        words = [(part, word.runs(at, True)) for part, word in zip(parts, self.words, strict=True)]
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
