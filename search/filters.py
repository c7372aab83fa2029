"""Filters beside the query: `field=value`, and dates between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import SchemaError, UsageError
from ..index import Schema
from ..index.parse import number
from .periods import period
from .tree import And, Constant, Keyword, Node, Or, Range, Word

Where = Mapping[str, object] | Iterable[str]
"""Field → value, or field → several values; or texts `field=value`."""


def read(schema: Schema, where: Where | None, since: str | None, until: str | None) -> Node | None:
    """The query that documents must match to be let through, or None.

    Args:
        schema: the fields.
        where: values that documents must have. Of several for one field, any.
        since, until: the first and the last day, month, year or moment of the date field.

    Raises:
        UsageError: for what cannot be a filter.
        SchemaError: for a field or a value that does not fit.
    """
    parts: list[Node] = [
        _any(schema, field, values) for field, values in _pairs(where or {}).items()
    ]
    if since is not None or until is not None:
        low = None if since is None else period(since)[0]
        high = None if until is None else period(until)[1]
        parts.append(Range(_date_field(schema), low, high, False, True, True))
    return Constant(And(tuple(parts)), 0.0) if parts else None


def _pairs(where: Where) -> dict[str, list[object]]:
    out: dict[str, list[object]] = {}
    if isinstance(where, Mapping):
        for field, value in where.items():
            out[field] = list(value) if isinstance(value, list | tuple | set) else [value]
        return out
    for text in where:
        field, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"a filter is FIELD=VALUE, not {text!r}")
        out.setdefault(field.strip(), []).append(value.strip())
    return out


def _any(schema: Schema, field: str, values: Iterable[object]) -> Node:
    nodes = tuple(_equals(schema, field, value) for value in values)
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _equals(schema: Schema, field: str, value: object) -> Node:
    kind = schema[field].kind
    if kind in ("keyword", "id"):
        return Keyword(field, str(value))
    if kind == "number":
        return Range(field, number(value), number(value))
    if kind == "date":
        return Range(field, *period(str(value)), False, True, True)
    if kind == "text":
        return Word(str(value), field, "spelling")
    raise SchemaError(f"cannot filter by {field}, which is {kind}")


def _date_field(schema: Schema) -> str:
    dates = schema.of_kind("date")
    if not dates:
        raise UsageError("--since and --until need a date field, and this index has none")
    return "date" if "date" in dates else dates[0]
