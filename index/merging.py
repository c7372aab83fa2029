"""Merges segments: column by column, in chunks of whole groups.

The columns of the new segment are written one after another, each in a pass of its own
over the old postings, so that memory holds the vocabularies, one chunk of postings and
what there is one of for each document. Deleted documents, and terms that only they had,
are left out. The same code sorts a segment's dictionary again when the rules of analysis
have changed: then a term's new place is anywhere, and its postings follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..errors import DamagedError, UsageError
from ..storage import ColumnWriter, Directory, FileInfo
from .dtypes import Array, UInts
from .keywords import write_sorted, write_sorted_ids
from .merging_postings import Source, merge_postings, stretches
from .merging_terms import DROPPED, Analyse, Terms, levels_of, merge_terms, sort_again
from .schema import Schema
from .segment import KIND, Segment
from .stored import BLOCK_BYTES, BlockWriter
from .values import DTYPES, write_values
from .vocabulary import write_levels

POSTING_BYTES = 256
"""What a posting takes while its chunk is merged, all arrays together."""

_BLOCKS_KEPT = 256


def merge(
    directory: Directory,
    name: str,
    segments: Sequence[Segment],
    schema: Schema,
    analysis: str,
    analyse: Analyse | None = None,
    memory: int = 256 << 20,
) -> FileInfo:
    """Write one segment with the live documents of some segments, in their order.

    Args:
        name: of the new file.
        schema: the fields of the new segment: those of all the segments.
        analysis: fingerprint of the rules that hold in the new segment.
        analyse: gives the terms of a lone segment their rungs by new rules; None: they keep
            what they have.
        memory: bytes for the postings that are handled at a time.
    """
    if analyse and len(segments) != 1:
        raise UsageError("new rules are for one segment at a time")
    with _contradictions(segments):
        return _merge(directory, name, segments, schema, analysis, analyse, memory)


@contextmanager
def _contradictions(segments: Sequence[Segment]) -> Iterator[None]:
    """Columns with right checksums that do not fit one another were forged: say so."""
    try:
        yield
    except (ValueError, LookupError, ArithmeticError) as error:
        names = ", ".join(segment.info.name for segment in segments)
        raise DamagedError(names, None, "columns that fit together", str(error)) from error


def _merge(
    directory: Directory,
    name: str,
    segments: Sequence[Segment],
    schema: Schema,
    analysis: str,
    analyse: Analyse | None,
    memory: int,
) -> FileInfo:
    documents = sum(segment.live_count for segment in segments)
    chunk = min(max(memory // POSTING_BYTES, 1 << 12), 1 << 20)
    with ColumnWriter(directory, name, KIND) as out:
        meta: dict[str, Any] = {"documents": documents, "analysis": analysis}
        meta["fields"] = schema.to_json()
        sources, terms = _place(segments, analyse, chunk)
        meta["vocabulary"] = write_levels(out, terms.strings, terms.children)
        terms.strings.clear()
        meta["text"] = {
            field: merge_postings(out, field, sources, terms, documents, chunk)
            for field in schema.of_kind("text")
        }
        meta["keyword"] = {
            field: write_sorted(out, field, *_merged_keywords(sources, field))
            for field in schema.of_kind("keyword")
        }
        ids = _merged_keywords(sources, schema.id)
        meta["keyword"][schema.id] = write_sorted_ids(out, schema.id, *ids, documents)
        for field in schema.of_kind("number", "date"):
            _merge_values(out, field, schema[field].kind, sources, documents)
        _merge_stored(out, sources)
        return out.finish(meta)


def _place(
    segments: Sequence[Segment], analyse: Analyse | None, chunk: int
) -> tuple[list[Source], Terms]:
    """Number the documents and the terms that stay."""
    docs_of: list[UInts] = []
    first = 0
    for segment in segments:
        docs_of.append(_renumber_docs(segment, first))
        first += segment.live_count
    used = [_used_terms(s, docs, chunk) for s, docs in zip(segments, docs_of, strict=True)]
    if analyse is None:
        terms = merge_terms([levels_of(segment.vocabulary) for segment in segments], used)
    else:
        terms = sort_again(segments[0].vocabulary, used[0], analyse)
    groups = np.append(terms.groups, np.uint32(DROPPED))
    sources = []
    for segment, docs, places in zip(segments, docs_of, terms.places, strict=True):
        new = groups[np.minimum(places, len(groups) - 1)]
        stays = places != DROPPED
        forms = np.full(len(places), DROPPED, np.uint32)
        forms[stays] = places[stays] - terms.firsts[new[stays]]
        sources.append(Source(segment, docs, places, new, forms))
    return sources, terms


def _renumber_docs(segment: Segment, first: int) -> UInts:
    if segment.live is None:
        return np.arange(first, first + segment.documents, dtype=np.uint32)
    live = segment.live == 1
    return np.where(live, first + np.cumsum(live) - 1, DROPPED).astype(np.uint32)


def _used_terms(segment: Segment, docs: UInts, chunk: int) -> Array:
    """Which terms have a posting in a live document."""
    if segment.live is None:
        return np.ones(segment.vocabulary.terms, bool)
    used = np.zeros(segment.vocabulary.terms, bool)
    firsts = segment.vocabulary.group_starts
    for postings in segment.text.values():
        starts = postings.group_edges()
        for first, end in stretches(starts, chunk):
            span = int(starts[first]), int(starts[end])
            owners = np.repeat(firsts[first:end], np.diff(starts[first : end + 1]))
            alive = docs[postings.docs.slice(*span)] != DROPPED
            used[postings.terms_of(owners, span)[alive]] = True
    return used


def _merged_keywords(sources: list[Source], field: str) -> tuple[list[bytes], Array, UInts]:
    """A keyword field's values in order, how many documents each has, and which."""
    columns = [
        (source.docs, *source.segment.keyword[field].read())
        for source in sources
        if field in source.segment.keyword
    ]
    ranked = sorted(set().union(*(values for _, values, _, _ in columns)))
    rank = dict(zip(ranked, range(len(ranked)), strict=True))
    owners, docs = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
    for new, values, owner, old in columns:
        places = np.fromiter(map(rank.__getitem__, values), np.uint32, len(values))
        stays = new[old] != DROPPED
        owners.append(places[owner[stays]])
        docs.append(new[old[stays]])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=len(ranked))
    kept = [value for value, count in zip(ranked, counts.tolist(), strict=True) if count]
    return kept, counts[counts > 0], np.concatenate(docs)[order]


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
    """Copy blocks of a good size whose documents all stay; pack the others anew."""
    with out.stream("stored.data", np.uint8) as data:
        writer = BlockWriter(data.write)
        for source in sources:
            stored = source.segment.stored
            for block in range(stored.blocks):
                first, end = stored.docs_of(block)
                alive = source.docs[first:end] != DROPPED
                packed, size = stored.packed_block(block)
                if size >= BLOCK_BYTES // 2 and alive.all():
                    writer.add_block(packed, size, end - first)
                    continue
                for line, stays in zip(stored.block(block), alive, strict=True):
                    if stays:
                        writer.add(line)
                if block % _BLOCKS_KEPT == 0:
                    source.segment.file.forget()
        writer.close_block()
    writer.write_columns(out)
