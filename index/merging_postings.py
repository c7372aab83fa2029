"""Merges the postings of a text field, in chunks of whole groups of the new segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .. import kernels
from ..storage import ColumnWriter
from .crew import Crew
from .dtypes import Array, UInts
from .merging_terms import DROPPED, Terms
from .packed import BLOCK, PackedBuffer, PackedWriter, write_packed
from .postings import TextPostings, TokensBefore, stretches
from .segment import Segment

PARTS = ("docs", "forms", "tfs")

GAP = 64 * BLOCK
"""Postings that are read and dropped rather than begin another run behind them."""


@dataclass(slots=True)
class Source:
    """A segment that is merged, and where its parts go.

    Attributes:
        segment: it.
        docs: its documents' new numbers, or DROPPED.
        terms: its terms' new numbers, or DROPPED.
        groups, forms: the same, as new groups and forms.
        by_group: its terms, ordered by their new group.
    """

    segment: Segment
    docs: UInts
    terms: UInts
    groups: UInts
    forms: UInts
    by_group: Array = field(init=False)

    def __post_init__(self) -> None:
        self.by_group = np.argsort(self.groups, kind="stable").astype(np.uint32)

    def old_groups(self, first: int, end: int) -> UInts:
        """The old groups, ascending, that have a term in the new groups `first:end`."""
        a, b = np.searchsorted(self.groups, [first, end], sorter=self.by_group)
        mine = self.segment.vocabulary.group_of(np.sort(self.by_group[a:b]))
        return mine[np.flatnonzero(np.diff(mine, prepend=np.uint32(DROPPED)))]


class Piece(NamedTuple):
    """Neighbouring postings of a source, and which of them stay in a chunk."""

    postings: TextPostings
    span: tuple[int, int]
    stay: Array


class _Read(NamedTuple):
    """The postings that stay in a chunk, as they are found, and their order."""

    pieces: list[Piece]
    docs: UInts
    forms: UInts
    order: Array


def merge_postings(
    out: ColumnWriter,
    field: str,
    sources: Sequence[Source],
    terms: Terms,
    documents: int,
    chunk: int,
    crew: Crew,
    held: int,
) -> dict[str, int]:
    """Write a text field's columns; return their counts, as `Inversion.write` does.

    Args:
        chunk: postings that each thread handles at a time.
        crew: merges chunks and packs.
        held: postings of which two columns may be held in memory, packed.
    """
    mine = [source for source in sources if field in source.segment.text]
    name = f"text.{field}"
    dfs = _live_counts(mine, field, int(terms.firsts[-1]), chunk)
    starts = np.concatenate([[0], np.cumsum(dfs)])[terms.firsts]
    runs = list(stretches(starts, chunk))
    chunks = [_Chunk(mine, field, groups, keep=len(runs) == 1) for groups in runs]
    write_packed(out, f"{name}.starts", starts.astype(np.uint32))
    tokens = _merge_columns(out, name, chunks, crew, together=int(starts[-1]) <= held)
    with PackedWriter(out, f"{name}.positions") as column:
        for values in crew.each(_Chunk.positions, ((each,) for each in chunks)):
            column.write(values)
    write_packed(out, f"{name}.dfs", dfs.astype(np.uint32))
    write_packed(out, f"{name}.lengths", _lengths(mine, field, documents))
    return {"postings": int(starts[-1]), "tokens": tokens}


def _lengths(sources: Sequence[Source], field: str, documents: int) -> UInts:
    lengths = np.zeros(documents, np.uint32)
    for source in sources:
        alive = source.docs != DROPPED
        lengths[source.docs[alive]] = source.segment.text[field].lengths[alive]
    return lengths


def _merge_columns(
    out: ColumnWriter, name: str, chunks: Sequence[_Chunk], crew: Crew, together: bool
) -> int:
    """Write documents, forms, frequencies and the token count before each block.

    Args:
        together: in one pass over the old postings, with the later columns held in memory.

    Returns:
        All tokens.
    """
    before = TokensBefore()
    for parts in [PARTS] if together else [(part,) for part in PARTS]:
        later = [PackedBuffer(crew) for _ in parts[1:]]
        with PackedWriter(out, f"{name}.{parts[0]}") as column:
            for found in crew.each(_Chunk.columns, ((each, parts) for each in chunks)):
                column.write(found[0])
                for buffer, values in zip(later, found[1:], strict=True):
                    buffer.write(values)
                if "tfs" in parts:
                    before.add(found[-1])
        for part, buffer in zip(parts[1:], later, strict=True):
            buffer.put(out, f"{name}.{part}")
    tokens = before.blocks()
    out.add(f"{name}.tokens", tokens)
    return int(tokens[-1])


def _live_counts(sources: Sequence[Source], field: str, terms: int, chunk: int) -> Array:
    """Postings that stay, of each new term."""
    dfs = np.zeros(terms, np.int64)
    for source in sources:
        postings = source.segment.text[field]
        if source.segment.live is None:
            stay = source.terms != DROPPED
            dfs[source.terms[stay]] += postings.dfs.slice()[stay]  # no two become one
            continue
        starts = postings.group_edges()
        for run in stretches(starts, chunk):
            span, owners = _span(source, starts, np.arange(*run))
            alive = source.docs[postings.docs.slice(*span)] != DROPPED
            met = source.terms[postings.terms_of(owners, span)[alive]]
            np.add.at(dfs, met, 1)
    return dfs


def _span(source: Source, starts: Array, groups: Array) -> tuple[tuple[int, int], Array]:
    """The postings of neighbouring old groups: their range, and each one's group's first term."""
    first, end = int(groups[0]), int(groups[-1]) + 1
    firsts = source.segment.vocabulary.group_starts[first:end]
    owners = np.repeat(firsts, np.diff(starts[first : end + 1]))
    return (int(starts[first]), int(starts[end])), owners


class _Chunk:
    """The postings that go into a run of new groups, from all sources, in their new order.

    What it reads for some columns it reads again for the next, unless it is to keep it: of many
    chunks only one for each thread is in memory at a time.
    """

    def __init__(
        self, sources: Sequence[Source], field: str, groups: tuple[int, int], keep: bool
    ) -> None:
        self._sources = sources
        self._field = field
        self._groups = groups
        self._keep = keep
        self._kept: _Read | None = None

    def columns(self, parts: Sequence[str]) -> list[UInts]:
        """Docs, forms and tfs, those that are wanted."""
        pieces, docs, forms, order = self._read()
        found = {"docs": docs, "forms": forms}
        if "tfs" in parts:
            found["tfs"] = _tfs(pieces)
        return [found[part][order] for part in parts]

    def positions(self) -> UInts:
        """The positions, posting by posting."""
        pieces, _, _, order = self._read()
        found = [_positions_of(piece) for piece in pieces]
        counts = _concatenated([count for _, count in found]).astype(np.int64)
        begins = np.cumsum(counts) - counts
        tokens = _concatenated([each for each, _ in found])
        return kernels.gather(tokens, begins[order], counts[order])

    def _read(self) -> _Read:
        if self._kept is None:
            found = self._found()
            if not self._keep:
                return found
            self._kept = found
        return self._kept

    def _found(self) -> _Read:
        pieces: list[Piece] = []
        groups, docs, forms = [], [], []
        for source in self._sources:
            for piece, new_groups, new_docs, new_forms in self._pieces(source):
                pieces.append(piece)
                groups.append(new_groups)
                docs.append(new_docs)
                forms.append(new_forms)
            source.segment.file.forget()
        group, doc, form = (_concatenated(column) for column in (groups, docs, forms))
        return _Read(pieces, doc, form, kernels.sort_postings(group, doc, form))

    def _pieces(self, source: Source) -> Iterator[tuple[Piece, UInts, UInts, UInts]]:
        first, end = self._groups
        postings = source.segment.text[self._field]
        starts = postings.group_edges()
        for run in _runs(source.old_groups(first, end), starts):
            span, owners = _span(source, starts, run)
            terms = postings.terms_of(owners, span)
            docs = source.docs[postings.docs.slice(*span)]
            groups = source.groups[terms]
            stay = (docs != DROPPED) & (groups >= first) & (groups < end)
            if not stay.all():
                terms, groups, docs = terms[stay], groups[stay], docs[stay]
            yield Piece(postings, span, stay), groups, docs, source.forms[terms]


def _runs(groups: UInts, starts: Array) -> list[Array]:
    """Cut ascending old groups where a long stretch of postings between two is not wanted."""
    if not len(groups):
        return []
    unwanted = starts[groups[1:]] - starts[groups[:-1].astype(np.int64) + 1]
    return np.split(groups, np.flatnonzero(unwanted > GAP) + 1)


def _positions_of(piece: Piece) -> tuple[UInts, UInts]:
    """The positions of the postings of a piece that stay, and how many each has."""
    postings, (start, stop), stay = piece
    if start == stop:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    edge = start - start % BLOCK
    tfs = postings.tfs.slice(edge, stop)
    ends = int(postings.token_starts[edge // BLOCK]) + np.cumsum(tfs, dtype=np.int64)
    begins, counts = (ends - tfs)[start - edge :], tfs[start - edge :]
    tokens = postings.positions.slice(int(begins[0]), int(ends[-1]))
    if stay.all():
        return tokens, counts
    return kernels.gather(tokens, begins[stay] - begins[0], counts[stay].astype(np.int64)), counts[
        stay
    ]


def _tfs(pieces: Sequence[Piece]) -> UInts:
    """The frequencies of the postings of some pieces that stay."""
    return _concatenated([p.postings.tfs.slice(*p.span)[p.stay] for p in pieces])


def _concatenated(arrays: Sequence[UInts]) -> UInts:
    return np.concatenate(arrays) if arrays else np.empty(0, np.uint32)
