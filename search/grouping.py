"""The documents found by the value of a field, the best of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .sorting import values_of

if TYPE_CHECKING:
    from .result import Result


@dataclass(frozen=True, slots=True)
class Group:
    """Documents with one value of a field.

    Attributes:
        value: it; None for the documents without one.
        total: how many of the documents found have it.
        ranked: (document, score) of the best of them, best first.
    """

    value: Any
    total: int
    ranked: Sequence[tuple[int, float]]


def group(result: Result, field: str, limit: int, offset: int, best: int) -> list[Group]:
    """Groups, those with the best documents first.

    Args:
        result: what was found.
        field: a keyword, number, date or id field; a document with several keywords counts
            under the first in the alphabet.
        limit, offset: which groups.
        best: documents of each.

    Raises:
        SchemaError: for a field that cannot be grouped by.
    """
    docs, scores = result.scored()
    values, missing = values_of(result.context.snapshot, docs, field)
    values = np.where(missing, np.inf, values)
    ranked = np.lexsort((docs, -scores))
    _, firsts, which = np.unique(values[ranked], return_index=True, return_inverse=True)
    out = []
    for number in np.argsort(firsts)[offset : offset + limit].tolist():
        mine = ranked[which == number]
        top = [(int(docs[at]), float(scores[at])) for at in mine[:best].tolist()]
        value = result.context.snapshot.document(top[0][0]).get(field) if top else None
        out.append(Group(_shown(value), len(mine), top))
    return out


def _shown(value: Any) -> Any:
    """The one of several keywords that the group is about."""
    return min(map(str, value), default=None) if isinstance(value, list) else value
