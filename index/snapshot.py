"""A snapshot: the segments of one commit, open for reading, and nothing that comes later."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from ..errors import DamagedError
from ..storage import Directory, FileInfo, MissingFileError
from . import commit as commits
from .commit import Commit, SegmentEntry
from .dtypes import np
from .schema import Schema
from .segment import Segment
from .stored import Document


class Snapshot:
    """An open commit. Needs no lock; safe to use from several threads.

    Args:
        directory: where the files are.
        commit: which commit.
        older: a snapshot whose open segments are taken over where they are the same.

    Attributes:
        segments: in document order.
        firsts: of each segment, what to add to its document numbers to get the snapshot's.
    """

    def __init__(self, directory: Directory, commit: Commit, older: Snapshot | None = None) -> None:
        self.directory = directory
        self.commit = commit
        self.schema: Schema = commit.schema
        held = {segment.info: segment for segment in older.segments} if older else {}
        self._take([_open(directory, entry, held) for entry in commit.segments])

    @classmethod
    def of(cls, directory: Directory, commit: Commit, segments: Sequence[Segment]) -> Snapshot:
        """A snapshot of segments that are open, in the place of those that a commit names."""
        snapshot = cls(directory, commit._replace(segments=()))
        snapshot._take(segments)
        return snapshot

    def _take(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        sizes = [segment.documents for segment in self.segments]
        self.firsts: list[int] = [*accumulate(sizes, initial=0)][:-1]

    @property
    def generation(self) -> int:
        """The commit's generation."""
        return self.commit.generation

    @property
    def documents(self) -> int:
        """How many documents are live."""
        return sum(segment.live_count for segment in self.segments)

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        """Mean words of each text field, over the live documents that have any."""
        means = {}
        for field in self.schema.of_kind("text"):
            tokens = documents = 0
            for segment in self.segments:
                if field not in segment.text:
                    continue
                text = segment.text[field]
                if segment.live is None:
                    tokens += text.tokens
                    documents += text.lists.filled()
                else:
                    lengths = text.lengths[segment.live == 1]
                    tokens += int(lengths.sum(dtype=np.uint64))
                    documents += int(np.count_nonzero(lengths))
            means[field] = tokens / documents if documents else 1.0
        return means

    def split(self, doc: int) -> tuple[Segment, int]:
        """The segment of a document, and its number there."""
        at = bisect_right(self.firsts, doc) - 1
        return self.segments[at], doc - self.firsts[at]

    def id_of(self, doc: int) -> str:
        """The id of a document, by its number in this snapshot."""
        at = bisect_right(self.firsts, doc) - 1
        return self.segments[at].ids[doc - self.firsts[at]]

    def by_segment(self, docs: Iterable[int]) -> Iterator[tuple[int, list[int], list[int]]]:
        """Of each segment that has some of some documents: its number, and those, ascending, by
        their numbers in this snapshot and by their numbers there."""
        rest = sorted(docs)
        for at, (first, segment) in enumerate(zip(self.firsts, self.segments, strict=True)):
            count = bisect_left(rest, first + segment.documents)
            if count:
                mine, rest = rest[:count], rest[count:]
                yield at, mine, [doc - first for doc in mine] if first else mine

    def ids_of(self, docs: Iterable[int]) -> dict[int, str]:
        """The id of each of some documents, by their numbers in this snapshot."""
        out: dict[int, str] = {}
        for at, mine, local in self.by_segment(docs):
            out.update(zip(mine, self.segments[at].ids.of(local), strict=True))
        return out

    def document(self, doc: int) -> Document:
        """The stored fields of a document, by its number in this snapshot."""
        at = bisect_right(self.firsts, doc) - 1
        return self.segments[at].stored.get(doc - self.firsts[at])

    def find(self, id: str) -> int | None:
        """The number of the live document with an id, or None."""
        for first, segment in zip(self.firsts, self.segments, strict=True):
            doc = segment.find(id)
            if doc is not None:
                return first + doc
        return None

    def lines(self) -> Iterator[bytes]:
        """Every live document as it is stored, a line of JSON, in order."""
        for segment in self.segments:
            yield from segment.stored.lines(segment.live)

    def all_documents(self) -> Iterator[Document]:
        """The stored fields of every live document, in order."""
        for segment in self.segments:
            for line in segment.stored.lines(segment.live):
                yield segment.stored.load(line)


def _open(directory: Directory, entry: SegmentEntry, held: Mapping[FileInfo, Segment]) -> Segment:
    if entry.file in held:
        return held[entry.file].with_live(entry.live)
    segment = Segment(directory, entry.file, entry.live)
    if segment.documents != entry.documents:
        raise DamagedError(
            segment.file.name, None, f"{entry.documents} documents", str(segment.documents)
        )
    return segment


def open_newest(directory: Directory, older: Snapshot | None = None) -> Snapshot | None:
    """The snapshot of the newest commit; None where there is no commit.

    A writer may commit, and remove what the commit before had, between the reading of a
    commit and the opening of its files: then the newer commit is opened.
    """
    generation = -1
    while True:
        found = commits.generations(directory)
        if not found:
            return None
        if older and found[-1] == older.generation:
            return older
        try:
            return Snapshot(directory, commits.read(directory, found[-1]), older)
        except MissingFileError:
            if found[-1] == generation:
                raise
            generation = found[-1]
