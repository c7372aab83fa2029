"""What the columns tell about a part of a query: keywords, numbers, dates, presence."""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..index.dtypes import UInts
from ..index.keywords import Keywords
from ..index.segment import Segment
from . import tree
from .patterns import finder_of

NO_DOCS = np.empty(0, np.uint32)

Node = tree.Keyword | tree.Every | tree.Range | tree.Pattern | tree.Fuzzy


def docs_of(segment: Segment, node: Node) -> UInts:
    """The documents of a segment that match, ascending, deleted ones included."""
    match node:
        case tree.Every(field=field):
            return _every_doc(segment, field)
        case tree.Keyword(field=field) if field in segment.keyword:
            return segment.keyword[field].find(node.value)
        case tree.Range(field=field) if field in segment.value:
            return _value_range(segment, node)
        case tree.Range(field=field) if field in segment.keyword:
            return _keyword_range(segment.keyword[field], node)
        case tree.Pattern(field=field) | tree.Fuzzy(field=field) if field in segment.keyword:
            return _matching(segment.keyword[field or ""], node)
    return NO_DOCS


def _every_doc(segment: Segment, field: str | None) -> UInts:
    if field is None:
        return np.arange(segment.documents, dtype=np.uint32)
    if field in segment.text:
        return np.flatnonzero(segment.text[field].lengths).astype(np.uint32)
    if field in segment.value:
        return np.flatnonzero(segment.value[field].there).astype(np.uint32)
    if field in segment.keyword:
        return np.unique(segment.keyword[field].docs.slice())
    return NO_DOCS


def _value_range(segment: Segment, node: tree.Range) -> UInts:
    column = segment.value[node.field or ""]
    inside = column.there == 1
    if node.low is not None:
        inside &= column.values > node.low if node.open_low else column.values >= node.low
    if node.high is not None:
        inside &= column.values < node.high if node.open_high else column.values <= node.high
    return np.flatnonzero(inside).astype(np.uint32)


def _keyword_range(keywords: Keywords, node: tree.Range) -> UInts:
    first, end = 0, keywords.values.count
    if node.low is not None:
        low = str(node.low).encode()
        first = keywords.values.bisect(low + b"\0" if node.open_low else low)
    if node.high is not None:
        high = str(node.high).encode()
        end = keywords.values.bisect(high if node.open_high else high + b"\0")
    return np.unique(keywords.docs_between(first, end)) if first < end else NO_DOCS


def _matching(keywords: Keywords, node: tree.Pattern | tree.Fuzzy) -> UInts:
    """The documents that have a keyword which matches; keywords are not folded."""
    texts = kernels.Texts(*keywords.values.joined())
    places, _ = finder_of(node, str)(texts)
    met = np.zeros(len(texts), bool)
    met[places] = True
    return np.unique(keywords.docs.slice()[met[keywords.owners()]])
