"""Brings an index to the present rules of analysis, without reading its documents again.

The rungs of a word are a property of the dictionary: new rules sort the terms anew, and the
postings follow them. Rules about where words begin and end are another matter; where those
change, the documents must be indexed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import arabic
from ..errors import NotAnIndexError
from ..storage import Directory
from . import commit as commits
from . import merging
from .check import Progress
from .commit import Commit, SegmentEntry
from .files import Names, clean
from .segment import Segment

MEGABYTE = 1 << 20


def upgrade(
    directory: Directory, progress: Progress | None = None, memory: int = 256, timeout: float = 0.0
) -> bool:
    """Bring an index to the present rules; return whether there was anything to do.

    Args:
        directory: the index.
        progress: called with the segments done and all there are.
        memory: budget in megabytes.
        timeout: seconds to wait for a writer.

    Raises:
        LockedError: if a writer holds the index.
        DamagedError: if it cannot be read; repair it first, which upgrades it, too.
    """
    with directory.lock(timeout=timeout):
        commit = commits.newest(directory)
        if commit is None:
            raise NotAnIndexError(f"there is no index in {directory.label}")
        if commit.analysis == arabic.FINGERPRINT:
            return False
        directory.sync()
        names = Names(directory, commit)
        commit = commit._replace(analysis=arabic.FINGERPRINT)
        entries = []
        for entry in upgraded(directory, commit.segments, commit, names, memory * MEGABYTE):
            entries.append(entry)
            if progress:
                progress(len(entries), len(commit.segments))
        commit = commit._replace(segments=tuple(entries), next_name=names.next)
        clean(directory, commits.publish(directory, commit).files())
        return True


def upgraded(
    directory: Directory,
    entries: Sequence[SegmentEntry],
    commit: Commit,
    names: Names,
    memory: int,
) -> Iterator[SegmentEntry]:
    """Write each segment anew by the present rules, where it is not by them already."""
    for entry in entries:
        segment = Segment(directory, entry.file, entry.live)
        if segment.analysis == arabic.FINGERPRINT:
            yield entry
            continue
        info = merging.merge(
            directory,
            names.new("seg"),
            [segment],
            commit.schema,
            arabic.FINGERPRINT,
            arabic.keys_of,
            memory,
        )
        yield SegmentEntry(info, None, segment.live_count, 0)
