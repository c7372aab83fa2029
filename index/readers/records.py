"""One record (a JSON object, a row of a table) → one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .dates import iso_date
from .encoding import settle
from .model import Document, Options, Unreadable

# Where a record has no field of the name, and no mapping was given, the first of these is it.
_ALIASES: Final = {
    "title": ("headline", "subject", "name", "العنوان", "عنوان"),
    "body": ("text", "content", "contents", "article", "النص", "نص", "المحتوى"),
    "date": ("published", "publication_date", "created_at", "timestamp", "التاريخ", "تاريخ"),
}
_DEEPEST: Final = 20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def to_document(record: Mapping[str, object], part: str, options: Options) -> Document:
    """Return the document in a record; refuse one that has nothing in it."""
    notes: list[str] = []
    fields = dict(_flat(record, "", notes))
    fields = _renamed(fields, options.map)
    for name in ("title", "body"):
        if name in fields:
            fields[name] = _text(fields[name], notes)
    when = fields.get("date")
    if isinstance(when, str):
        fields["date"] = iso_date(when) or when
    if not any(value != "" for name, value in fields.items() if name != "id"):
        raise Unreadable("empty", "a record with nothing in it")
    return Document(fields, part, notes=notes)


def _flat(value: Mapping[str, object], path: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record, those of records within it under dotted names."""
    for key, inner in value.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(inner, Mapping) and name.count(".") < _DEEPEST:
            yield from _flat(inner, name, notes)
        elif isinstance(inner, list):
            yield from _flat_list(inner, name, notes)
        elif inner is not None:
            yield name, _clean(inner, notes)


def _flat_list(values: list[object], name: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Yield a list as it is; a list of records gives, for each field, the list of its values."""
    plain = [_clean(value, notes) for value in values if isinstance(value, str | int | float)]
    if plain:
        yield name, plain
    columns: dict[str, list[object]] = {}
    for value in values:
        if isinstance(value, Mapping) and name.count(".") < _DEEPEST:
            for inner, found in _flat(value, name, notes):
                columns.setdefault(inner, []).extend(found if isinstance(found, list) else [found])
    yield from columns.items()


def _clean(value: object, notes: list[str]) -> object:
    """Return text without lone surrogates, which no file could store, and with mojibake mended."""
    if not isinstance(value, str) or value.isascii():
        return value
    if _SURROGATE.search(value):
        value = _SURROGATE.sub("\ufffd", value)
        notes.append("lone surrogates replaced")
    text, mended = settle(value, "")
    notes += mended
    return text


def _renamed(fields: dict[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Return the fields under the names that the caller, or else custom, gives them."""
    taken = {old: new for new, old in names.items() if old in fields}
    for new, aliases in _ALIASES.items():
        if new not in fields and new not in names:
            old = next((old for old in aliases if old in fields and old not in taken), None)
            taken.update({old: new} if old else {})
    mapped = set(taken.values())
    kept = {name: value for name, value in fields.items() if name not in mapped}
    return {taken.get(name, name): value for name, value in kept.items()} | {
        new: fields[old] for old, new in taken.items()
    }


def _text(value: object, notes: list[str]) -> str:
    """Return a title or body as text, whatever a record holds there."""
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return value if isinstance(value, str) else str(value)
