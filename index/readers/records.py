"""One record (a JSON object, a row of a table) → one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .dates import iso_date
from .encoding import settle
from .forms import without_surrogates
from .model import Document, Options, Unreadable

# Where a record has no field of the name, and no mapping was given, the first of these is it.
_ALIASES: Final = {
    "title": ("headline", "subject", "name", "العنوان", "عنوان"),
    "body": ("text", "content", "contents", "article", "النص", "نص", "المحتوى"),
    "date": ("published", "publication_date", "created_at", "timestamp", "التاريخ", "تاريخ"),
}
_DEEPEST: Final = 20


def to_document(record: Mapping[str, object], part: str, options: Options) -> Document:
    """Return the document in a record; refuse one that has nothing in it."""
    notes: list[str] = []
    fields = _renamed(dict(_flat(record, "", notes)), options.map)
    for name in ("title", "body"):
        if not isinstance(fields.get(name, ""), str):
            fields[name] = _as_text(fields[name])
    when = fields.get("date")
    if isinstance(when, str):
        fields["date"] = iso_date(when) or when
    if all(name == "id" or value == "" for name, value in fields.items()):
        raise Unreadable("empty", "a record with nothing in it")
    return Document(fields, part, notes=notes)


def _flat(value: Mapping[str, object], path: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record, those of records within it under dotted names."""
    for key, inner in value.items():
        name = f"{path}.{key}" if path else key
        name = without_surrogates(name)
        if isinstance(inner, str):
            yield name, inner if inner.isascii() else _clean(inner, notes)
        elif isinstance(inner, dict):
            yield from _flat(inner, name, notes) if _is_near(name, notes) else ()
        elif isinstance(inner, list):
            yield from _flat_list(inner, name, notes)
        elif inner is not None:
            yield name, inner


def _is_near(name: str, notes: list[str]) -> bool:
    near = name.count(".") < _DEEPEST
    if not near:
        notes.append(f"left out what is nested more than {_DEEPEST} deep")
    return near


def _flat_list(values: list[object], name: str, notes: list[str]) -> Iterator[tuple[str, object]]:
    """Yield a list as it is; a list of records gives, for each field, the list of its values."""
    plain: list[object] = []
    columns: dict[str, list[object]] = {}
    for value in values:
        if isinstance(value, str):
            plain.append(_clean(value, notes))
        elif isinstance(value, int | float):
            plain.append(value)
        elif isinstance(value, dict) and _is_near(name, notes):
            for inner, found in _flat(value, name, notes):
                columns.setdefault(inner, []).extend(found if isinstance(found, list) else [found])
    if plain:
        yield name, plain
    yield from columns.items()


def _clean(text: str, notes: list[str]) -> str:
    """Return text without lone surrogates, which no file could store, and with mojibake mended."""
    whole = without_surrogates(text)
    if whole != text:
        notes.append("lone surrogates replaced")
    text, mended = settle(whole, "")
    notes += mended
    return text


def _renamed(fields: dict[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Return the fields under the names that the caller, or else custom, gives them."""
    taken = {old: new for new, old in names.items() if old in fields}
    for new, aliases in _ALIASES.items():
        if new not in fields and new not in names:
            old = next((old for old in aliases if old in fields and old not in taken), None)
            taken.update({old: new} if old else {})
    if not taken:
        return fields
    mapped = set(taken.values())
    kept = {name: value for name, value in fields.items() if name not in mapped}
    return {taken.get(name, name): value for name, value in kept.items()} | {
        new: fields[old] for old, new in taken.items()
    }


def _as_text(value: object) -> str:
    """Return a title or body as text, whatever a record holds there."""
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value)
