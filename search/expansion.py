"""A part of a query that stands for many words: pattern, near word, range of words.

It is spread out over the vocabulary of the whole commit into spellings with weights, at
most so many of them, and from then on is looked up like a word. So the same spellings
count in every segment, however the documents are spread over segments.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .. import arabic
from ..index import Snapshot
from ..index.dtypes import Array
from ..index.segment import Segment
from .lookup import Match
from .patterns import Finder, Spread, finder_of
from .ranking import Ranking
from .spellings import documents_of, spellings_of
from .tree import Rung
from .wording import show

LIMIT = 5000
"""Spellings that the parts of a query may stand for; of more, the most frequent count."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Spellings that together are one word of a query. Serves as a `Lookup`.

    Attributes:
        text: the part of the query, as written.
        weights: the spellings and what each weighs, at most 1.
        notices: what was left out, for people to read.
        rung: the spellings count as one rung, the narrowest.
    """

    text: str
    weights: Mapping[str, float]
    notices: tuple[str, ...] = ()
    rung: Rung = "written"

    def matches(self, segment: Segment, ranking: Ranking) -> list[Match]:
        """The groups of a segment in which a term has one of the spellings."""
        terms, weights = self._terms(segment)
        groups = segment.vocabulary.group_of(terms)
        starts = segment.vocabulary.group_starts.astype(np.int64)
        out = []
        for group in np.unique(groups).tolist():
            mine = slice(*np.searchsorted(groups, [group, group + 1]).tolist())
            forms = np.zeros(int(starts[group + 1] - starts[group]), np.float32)
            forms[terms[mine] - starts[group]] = weights[mine]
            out.append(Match(group, forms))
        return out

    def meets(self, term: arabic.Rungs) -> Rung:
        """Patterns go by spelling."""
        return "spelling"

    def _terms(self, segment: Segment) -> tuple[Array, Array]:
        """The terms that have one of the spellings, ascending, and their weights."""
        spellings = spellings_of(segment)
        terms: list[int] = []
        weights: list[float] = []
        for text, weight in self.weights.items():
            at = bisect_left(spellings.texts, text)
            while at < len(spellings.texts) and spellings.texts[at] == text:
                mine = range(int(spellings.first[at]), int(spellings.end[at]))
                terms += mine
                weights += [weight] * len(mine)
                at += 1
        order = np.argsort(np.array(terms, np.int64), kind="stable")
        return np.array(terms, np.int64)[order], np.array(weights, np.float32)[order]


def expand(snapshot: Snapshot, node: Spread, fields: tuple[str, ...], limit: int) -> Expansion:
    """Spread a part of a query out over the vocabulary.

    Args:
        snapshot: the commit.
        node: the part.
        fields: whose words count where there are too many.
        limit: how many spellings to keep.

    Raises:
        QueryError: for a regular expression that cannot be read.
    """
    finder = finder_of(node)
    weights: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for segment in snapshot.segments:
        spellings = spellings_of(segment)
        places, found = finder(spellings)
        documents = documents_of(segment, fields)[places].tolist()
        for place, weight, count in zip(places.tolist(), found.tolist(), documents, strict=True):
            if count:
                spelling = spellings.texts[place]
                weights[spelling] = weight
                counts[spelling] += count
    text = show(node)
    kept = sorted(counts, key=lambda spelling: (-counts[spelling], spelling))[:limit]
    notices = tuple(_notices(text, finder, len(counts), limit))
    return Expansion(text, {spelling: weights[spelling] for spelling in kept}, notices)


def _notices(text: str, finder: Finder, count: int, limit: int) -> Iterator[str]:
    if finder.tired:
        yield f"{text} is hard to match: not all words were tried"
    if count > limit:
        yield f"{text} stands for {count} words: the {limit} most frequent are searched"
