"""Puts what is found and what was known side by side: a merge join of two sorted streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .naming import Naming, key_of
from .sources import Entry
from .walk import Found


class Pair(NamedTuple):
    """A file that is found, or known, or both."""

    key: list[bytes]
    found: Found | None
    entry: Entry | None


def paired(found: Iterable[Found], entries: Iterable[Entry], naming: Naming) -> Iterator[Pair]:
    """All of both, in order; both are in the order of `key_of`."""
    ours = ((key_of(item.path), item) for item in found)
    theirs = ((naming.key(entry.name), entry) for entry in entries)
    mine, known = next(ours, None), next(theirs, None)
    while mine or known:
        if known is None or (mine is not None and mine[0] < known[0]):
            assert mine is not None
            yield Pair(*mine, None)
            mine = next(ours, None)
        elif mine is None or known[0] < mine[0]:
            yield Pair(known[0], None, known[1])
            known = next(theirs, None)
        else:
            yield Pair(*mine, known[1])
            mine, known = next(ours, None), next(theirs, None)
