"""Merges segments: column by column, in chunks of whole groups.

The columns of the new segment are written one after another, each in a pass of its own
over the old postings, so that memory holds the vocabularies, one chunk of postings and
nothing else. Deleted documents, and terms that only they had, are left out. The same code
sorts a segment's dictionary again when the rules of analysis have changed: then a term's
new place is anywhere, and its postings follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..arabic import Rungs
from ..storage import ColumnWriter, Directory, FileInfo
from .dtypes import Array, UInts
from .keywords import write_ids, write_keywords
from .packed import BLOCK, PackedWriter, write_packed
from .postings import TextPostings
from .schema import Schema
from .segment import KIND, Segment
from .stored import BlockWriter
from .values import DTYPES, write_values
from .vocabulary import Order, sort_terms, write_vocabulary

CHUNK = 1 << 20
"""Postings handled at a time, but for a single group that has more."""

DROPPED = np.uint32(0xFFFFFFFF)
"""The new number of a deleted document, or of a term that is gone."""

Analyse = Callable[[list[Rungs]], list[Rungs]]


@dataclass(slots=True)
class Source:
    """A segment that is merged, and where its parts go.

    Attributes:
        segment: it.
        docs: its documents' new numbers, or DROPPED.
        groups, forms: its terms' new groups (or DROPPED) and forms.
    """

    segment: Segment
    docs: UInts
    groups: UInts
    forms: UInts


def merge(
    directory: Directory,
    name: str,
    segments: Sequence[Segment],
    schema: Schema,
    analysis: str,
    analyse: Analyse | None = None,
) -> FileInfo:
    """Write one segment with the live documents of some segments, in their order.

    Args:
        name: of the new file.
        schema: the fields of the new segment: those of all the segments.
        analysis: fingerprint of the rules that hold in the new segment.
        analyse: gives terms their rungs by new rules; None: they keep what they have.
    """
    documents = sum(segment.live_count for segment in segments)
    sources, terms, order = _place(segments, analyse)
    meta: dict[str, Any] = {"documents": documents, "analysis": analysis}
    meta["fields"] = schema.to_json()
    with ColumnWriter(directory, name, KIND) as out:
        meta["vocabulary"] = write_vocabulary(out, [terms[i] for i in order.ranked])
        meta["text"] = {
            field: _merge_text(out, field, sources, order, documents)
            for field in schema.of_kind("text")
        }
        meta["keyword"] = {
            field: write_keywords(out, field, _merged_keywords(sources, field))
            for field in schema.of_kind("keyword")
        }
        ids = _merged_keywords(sources, schema.id)
        meta["keyword"][schema.id] = write_ids(out, schema.id, ids, documents)
        for field in schema.of_kind("number", "date"):
            _merge_values(out, field, schema[field].kind, sources, documents)
        _merge_stored(out, sources)
        return out.finish(meta)


def _place(
    segments: Sequence[Segment], analyse: Analyse | None
) -> tuple[list[Source], list[Rungs], Order]:
    """Number the documents and the terms that stay."""
    numbers: dict[Rungs, int] = {}
    docs_of: list[UInts] = []
    numbers_of: list[UInts] = []
    first = 0
    for segment in segments:
        docs_of.append(_renumber_docs(segment, first))
        first += segment.live_count
        rungs = segment.vocabulary.rungs()
        used = _used_terms(segment, docs_of[-1])
        if analyse:
            rungs = analyse(rungs)
        numbers_of.append(
            np.fromiter(
                (
                    numbers.setdefault(r, len(numbers)) if u else DROPPED
                    for r, u in zip(rungs, used.tolist(), strict=True)
                ),
                np.uint32,
                len(rungs),
            )
        )
    terms = list(numbers)
    order = sort_terms(terms)
    groups, forms = (np.append(column, DROPPED) for column in (order.groups, order.forms))
    sources = []
    for segment, docs, mine in zip(segments, docs_of, numbers_of, strict=True):
        where = np.where(mine == DROPPED, len(terms), mine)
        sources.append(Source(segment, docs, groups[where], forms[where]))
    return sources, terms, order


def _renumber_docs(segment: Segment, first: int) -> UInts:
    if segment.live is None:
        return np.arange(first, first + segment.documents, dtype=np.uint32)
    live = segment.live == 1
    return np.where(live, first + np.cumsum(live) - 1, DROPPED).astype(np.uint32)


def _used_terms(segment: Segment, docs: UInts) -> Array:
    """Which terms have a posting in a live document."""
    if segment.live is None:
        return np.ones(segment.vocabulary.terms, bool)
    used = np.zeros(segment.vocabulary.terms, bool)
    firsts = segment.vocabulary.group_starts
    for postings in segment.text.values():
        starts = postings.starts.slice().astype(np.int64)
        for first, end in _runs(starts, 0, len(starts) - 1):
            span = int(starts[first]), int(starts[end])
            owners = np.repeat(np.arange(first, end), np.diff(starts[first : end + 1]))
            alive = docs[postings.docs.slice(*span)] != DROPPED
            used[(firsts[owners] + postings.forms.slice(*span))[alive]] = True
    return used


def _runs(starts: Array, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the groups `first:end` into runs of about CHUNK postings, by where each begins."""
    while first < end:
        stop = int(np.searchsorted(starts, starts[first] + CHUNK, "right")) - 1
        stop = min(max(stop, first + 1), end)
        yield first, stop
        first = stop


def _merge_text(
    out: ColumnWriter, field: str, sources: list[Source], order: Order, documents: int
) -> dict[str, int]:
    mine = [s for s in sources if field in s.segment.text]
    name = f"text.{field}"
    dfs_of_group, dfs = _live_counts(mine, field, order)
    starts = np.concatenate([[0], np.cumsum(dfs_of_group)])
    chunks = list(_runs(starts, 0, order.count))
    write_packed(out, f"{name}.starts", starts.astype(np.uint32))
    for part in ("docs", "forms"):
        with PackedWriter(out, f"{name}.{part}") as column:
            for chunk in chunks:
                column.write(_Chunk(mine, field, chunk).column(part))
    tokens = _merge_tfs(out, name, field, mine, chunks)
    with PackedWriter(out, f"{name}.positions") as column:
        for chunk in chunks:
            column.write(_Chunk(mine, field, chunk).positions())
    write_packed(out, f"{name}.dfs", dfs.astype(np.uint32))
    lengths = np.zeros(documents, np.uint32)
    for source in mine:
        alive = source.docs != DROPPED
        lengths[source.docs[alive]] = source.segment.text[field].lengths[alive]
    out.add(f"{name}.lengths", lengths)
    return {"postings": int(starts[-1]), "tokens": tokens}


def _merge_tfs(
    out: ColumnWriter, name: str, field: str, sources: list[Source], chunks: list[tuple[int, int]]
) -> int:
    """Write the frequencies and the token count before each block; return all tokens."""
    before: list[int] = [0]
    rest = np.empty(0, np.uint32)
    with PackedWriter(out, f"{name}.tfs") as column:
        for chunk in chunks:
            tfs = _Chunk(sources, field, chunk).column("tfs")
            column.write(tfs)
            rest = np.concatenate([rest, tfs])
            whole = len(rest) - len(rest) % BLOCK
            sums = rest[:whole].reshape(-1, BLOCK).sum(axis=1, dtype=np.uint64)
            before.extend((before[-1] + np.cumsum(sums, dtype=np.uint64)).tolist())
            rest = rest[whole:]
    total = before[-1] + int(rest.sum(dtype=np.uint64))
    if len(rest):
        before.append(total)
    out.add(f"{name}.tokens", np.array(before, np.uint64))
    return total


def _live_counts(sources: list[Source], field: str, order: Order) -> tuple[Array, Array]:
    """Postings that stay, of each new group and of each new term."""
    first = np.searchsorted(order.groups[order.ranked], np.arange(order.count))
    dfs = np.zeros(len(order.ranked), np.int64)
    for source in sources:
        postings = source.segment.text[field]
        if source.segment.live is None:
            stay = source.groups != DROPPED
            terms = first[source.groups[stay]] + source.forms[stay]
            np.add.at(dfs, terms, postings.dfs.slice()[stay])
            continue
        starts = postings.starts.slice().astype(np.int64)
        for run in _runs(starts, 0, len(starts) - 1):
            groups, docs, forms, _ = _read(source, postings, *run)
            alive = docs != DROPPED
            terms = first[groups[alive]] + forms[alive]
            dfs += np.bincount(terms, minlength=len(dfs))
    return np.add.reduceat(dfs, first) if len(first) else np.zeros(0, np.int64), dfs


def _read(
    source: Source, postings: TextPostings, first: int, end: int
) -> tuple[UInts, UInts, UInts, tuple[int, int]]:
    """The postings of the old groups `first:end`: new groups, docs and forms; their range."""
    starts = postings.starts.slice(first, end + 1).astype(np.int64)
    span = int(starts[0]), int(starts[-1])
    firsts = source.segment.vocabulary.group_starts[first:end]
    terms = np.repeat(firsts, np.diff(starts)) + postings.forms.slice(*span)
    docs = source.docs[postings.docs.slice(*span)]
    return source.groups[terms], docs, source.forms[terms], span


class _Chunk:
    """The postings that go into a run of new groups, from all sources, in their new order."""

    def __init__(self, sources: list[Source], field: str, groups: tuple[int, int]) -> None:
        self._pieces: list[tuple[TextPostings, tuple[int, int], Array]] = []
        keys, forms, docs = [], [], []
        for source in sources:
            postings = source.segment.text[field]
            for run in _old_groups(source, *groups):
                new_groups, new_docs, new_forms, span = _read(source, postings, *run)
                stay = (new_docs != DROPPED) & (new_groups >= groups[0]) & (new_groups < groups[1])
                keys.append((new_groups[stay].astype(np.uint64) << 32) | new_docs[stay])
                docs.append(new_docs[stay])
                forms.append(new_forms[stay])
                self._pieces.append((postings, span, stay))
        self._docs, self._forms = _concatenated(docs), _concatenated(forms)
        self._order = np.lexsort((self._forms, _concatenated(keys, np.uint64)))

    def column(self, part: str) -> UInts:
        """Docs, forms or tfs."""
        values = {"docs": self._docs, "forms": self._forms}.get(part)
        return (self._old("tfs") if values is None else values)[self._order]

    def positions(self) -> UInts:
        """The positions, posting by posting."""
        counts = self._old("tfs").astype(np.int64)
        begins = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
        pieces = [self._positions_of(*piece) for piece in self._pieces]
        whole = _concatenated(pieces)
        return whole[_spread(begins[self._order], counts[self._order])]

    def _old(self, part: str) -> UInts:
        return _concatenated(
            [getattr(postings, part).slice(*span)[stay] for postings, span, stay in self._pieces]
        )

    @staticmethod
    def _positions_of(postings: TextPostings, span: tuple[int, int], stay: Array) -> UInts:
        start, stop = span
        if start == stop:
            return np.empty(0, np.uint32)
        edge = start - start % BLOCK
        tfs = postings.tfs.slice(edge, stop).astype(np.int64)
        ends = int(postings.token_starts[edge // BLOCK]) + np.cumsum(tfs)
        begins = (ends - tfs)[start - edge :]
        counts = tfs[start - edge :]
        tokens = postings.positions.slice(int(begins[0]), int(ends[-1]))
        return tokens[_spread(begins[stay] - begins[0], counts[stay])]


def _old_groups(source: Source, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring old groups that have a term in the new groups `first:end`."""
    wanted = np.flatnonzero((source.groups >= first) & (source.groups < end))
    if not len(wanted):
        return
    groups = np.unique(source.segment.vocabulary.group_of(wanted.astype(np.uint32)))
    breaks = np.flatnonzero(np.diff(groups.astype(np.int64)) > 1) + 1
    for run in np.split(groups, breaks):
        yield int(run[0]), int(run[-1]) + 1


def _spread(begins: Array, counts: Array) -> Array:
    """The indices begins[0] .. begins[0] + counts[0] - 1, begins[1] ..., one after another."""
    total = int(counts.sum())
    firsts = np.cumsum(counts) - counts
    return np.arange(total) + np.repeat(begins - firsts, counts)


def _concatenated(arrays: list[Any], dtype: Any = np.uint32) -> Any:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)


def _merged_keywords(sources: list[Source], field: str) -> dict[str, UInts]:
    docs_of: dict[str, list[UInts]] = {}
    for source in sources:
        if field not in source.segment.keyword:
            continue
        values, owners, docs = source.segment.keyword[field].read()
        new = source.docs[docs]
        edges = np.searchsorted(owners, np.arange(len(values) + 1))
        for i, value in enumerate(values):
            mine = new[edges[i] : edges[i + 1]]
            mine = mine[mine != DROPPED]
            if len(mine):
                docs_of.setdefault(value.decode(), []).append(mine)
    return {value: np.concatenate(docs) for value, docs in docs_of.items()}


def _merge_values(
    out: ColumnWriter, field: str, kind: str, sources: list[Source], documents: int
) -> None:
    values = np.zeros(documents, DTYPES[kind])
    there = np.zeros(documents, np.uint8)
    for source in sources:
        if field in source.segment.value:
            old = source.segment.value[field]
            alive = source.docs != DROPPED
            values[source.docs[alive]] = old.values[alive]
            there[source.docs[alive]] = old.there[alive]
    write_values(out, field, values, there)


def _merge_stored(out: ColumnWriter, sources: list[Source]) -> None:
    """Copy whole blocks where all their documents stay; pack the others anew."""
    with out.stream("stored.data", np.uint8) as data:
        writer = BlockWriter(partial(data.write))
        for source in sources:
            stored = source.segment.stored
            for block in range(stored.blocks):
                first, end = stored.docs_of(block)
                alive = source.docs[first:end] != DROPPED
                if alive.all():
                    writer.add_block(*stored.packed_block(block), end - first)
                else:
                    for line, stays in zip(stored.block(block), alive, strict=True):
                        if stays:
                            writer.add(line)
        writer.close_block()
    writer.write_columns(out)
