"""The postings of a text field in a segment.

A posting is (group, document, form, frequency); postings are sorted by group, then
document, then form, and the positions of each occurrence follow in the same order. So all
that matches a word on its widest rung is one run of postings in document order, and the
narrower rungs are told by the form. Columns of field F, packed unless said otherwise:

    text.F.starts        where each group's postings begin, and the end
    text.F.docs, .forms, .tfs      one value a posting
    text.F.positions     one value a token: its number among the field's words
    text.F.tokens        raw uint32: tokens before each block of 128 postings
    text.F.dfs           postings of each term
    text.F.lengths       words of each document
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from .. import kernels
from ..errors import DamagedError
from ..hints import NoReturn
from ..storage import ColumnFile
from .dtypes import Array, Longs, UInts, np
from .packed import BLOCK, Packed, split_blocks


def stretches(starts: Array, size: int) -> Iterator[tuple[int, int]]:
    """Cut groups into stretches of about `size` postings or tokens, by where each group begins."""
    first, end = 0, len(starts) - 1
    while first < end:
        stop = int(np.searchsorted(starts, starts[first] + size, "right")) - 1
        stop = min(max(stop, first + 1), end)
        yield first, stop
        first = stop


class TokensBefore:
    """Tokens before each block of 128 postings, while the frequencies come in."""

    def __init__(self) -> None:
        self._sums: list[Longs] = []
        self._rest = np.empty(0, np.uint32)

    def add(self, tfs: UInts) -> None:
        """Take the frequencies of the next postings in."""
        whole, self._rest = split_blocks(self._rest, tfs)
        self._sums.append(block_sums(whole))

    def blocks(self) -> UInts:
        """Tokens before each block, and all of them; see `tokens_before`."""
        return tokens_before(self._sums, self._rest)


def block_sums(tfs: UInts) -> Longs:
    """Tokens of each block of postings, of whole ones."""
    sums: Longs = tfs.reshape(-1, BLOCK).sum(axis=1, dtype=np.uint64)
    return sums


def tokens_before(sums: Sequence[Longs], rest: UInts) -> UInts:
    """Tokens before each block, and all of them.

    Args:
        sums: tokens of each whole block, some blocks at a time.
        rest: the frequencies of the postings behind them.

    Raises:
        OverflowError: if they are 2^32 or more.
    """
    last = [rest.sum(dtype=np.uint64, keepdims=True)] if len(rest) else []
    before = np.cumsum(np.concatenate([np.zeros(1, np.uint64), *sums, *last]), dtype=np.uint64)
    if int(before[-1]) >> 32:
        raise OverflowError("a segment takes less than 2^32 words of a field")
    return before.astype(np.uint32)


class TextPostings:
    """The postings of a text field in an open segment.

    Args:
        file: the segment's file.
        field: the field's name.
        counts: what `Inversion.write` returned.
        groups, terms, documents: sizes of the segment.
    """

    def __init__(
        self,
        file: ColumnFile,
        field: str,
        counts: dict[str, int],
        groups: int,
        terms: int,
        documents: int,
    ) -> None:
        name = f"text.{field}"
        self._file = file
        self._name = name
        self.count = counts["postings"]
        self.tokens = counts["tokens"]
        self.documents = documents
        self.starts = Packed(file, f"{name}.starts", groups + 1, self.count + 1)
        self.docs = Packed(file, f"{name}.docs", self.count, documents)
        self.forms = Packed(file, f"{name}.forms", self.count, terms)
        self.tfs = Packed(file, f"{name}.tfs", self.count)
        self.positions = Packed(file, f"{name}.positions", self.tokens)
        self.dfs = Packed(file, f"{name}.dfs", terms, documents + 1)
        self._lengths = Packed(file, f"{name}.lengths", documents)
        file.expect(f"{name}.tokens", "<u4", (self.count + BLOCK - 1) // BLOCK + 1)

    @cached_property
    def lengths(self) -> UInts:
        """Words of each document: uint32."""
        return self._lengths.slice()

    @cached_property
    def token_starts(self) -> UInts:
        """Tokens before each block of postings: uint32."""
        return self._file.read(f"{self._name}.tokens")

    @cached_property
    def lists(self) -> kernels.Lists:
        """The columns as the kernels take them. Call `touch` for what will be read."""
        return kernels.Lists(
            self.docs.parts(),
            self.forms.parts(),
            self.tfs.parts(),
            self.positions.parts(),
            self._file.view(f"{self._name}.tokens"),
            memoryview(self._lengths.values(0, self.documents)),
        )

    @cached_property
    def places(self) -> kernels.Places:
        """The columns as the kernel takes them that reads where words stand.

        Call `touch` for what will be read.
        """
        starts = self._file.view(f"{self._name}.tokens")
        return kernels.Places(self.docs, self.forms, self.tfs, self.positions, starts)

    def group(self, group: int) -> tuple[int, int]:
        """The range of postings of a group."""
        return self.starts.pair(group)

    def group_edges(self) -> Array:
        """Where each group's postings begin, and the end: int64, ascending."""
        edges = self.starts.slice().astype(np.int64)
        if edges[0] != 0 or edges[-1] != self.count or (edges[1:] < edges[:-1]).any():
            raise DamagedError(
                self._file.name, f"{self._name}.starts", "ascending groups", "others"
            )
        return edges

    def terms_of(self, firsts: Array, span: tuple[int, int]) -> Array:
        """The terms of a range of postings.

        Args:
            firsts: of each posting, the first term of its group.
            span: the range.
        """
        terms = firsts + self.forms.slice(*span)
        self._require_below(terms, self.dfs.count)
        return terms

    def forms_of(self, span: tuple[int, int], size: int) -> UInts:
        """The forms of a range of postings of a group that has so many."""
        forms = self.forms.slice(*span)
        self._require_below(forms, size)
        return forms

    def _require_below(self, forms: Array, size: int) -> None:
        if len(forms) and int(forms.max()) >= size:
            raise DamagedError(
                self._file.name, f"{self._name}.forms", "forms of the group", "others"
            )

    def touch(self, start: int, stop: int) -> None:
        """Verify the bytes of a range of postings, without their positions."""
        self.docs.touch(start, stop)
        self.forms.touch(start, stop)
        self.tfs.touch(start, stop)

    def touch_positions(self, start: int, stop: int) -> None:
        """Verify the bytes of the positions of a range of postings."""
        if start < stop:
            first, last = start // BLOCK, (stop - 1) // BLOCK + 1
            edges = self._file.view(f"{self._name}.tokens", first, last + 1)
            self.positions.touch(edges[0], min(edges[-1], self.tokens))

    def blame(self) -> NoReturn:
        """Raise DamagedError for blocks that point outside their column, checksums or not."""
        raise DamagedError(self._file.name, self._name, "blocks inside the column", "others")
