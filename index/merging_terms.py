"""Merges the vocabularies of segments, level by level.

On each level a string is known by its parent's new place and its text, so one sort a level
gives the order of the whole ladder, and no more is in memory than the strings of one level
of all the vocabularies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..arabic import Rungs
from .dtypes import Array, UInts
from .vocabulary import Vocabulary, sort_terms, take_apart

DROPPED = 0xFFFFFFFF
"""The new number of a document or a term that is gone."""

Analyse = Callable[[list[Rungs]], list[Rungs]]


class Levels(NamedTuple):
    """A vocabulary taken apart.

    Attributes:
        strings: gives the strings of a level; an empty one stands for its parent's.
        parents: of each level but the first, each string's parent on the level above.
        counts: how many strings each level has.
    """

    strings: Callable[[int], list[bytes]]
    parents: list[UInts]
    counts: list[int]


class Terms(NamedTuple):
    """A merged vocabulary.

    Attributes:
        strings, children: as `write_levels` takes them.
        groups: the group of each term.
        firsts: the first term of each group.
        places: of each source, its terms' new numbers, or DROPPED.
    """

    strings: list[list[bytes]]
    children: list[UInts]
    groups: UInts
    firsts: UInts
    places: list[UInts]


def levels_of(vocabulary: Vocabulary) -> Levels:
    """Take a vocabulary apart."""
    columns = vocabulary.columns
    counts = [column.count for column in columns]
    return Levels(lambda level: columns[level].slice(), vocabulary.parents(), counts)


def sort_again(vocabulary: Vocabulary, used: Array, analyse: Analyse) -> Terms:
    """Sort the terms of one vocabulary that stay by new rules."""
    rungs = analyse(vocabulary.rungs())
    stays = np.flatnonzero(used)
    kept = [rungs[i] for i in stays.tolist()]
    order = sort_terms(kept)
    places = np.full(len(rungs), DROPPED, np.uint32)
    places[stays[order.ranked]] = np.arange(len(kept))
    groups = order.groups[order.ranked]
    firsts = np.searchsorted(groups, np.arange(order.count)).astype(np.uint32)
    strings, children = take_apart([kept[i] for i in order.ranked.tolist()])
    return Terms(strings, children, groups, firsts, [places])


def merge_terms(sources: Sequence[Levels], used: Sequence[Array]) -> Terms:
    """Merge vocabularies.

    Args:
        sources: them.
        used: of each, which terms stay.
    """
    needed = [_used_levels(levels, mine) for levels, mine in zip(sources, used, strict=True)]
    strings: list[list[bytes]] = []
    parents: list[UInts] = []
    texts: list[bytes] = [b""]
    places = [np.zeros(0, np.uint32) for _ in sources]
    for level in range(4):
        rows = _Rows(sources, needed, places, level, texts)
        ranked = sorted(rows.distinct())
        places = rows.ranks(ranked)
        above = np.fromiter((int.from_bytes(key[:4], "big") for key in ranked), np.uint32)
        strings.append([_stored(key[4:], level, texts, at) for key, at in _zip(ranked, above)])
        parents.append(above)
        texts = [key[4:] for key in ranked]
    return _terms(strings, parents[1:], places)


def _zip(ranked: list[bytes], above: UInts) -> zip[tuple[bytes, int]]:
    return zip(ranked, above.tolist(), strict=True)


def _stored(text: bytes, level: int, texts: list[bytes], parent: int) -> bytes:
    return b"" if level and text == texts[parent] else text


def _used_levels(levels: Levels, used: Array) -> list[Array]:
    """Of each level, which strings have a term that stays."""
    out = [used]
    for level in (2, 1, 0):
        above = np.zeros(levels.counts[level], bool)
        above[levels.parents[level][out[0]]] = True
        out.insert(0, above)
    return out


class _Rows:
    """The strings of one level of all sources, read anew each time they are gone through."""

    def __init__(
        self,
        sources: Sequence[Levels],
        needed: Sequence[list[Array]],
        places: Sequence[UInts],
        level: int,
        texts: list[bytes],
    ) -> None:
        self._sources = list(zip(sources, needed, places, strict=True))
        self._level = level
        self._texts = texts

    def distinct(self) -> set[bytes]:
        """All keys: parent's new place and text."""
        found: set[bytes] = set()
        for levels, needed, places in self._sources:
            found.update(self._keys(levels, needed[self._level], places))
        return found

    def ranks(self, ranked: list[bytes]) -> list[UInts]:
        """Of each source, its strings' places among all that were ranked."""
        rank = dict(zip(ranked, range(len(ranked)), strict=True))
        out = []
        for levels, needed, places in self._sources:
            stays = needed[self._level]
            keys = self._keys(levels, stays, places)
            found = np.full(len(stays), DROPPED, np.uint32)
            found[stays] = np.fromiter(map(rank.__getitem__, keys), np.uint32)
            out.append(found)
        return out

    def _keys(self, levels: Levels, used: Array, places: UInts) -> Iterator[bytes]:
        strings, at = levels.strings(self._level), np.flatnonzero(used)
        if self._level == 0:
            return (bytes(4) + strings[i] for i in at.tolist())
        above = places[levels.parents[self._level - 1][at]]
        heads = memoryview(above.astype(">u4").tobytes())
        texts = self._texts
        return (
            bytes(heads[4 * n : 4 * n + 4]) + (strings[i] or texts[parent])
            for n, (i, parent) in enumerate(zip(at.tolist(), above.tolist(), strict=True))
        )


def _terms(strings: list[list[bytes]], parents: list[UInts], places: list[UInts]) -> Terms:
    children = [
        np.searchsorted(below, np.arange(len(level) + 1)).astype(np.uint32)
        for level, below in zip(strings, parents, strict=False)
    ]
    groups = parents[0][parents[1][parents[2]]]
    firsts = children[2][children[1][children[0]]]
    return Terms(strings, children, groups, firsts, places)
