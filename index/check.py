"""Checks an index: every checksum, and that what the bytes say holds together.

Reads everything once. What is found is told, not raised; damage ends the check of the part
that has it, and the rest is checked all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..errors import DamagedError, NotAnIndexError, VersionError
from ..storage import ColumnFile, Directory, FileInfo
from . import commit as commits
from .check_segment import segment_faults
from .commit import Commit, SegmentEntry
from .intake import sources
from .intake.sources import PURPOSE
from .segment import Segment

Progress = Callable[[int, int], None]
"""Called with the bytes that are done and all there are."""

_STRANGE = (DamagedError, VersionError, ValueError, LookupError, TypeError, ArithmeticError)
"""What reading forged or damaged bytes may come to."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        file: the file's name.
        column: the part of it, or None where the file as a whole is meant.
        message: what is wrong, in a line.
    """

    file: str
    column: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}{f', {self.column}' if self.column else ''}: {self.message}"


def check(directory: Directory, progress: Progress | None = None) -> list[Finding]:
    """Check the newest commit and all its files.

    Returns:
        What was found; nothing where the index is sound.

    Raises:
        NotAnIndexError: if there is no commit at all.
        StorageError: if the disk refuses.
    """
    findings: list[Finding] = []
    if not commits.generations(directory):
        raise NotAnIndexError(f"there is no index in {directory.label}")
    with telling(findings, "commit"):
        commit = commits.newest(directory)
        if commit:
            _check_commit(directory, commit, findings, progress)
    return findings


def _check_commit(
    directory: Directory, commit: Commit, findings: list[Finding], progress: Progress | None
) -> None:
    total = sum(e.file.size + (e.live.size if e.live else 0) for e in commit.segments)
    done = 0
    ids: dict[str, str] = {}
    for entry in commit.segments:
        shown = _shifted(progress, done, total)
        segment = check_entry(directory, entry, findings, shown)
        if segment is not None:
            with telling(findings, entry.file.name):
                findings.extend(_strangers(commit, segment))
                findings.extend(_shared_ids(segment, ids))
        done += entry.file.size + (entry.live.size if entry.live else 0)
    for kind, info in commit.extras:
        findings += extra_findings(directory, kind, info)
    if progress:
        progress(total, total)


def check_entry(
    directory: Directory,
    entry: SegmentEntry,
    findings: list[Finding],
    progress: Progress | None = None,
) -> Segment | None:
    """Check a segment of a commit by itself; return it if nothing was found."""
    before = len(findings)
    name = entry.file.name
    if entry.live is not None:
        with telling(findings, entry.live.name):
            findings += _told(ColumnFile(directory, entry.live, "live").check())
    with telling(findings, name):
        findings += _told(ColumnFile(directory, entry.file, "segment").check(progress))
    if len(findings) > before:
        return None
    with telling(findings, name):
        segment = Segment(directory, entry.file, entry.live)
        findings += [Finding(name, column, text) for column, text in segment_faults(segment)]
        findings += _miscounted(entry, segment)
        if len(findings) == before:
            return segment
    return None


def extra_findings(directory: Directory, kind: str, info: FileInfo) -> list[Finding]:
    """Check a further file of a commit; of the manifest of sources, that each can be read."""
    findings: list[Finding] = []
    with telling(findings, info.name):
        file = ColumnFile(directory, info, kind)
        findings += _told(file.check())
        if kind == PURPOSE and not findings:
            for entry in sources.read(file):
                if not entry.is_whole():
                    findings.append(Finding(info.name, "stored", f"not all of {entry.name!r}"))
    return findings


def _miscounted(entry: SegmentEntry, segment: Segment) -> Iterator[Finding]:
    if entry.documents != segment.documents:
        text = f"the commit counts {entry.documents} documents, there are {segment.documents}"
        yield Finding(entry.file.name, None, text)
    elif segment.documents - entry.deleted != segment.live_count:
        live = entry.documents - entry.deleted
        text = f"the commit counts {live} live documents, there are {segment.live_count}"
        yield Finding((entry.live or entry.file).name, "live", text)


def _strangers(commit: Commit, segment: Segment) -> Iterator[Finding]:
    """In what a sound segment does not belong to a commit."""
    name = segment.info.name
    for field in segment.schema:
        if field not in commit.schema or commit.schema[field].kind != segment.schema[field].kind:
            yield Finding(name, "footer", f"field {field} is not as in the commit")
    if segment.analysis != commit.analysis:
        text = f"analysed by rules {segment.analysis}, the commit by {commit.analysis}"
        yield Finding(name, "footer", text)


def _shared_ids(segment: Segment, seen: dict[str, str]) -> Iterator[Finding]:
    live = range(segment.documents) if segment.live is None else np.flatnonzero(segment.live)
    for doc in live:
        id = segment.ids[int(doc)]
        if id in seen:
            text = f"id {id!r} is in {seen[id]} as well"
            yield Finding(segment.info.name, "ids", text)
        seen[id] = segment.info.name


def _told(errors: Iterable[DamagedError]) -> list[Finding]:
    return [Finding(e.file, e.column, f"expected {e.expected}, found {e.found}") for e in errors]


@contextmanager
def telling(findings: list[Finding], file: str) -> Iterator[None]:
    """Turn what reading damaged or forged bytes comes to into findings."""
    try:
        yield
    except DamagedError as error:
        findings += _told([error])
    except _STRANGE as error:
        findings.append(Finding(file, None, f"cannot be read: {error}"))


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda now, _: progress(done + now, total)
