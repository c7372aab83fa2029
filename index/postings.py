"""The postings of a text field in a segment.

A posting is (group, document, form, frequency); postings are sorted by group, then
document, then form, and the positions of each occurrence follow in the same order. So all
that matches a word on its widest rung is one run of postings in document order, and the
narrower rungs are told by the form. Columns of field F, packed unless said otherwise:

    text.F.starts        where each group's postings begin, and the end
    text.F.docs, .forms, .tfs      one value a posting
    text.F.positions     one value a token: its number among the field's words
    text.F.tokens        raw uint64: tokens before each block of 128 postings
    text.F.dfs           postings of each term
    text.F.lengths       raw uint32: words of each document
"""

from __future__ import annotations

from functools import cached_property
from typing import NoReturn

from .. import kernels
from ..errors import DamagedError
from ..storage import ColumnFile, ColumnWriter
from .dtypes import Array, Longs, UInts, np
from .packed import BLOCK, Packed, write_packed
from .vocabulary import Order


def write_postings(
    out: ColumnWriter, field: str, tokens: UInts, lengths: UInts, order: Order
) -> dict[str, int]:
    """Invert the tokens of a field and write its columns.

    Args:
        tokens: word numbers in reading order, document after document.
        lengths: words of each document.
        order: where each word number stands in the vocabulary.

    Returns:
        The counts that `TextPostings` needs, for the segment's meta.
    """
    starts, docs, forms, tfs, positions, dfs = kernels.invert(
        tokens, lengths, order.groups, order.forms, order.firsts
    )
    name = f"text.{field}"
    counts = {"postings": len(docs), "tokens": len(positions)}
    write_packed(out, f"{name}.starts", starts)
    write_packed(out, f"{name}.docs", docs)
    write_packed(out, f"{name}.forms", forms)
    del tokens, docs, forms  # there is one of each for every token
    write_packed(out, f"{name}.tfs", tfs)
    out.add(f"{name}.tokens", tokens_before(tfs))
    write_packed(out, f"{name}.positions", positions)
    write_packed(out, f"{name}.dfs", dfs)
    out.add(f"{name}.lengths", lengths)
    return counts


def tokens_before(tfs: UInts) -> Longs:
    """Tokens before each block of 128 postings."""
    sums = np.add.reduceat(tfs, np.arange(0, len(tfs), BLOCK), dtype=np.uint64)
    return np.concatenate([np.zeros(1, np.uint64), np.cumsum(sums, dtype=np.uint64)])


class TextPostings:
    """The postings of a text field in an open segment.

    Args:
        file: the segment's file.
        field: the field's name.
        counts: what `write_postings` returned.
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
        file.expect(f"{name}.lengths", "<u4", documents)
        file.expect(f"{name}.tokens", "<u8", (self.count + BLOCK - 1) // BLOCK + 1)

    @cached_property
    def lengths(self) -> UInts:
        """Words of each document: uint32."""
        return self._file.read(f"{self._name}.lengths")

    @cached_property
    def token_starts(self) -> Longs:
        """Tokens before each block of postings: uint64."""
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
            self._file.view(f"{self._name}.lengths"),
        )

    @cached_property
    def places(self) -> kernels.Places:
        """The columns as the kernel takes them that reads where words stand."""
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
