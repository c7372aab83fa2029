"""Merges the vocabularies of segments, level by level.

On each level a string is known by its parent's new place and its text, so one merge a level
gives the order of the whole order, and no more is in memory than the strings of one level
of all the vocabularies, packed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .. import kernels
from .dtypes import Array, Bytes, UInts
from .strings import Texts
from .vocabulary import Order, Vocabulary, firsts_of

DROPPED = 0xFFFFFFFF
"""The new number of a document or a term that is gone."""

NO_PARENT: Texts = np.empty(0, np.uint8), np.zeros(2, np.uint32)
"""What strings without a parent are merged under."""

Analyse = Callable[[UInts, UInts], tuple[bytes, memoryview]]
"""Gives words, as they are written, their sort keys; see `arabic.keys_of`."""


class Terms(NamedTuple):
    """A merged vocabulary.

    Attributes:
        levels, children: as `write_vocabulary` takes them.
        firsts: the first term of each group, and the number of terms.
        places: of each source, its terms' new numbers, or DROPPED.
    """

    levels: list[Texts]
    children: list[UInts]
    firsts: UInts
    places: list[UInts]


def sort_again(vocabulary: Vocabulary, used: Array, analyse: Analyse) -> Terms:
    """Sort the terms of one vocabulary that stay by new rules."""
    stays = np.flatnonzero(used)
    keys = kernels.Keys()
    for codes, edges in vocabulary.forms(used):
        keys.take(*analyse(codes, edges))
    order = Order(*keys.sort())
    places = np.full(vocabulary.terms, DROPPED, np.uint32)
    places[stays[order.ranked]] = np.arange(len(stays))
    return Terms(order.levels, order.children, order.firsts, [places])


def merge_terms(sources: Sequence[Vocabulary], used: Sequence[Array]) -> Terms:
    """Merge vocabularies.

    Args:
        sources: them.
        used: of each, which terms stay.
    """
    parents = [[np.zeros(s.groups, np.uint32), *s.parents()] for s in sources]
    needed = [
        _used_levels(mine, source, kept)
        for mine, source, kept in zip(parents, sources, used, strict=True)
    ]
    levels: list[Texts] = []
    aboves: list[UInts] = []
    texts = NO_PARENT
    places = [np.zeros(1, np.uint32) for _ in sources]
    for level in range(4):
        runs = [
            (*source.columns[level].packed(), above[parent[level]], kept[level])
            for source, above, parent, kept in zip(sources, places, parents, needed, strict=True)
        ]
        places, above, texts, hollow = kernels.merge_texts(runs, texts)
        levels.append(hollow)
        aboves.append(above)
    children = [
        np.searchsorted(below, np.arange(len(above) + 1)).astype(np.uint32)
        for above, below in pairwise(aboves)
    ]
    return Terms(levels, children, firsts_of(children), places)


def _used_levels(parents: list[UInts], source: Vocabulary, used: Array) -> list[Bytes]:
    """Of each level, which strings have a term that stays."""
    out = [used.view(np.uint8)]
    for level in (3, 2, 1):
        above = np.zeros(source.columns[level - 1].count, np.uint8)
        above[parents[level][out[0] != 0]] = 1
        out.insert(0, above)
    return out
