"""A document's fields made to fit the schema: new ones join it, what cannot fit is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import SchemaError
from ..parse import parse
from ..readers import Document
from ..schema import Field, infer
from ..writer import Writer

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_EMPTY: tuple[object, ...] = (None, "", [], {})


class Fields:
    """Makes fields fit.

    Args:
        writer: its schema grows.
        inferred: takes the fields that were new, with their kinds.
        note: told, with the document's id, what was left out.
    """

    def __init__(
        self, writer: Writer, inferred: dict[str, str], note: Callable[[str, str], None]
    ) -> None:
        self._writer = writer
        self._inferred = inferred
        self._note = note
        self._names: dict[str, str] = {}

    def of(self, document: Document, source: str, where: str) -> dict[str, Any]:
        """The fields of a document, its id and path among them.

        Args:
            source: the name of its source.
            where: its id, if it brings none.
        """
        fields = self._fit(where, document.fields)
        fields.setdefault(self._writer.schema.id, where)
        if "path" in self._writer.schema:
            fields.setdefault("path", source)
        if document.pages:
            self._learn("pages", "stored")
            fields["pages"] = document.pages
        return fields

    def _fit(self, where: str, given: Mapping[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for heading, value in given.items():
            if value in _EMPTY:
                continue
            name = self._name(heading)
            try:
                if name not in self._writer.schema:
                    self._learn(name, infer(value) or "stored")
                parse(self._writer.schema, {name: value})
            except SchemaError as error:
                self._note(where, f"{error}; the field was left out")
                continue
            fields.setdefault(name, value)
        return fields

    def _name(self, heading: str) -> str:
        """A field's name: a heading with what cannot be in names made underscores."""
        if heading not in self._names:
            self._names[heading] = _NOT_IN_NAMES.sub("_", heading).strip("_.-") or heading
        return self._names[heading]

    def _learn(self, name: str, kind: str) -> None:
        if name not in self._writer.schema:
            self._writer.extend({name: Field(kind)})
            self._inferred[name] = kind
