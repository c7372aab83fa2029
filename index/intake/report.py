"""What became of the files: counts, never lists, so that a million lines cost nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from ..readers import Skipped


@dataclass(slots=True)
class Report:
    """What became of the files.

    Attributes:
        added, changed, unchanged, removed: documents.
        reasons: how often each kind of skipping happened; see `readers.KINDS`.
        formats: how many documents came from each format.
        inferred: fields that the documents brought along, with their kinds.
        notes: how many remarks there were on what was mended or left out.
        files, nbytes: files looked at, and their size in bytes.
        read: how many of them had to be read.
        seconds: how long it took.
        stopped: it was told to stop before the end.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    inferred: dict[str, str] = field(default_factory=dict)
    notes: int = 0
    files: int = 0
    nbytes: int = 0
    read: int = 0
    seconds: float = 0.0
    stopped: bool = False

    @property
    def documents(self) -> int:
        """Documents that there are in the files."""
        return self.added + self.changed + self.unchanged

    @property
    def skipped(self) -> int:
        """Files, members and records that were not taken in."""
        return self.reasons.total()

    def follow(self, second: Report) -> None:
        """Add what a second run, right after this one, did to the index."""
        self.added += second.added
        self.changed += second.changed
        self.removed += second.removed
        self.read += second.read
        self.stopped = second.stopped


@dataclass(slots=True)
class Listener:
    """Who is told what happens, while it does.

    Attributes:
        progress: called now and then with the report so far, and the bytes that were read of
            the file at hand.
        skipped: called with a source's name and what of it was skipped.
        note: called with a document's id and a remark on what was mended or left out.
        stop: asked between documents whether to stop.
    """

    progress: Callable[[Report, int], object] = lambda report, position: None
    skipped: Callable[[str, Skipped], object] = lambda name, skipped: None
    note: Callable[[str, str], object] = lambda where, note: None
    stop: Callable[[], bool] = lambda: False
