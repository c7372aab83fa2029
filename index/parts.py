"""The segments of the commit that a writer prepares, with deletions that no reader sees yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from .. import arabic, kernels
from ..errors import StorageError, UsageError
from ..storage import Directory, FileInfo
from . import merging, policy
from .commit import Commit, SegmentEntry
from .crew import Crew
from .dtypes import Bytes, UInts
from .files import Names
from .live import write_live
from .schema import Schema
from .segment import Segment

FEW = 1 << 12
"""Documents that are merged sooner than threads are started."""

ASKED = 8
"""Ids that are looked for, segment by segment, in as many times more documents."""


@dataclass(slots=True)
class Part:
    """A segment under the writer's hands.

    Attributes:
        segment: it.
        live: its live documents as the next commit will have them; None: all.
        changed: `live` differs from what is on disk.
        deleted: how many documents are deleted.
    """

    segment: Segment
    live: Bytes | None
    changed: bool = False
    deleted: int = 0

    def __post_init__(self) -> None:
        if self.live is not None:
            self.deleted = len(self.live) - int(np.count_nonzero(self.live))

    @property
    def documents(self) -> int:
        """Live documents."""
        return self.segment.documents - self.deleted

    def kill(self, docs: Sequence[int] | UInts) -> int:
        """Delete documents by number; return how many were live."""
        numbers = np.unique(np.asarray(docs, np.int64))
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < self.segment.documents:
            raise UsageError(f"segment {self.segment.info.name} has no such documents")
        if self.live is None:
            self.live = np.ones(self.segment.documents, np.uint8)
        elif not self.changed:
            self.live = self.live.copy()
        killed = int(np.count_nonzero(self.live[numbers]))
        self.live[numbers] = 0
        self.deleted += killed
        self.changed = True
        return killed

    def find(self, id: bytes, field: str) -> UInts | None:
        """The live document with an id, in UTF-8, or None."""
        keywords = self.segment.keyword[field]
        at = keywords.values.find(id)
        if at < 0:
            return None
        docs = keywords.docs_between(at, at + 1)
        live = docs if self.live is None else docs[self.live[docs] == 1]
        return live if len(live) else None

    def view(self) -> Segment:
        """The segment as the next commit will have it."""
        return self.segment.with_bits(self.live) if self.changed else self.segment


class _Ids:
    """What tells of most ids that no segment has them, once many have been looked for."""

    def __init__(self) -> None:
        self._filter: kernels.Filter | None = None
        self._asked = 0
        self._added: set[str] = set()  # names of segments

    def may_have(self, id: bytes, parts: Sequence[Part], field: str) -> bool:
        """Whether an id, in UTF-8, may be in a segment.

        Args:
            parts: those of now; merging adds no ids.
            field: the id field.
        """
        self._asked += 1
        if self._filter is None and self._asked * ASKED < sum(p.segment.documents for p in parts):
            return True
        fresh = [part for part in parts if part.segment.info.name not in self._added]
        if self._filter is None or fresh:
            self._filter = self._with(parts, fresh, field)
        return self._filter.may_have(id)

    def merged(self, old: Sequence[Part], name: str) -> None:
        """Take note of the segment that some were merged into."""
        if self._added.issuperset(part.segment.info.name for part in old):
            self._added.add(name)

    def _with(self, parts: Sequence[Part], fresh: Sequence[Part], field: str) -> kernels.Filter:
        """A filter that knows some more segments, or anew, where it would be too small."""
        found = self._filter
        more = sum(part.segment.documents for part in fresh)
        if found is None or found.count + more > found.capacity:
            fresh = parts
            found = kernels.Filter(2 * sum(part.segment.documents for part in parts))
        for part in fresh:
            found.add(*part.segment.keyword[field].values.packed())
            part.segment.file.forget()
        self._added = {part.segment.info.name for part in parts}
        return found


class Parts:
    """The segments of the next commit, in document order.

    Args:
        directory: the index.
        names: for new files.
        commit: where they start from.
        memory: bytes that a merge may take for its postings.
        crew: merges.
    """

    def __init__(
        self, directory: Directory, names: Names, commit: Commit, memory: int, crew: Crew
    ) -> None:
        self._directory = directory
        self._names = names
        self._memory = memory
        self._crew = crew
        self._committed = commit.files()
        opened = (Segment(directory, e.file, e.live) for e in commit.segments)
        self._parts = [Part(segment, segment.live) for segment in opened]
        self._ids = _Ids()

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def committed(self, commit: Commit) -> None:
        """Take note that a commit was published: readers know its files."""
        self._committed = commit.files()

    @property
    def documents(self) -> int:
        """Live documents."""
        return sum(part.documents for part in self._parts)

    def append(self, info: FileInfo, dead: Sequence[int]) -> None:
        """Add a segment that was just written, with documents that died meanwhile."""
        part = Part(Segment(self._directory, info, None), None)
        if dead:
            part.kill(dead)
        self._parts.append(part)

    def find(self, id: str, field: str) -> tuple[Part, UInts] | None:
        """Where the live document with an id is."""
        if not self._parts:
            return None
        text = id.encode("utf-8", "replace")
        if not self._ids.may_have(text, self._parts, field):
            return None
        for part in reversed(self._parts):
            docs = part.find(text, field)
            if docs is not None:
                return part, docs
        return None

    def merge_as_needed(self, schema: Schema) -> None:
        """Drop what is all deleted, then merge as the policy wants."""
        self._parts = [part for part in self._parts if part.documents]
        while chosen := policy.choose([(p.documents, p.deleted) for p in self._parts]):
            self._merge(*chosen, schema)

    def merge_all(self, schema: Schema) -> None:
        """Leave one segment without deleted documents, or none."""
        self._parts = [part for part in self._parts if part.documents]
        if len(self._parts) > 1 or any(part.deleted for part in self._parts):
            self._merge(0, len(self._parts), schema)

    def entries(self) -> tuple[SegmentEntry, ...]:
        """The segments as the next commit names them; writes what deletions are new."""
        return tuple(self._entry(part) for part in self._parts)

    def _entry(self, part: Part) -> SegmentEntry:
        if part.changed and part.live is not None:
            info = self._write_live(part.segment.info.name, part.live)
            part.segment = part.segment.with_live(info)
            part.changed = False
        segment = part.segment
        return SegmentEntry(segment.info, segment.live_info, segment.documents, part.deleted)

    def _write_live(self, segment: str, live: Bytes) -> FileInfo:
        return write_live(self._directory, self._names.new("live"), segment, live)

    def _merge(self, first: int, end: int, schema: Schema) -> None:
        old = self._parts[first:end]
        info = merging.merge(
            self._directory,
            self._names.new("seg"),
            [part.view() for part in old],
            schema,
            arabic.FINGERPRINT,
            memory=self._memory,
            crew=self._crew if sum(part.documents for part in old) > FEW else None,
        )
        self._parts[first:end] = [Part(Segment(self._directory, info, None), None)]
        self._ids.merged(old, info.name)
        for part in old:
            self._remove(part.segment.info.name)

    def _remove(self, name: str) -> None:
        """Remove a merged segment's file at once if no reader can know it."""
        if name not in self._committed:
            with suppress(StorageError):
                self._directory.remove(name)
