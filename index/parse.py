"""A document's fields, read as its schema says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SchemaError
from .dates import instant
from .schema import Schema


@dataclass(slots=True)
class Parsed:
    """What of a document is searched, by field and kind.

    Attributes:
        text: texts.
        keywords: distinct strings.
        values: numbers, and dates as microseconds since 1970 UTC.
    """

    text: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)


def parse(schema: Schema, document: Mapping[str, Any]) -> Parsed:
    """Read a document's fields; those without a value are left out.

    Raises:
        SchemaError: naming the field, for a field that is not there or a value that does not fit.
    """
    parsed = Parsed()
    for name, value in document.items():
        kind = schema[name].kind
        if value is None or value == "":
            continue
        try:
            if kind == "text":
                parsed.text[name] = text(value)
            elif kind == "keyword":
                parsed.keywords[name] = keywords(value)
            elif kind == "number":
                parsed.values[name] = number(value)
            elif kind == "date":
                parsed.values[name] = instant(value)
        except SchemaError as error:
            raise SchemaError(f"field {name}: {error}") from error
    return parsed


def text(value: object) -> str:
    """A text field's value as one text; several are kept apart by a line break."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    raise SchemaError(f"{type(value).__name__} is not text")


def number(value: object) -> float:
    """A number field's value.

    Raises:
        SchemaError: if it is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise SchemaError(f"{value!r} is not a number")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise SchemaError(f"{value!r} is not a number") from None
    if found != found or found in (float("inf"), float("-inf")):
        raise SchemaError(f"{value!r} is not a finite number")
    return found


def keywords(value: object) -> list[str]:
    """A keyword field's values: distinct strings, lone surrogates replaced."""
    items = value if isinstance(value, list | tuple) else (value,)
    texts = [_keyword(item) for item in items if item is not None]
    return list(dict.fromkeys(text for text in texts if text))


def _keyword(item: object) -> str:
    if isinstance(item, str):
        return item if item.isascii() else item.encode("utf-8", "replace").decode()
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int | float):
        return str(item)
    raise SchemaError(f"{item!r} is not a keyword")
