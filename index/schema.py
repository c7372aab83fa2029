"""The schema: which fields documents have, and what may be searched in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import DamagedError, SchemaError
from ..hints import Any
from ..records import NamedTuple

KINDS = {
    "id": "a string that names one document",
    "text": "words, on all rungs, with positions",
    "keyword": "a string, or several, matched whole",
    "number": "a number",
    "date": "a date, with or without a time",
    "stored": "any JSON value; comes back, cannot be searched",
}

KEYWORD_LIMIT = 100
"""A string longer than this, or of several lines, is text unless the schema says otherwise."""

_LONGEST = 100  # characters of a field's name


class Field(NamedTuple):
    """One field.

    Attributes:
        kind: one of `KINDS`.
        boost: what a word in this field weighs in ranking; only text fields use it.
    """

    kind: str
    boost: float = 1.0


class Schema:
    """The fields of an index by name, in a fixed order. Immutable.

    Args:
        fields: name → Field, or name → kind.

    Raises:
        SchemaError: for an unknown kind, a name that cannot be one, or not exactly one id.
    """

    def __init__(self, fields: Mapping[str, Field | str]) -> None:
        self._fields = {
            name: Field(field) if isinstance(field, str) else field
            for name, field in fields.items()
        }
        for name, field in self._fields.items():
            if not _can_name(name):
                raise SchemaError(f"{name!r} cannot name a field: use letters, digits and _")
            if field.kind not in KINDS:
                raise SchemaError(
                    f"field {name}: unknown type {field.kind!r}; use one of {', '.join(KINDS)}"
                )
        ids = [name for name, field in self._fields.items() if field.kind == "id"]
        if len(ids) != 1:
            raise SchemaError(f"a schema has one field of type id, this has {len(ids)}")
        self.id = ids[0]

    def __getitem__(self, name: str) -> Field:
        try:
            return self._fields[name]
        except KeyError:
            known = ", ".join(self._fields)
            raise SchemaError(f"no field {name!r} in this index; it has {known}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self._fields == other._fields

    def __hash__(self) -> int:
        return hash(tuple(self._fields.items()))

    def __repr__(self) -> str:
        return "Schema(" + ", ".join(f"{n}={f.kind}" for n, f in self._fields.items()) + ")"

    def of_kind(self, *kinds: str) -> list[str]:
        """The names of the fields of some kinds, in order."""
        return [name for name, field in self._fields.items() if field.kind in kinds]

    def extended(self, fields: Mapping[str, Field | str]) -> Schema:
        """This schema with more fields.

        Raises:
            SchemaError: if one is here already with another kind.
        """
        for name, field in fields.items():
            kind = field if isinstance(field, str) else field.kind
            if name in self and self[name].kind != kind:
                raise SchemaError(
                    f"field {name} has type {self[name].kind} in this index, not {kind}; "
                    "index into a new one to change it"
                )
        return Schema({**self._fields, **{n: f for n, f in fields.items() if n not in self}})

    def to_json(self) -> dict[str, Any]:
        """As JSON values, for the commit."""
        return {name: [field.kind, field.boost] for name, field in self._fields.items()}

    @classmethod
    def from_json(cls, value: object, file: str) -> Schema:
        """From what `to_json` gave.

        Raises:
            DamagedError: naming `file`, for anything else.
        """
        try:
            rows = {str(n): Field(str(k), float(b)) for n, (k, b) in dict(value).items()}  # type: ignore[call-overload]
            return cls(rows)
        except (TypeError, ValueError, SchemaError) as error:
            raise DamagedError(file, "schema", "field types", str(error)) from error


def _can_name(name: str) -> bool:
    """Whether a field can have a name: letters, digits, `_`, `.` and `-`, a letter or `_` first."""
    return (
        0 < len(name) <= _LONGEST
        and name[0] not in ".-"
        and not name[0].isdecimal()
        and all(sign.isalnum() or sign in "_.-" for sign in name)
    )


DEFAULT = Schema(
    {
        "id": "id",
        "title": Field("text", 2.0),
        "body": "text",
        "path": "keyword",
        "date": "date",
    }
)
"""What `kashaf index` starts from."""


def infer(value: object) -> str | None:
    """The kind of field that fits a JSON value; None where the value says nothing (null, empty)."""
    from datetime import date

    from .dates import looks_like_date

    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list):
        kinds = {infer(item) for item in value} - {None}
        return "keyword" if kinds <= {"keyword", "date", "number"} else "stored"
    if isinstance(value, bool):
        return "keyword"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, date):
        return "date"
    if not isinstance(value, str):
        return "stored"
    if looks_like_date(value):
        return "date"
    return "keyword" if len(value) <= KEYWORD_LIMIT and "\n" not in value else "text"
