"""Repairs an index: keeps what is sound, rebuilds what can be rebuilt, names what is lost.

A segment with any finding is made anew from its stored documents, those that can still be
read. Nothing is removed before the repaired index is on the medium.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from .. import arabic
from ..errors import DamagedError, NotAnIndexError
from ..storage import ColumnFile, Directory, FileInfo
from . import commit as commits
from .builder import Lexicon, SegmentBuilder
from .check import Finding, Progress, check_entry, extra_findings, telling
from .commit import Commit, SegmentEntry
from .crew import Crew
from .dtypes import Bytes
from .files import Names, clean
from .intake.salvage import salvage
from .intake.sources import PURPOSE
from .live import KIND
from .schema import Field, Schema
from .segment import Segment
from .stored import Document, Stored, load
from .upgrade import upgraded

MEGABYTE = 1 << 20


@dataclass(slots=True)
class Repair:
    """What a repair did.

    Attributes:
        findings: what was wrong.
        kept: documents of sound segments.
        rebuilt: documents whose postings were made anew.
        lost: ids of documents that are lost.
        lost_unknown: how many more are lost, whose ids are not known.
        notes: what else should be known, a line each.
    """

    findings: list[Finding] = field(default_factory=list)
    kept: int = 0
    rebuilt: int = 0
    lost: list[str] = field(default_factory=list)
    lost_unknown: int = 0
    notes: list[str] = field(default_factory=list)


def repair(
    directory: Directory, progress: Progress | None = None, memory: int = 256, timeout: float = 0.0
) -> Repair:
    """Make an index sound again.

    Args:
        directory: the index.
        progress: called with the segments done and all there are.
        memory: budget in megabytes.
        timeout: seconds to wait for a writer.

    Returns:
        What was done; nothing is written where nothing was wrong.

    Raises:
        LockedError: if a writer holds the index.
        DamagedError: if nothing can be salvaged.
        VersionError: if a later Kashaf wrote it.
    """
    with directory.lock(timeout=timeout):
        report = Repair()
        commit = _commit(directory, report)
        _Repairer(directory, commit, report, memory * MEGABYTE).run(progress)
        return report


def _commit(directory: Directory, report: Repair) -> Commit:
    """The newest commit, or one made of the segments that are there."""
    found = commits.generations(directory)
    if not found:
        raise NotAnIndexError(f"there is no index in {directory.label}")
    try:
        return commits.read(directory, found[-1])
    except DamagedError as error:
        with telling(report.findings, error.file):
            raise
    report.notes.append("the commit is damaged: documents deleted lately may be back")
    return _commit_of_files(directory, found[-1])


def _commit_of_files(directory: Directory, generation: int) -> Commit:
    entries: dict[str, SegmentEntry] = {}
    schema: Schema | None = None
    analysis = arabic.FINGERPRINT
    for name in directory.names():
        if name.startswith("seg-") and (segment := _opened(directory, name)):
            entries[name] = SegmentEntry(segment.info, None, segment.documents, 0)
            schema = schema.extended(_fields(segment)) if schema else segment.schema
            analysis = segment.analysis
    if schema is None:
        raise DamagedError(
            commits.commit_name(generation), None, "a commit or a segment that can be read", "none"
        )
    for live in sorted(_live_files(directory), key=lambda pair: pair[1].name):
        if live[0] in entries:
            entries[live[0]] = entries[live[0]]._replace(live=live[1])
    manifest = _oldest_manifest(directory)
    extras = ((PURPOSE, manifest),) if manifest else ()
    return Commit(generation, schema, analysis, tuple(entries.values()), extras=extras)


def _oldest_manifest(directory: Directory) -> FileInfo | None:
    """The oldest manifest that opens: a later one may tell of what was never committed."""
    for name in sorted(directory.names()):
        if name.startswith("extra-"):
            with telling([], name):
                return ColumnFile(directory, name, PURPOSE).info
    return None


def _fields(segment: Segment) -> dict[str, Field]:
    schema = segment.schema
    return {name: schema[name] for name in schema if name != schema.id}


def _opened(directory: Directory, name: str) -> Segment | None:
    try:
        info = ColumnFile(directory, name, "segment").info
        return Segment(directory, info, None)
    except DamagedError:
        return None


def _live_files(directory: Directory) -> Iterator[tuple[str, FileInfo]]:
    for name in directory.names():
        if name.startswith("live-"):
            with telling([], name):
                file = ColumnFile(directory, name, KIND)
                yield str(file.meta.get("segment")), file.info


class _Repairer:
    def __init__(self, directory: Directory, commit: Commit, report: Repair, memory: int) -> None:
        self._directory = directory
        self._commit = commit
        self._report = report
        self._memory = memory
        self._names = Names(directory, commit)
        self._lexicon = Lexicon(Crew(1))
        self._ids: set[str] = set()
        self._whole = not report.findings  # the commit was read

    def run(self, progress: Progress | None) -> None:
        """Go through the segments, newest first: of two documents with an id, the later stays."""
        entries: list[SegmentEntry] = []
        total = len(self._commit.segments)
        for done, entry in enumerate(reversed(self._commit.segments), 1):
            entries[:0] = self._salvaged(entry)
            if progress:
                progress(done, total)
        extras = tuple(self._extras())
        if self._report.findings:
            self._publish(entries, extras)

    def _salvaged(self, entry: SegmentEntry) -> list[SegmentEntry]:
        findings: list[Finding] = []
        segment = check_entry(self._directory, entry, findings)
        if segment is None or self._clashes(segment):
            self._report.findings += findings
            return self._rebuilt(entry)
        ids = [segment.ids[doc] for doc in _live_numbers(segment.live, segment.documents)]
        self._ids.update(ids)
        self._report.kept += len(ids)
        return [entry._replace(deleted=segment.documents - len(ids))]

    def _clashes(self, segment: Segment) -> bool:
        """Whether a later segment has one of a sound segment's ids."""
        live = _live_numbers(segment.live, segment.documents)
        clash = next((doc for doc in live if segment.ids[doc] in self._ids), None)
        if clash is None:
            return False
        text = f"id {segment.ids[clash]!r} is in a later segment as well"
        self._report.findings.append(Finding(segment.info.name, "ids", text))
        return True

    def _rebuilt(self, entry: SegmentEntry) -> list[SegmentEntry]:
        """New segments with the documents of a damaged one that can be read."""
        try:
            segment = Segment(self._directory, entry.file, None)
            stored = segment.stored
            _ = segment.ids  # its columns bear out how many documents there are
        except DamagedError:
            self._report.lost_unknown += entry.documents - entry.deleted
            return []
        live = self._live(entry, segment)
        entries: list[SegmentEntry] = []
        builder = SegmentBuilder(self._commit.schema, self._lexicon, Crew(1))
        for document in self._documents(segment, stored, live):
            builder.add(document[self._commit.schema.id], document)
            if builder.nbytes > self._memory:
                entries += self._written(builder)
                builder = SegmentBuilder(self._commit.schema, self._lexicon, Crew(1))
        return entries + self._written(builder)

    def _written(self, builder: SegmentBuilder) -> list[SegmentEntry]:
        if not builder.documents:
            return []
        self._report.rebuilt += builder.documents
        name = self._names.new("seg")
        info = builder.write(self._directory, name, arabic.FINGERPRINT)
        return [SegmentEntry(info, None, builder.documents, 0)]

    def _live(self, entry: SegmentEntry, segment: Segment) -> Bytes | None:
        try:
            return segment.with_live(entry.live).live
        except DamagedError:
            self._report.notes.append(
                f"which documents of {entry.file.name} were deleted is lost: "
                f"{entry.deleted} may be back"
            )
            return None

    def _documents(
        self, segment: Segment, stored: Stored, live: Bytes | None
    ) -> Iterator[Document]:
        """The live documents that can be read and that no later segment has."""
        numbers = set(_live_numbers(live, segment.documents))
        for block in range(stored.blocks):
            try:
                first, _ = stored.docs_of(block)
                lines = stored.block(block)
                documents = [load(line) for line in lines]
            except (DamagedError, ValueError):
                continue
            for doc, document in enumerate(documents, first):
                id = document.get(self._commit.schema.id)
                if doc in numbers and isinstance(id, str):
                    numbers.discard(doc)
                    if id not in self._ids:
                        self._ids.add(id)
                        yield document
        self._count_lost(segment, sorted(numbers))

    def _count_lost(self, segment: Segment, numbers: list[int]) -> None:
        for doc in numbers:
            try:
                id = segment.ids[doc]
            except (DamagedError, LookupError):
                self._report.lost_unknown += 1
            else:
                if id not in self._ids:
                    self._report.lost.append(id)

    def _extras(self) -> Iterator[tuple[str, FileInfo]]:
        """The further files that are sound, and what is left of the manifest of sources."""
        for purpose, info in self._commit.extras:
            findings = extra_findings(self._directory, purpose, info)
            self._report.findings += findings
            if purpose == PURPOSE:
                kept = self._manifest(info, sound=not findings)
            else:
                kept = None if findings else info
            if kept is not None:
                yield purpose, kept

    def _manifest(self, info: FileInfo, sound: bool) -> FileInfo | None:
        name, notes = self._names.new("extra"), self._report.notes
        kept = salvage(self._directory, info, sound, name, self._is_lost())
        if kept.again:
            notes.append(f"files that the next 'kashaf index' reads again: {kept.again}")
        if not sound:
            notes.append("the list of indexed files is damaged: those it lost are read again")
        return kept.file

    def _is_lost(self) -> Callable[[str], bool]:
        """Tells of an id whether its document is lost.

        Where not all the lost ones are known, that is each that is not there; what was deleted
        by id comes back then, if its file is read again.
        """
        if self._whole and not self._report.lost_unknown:
            return set(self._report.lost).__contains__
        return lambda id: id not in self._ids

    def _publish(
        self, entries: list[SegmentEntry], extras: tuple[tuple[str, FileInfo], ...]
    ) -> None:
        commit = self._commit._replace(analysis=arabic.FINGERPRINT, extras=extras)
        if self._commit.analysis != arabic.FINGERPRINT:
            entries = list(upgraded(self._directory, entries, commit, self._names, self._memory))
        commit = commit._replace(segments=tuple(entries), next_name=self._names.next)
        clean(self._directory, commits.publish(self._directory, commit).files())


def _live_numbers(live: Bytes | None, documents: int) -> list[int]:
    return list(range(documents)) if live is None else np.flatnonzero(live).tolist()
