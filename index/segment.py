"""A segment: an immutable set of documents, as columns in one file."""

from __future__ import annotations

from functools import cached_property

from ..errors import DamagedError, SchemaError
from ..hints import TYPE_CHECKING, Any
from ..storage import ColumnFile, Directory, FileInfo
from .dtypes import Bytes, UInts, np
from .keywords import Ids, Keywords
from .postings import TextPostings
from .schema import Schema
from .stored import Document, Stored
from .vocabulary import LEVELS, Vocabulary

if TYPE_CHECKING:
    from .values import Values

KIND = "segment"


class Segment:
    """An open segment, with the documents that were live at some commit.

    Opening maps the file and reads its footer; columns are read when they are used.

    Args:
        directory, info: the file.
        live: the file that says which documents are live; None: all are.

    Attributes:
        documents: how many there are, deleted ones included.
    """

    def __init__(self, directory: Directory, info: FileInfo, live: FileInfo | None) -> None:
        self.file = ColumnFile(directory, info, KIND)
        self.info = info
        self.live_info = live
        self._directory = directory
        self.live_file = _live_file(directory, live)
        meta = self.file.meta
        self._meta = meta
        self.documents: int = self._count(meta, "documents")
        self.analysis = str(meta.get("analysis"))
        self.schema = Schema.from_json(meta.get("fields"), info.name)

    def with_live(self, live: FileInfo | None) -> Segment:
        """The same segment at another commit; what is open stays open."""
        if live == self.live_info:
            return self
        return self._at(live_info=live, live_file=_live_file(self._directory, live))

    def with_bits(self, live: Bytes | None) -> Segment:
        """The same segment with live documents that are in no file yet."""
        return self._at(live=None if live is None else live.copy())

    def _at(self, **changed: Any) -> Segment:
        other = object.__new__(Segment)
        kept = {k: v for k, v in self.__dict__.items() if k not in ("live", "live_count")}
        other.__dict__.update(kept | changed)
        return other

    @cached_property
    def live(self) -> Bytes | None:
        """uint8, one a document, 1 where it is live; None where all are."""
        if self.live_file is None:
            return None
        from .live import read_live

        return read_live(self.live_file, self.documents)

    @cached_property
    def live_count(self) -> int:
        """How many documents are live."""
        return self.documents if self.live is None else int(np.count_nonzero(self.live))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms."""
        counts = self._part("vocabulary")
        return Vocabulary(self.file, {name: self._count(counts, name) for name in LEVELS})

    @cached_property
    def stored(self) -> Stored:
        """The documents as they were added."""
        return Stored(self.file, self.documents)

    @cached_property
    def text(self) -> dict[str, TextPostings]:
        """The text fields that this segment has, by name."""
        vocabulary = self.vocabulary
        return {
            field: TextPostings(
                self.file,
                field,
                {name: self._count(counts, name) for name in ("postings", "tokens")},
                vocabulary.groups,
                vocabulary.terms,
                self.documents,
            )
            for field, counts in self._part("text").items()
        }

    @cached_property
    def keyword(self) -> dict[str, Keywords]:
        """The keyword fields and the id field, by name."""
        if self.schema.id not in self._part("keyword"):
            raise DamagedError(self.file.name, "footer", "the id field among the keywords", "none")
        return {
            field: Keywords(
                self.file,
                field,
                {name: self._count(counts, name) for name in ("values", "postings")},
                self.documents,
            )
            for field, counts in self._part("keyword").items()
        }

    @cached_property
    def ids(self) -> Ids:
        """The id of each document."""
        field = self.schema.id
        return Ids(self.file, field, self.keyword[field].values, self.documents)

    @cached_property
    def value(self) -> dict[str, Values]:
        """The number and date fields, by name."""
        from .values import Values  # late: a search for words needs none

        return {
            field: Values(self.file, field, self.schema[field].kind, self.documents)
            for field in self.schema.of_kind("number", "date")
        }

    def find(self, id: str) -> int | None:
        """The live document with an id, or None."""
        docs = self.live_only(self.keyword[self.schema.id].find(id))
        return int(docs[-1]) if len(docs) else None

    def live_only(self, docs: UInts) -> UInts:
        """Those of some documents that are live."""
        return docs if self.live is None else docs[self.live[docs] == 1]

    def document(self, doc: int) -> Document:
        """A stored document."""
        return self.stored.get(doc)

    def _part(self, name: str) -> dict[str, Any]:
        part = self._meta.get(name)
        if not isinstance(part, dict):
            raise DamagedError(self.file.name, "footer", f"an object {name!r}", repr(part)[:40])
        return part

    def _count(self, counts: Any, name: str) -> int:
        value = counts.get(name) if isinstance(counts, dict) else None
        if not isinstance(value, int) or not 0 <= value < 1 << 32:
            raise DamagedError(self.file.name, "footer", f"a count {name!r}", repr(value)[:40])
        return value

    def require_text(self, field: str) -> None:
        """Raise SchemaError unless a field of this name is text."""
        if self.schema[field].kind != "text":
            raise SchemaError(f"field {field} is {self.schema[field].kind}, not text")


def _live_file(directory: Directory, info: FileInfo | None) -> ColumnFile | None:
    """The file of a segment's live documents, so that no later commit can take it away."""
    if info is None:
        return None
    from .live import open_live  # late: many an index has nothing deleted

    return open_live(directory, info)
