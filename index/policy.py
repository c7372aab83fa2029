"""When to merge: a logarithmic policy over runs of neighbouring segments.

Neighbours only, so that documents stay in the order in which they were added. A segment's
level is the logarithm of its live documents; FANOUT neighbours that are all of a level or
lower become one of the next (O'Neil et al. 1996, the log-structured merge-tree). So there
are at most about FANOUT segments a level, and a document is rewritten once a level.
A segment of which WASTE is deleted is rewritten in any case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

FANOUT = 8
SMALLEST = 256
"""Segments of fewer documents are all of one level."""

WASTE = 1 / 3


def choose(sizes: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The next merge, as a range of segments, or None.

    Args:
        sizes: of each segment, its live documents and its deleted ones.
    """
    levels = [_level(live) for live, _ in sizes]
    for level in sorted(set(levels)):
        run = _longest_run([here <= level for here in levels])
        if run[1] - run[0] >= FANOUT:
            return run
    for i, (live, deleted) in enumerate(sizes):
        if deleted and deleted >= WASTE * (live + deleted):
            return i, i + 1
    return None


def _level(live: int) -> int:
    return int(math.log(max(live, SMALLEST) / SMALLEST, FANOUT))


def _longest_run(flags: Sequence[bool]) -> tuple[int, int]:
    """The longest run of true values."""
    best, start = (0, 0), 0
    for i, flag in enumerate([*flags, False]):
        if not flag:
            best = max(best, (start, i), key=lambda run: run[1] - run[0])
            start = i + 1
    return best
