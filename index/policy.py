"""When to merge: a logarithmic policy over runs of neighbouring segments.

Neighbours only, so that documents stay in the order in which they were added. A segment's
level is the logarithm of its live documents. FANOUT neighbours of one level become one of
the next, together with lower ones that stand among them (O'Neil et al. 1996, the
log-structured merge-tree): so a document is rewritten about once a level. A segment of
which WASTE is deleted is rewritten in any case.

Segments that deletions have shrunk may come to stand between larger ones, where no run of
one level gathers. There the number of segments as such sets the limit: above FANOUT a
level the FANOUT neighbours that are the cheapest to merge are merged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

FANOUT = 8
SMALLEST = 64
"""Segments of fewer documents are all of one level."""

WASTE = 1 / 3

Range = tuple[int, int]


def choose(sizes: Sequence[tuple[int, int]]) -> Range | None:
    """The next merge, as a range of segments, or None.

    Args:
        sizes: of each segment, its live documents and its deleted ones.
    """
    levels = [level_of(live) for live, _ in sizes]
    return _full_level(levels) or _wasteful(sizes) or _too_many(sizes, levels)


def limit(documents: int) -> int:
    """The most segments that an index of so many live documents comes to have."""
    return FANOUT * (level_of(documents) + 1)


def level_of(live: int) -> int:
    """The level of a segment of so many live documents."""
    return 0 if live < SMALLEST else 1 + int(math.log(live / SMALLEST, FANOUT) + 1e-9)


def _full_level(levels: Sequence[int]) -> Range | None:
    """The lowest level's first run that has FANOUT segments of that level."""
    for level in sorted(set(levels)):
        for first, end in _runs([here <= level for here in levels]):
            if levels[first:end].count(level) >= FANOUT:
                return first, end
    return None


def _wasteful(sizes: Sequence[tuple[int, int]]) -> Range | None:
    for i, (live, deleted) in enumerate(sizes):
        if deleted and deleted >= WASTE * (live + deleted):
            return i, i + 1
    return None


def _too_many(sizes: Sequence[tuple[int, int]], levels: Sequence[int]) -> Range | None:
    if len(sizes) <= FANOUT * (max(levels, default=0) + 1):
        return None
    lives = [live for live, _ in sizes]
    costs = [sum(lives[i : i + FANOUT]) for i in range(len(lives) - FANOUT + 1)]
    first = costs.index(min(costs))
    return first, first + FANOUT


def _runs(flags: Sequence[bool]) -> Iterator[Range]:
    """The maximal runs of true values."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i
            start = None
