"""Merges the vocabularies of segments, level by level.

On each level a string is known by its parent's new place and its text, so one sort a level
gives the order of the whole ladder, and no more is in memory than the strings of one level
of all the vocabularies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..arabic import Rungs
from .dtypes import Array, UInts
from .vocabulary import Vocabulary

DROPPED = 0xFFFFFFFF
"""The new number of a document or a term that is gone."""

Analyse = Callable[[list[Rungs]], list[Rungs]]


class Levels(NamedTuple):
    """A vocabulary taken apart.

    Attributes:
        strings: of each level, the strings; an empty one stands for its parent's.
        parents: of each level but the first, each string's parent on the level above.
    """

    strings: list[list[bytes]]
    parents: list[UInts]


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


def levels_of(vocabulary: Vocabulary, analyse: Analyse | None) -> Levels:
    """Take a vocabulary apart, by new rules if they are given."""
    if analyse is None:
        return Levels(*vocabulary.levels())
    rungs = analyse(vocabulary.rungs())
    keys = [[text.encode() for text in level] for level in zip(*rungs, strict=True)]
    own = np.arange(len(rungs), dtype=np.uint32)
    return Levels(keys[::-1] or [[], [], [], []], [own, own, own])


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
        keys = [
            _keys(levels, level, mine[level], places[i], texts)
            for i, (levels, mine) in enumerate(zip(sources, needed, strict=True))
        ]
        ranked = sorted(set().union(*keys))
        places = _ranks(keys, ranked, [mine[level] for mine in needed])
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
        above = np.zeros(len(levels.strings[level]), bool)
        above[levels.parents[level][out[0]]] = True
        out.insert(0, above)
    return out


def _keys(
    levels: Levels, level: int, used: Array, places: UInts, texts: list[bytes]
) -> list[bytes]:
    """Of each string that stays: its parent's new place, and its text."""
    strings = levels.strings[level]
    at = np.flatnonzero(used)
    if level == 0:
        return [bytes(4) + strings[i] for i in at.tolist()]
    above = places[levels.parents[level - 1][at]]
    heads = above.astype(">u4").tobytes()
    return [
        heads[4 * n : 4 * n + 4] + (strings[i] or texts[parent])
        for n, (i, parent) in enumerate(zip(at.tolist(), above.tolist(), strict=True))
    ]


def _ranks(keys: Sequence[list[bytes]], ranked: list[bytes], used: Sequence[Array]) -> list[UInts]:
    """Of each source, its strings' places among all that were ranked."""
    rank = dict(zip(ranked, range(len(ranked)), strict=True))
    out = []
    for mine, stays in zip(keys, used, strict=True):
        places = np.full(len(stays), DROPPED, np.uint32)
        places[stays] = np.fromiter(map(rank.__getitem__, mine), np.uint32, len(mine))
        out.append(places)
    return out


def _terms(strings: list[list[bytes]], parents: list[UInts], places: list[UInts]) -> Terms:
    children = [
        np.searchsorted(below, np.arange(len(level) + 1)).astype(np.uint32)
        for level, below in zip(strings, parents, strict=False)
    ]
    groups = parents[0][parents[1][parents[2]]]
    firsts = children[2][children[1][children[0]]]
    return Terms(strings, children, groups, firsts, places)
