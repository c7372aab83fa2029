"""Orders the documents found by the values of fields."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import SchemaError
from ..index import Snapshot
from ..index.dtypes import Array
from ..index.segment import Segment


def order(snapshot: Snapshot, docs: Array, scores: Array, fields: Sequence[str]) -> Array:
    """The places of the documents in the order asked for.

    Args:
        snapshot: the commit.
        docs: documents, ascending.
        scores: theirs.
        fields: first the one that counts most; `-field` for descending, `score` for the
            score, best first. Documents without a value come last; ties go by document.

    Raises:
        SchemaError: for a field that cannot be sorted by.
    """
    keys: list[Array] = [docs]
    for name in reversed(fields):
        field, descending = name.removeprefix("-"), name.startswith("-")
        if field == "score" and "score" not in snapshot.schema:
            keys.append(scores if descending else -scores)
            continue
        values, missing = values_of(snapshot, docs, field)
        keys += [-values if descending else values, missing]
    return np.lexsort(keys)


def values_of(snapshot: Snapshot, docs: Array, field: str) -> tuple[Array, Array]:
    """Of each document a number that orders it by a field, and whether it has no value.

    Of several keywords the first in the alphabet counts. Equal values have equal numbers.
    """
    kind = snapshot.schema[field].kind
    if kind in ("text", "stored"):
        raise SchemaError(f"cannot sort or group by {field}, which is {kind}")
    every = [_all_values(segment, field, kind) for segment in snapshot.segments]
    if kind not in ("number", "date"):
        every = _ranked(every)
    nothing: tuple[Array, Array] = np.empty(0, np.float64), np.empty(0, bool)
    values = np.concatenate([nothing[0], *(values for values, _ in every)])
    missing = np.concatenate([nothing[1], *(missing for _, missing in every)])
    return values[docs], missing[docs]


def _all_values(segment: Segment, field: str, kind: str) -> tuple[Array, Array]:
    """The value of every document of a segment, bytes for keywords, and which have none."""
    if kind in ("number", "date"):
        if field not in segment.value:
            return np.zeros(segment.documents), np.ones(segment.documents, bool)
        column = segment.value[field]
        return np.where(column.there, column.values, 0), column.there == 0
    values = np.full(segment.documents, b"", object)
    missing = np.ones(segment.documents, bool)
    if field in segment.keyword:
        names, owners, docs = segment.keyword[field].read()
        values[docs[::-1]] = np.array([*names, b""], object)[owners[::-1]]
        missing[docs] = False
    return values, missing


def _ranked(every: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
    """Keywords as their ranks among those of all segments."""
    names = sorted({name for values, _ in every for name in values.tolist()})
    rank = {name: float(at) for at, name in enumerate(names)}
    return [
        (np.array([rank[name] for name in values.tolist()], np.float64), missing)
        for values, missing in every
    ]
