"""A part of a query that stands for many words: pattern, near word, range of words.

It is spread out over the words of the whole commit, at most so many of them, each with a
weight, and from then on is looked up like a word. So the same spellings count in every
segment, however the documents are spread over segments.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from .. import arabic
from ..index import Snapshot
from ..index.dtypes import Floats, np
from ..index.segment import Segment
from .lookup import Match
from .patterns import Finder, Spread, finder_of, fold
from .ranking import Ranking
from .tree import Rung
from .word_list import WordList, most, word_list
from .wording import show

LIMIT = 5000
"""Spellings that the parts of a query may stand for; of more, the most frequent count."""


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """Spellings that together are one word of a query. Serves as a `Lookup`.

    Attributes:
        text: the part of the query, as written.
        words: the words of the commit.
        weights: float32, what each of them weighs, at most 1; 0 for those that are not meant.
        notices: what was left out, for people to read.
        rung: the spellings count as one rung, the narrowest.
    """

    text: str
    words: WordList
    weights: Floats
    notices: tuple[str, ...] = ()
    rung: Rung = "written"

    def __len__(self) -> int:
        return int(np.count_nonzero(self.weights))

    def matches(self, segment: Segment, ranking: Ranking) -> list[Match]:
        """The groups of a segment in which a term has one of the spellings."""
        weights = self.words.weighed(segment, self.weights)
        starts = segment.vocabulary.group_starts.astype(np.int64)
        groups = np.unique(np.searchsorted(starts, np.flatnonzero(weights), "right") - 1)
        spans = zip(
            groups.tolist(), starts[groups].tolist(), starts[groups + 1].tolist(), strict=True
        )
        return [
            Match(group, array("f", weights[first:end].tobytes())) for group, first, end in spans
        ]

    def meets(self, term: arabic.Rungs) -> Rung:
        """Patterns go by spelling."""
        return "spelling"


def expand(snapshot: Snapshot, node: Spread, fields: tuple[str, ...], limit: int) -> Expansion:
    """Spread a part of a query out over the words of a commit.

    Args:
        snapshot: the commit.
        node: the part.
        fields: whose words count where there are too many.
        limit: how many spellings to keep.

    Raises:
        QueryError: for a regular expression that cannot be read.
    """
    words, finder = word_list(snapshot), finder_of(node, fold)
    places, found = finder(words.texts)
    counts = words.documents(fields)[places]
    kept = most(counts, min(limit, int(np.count_nonzero(counts))))
    weights = np.zeros(len(words), np.float32)
    weights[places[kept]] = found[kept]
    text = show(node)
    notices = tuple(_notices(text, finder, int(np.count_nonzero(counts)), limit))
    return Expansion(text, words, weights, notices)


def _notices(text: str, finder: Finder, count: int, limit: int) -> Iterator[str]:
    if finder.tired:
        yield f"{text} is hard to match: not all words were tried"
    if count > limit:
        yield f"{text} stands for {count} words: the {limit} most frequent are searched"
