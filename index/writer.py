"""The writer: adds, updates, deletes; commits or rolls back. One at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from .. import arabic
from ..errors import DocumentError, SchemaError, UsageError
from ..storage import ColumnFile, ColumnWriter, Directory
from . import commit as commits
from .builder import Lexicon, SegmentBuilder
from .commit import Commit
from .crew import Crew, cores
from .dtypes import UInts
from .files import Names, clean
from .parts import Parts
from .schema import Field, Schema
from .snapshot import Snapshot

MEGABYTE = 1 << 20


class Writer:
    """Changes an index. Nothing is seen by readers, or kept, before `commit`.

    As a context manager it commits at the end, or rolls back on an error. When the disk
    refuses something the writer stops: it can be rolled back or closed, no more, and what
    was committed stands.

    Args:
        directory: the index.
        memory: budget for what is not on disk yet, in megabytes.
        timeout: seconds to wait for another writer.
        jobs: threads that take documents apart and merge; None: one a core. The index comes out
            the same.

    Raises:
        LockedError: if another writer holds the index.
        VersionError: if the index was analysed by other rules.
    """

    def __init__(
        self, directory: Directory, memory: int = 256, timeout: float = 0.0, jobs: int | None = None
    ) -> None:
        if memory < 1 or (jobs is not None and jobs < 1):
            raise UsageError("a writer needs at least one megabyte and one job")
        self._directory = directory
        self._memory = memory * MEGABYTE
        self._crew = Crew(cores() if jobs is None else jobs)
        self._guard = _Guard()
        self._lock = directory.lock(timeout=timeout)
        try:
            self._begin()
        except BaseException:
            self._lock.release()
            raise
        self._open = True

    def _begin(self) -> None:
        """Take up the newest commit and clear away what no commit refers to.

        The directory is synced first: the commit that is seen may be one whose writer was
        cut off before that, and then the files of the one before it must stay.
        """
        found = commits.newest(self._directory)
        if found is None:
            raise UsageError(f"there is no index in {self._directory.label}")
        commits.require_rules(found, self._directory.label)
        self._directory.sync()
        self._commit = found
        self._names = Names(self._directory, found)
        clean(self._directory, found.files())
        self._parts = Parts(self._directory, self._names, found, self._memory, self._crew)
        self._schema = found.schema
        self._extras = dict(found.extras)
        self._next_id = found.next_id
        self._lexicon = Lexicon(self._crew)
        self._builder = self._fresh_builder()

    @property
    def schema(self) -> Schema:
        """The fields, as the next commit will have them."""
        return self._schema

    @property
    def documents(self) -> int:
        """Live documents, as the next commit will have them."""
        return self._parts.documents + len(self._builder.ids)

    def extend(self, fields: Mapping[str, Field | str]) -> None:
        """Add fields to the schema.

        Raises:
            SchemaError: if one is there already with another kind.
        """
        self._require_sound()
        self._schema = self._schema.extended(fields)
        self._builder.extend(self._schema)

    def add(self, document: Mapping[str, Any] | None = None, /, **values: Any) -> str:
        """Add a document; give its fields by name or as a mapping.

        Returns:
            Its id: the one given, or a new one.

        Raises:
            DocumentError: if a document with this id is there already.
            SchemaError: if a field is not in the schema or a value does not fit it.
        """
        return self._put(document, values, replacing=False)

    def update(self, document: Mapping[str, Any] | None = None, /, **values: Any) -> str:
        """Add a document in the place of the one that has its id, if there is one.

        Returns and raises as `add`, but for the DocumentError.
        """
        return self._put(document, values, replacing=True)

    def delete(self, id: str) -> bool:
        """Delete the document with an id; return whether there was one."""
        self._require_sound()
        doc = self._builder.ids.pop(id, None)
        if doc is not None:
            self._builder.dead.append(doc)
            return True
        found = self._parts.find(id, self._schema.id)
        return found is not None and found[0].kill(found[1]) > 0

    def stored(self, id: str) -> dict[str, Any] | None:
        """The stored fields of the document with an id, or None; writes out what is in memory."""
        if self.is_pending(id):
            self.flush()
        found = self._parts.find(id, self._schema.id)
        return None if found is None else found[0].segment.document(int(found[1][0]))

    def is_pending(self, id: str) -> bool:
        """Whether a document with this id is in memory, in no segment yet."""
        return id in self._builder.ids

    def attach(self, purpose: str, fill: Callable[[ColumnWriter], Any]) -> None:
        """Keep a further file with the next commit, in the place of the one of that purpose.

        Args:
            purpose: what the commit knows it by, in `extras`; the kind of the column file.
            fill: writes the columns and returns the meta.
        """
        self._require_sound()
        with (
            self._guard,
            ColumnWriter(self._directory, self._names.new("extra"), purpose) as out,
        ):
            self._extras[purpose] = out.finish(fill(out))

    def attached(self, purpose: str) -> ColumnFile | None:
        """The further file of a purpose, or None where there is none."""
        info = self._extras.get(purpose)
        return None if info is None else ColumnFile(self._directory, info, purpose)

    def view(self) -> Snapshot:
        """All changes so far, to be searched before they are committed."""
        self.flush()
        return Snapshot.of(
            self._directory, self._next_commit(()), [part.view() for part in self._parts]
        )

    def delete_documents(self, view: Snapshot, docs: Sequence[UInts]) -> int:
        """Delete documents by number; return how many there were.

        Args:
            view: what the numbers are from: `view()`, with nothing changed since, or the
                newest commit, with nothing changed at all.
            docs: of each segment of the view, the documents' numbers in it.
        """
        self._require_sound()
        parts = list(self._parts)
        here = [part.segment.info for part in parts]
        if [segment.info for segment in view.segments] != here or len(docs) != len(here):
            raise UsageError("the documents were found in another state of the index; search again")
        return sum(part.kill(found) for part, found in zip(parts, docs, strict=True) if len(found))

    def flush(self) -> None:
        """Write what is in memory as a segment; it is still no part of the index."""
        self._require_sound()
        with self._guard:
            self._write_builder()
            self._parts.merge_as_needed(self._schema)

    def commit(self) -> int:
        """Make all changes so far the index, durably. Readers see them when they refresh.

        Returns:
            The generation: 1 more with each commit; unchanged where there was nothing to do.
        """
        self.flush()
        self._require_sound()
        with self._guard:
            self._parts.merge_as_needed(self._schema)
            changed = self._next_commit(self._parts.entries())
            if changed._replace(next_name=self._commit.next_name) != self._commit:
                self._commit = commits.publish(self._directory, changed)
                self._parts.committed(self._commit)
                clean(self._directory, self._commit.files())
        return self._commit.generation

    def rollback(self) -> None:
        """Forget all changes since the last commit."""
        self._require_open()
        self._crew.close()
        self._guard.broken = True
        self._begin()
        self._guard.broken = False

    def optimize(self) -> None:
        """Merge everything into one segment without deleted documents, at the next commit."""
        self.flush()
        self._require_sound()
        with self._guard:
            self._parts.merge_all(self._schema)

    def close(self) -> None:
        """Let go of the index; what was not committed is gone. Harmless when repeated."""
        if self._open:
            self._open = False
            try:
                self._crew.close()
                if not self._guard.broken:
                    clean(self._directory, self._commit.files())
            finally:
                self._lock.release()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._open:
                self.commit()
        finally:
            self.close()

    def _put(
        self, document: Mapping[str, Any] | None, values: Mapping[str, Any], *, replacing: bool
    ) -> str:
        self._require_sound()
        fields = {**(document or {}), **values}
        id_field = self._schema.id
        given = fields.get(id_field)
        id = given if type(given) is str and given and given.isascii() else self._id_of(given)
        if given is not id or next(iter(fields)) != id_field:
            fields = {id_field: id, **{k: v for k, v in fields.items() if k != id_field}}
        if not replacing and self._has(id):
            raise DocumentError(f"a document with id {id!r} is there already; update replaces it")
        try:
            self._take(id, fields, replacing=replacing)
        except BaseException as error:
            self._guard.note(error)
            raise
        return id

    def _take(self, id: str, fields: dict[str, Any], *, replacing: bool) -> None:
        builder = self._builder
        before = builder.ids.pop(id, None) if replacing else None
        try:
            builder.add(id, fields)
        except UsageError:
            if before is not None:
                builder.ids[id] = before
            raise
        if before is not None:
            builder.dead.append(before)
        elif replacing:
            self._replace(id)
        if builder.nbytes > self._memory:
            self._write_builder()

    def _replace(self, id: str) -> None:
        """Delete the document that the one just added takes the place of."""
        doc = self._builder.ids.pop(id)
        self.delete(id)
        self._builder.ids[id] = doc

    def _id_of(self, given: object) -> str:
        if given is None or given == "":
            while self._has(str(self._next_id)):
                self._next_id += 1
            self._next_id += 1
            return str(self._next_id - 1)
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise SchemaError(f"an id is a string or a whole number, not {given!r}")
        return str(given).encode("utf-8", "replace").decode()

    def _has(self, id: str) -> bool:
        return id in self._builder.ids or self._parts.find(id, self._schema.id) is not None

    def _next_commit(self, entries: tuple[commits.SegmentEntry, ...]) -> Commit:
        return self._commit._replace(
            schema=self._schema,
            segments=entries,
            next_name=self._names.next,
            next_id=self._next_id,
            extras=tuple(sorted(self._extras.items())),
        )

    def _write_builder(self) -> None:
        """Make a segment of what is gathered."""
        builder = self._builder
        if not builder.documents:
            return
        info = builder.write(self._directory, self._names.new("seg"), arabic.FINGERPRINT)
        self._parts.append(info, builder.dead)
        self._builder = self._fresh_builder()
        self._parts.merge_as_needed(self._schema)

    def _fresh_builder(self) -> SegmentBuilder:
        if self._lexicon.nbytes > self._memory // 2:
            self._lexicon = Lexicon(self._crew)
        return SegmentBuilder(self._schema, self._lexicon, self._crew)

    def _require_sound(self) -> None:
        self._require_open()
        if self._guard.broken:
            raise UsageError("an earlier change was cut off by an error: roll back, or close")

    def _require_open(self) -> None:
        if not self._open:
            raise UsageError("this writer is closed")


class _Guard:
    """Whatever cuts a change off half-way leaves the writer broken; a refusal does not."""

    broken = False

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, *rest: object
    ) -> None:
        if error is not None:
            self.note(error)

    def note(self, error: BaseException) -> None:
        """Take note of what cut a change off."""
        if not isinstance(error, UsageError):
            self.broken = True
