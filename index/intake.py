"""Files into an index: finds them, has them read, and adds, replaces or leaves each document."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import SchemaError
from . import readers
from .parse import parse
from .readers import Document, Options, Skipped
from .schema import Field, infer
from .stored import dump, load
from .writer import Writer


@dataclass(slots=True)
class Report:
    """What became of the files.

    Attributes:
        added, changed, unchanged: documents.
        skipped: (file, what was skipped and why).
        notes: (file, remark) on what was mended or left out on the way.
        files, nbytes: files read, and their size in bytes.
        seconds: how long it took.
        inferred: fields that the documents brought along, with their kinds.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[tuple[str, Skipped]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    nbytes: int = 0
    seconds: float = 0.0
    inferred: dict[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Documents read."""
        return self.added + self.changed + self.unchanged

    @property
    def reasons(self) -> Counter[str]:
        """How often each kind of skipping happened."""
        return Counter(skipped.kind for _, skipped in self.skipped)


Progress = Callable[[Report, int, int], None]
"""Called with the report so far, the number of the file at hand and how many there are."""


def take_in(
    writer: Writer,
    paths: Iterable[str | os.PathLike[str]],
    base: Path,
    options: Options | None = None,
    kinds: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read files and folders into an index. The caller commits.

    Args:
        writer: of the index.
        paths: files, and folders with all that is in them but hidden files.
        base: the folder that documents' paths are told from, where they are inside it.
        options: for the readers.
        kinds: field → kind, for fields that are not to be inferred.
        progress: is told now and then.

    Raises:
        SchemaError: if `kinds` contradicts the schema.
        DocumentError: with `options.strict`, at the first bad record.
    """
    began = time.monotonic()
    intake = _Intake(writer, base, options or Options(), dict(kinds or {}))
    files = list(find_files(paths))
    for number, path in enumerate(files):
        if progress:
            progress(intake.report, number, len(files))
        intake.take_file(path)
    intake.report.seconds = time.monotonic() - began
    return intake.report


def find_files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """The files of some paths, each folder's in the order of their names, hidden ones left out."""
    for given in paths:
        path = Path(given)
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith("."):
                    yield Path(folder) / name


class _Intake:
    """One run of `take_in`."""

    def __init__(self, writer: Writer, base: Path, options: Options, kinds: dict[str, str]) -> None:
        self._writer = writer
        self._base = base.absolute()
        self._options = options
        self._kinds = kinds
        self.report = Report()
        writer.extend(kinds)

    def take_file(self, path: Path) -> None:
        name = self._name(path)
        source = readers.file_source(path)
        self.report.files += 1
        self.report.nbytes += source.size or 0
        for item in readers.read(source, self._options):
            if isinstance(item, Skipped):
                self.report.skipped.append((name, item))
            else:
                self._take(name, item)

    def _name(self, path: Path) -> str:
        """A file's path, from the base where it is inside it."""
        whole = Path(os.path.normpath(path.absolute()))
        inside = whole.relative_to(self._base) if whole.is_relative_to(self._base) else whole
        return os.fsencode(inside.as_posix()).decode("utf-8", "replace")

    def _take(self, name: str, document: Document) -> None:
        where = f"{name}#{document.part}" if document.part else name
        self.report.notes.extend((where, note) for note in document.notes)
        fields = self._fit(where, document.fields)
        id_field = self._writer.schema.id
        fields.setdefault(id_field, where)
        if "path" in self._writer.schema:
            fields.setdefault("path", name)
        if document.pages:
            fields["pages"] = document.pages
            self._learn("pages", "stored")
        try:
            self._put(fields, str(fields[id_field]))
        except SchemaError as error:
            self.report.skipped.append((where, Skipped(str(error), "bad-line", document.part)))

    def _put(self, fields: dict[str, Any], id: str) -> None:
        held = self._writer.stored(id)
        if held is None:
            self.report.added += 1
        elif held == load(dump({**fields, self._writer.schema.id: id})):
            self.report.unchanged += 1
            return
        else:
            self.report.changed += 1
        self._writer.update(fields)

    def _fit(self, where: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """A document's fields: new ones join the schema; values that do not fit are left out."""
        fields = {}
        for name, value in given.items():
            if value in (None, "", [], {}):
                continue
            try:
                if name not in self._writer.schema:
                    self._learn(name, infer(value) or "stored")
                parse(self._writer.schema, {name: value})
            except SchemaError as error:
                self.report.notes.append((where, f"{error}; the field was left out"))
                continue
            fields[name] = value
        return fields

    def _learn(self, name: str, kind: str) -> None:
        if name not in self._writer.schema:
            self._writer.extend({name: Field(kind)})
            self.report.inferred[name] = kind
