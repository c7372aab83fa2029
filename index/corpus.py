"""A corpus: a directory that holds an index; opens snapshots and writers of it."""

from __future__ import annotations

import os

from .. import arabic
from ..errors import NotAnIndexError, UsageError
from ..hints import TYPE_CHECKING
from ..storage import Directory, DiskDirectory
from . import commit as commits
from .schema import DEFAULT, Schema
from .snapshot import Snapshot, open_newest

if TYPE_CHECKING:
    from .writer import Writer

Place = str | os.PathLike[str] | Directory | None


class Corpus:
    """An index on disk or in memory.

    Args:
        place: a path, a storage directory, or None for one in memory.
        create: make a new, empty index with this schema; the place must not hold one.

    Raises:
        NotAnIndexError: if there is none, and none was to be created.
        UsageError: if one was to be created where there is one.
    """

    def __init__(self, place: Place, create: Schema | None = None) -> None:
        self.directory = _directory(place, create is not None)
        if create is not None:
            self._create(create)
        elif not commits.generations(self.directory):
            raise NotAnIndexError(
                f"there is no index in {self.directory.label}; make one with 'kashaf index'"
            )

    def snapshot(self, older: Snapshot | None = None) -> Snapshot:
        """The newest commit, open for reading; what `older` has open is taken over.

        Raises:
            VersionError: if it was analysed by other rules than these.
        """
        found = open_newest(self.directory, older)
        if found is None:
            raise NotAnIndexError(f"there is no index in {self.directory.label} any more")
        commits.require_rules(found.commit, self.directory.label)
        return found

    def writer(self, memory: int = 256, timeout: float = 0.0, jobs: int | None = None) -> Writer:
        """A writer; see `Writer`."""
        from .writer import Writer  # late: a search needs none of what writing takes

        return Writer(self.directory, memory, timeout, jobs)

    def _create(self, schema: Schema) -> None:
        with self.directory.lock():
            if commits.generations(self.directory):
                raise UsageError(f"there is an index in {self.directory.label} already; open it")
            commits.publish(self.directory, commits.Commit(0, schema, arabic.FINGERPRINT))


def _directory(place: Place, create: bool) -> Directory:
    if place is None:
        from ..storage import MemoryDirectory

        return MemoryDirectory()
    if isinstance(place, str | os.PathLike):
        return DiskDirectory(place, create=create)
    return place


__all__ = ["DEFAULT", "Corpus"]
