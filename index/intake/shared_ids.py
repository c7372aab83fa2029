"""Ids that two records have. Of those the last counts, in the order of files and inside them."""

from __future__ import annotations

from ..readers import Skipped
from .seen import Seen


class SharedIds:
    """What is known of the ids that records bring along, in one run.

    Attributes:
        gone: ids whose document was deleted as the file that had it has it no more: another
            file that brought the same id is to be read again, as its record counts now.
    """

    def __init__(self) -> None:
        self.gone = Seen()
        self._files: list[tuple[str, Seen]] = []

    def begin(self, name: str) -> None:
        """A file is read."""
        self._name, self._seen = name, Seen()
        self._count, self._example = 0, ""

    def bring(self, id: str) -> None:
        """A record of it brings an id; called when it was looked at."""
        self._seen.add(id)

    def clash(self, id: str, other: str | None = None) -> None:
        """An id is that of another record, too: of the file `other`, or of one read in this run."""
        self._count += 1
        if not self._example:
            self._example = f"such as {id!r} in {other or self._place(id)}"

    def end(self) -> Skipped | None:
        """The file was read; return what is to be told."""
        if not self._seen:
            return None
        self._files.append((self._name, self._seen))
        count = max(self._count, self._seen.repeats())
        if not count:
            return None
        told = f", {self._example}" if self._example else ""
        reason = f"ids that another record has, too: {count}{told}; the last record counts"
        return Skipped(reason, "repeated-id")

    def _place(self, id: str) -> str:
        """The file of this run that an id was last in; the same file before all."""
        if id in self._seen:
            return self._name
        return next((name for name, seen in reversed(self._files) if id in seen), "another file")
