"""`read`: choose the reader for a source, run it, and turn every trouble into a `Skipped`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from ...errors import DocumentError
from .apart import read_apart
from .formats import Format, Reader, choose
from .model import Document, Options, Skipped, Source, Unreadable, one_line

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = "kashaf.readers"


def read(source: Source, options: Options | None = None) -> Iterator[Document | Skipped]:
    """Yield the documents of a source, in order, and what of it could not be read.

    Content that is bad in any way gives a `Skipped`, never an exception; only with
    `options.strict` does a bad record raise `DocumentError`, with file and line.
    The source is read while the iterator is: memory holds one document at a time.
    """
    options = options or Options()
    for item in _guarded(lambda: _reader(source, options)(source, options)):
        if options.strict and isinstance(item, Skipped) and item.line is not None:
            raise DocumentError(f"{source.name}:{item.line}: {item.reason}")
        yield item


def read_with(module: str, source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what one reader of this package makes of a source, chosen by name."""
    reader: Reader = importlib.import_module(f".{module}", __package__).read
    yield from _guarded(lambda: reader(source, options))


def _guarded(begin: Callable[[], Iterator[Document | Skipped]]) -> Iterator[Document | Skipped]:
    try:
        yield from begin()
    except Unreadable as trouble:
        yield trouble.skipped()
    except DocumentError:  # strict, from a source within this one
        raise
    except OSError as trouble:
        yield Skipped(_system_reason(trouble), "unreadable")
    except MemoryError:
        yield Skipped("needs more memory than there is", "too-large")
    except Exception as trouble:
        # Parsers of other hands meet hostile bytes here: whatever they raise is the file's.
        yield Skipped(_damage_reason(trouble), "damaged")


def _reader(source: Source, options: Options) -> Reader:
    form = choose(source.head(), source.name)
    if form.picture and options.ocr:
        form = replace(form, module="picture")
    if form.fallback or form.module is None:
        other = _third_party(source.name)
        if other is not None:
            return other
    if form.module is None:
        return _refusal(form)
    try:
        module = importlib.import_module(f".{form.module}", __package__)
    except ModuleNotFoundError as missing:
        if form.extra is None:
            raise
        remedy = f"pip install 'kashaf[{form.extra}]'"
        raise Unreadable("extra-missing", f"needs kashaf[{form.extra}]: {remedy}") from missing
    reader: Reader = partial(read_apart, form.module) if form.apart else module.read
    return reader


def _third_party(name: str) -> Reader | None:
    """Return the reader that another package registers for the file's suffix, if any."""
    entry = _registered().get(name.rpartition(".")[2].lower())
    return entry.load() if entry is not None else None


@cache
def _registered() -> dict[str, EntryPoint]:
    # Late: reading the metadata of every installed package takes longer than most files.
    from importlib.metadata import entry_points

    return {entry.name.lower(): entry for entry in entry_points(group=ENTRY_POINTS)}


def _refusal(form: Format) -> Reader:
    def refuse(source: Source, options: Options) -> Iterator[Document | Skipped]:
        yield Skipped(form.refusal, form.kind)

    return refuse


def _system_reason(trouble: OSError) -> str:
    return (trouble.strerror or str(trouble) or type(trouble).__name__).splitlines()[0]


def _damage_reason(trouble: Exception) -> str:
    told = one_line(str(trouble))
    return f"{type(trouble).__name__}: {told}" if told else type(trouble).__name__
