"""Inverts the words of a text field, range by range, and writes its columns.

`postings` has the columns. A range of groups is inverted and packed in one piece of work, all of
which may run while something else is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from .. import kernels
from ..storage import ColumnWriter
from .crew import Crew, Task
from .dtypes import Longs, UInts
from .packed import PackedWriter, pack_blocks, split_blocks, write_packed
from .postings import block_sums, stretches, tokens_before
from .vocabulary import Order

RANGE = 1 << 17
"""Tokens that are inverted together, at least: each range reads all tokens of the field."""

MOST_RANGES = 8

PARTS = ("docs", "forms", "tfs", "positions")
TFS = PARTS.index("tfs")


Rest = SimpleQueue[list[UInts]]
"""Where a range leaves the values behind its blocks, of each of PARTS, for the next one."""


class Range(NamedTuple):
    """What came of a range of groups.

    Attributes:
        starts: where the postings of each group begin among these.
        dfs: postings of each term.
        postings, tokens: how many there are.
        blocks: of each of PARTS, whole blocks, packed; those before the first one's end with the
            range before.
        sums: tokens of each of those blocks of postings.
        rest: of each of PARTS, the values behind the blocks.
    """

    starts: UInts
    dfs: UInts
    postings: int
    tokens: int
    blocks: list[tuple[UInts, UInts]]
    sums: Longs
    rest: list[UInts]


class Inversion:
    """The postings of a text field on their way into a segment.

    Args:
        texts: the words of all documents; let go of as soon as they are inverted.
        order: where each word number stands in the vocabulary.
        crew: inverts and packs.
    """

    def __init__(self, texts: kernels.Tokens, order: Order, crew: Crew) -> None:
        self._lengths = texts.lengths()
        numbers, size = texts.numbers(), max(RANGE, texts.count // MOST_RANGES)
        inverter = kernels.Inverter(numbers, self._lengths, order.groups, order.forms, order.firsts)
        self._begun: list[Task[Range]] = []
        left: Rest = SimpleQueue()
        left.put([np.empty(0, np.uint32) for _ in PARTS])
        for groups in stretches(inverter.edges, size):
            before, left = left, SimpleQueue()
            self._begun.append(crew.queue(_invert, inverter, groups, before, left))

    def write(self, out: ColumnWriter, field: str) -> dict[str, int]:
        """Write the columns, once.

        Returns:
            The counts that `TextPostings` needs, for the segment's meta.
        """
        ranges = [task.result() for task in self._begun]
        self._begun.clear()
        rest = ranges[-1].rest if ranges else [np.empty(0, np.uint32) for _ in PARTS]
        name = f"text.{field}"
        write_packed(out, f"{name}.starts", _starts(ranges))
        for i, part in enumerate(PARTS):
            if part == "positions":
                out.add(f"{name}.tokens", tokens_before([r.sums for r in ranges], rest[TFS]))
            with PackedWriter(out, f"{name}.{part}") as column:
                for each in ranges:
                    column.write_blocks(*each.blocks[i])
                column.write(rest[i])
        dfs = [np.empty(0, np.uint32), *(each.dfs for each in ranges)]
        write_packed(out, f"{name}.dfs", np.concatenate(dfs))
        write_packed(out, f"{name}.lengths", self._lengths)
        return {
            "postings": sum(each.postings for each in ranges),
            "tokens": sum(each.tokens for each in ranges),
        }


def _invert(
    inverter: kernels.Inverter, groups: tuple[int, int], before: Rest, after: Rest
) -> Range:
    """Invert and pack a range of groups.

    Args:
        before: the rest of the range before it, which is begun before.
        after: gets the rest of this one, as soon as it is known: who waits for it packs meanwhile.
    """
    try:
        starts, *columns, dfs = inverter.invert(*groups)
        left = before.get()
        split = [split_blocks(old, new) for old, new in zip(left, columns, strict=True)]
    except BaseException:
        after.put([])  # so that nobody waits for it; the one who gets it fails too
        raise
    rest = [over for _, over in split]
    after.put(rest)
    postings, tokens = len(columns[TFS]), len(columns[-1])
    del columns  # what is split off it is packed
    sums = block_sums(split[TFS][0])
    blocks = [pack_blocks(whole) for whole, _ in split]
    return Range(starts, dfs, postings, tokens, blocks, sums, rest)


def _starts(ranges: Sequence[Range]) -> UInts:
    """Where the postings of each group begin among all, and the end."""
    edges = np.cumsum([0, *(each.postings for each in ranges)]).astype(np.uint32)
    starts = [each.starts + edge for each, edge in zip(ranges, edges, strict=False)]
    return np.concatenate([*starts, edges[-1:]])
