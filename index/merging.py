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
from itertools import pairwise
from typing import Any

import numpy as np

from .. import kernels
from ..errors import DamagedError, UsageError
from ..storage import ColumnWriter, Directory, FileInfo
from .crew import Crew
from .dtypes import Array, UInts
from .keywords import write_sorted, write_sorted_ids
from .merging_postings import Source, merge_postings
from .merging_terms import DROPPED, NO_PARENT, Analyse, Terms, merge_terms, sort_again
from .postings import stretches
from .schema import Schema
from .segment import KIND, Segment
from .stored import BLOCK_BYTES, BlockWriter, Stored
from .strings import Texts
from .values import DTYPES, write_values
from .vocabulary import write_vocabulary

POSTING_BYTES = 256
"""What a posting takes while its chunk is merged, all arrays together."""

HELD_BYTES = 4
"""What memory there must be for each posting so that two columns of them are held, packed: they
take less than one byte of it."""

_BLOCKS_KEPT = 256


def merge(
    directory: Directory,
    name: str,
    segments: Sequence[Segment],
    schema: Schema,
    analysis: str,
    analyse: Analyse | None = None,
    memory: int = 256 << 20,
    crew: Crew | None = None,
) -> FileInfo:
    """Write one segment with the live documents of some segments, in their order.

    Args:
        name: of the new file.
        schema: the fields of the new segment: those of all the segments.
        analysis: fingerprint of the rules that hold in the new segment.
        analyse: gives the terms of a lone segment their rungs by new rules; None: they keep
            what they have.
        memory: bytes for the postings that are handled at a time.
        crew: merges and packs postings; None: it is done at once.
    """
    if analyse and len(segments) != 1:
        raise UsageError("new rules are for one segment at a time")
    with _contradictions(segments):
        return _merge(directory, name, segments, schema, analysis, analyse, memory, crew or Crew(1))


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
    crew: Crew,
) -> FileInfo:
    documents = sum(segment.live_count for segment in segments)
    chunk = min(max(memory // POSTING_BYTES, 1 << 12), 1 << 20) // crew.jobs
    with ColumnWriter(directory, name, KIND) as out:
        meta: dict[str, Any] = {"documents": documents, "analysis": analysis}
        meta["fields"] = schema.to_json()
        sources, terms = _place(segments, analyse, chunk)
        meta["vocabulary"] = write_vocabulary(out, terms.levels, terms.children)
        terms.levels.clear()
        meta["text"] = {
            field: merge_postings(
                out, field, sources, terms, documents, chunk, crew, memory // HELD_BYTES
            )
            for field in schema.of_kind("text")
        }
        meta["keyword"] = {
            field: _merge_keywords(out, field, sources) for field in schema.of_kind("keyword")
        }
        meta["keyword"][schema.id] = _merge_ids(out, schema.id, sources, documents)
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
        terms = merge_terms([segment.vocabulary for segment in segments], used)
    else:
        terms = sort_again(segments[0].vocabulary, used[0], analyse)
    sources = []
    for segment, docs, places in zip(segments, docs_of, terms.places, strict=True):
        groups, forms = _groups_and_forms(places, terms.firsts)
        sources.append(Source(segment, docs, places, groups, forms))
    return sources, terms


def _groups_and_forms(places: UInts, firsts: UInts) -> tuple[UInts, UInts]:
    """The group and the form of each term by its new number; DROPPED where that is."""
    groups = (np.searchsorted(firsts, places, "right") - 1).astype(np.uint32)
    groups[places == DROPPED] = 0
    forms = places - firsts[groups]
    groups[places == DROPPED] = forms[places == DROPPED] = DROPPED
    return groups, forms


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


def _merge_keywords(out: ColumnWriter, field: str, sources: list[Source]) -> dict[str, int]:
    values, owners, docs = _merged_keywords(field, sources)
    order = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=len(values[1]) - 1)
    return write_sorted(out, field, values, counts, docs[order])


def _merge_ids(
    out: ColumnWriter, field: str, sources: list[Source], documents: int
) -> dict[str, int]:
    values, owners, docs = _merged_keywords(field, sources)
    of_value = np.empty(len(values[1]) - 1, np.uint32)
    of_value[owners] = docs
    return write_sorted_ids(out, field, values, of_value, documents)


def _merged_keywords(field: str, sources: list[Source]) -> tuple[Texts, UInts, UInts]:
    """A keyword field's values in order; of each posting that stays, its value and document."""
    runs, postings = [], []
    for source in sources:
        if field in source.segment.keyword:
            keywords = source.segment.keyword[field]
            owners, docs = keywords.owners(), keywords.docs.slice()
            stays = source.docs[docs] != DROPPED
            owners, docs = owners[stays], source.docs[docs[stays]]
            used = np.zeros(keywords.values.count, np.uint8)
            used[owners] = 1
            runs.append((*keywords.values.packed(), np.zeros(len(used), np.uint32), used))
            postings.append((owners, docs))
    places, _, values, _ = kernels.merge_texts(runs, NO_PARENT)
    none = np.empty(0, np.uint32)
    pairs = zip(places, postings, strict=True)
    values_of = np.concatenate([none, *(place[mine] for place, (mine, _) in pairs)])
    return values, values_of, np.concatenate([none, *(docs for _, docs in postings)])


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
            stored, alive = source.segment.stored, source.docs != DROPPED
            for first, end, whole in _stored_runs(stored, alive):
                if whole:
                    writer.add_blocks(stored.packed_blocks(first, end))
                else:
                    for line in stored.lines(alive, first, end):
                        writer.add(line)
                source.segment.file.forget()
        writer.close_block()
    writer.write_columns(out)


def _stored_runs(stored: Stored, alive: Array) -> Iterator[tuple[int, int, bool]]:
    """Runs of neighbouring blocks, and whether they can be copied: first, end, whole."""
    if not stored.blocks:
        return
    stay = np.logical_and.reduceat(alive, stored.edges[:-1])
    whole = stay & (stored.sizes >= BLOCK_BYTES // 2)
    begins = whole != np.roll(whole, 1)
    begins[::_BLOCKS_KEPT] = True
    for first, end in pairwise([*np.flatnonzero(begins).tolist(), stored.blocks]):
        yield first, end, bool(whole[first])
