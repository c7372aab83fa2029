"""What must hold inside a segment, whatever its checksums say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from .dtypes import Array
from .keywords import Keywords
from .packed import BLOCK
from .postings import TextPostings, stretches
from .segment import Segment
from .stored import load
from .vocabulary import LEVELS, Vocabulary

CHUNK = 1 << 18
"""Postings looked at together."""

Fault = tuple[str, str]
"""The column, and what is wrong with it."""


def segment_faults(segment: Segment) -> Iterator[Fault]:
    """What does not hold together; DamagedError for what cannot even be read."""
    yield from _vocabulary_faults(segment.vocabulary)
    for field, postings in segment.text.items():
        yield from _text_faults(f"text.{field}", postings, segment.vocabulary)
    for field, keywords in segment.keyword.items():
        yield from _keyword_faults(f"keyword.{field}", keywords)
    yield from _id_faults(segment)
    for field, column in segment.value.items():
        if not np.isin(column.there, (0, 1)).all() or not np.isfinite(column.values).all():
            yield f"value.{field}", "values that are no numbers"
    yield from _stored_faults(segment)


def _vocabulary_faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    """The strings of each level must be text, and ascend under their parent."""
    parents = vocabulary.parents()
    above = [0] * vocabulary.groups
    texts = [b""]
    for level, name in enumerate(LEVELS):
        strings = vocabulary.columns[level].slice()
        mine = [text or texts[at] for text, at in zip(strings, above, strict=True)]
        keys = list(zip(above, mine, strict=True))
        if any(a >= b for a, b in pairwise(keys)):
            yield f"vocabulary.{name}", "strings that do not ascend"
        for text in mine:
            text.decode()
        texts = mine
        above = parents[level].tolist() if level < 3 else above


def _text_faults(name: str, postings: TextPostings, vocabulary: Vocabulary) -> Iterator[Fault]:
    edges = postings.group_edges()
    firsts = np.append(vocabulary.group_starts[:-1], vocabulary.terms).astype(np.int64)
    dfs = np.zeros(vocabulary.terms, np.int64)
    words = np.zeros(postings.documents, np.int64)
    tokens = 0
    for run in stretches(edges, CHUNK):
        span = int(edges[run[0]]), int(edges[run[1]])
        groups = np.repeat(np.arange(*run), np.diff(edges[run[0] : run[1] + 1]))
        docs, forms = postings.docs.slice(*span), postings.forms.slice(*span)
        tfs = postings.tfs.slice(*span).astype(np.int64)
        if (forms >= firsts[groups + 1] - firsts[groups]).any():
            yield f"{name}.forms", "forms that their group does not have"
            return
        if not _ascend(groups, docs, forms):
            yield f"{name}.docs", "postings that are not sorted"
        if (tfs < 1).any() or tokens + int(tfs.sum()) > postings.tokens:
            yield f"{name}.tfs", "frequencies that do not fit the positions"
            return
        positions = postings.positions.slice(tokens, tokens + int(tfs.sum()))
        if _positions_astray(positions, np.repeat(postings.lengths[docs], tfs), tfs):
            yield f"{name}.positions", "positions that do not ascend inside their document"
        dfs += np.bincount(firsts[groups] + forms, minlength=len(dfs))
        words += np.bincount(docs, tfs, len(words)).astype(np.int64)
        tokens += int(tfs.sum())
    yield from _sum_faults(name, postings, tokens, dfs, words)


def _sum_faults(
    name: str, postings: TextPostings, tokens: int, dfs: Array, words: Array
) -> Iterator[Fault]:
    if tokens != postings.tokens:
        yield f"{name}.tfs", f"frequencies for {tokens} of {postings.tokens} positions"
    if (dfs != postings.dfs.slice()).any():
        yield f"{name}.dfs", "counts that are not those of the postings"
    if (words != postings.lengths).any():
        yield f"{name}.lengths", "lengths that are not those of the postings"
    tfs = postings.tfs.slice().astype(np.uint64)
    sums = np.add.reduceat(tfs, np.arange(0, len(tfs), BLOCK)) if len(tfs) else tfs
    if (np.cumsum(np.append(np.uint64(0), sums)) != postings.token_starts).any():
        yield f"{name}.tokens", "counts that are not those of the frequencies"


def _ascend(groups: Array, docs: Array, forms: Array) -> bool:
    """Whether postings are sorted by group, document and form, none of them twice."""
    group, doc = groups[1:] == groups[:-1], docs[1:] == docs[:-1]
    later = np.where(doc, forms[1:] > forms[:-1], docs[1:] > docs[:-1])
    return bool((later | ~group).all())


def _positions_astray(positions: Array, lengths: Array, tfs: Array) -> bool:
    begins = np.zeros(len(positions), bool)
    begins[(np.cumsum(tfs) - tfs).astype(np.int64)] = True
    ascending = positions[1:] > positions[:-1]
    return bool((positions >= lengths).any() or not (ascending | begins[1:]).all())


def _keyword_faults(name: str, keywords: Keywords) -> Iterator[Fault]:
    values, owners, docs = keywords.read()
    if any(a >= b for a, b in pairwise(values)):
        yield f"{name}.values", "values that do not ascend"
    if ((owners[1:] == owners[:-1]) & (docs[1:] <= docs[:-1])).any():
        yield f"{name}.docs", "documents that do not ascend"
    if len(owners) != keywords.docs.count or len(np.unique(owners)) != len(values):
        yield f"{name}.starts", "values without documents"
    for value in values:
        value.decode()


def _id_faults(segment: Segment) -> Iterator[Fault]:
    """Every live document has one id, found both ways."""
    field = segment.schema.id
    _, owners, docs = segment.keyword[field].read()
    counts = np.bincount(docs, minlength=segment.documents)
    live = np.ones(segment.documents, bool) if segment.live is None else segment.live == 1
    if len(owners) != len(np.unique(owners)) or (counts > 1).any():
        yield f"keyword.{field}.docs", "an id of two documents, or a document of two ids"
    elif (counts[live] != 1).any():
        yield f"keyword.{field}.docs", "a document without an id"
    elif (segment.ids.places()[docs] != owners).any():
        yield f"keyword.{field}.places", "ids that lead to another document"


def _stored_faults(segment: Segment) -> Iterator[Fault]:
    """Every block decodes, to documents that have the ids of their numbers."""
    doc, field = 0, segment.schema.id
    for block in range(segment.stored.blocks):
        first, _ = segment.stored.docs_of(block)
        if first != doc:
            yield "stored.firsts", f"block {block} begins with {first}, not {doc}"
            return
        for line in segment.stored.block(block):
            document = load(line)
            alive = segment.live is None or segment.live[doc]
            if not isinstance(document, dict) or (alive and document[field] != segment.ids[doc]):
                yield "stored.data", f"document {doc} is another than its id says"
            doc += 1
    if doc != segment.documents:
        yield "stored.data", f"{doc} documents, not {segment.documents}"
