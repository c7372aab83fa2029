"""How many of the documents found have each value of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import SchemaError
from ..index import Snapshot
from ..index.dtypes import UInts
from ..index.segment import Segment
from .algebra import mask


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a field and how many of the documents found have it."""

    value: str
    count: int


def count(snapshot: Snapshot, docs: Sequence[UInts], field: str) -> list[Facet]:
    """The facets of a field, most frequent first; dates are counted by year.

    Args:
        snapshot: the commit.
        docs: the documents found, segment by segment.
        field: a keyword, number, date or id field.

    Raises:
        SchemaError: if it is a text field, or none.
    """
    kind = snapshot.schema[field].kind
    if kind in ("text", "stored"):
        raise SchemaError(f"field {field} is {kind}: count a keyword, number or date field")
    total: Counter[str] = Counter()
    for segment, found in zip(snapshot.segments, docs, strict=True):
        if kind in ("number", "date") and field in segment.value:
            _count_values(total, segment, field, found, kind)
        elif field in segment.keyword:
            _count_keywords(total, segment, field, found)
    return [Facet(*item) for item in sorted(total.items(), key=lambda item: (-item[1], item[0]))]


def _count_keywords(total: Counter[str], segment: Segment, field: str, found: UInts) -> None:
    values, owners, docs = segment.keyword[field].read()
    there = mask(segment.documents, found)[docs] == 1
    counts = np.bincount(owners[there], minlength=len(values))
    for at in np.flatnonzero(counts).tolist():
        total[values[at].decode()] += int(counts[at])


def _count_values(
    total: Counter[str], segment: Segment, field: str, found: UInts, kind: str
) -> None:
    column = segment.value[field]
    values = column.values[found][column.there[found] == 1]
    if kind == "date":
        values = values.astype("datetime64[us]").astype("datetime64[Y]").astype(str)
    for value, count in zip(*np.unique(values, return_counts=True), strict=True):
        total[str(value) if kind == "date" else f"{value:.15g}"] += int(count)
