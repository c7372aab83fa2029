"""The writer: adds, updates, deletes; commits or rolls back. One at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import numpy as np

from ..arabic import FINGERPRINT
from ..errors import DocumentError, SchemaError, UsageError, VersionError
from ..storage import Directory, FileInfo
from . import commit as commits
from . import merging, policy
from .builder import Lexicon, SegmentBuilder, prepare
from .commit import Commit, SegmentEntry
from .dtypes import Bytes
from .live import write_live
from .schema import Field, Schema
from .segment import Segment

MEGABYTE = 1 << 20


@dataclass(slots=True)
class Part:
    """A segment under the writer's hands.

    Attributes:
        segment: it.
        live: its live documents as the next commit will have them; None: all.
        changed: `live` differs from what is on disk.
    """

    segment: Segment
    live: Bytes | None
    changed: bool = False

    @property
    def deleted(self) -> int:
        """How many documents are deleted."""
        return 0 if self.live is None else len(self.live) - int(np.count_nonzero(self.live))

    def kill(self, docs: Any) -> int:
        """Delete documents; return how many were live."""
        if self.live is None:
            self.live = np.ones(self.segment.documents, np.uint8)
        elif not self.changed:
            self.live = self.live.copy()
        killed = int(np.count_nonzero(self.live[docs]))
        self.live[docs] = 0
        self.changed = self.changed or killed > 0
        return killed


class Writer:
    """Changes an index. Nothing is seen by readers, or kept, before `commit`.

    As a context manager it commits at the end, or rolls back on an error.

    Args:
        directory: the index.
        memory: budget for what is not on disk yet, in megabytes.
        timeout: seconds to wait for another writer.

    Raises:
        LockedError: if another writer holds the index.
        VersionError: if the index was analysed by other rules.
    """

    def __init__(self, directory: Directory, memory: int = 256, timeout: float = 0.0) -> None:
        self._directory = directory
        self._memory = memory * MEGABYTE
        self._lock = directory.lock(timeout=timeout)
        try:
            self._begin()
        except BaseException:
            self._lock.release()
            raise
        self._open = True

    def _begin(self) -> None:
        """Take up the newest commit and clear away what no commit refers to."""
        found = commits.newest(self._directory)
        if found is None:
            raise UsageError(f"there is no index in {self._directory.label}")
        if found.analysis != FINGERPRINT:
            raise VersionError(
                f"the index in {self._directory.label} was analysed by rules {found.analysis}, "
                f"these are {FINGERPRINT}: run 'kashaf upgrade' first"
            )
        self._commit = found
        self._lexicon = Lexicon()
        self._parts = [
            Part(segment, segment.live)
            for segment in (Segment(self._directory, e.file, e.live) for e in found.segments)
        ]
        self._schema = found.schema
        self._next_name, self._next_id = found.next_name, found.next_id
        self._extras = dict(found.extras)
        self._builder = SegmentBuilder(self._schema, self._lexicon)
        self._clean()

    @property
    def schema(self) -> Schema:
        """The fields, as the next commit will have them."""
        return self._schema

    @property
    def documents(self) -> int:
        """Live documents, as the next commit will have them."""
        kept = sum(part.segment.documents - part.deleted for part in self._parts)
        return kept + len(self._builder.ids)

    def extend(self, fields: Mapping[str, Field | str]) -> None:
        """Add fields to the schema.

        Raises:
            SchemaError: if one is there already with another kind.
        """
        self._require_open()
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
        self._require_open()
        doc = self._builder.ids.pop(id, None)
        if doc is not None:
            self._builder.dead.append(doc)
            return True
        return any([self._kill(part, id) for part in self._parts])

    def stored(self, id: str) -> dict[str, Any] | None:
        """The stored fields of the committed or flushed document with an id, or None."""
        for part in self._parts:
            docs = part.segment.keyword[self._schema.id].find(id)
            docs = docs if part.live is None else docs[part.live[docs] == 1]
            if len(docs):
                return part.segment.document(int(docs[-1]))
        return None

    def delete_documents(self, generation: int, segment: str, docs: Any) -> int:
        """Delete documents of a committed segment by number; return how many were live.

        Args:
            generation: the commit that the numbers are from; it must still be the newest.
            segment: the name of the segment's file.
            docs: the numbers.
        """
        self._require_open()
        if generation != self._commit.generation:
            raise UsageError("the documents were found in an older commit; search again")
        for part in self._parts:
            if part.segment.info.name == segment:
                return part.kill(docs)
        raise UsageError(f"no segment {segment} in this commit; search again")

    def flush(self) -> None:
        """Write what is in memory as a segment; it is still no part of the index."""
        builder = self._builder
        if builder.documents:
            info = builder.write(self._directory, self._new_name("seg"), FINGERPRINT)
            part = Part(Segment(self._directory, info, None), None)
            if builder.dead:
                part.kill(builder.dead)
            self._parts.append(part)
            self._fresh_builder()

    def commit(self) -> int:
        """Make all changes so far the index, durably. Readers see them when they refresh.

        Returns:
            The generation: 1 more with each commit; unchanged where there was nothing to do.
        """
        self._require_open()
        self.flush()
        self._merge_as_needed()
        entries = tuple(self._entry(part) for part in self._parts)
        changed = replace(
            self._commit,
            schema=self._schema,
            segments=entries,
            next_name=self._next_name,
            next_id=self._next_id,
            extras=tuple(sorted(self._extras.items())),
        )
        if changed != self._commit:
            self._commit = commits.publish(self._directory, changed)
            self._clean()
        return self._commit.generation

    def rollback(self) -> None:
        """Forget all changes since the last commit."""
        self._require_open()
        self._begin()

    def optimize(self) -> None:
        """Merge everything into one segment without deleted documents, at the next commit."""
        self._require_open()
        self.flush()
        if len(self._parts) > 1 or any(part.deleted for part in self._parts):
            self._merge(0, len(self._parts))

    def close(self) -> None:
        """Let go of the index; what was not committed is gone. Harmless when repeated."""
        if self._open:
            self._open = False
            try:
                self._clean()
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
            if kind is None:
                self.commit()
        finally:
            self.close()

    def _put(
        self, document: Mapping[str, Any] | None, values: Mapping[str, Any], *, replacing: bool
    ) -> str:
        self._require_open()
        fields = {**(document or {}), **values}
        id_field = self._schema.id
        id = self._id_of(fields.get(id_field))
        fields = {id_field: id, **{k: v for k, v in fields.items() if k != id_field}}
        prepare(self._schema, fields)
        if replacing:
            self.delete(id)
        elif self._has(id):
            raise DocumentError(f"a document with id {id!r} is there already; update replaces it")
        self._builder.add(id, fields)
        if self._builder.nbytes > self._memory:
            self.flush()
        return id

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
        return id in self._builder.ids or any(
            len(self._live_docs(part, id)) for part in self._parts
        )

    def _live_docs(self, part: Part, id: str) -> Any:
        docs = part.segment.keyword[self._schema.id].find(id)
        return docs if part.live is None else docs[part.live[docs] == 1]

    def _kill(self, part: Part, id: str) -> bool:
        docs = self._live_docs(part, id)
        return len(docs) > 0 and part.kill(docs) > 0

    def _fresh_builder(self) -> None:
        if self._lexicon.nbytes > self._memory // 4:
            self._lexicon = Lexicon()
        self._builder = SegmentBuilder(self._schema, self._lexicon)

    def _merge_as_needed(self) -> None:
        self._parts = [p for p in self._parts if p.deleted < p.segment.documents]
        while True:
            sizes = [(p.segment.documents - p.deleted, p.deleted) for p in self._parts]
            chosen = policy.choose(sizes)
            if chosen is None:
                return
            self._merge(*chosen)

    def _merge(self, first: int, end: int) -> None:
        parts = self._parts[first:end]
        segments = [_as_changed(part) for part in parts]
        info = merging.merge(
            self._directory, self._new_name("seg"), segments, self._schema, FINGERPRINT
        )
        self._parts[first:end] = [Part(Segment(self._directory, info, None), None)]

    def _entry(self, part: Part) -> SegmentEntry:
        segment = part.segment
        info = segment.live_info
        if part.changed and part.live is not None:
            info = write_live(self._directory, self._new_name("live"), part.live)
            part.segment = segment.with_live(info)
            part.changed = False
        return SegmentEntry(segment.info, info, segment.documents, part.deleted)

    def _new_name(self, kind: str) -> str:
        number = self._next_name
        self._next_name += 1
        return f"{kind}-{number:08x}" + (".kseg" if kind == "seg" else ".bits")

    def _clean(self) -> None:
        """Remove the files that the newest commit does not need."""
        keep = self._commit.files()
        for name in self._directory.names():
            if name not in keep and name.startswith(("seg-", "live-", "commit-", "extra-")):
                self._directory.remove(name)

    def _require_open(self) -> None:
        if not self._open:
            raise UsageError("this writer is closed")


def _as_changed(part: Part) -> Segment:
    """The segment with the live documents that the writer has for it."""
    if not part.changed:
        return part.segment
    segment = part.segment.with_live(FileInfo("unwritten", 0, 0))
    segment.__dict__["live"] = part.live
    return segment


def first_commit(schema: Schema) -> Commit:
    """The commit of an empty index, before it is published."""
    return Commit(0, schema, FINGERPRINT)
