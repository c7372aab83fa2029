"""A page of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .snippets import Snippet


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a word of the query is met by a document.

    Attributes:
        word: the query word.
        rung: the narrowest rung on which they meet: written, spelling, stem or root.
        field: where.
        forms: the forms met, as they are written, most frequent first.
        count: how many occurrences.
    """

    word: str
    rung: str
    field: str
    forms: tuple[str, ...]
    count: int


class Hit:
    """A document that was found.

    Attributes:
        rank: its place among all hits, from 1.
        doc: its number in the snapshot.
        score: its BM25F score.
    """

    def __init__(self, page: Page, rank: int, doc: int, score: float) -> None:
        self._page = page
        self.rank = rank
        self.doc = doc
        self.score = score

    @cached_property
    def id(self) -> str:
        """The document's id."""
        return self._page.id_of(self.doc)

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The document as it was added."""
        return self._page.load(self.doc)

    @property
    def snippet(self) -> Snippet:
        """The passage that shows best why it was found."""
        return self._page.snippet(self)

    @property
    def why(self) -> tuple[Reason, ...]:
        """Which words of the query it has, and on which rung."""
        return self._page.why(self)

    def __repr__(self) -> str:
        return f"Hit(rank={self.rank}, id={self.id!r}, score={self.score:.4f})"


class Page:
    """Hits in order, from `offset` on.

    Attributes:
        query: the text that was searched.
        offset: how many better hits were left out.
        hits: the hits.
    """

    def __init__(self, query: str, offset: int, source: Source) -> None:
        self.query = query
        self.offset = offset
        self._source = source
        self.hits: list[Hit] = [
            Hit(self, rank, doc, score)
            for rank, (doc, score) in enumerate(source.ranked, offset + 1)
        ]

    @cached_property
    def total(self) -> int:
        """How many documents match in all; counted when first asked for."""
        return self._source.count()

    def id_of(self, doc: int) -> str:
        """The id of a document."""
        return self._source.id_of(doc)

    def load(self, doc: int) -> dict[str, Any]:
        """The stored fields of a document."""
        return self._source.load(doc)

    def snippet(self, hit: Hit) -> Snippet:
        """A hit's snippet; those of the page are made together."""
        return self._snippets[hit.doc]

    def why(self, hit: Hit) -> tuple[Reason, ...]:
        """A hit's reasons; those of the page are found together."""
        return self._reasons[hit.doc]

    @cached_property
    def _snippets(self) -> dict[int, Snippet]:
        return self._source.snippets(self.hits)

    @cached_property
    def _reasons(self) -> dict[int, tuple[Reason, ...]]:
        return self._source.reasons(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: int) -> Hit:
        return self.hits[index]

    def __repr__(self) -> str:
        return f"Page({self.query!r}, {len(self.hits)} hits from {self.offset + 1})"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a page gets what it shows.

    Attributes:
        ranked: (document, score) of each hit.
        count: counts all hits.
        id_of: gives a document's id.
        load: gives a document's stored fields.
        snippets, reasons: of some hits, by document.
    """

    ranked: list[tuple[int, float]]
    count: Callable[[], int]
    id_of: Callable[[int], str]
    load: Callable[[int], dict[str, Any]]
    snippets: Callable[[list[Hit]], dict[int, Snippet]]
    reasons: Callable[[list[Hit]], dict[int, tuple[Reason, ...]]]
