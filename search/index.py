"""An index that is open: search it, write to it. The public face of Kashaf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..index import Corpus, Schema, Snapshot, Writer
from ..index.corpus import Place
from ..index.schema import DEFAULT, Field
from . import evidence, language, topk
from .page import Page, Source
from .plan import Plan, Scope, text_fields
from .ranking import DEFAULT as DEFAULT_RANKING
from .ranking import Ranking
from .steps import Context
from .tree import RUNGS, Node, Rung

PAGE_LIMIT = 100_000
"""Hits of one page; ask for further pages by `offset`."""


class Index:
    """An open index. Reads the commit that was newest when it was opened or refreshed.

    Safe to use from several threads.

    Args:
        corpus: where it is.
        ranking: the numbers of the ranking.
    """

    def __init__(self, corpus: Corpus, ranking: Ranking = DEFAULT_RANKING) -> None:
        self._corpus = corpus
        self.ranking = ranking
        self._context = Context(corpus.snapshot(), ranking)

    @property
    def snapshot(self) -> Snapshot:
        """The commit that is searched."""
        return self._context.snapshot

    @property
    def schema(self) -> Schema:
        """The fields."""
        return self.snapshot.schema

    def __len__(self) -> int:
        return self.snapshot.documents

    def __repr__(self) -> str:
        return f"Index({self._corpus.directory.label!r}, {len(self)} documents)"

    def refresh(self) -> bool:
        """Go over to the newest commit; return whether there was a newer one. Cheap."""
        newest = self._corpus.snapshot(self.snapshot)
        if newest is self.snapshot:
            return False
        self._context = Context(newest, self.ranking)
        return True

    def writer(self, memory: int = 256, timeout: float = 0.0) -> Writer:
        """A writer. One at a time; `refresh` to see what it committed.

        Args:
            memory: budget for what is not on disk yet, in megabytes.
            timeout: seconds to wait for another writer.

        Raises:
            LockedError: if another writer holds the index.
        """
        return self._corpus.writer(memory, timeout)

    def search(
        self,
        query: str | Node,
        limit: int = 10,
        offset: int = 0,
        match: Rung = "root",
        fields: Sequence[str] | None = None,
    ) -> Page:
        """Find documents, best first.

        Args:
            query: a query, as text in the query language or as a tree.
            limit: how many hits to return.
            offset: how many better ones to leave out.
            match: the widest rung on which words may match.
            fields: text fields to search; None: all.

        Raises:
            UsageError: for numbers, rungs or fields that cannot be.
        """
        _require_page(limit, offset, match)
        context = self._context
        node = language.read(query, self.schema).node
        plan = Plan(context, node, Scope(text_fields(context, fields), match))
        top = topk.best(context, plan.step, offset + limit)
        docs, scores = top.docs[offset:].tolist(), top.scores[offset:].tolist()
        source = Source(
            list(zip(docs, scores, strict=True)),
            lambda: topk.count(context, plan.step),
            context.snapshot.id_of,
            context.snapshot.document,
            lambda hits: evidence.make_snippets(context, plan, hits),
            lambda hits: evidence.reasons(context, plan, hits),
        )
        return Page(query if isinstance(query, str) else "", offset, source)

    def get(self, id: str) -> dict[str, Any] | None:
        """The document with an id, as it was added, or None."""
        doc = self.snapshot.find(id)
        return None if doc is None else self.snapshot.document(doc)


def create(place: Place = None, schema: Schema | Mapping[str, Field | str] = DEFAULT) -> Index:
    """Make a new, empty index.

    Args:
        place: a folder, which need not exist; None: in memory.
        schema: the fields: a Schema, or name → kind. See `kashaf.index.schema.KINDS`.

    Raises:
        UsageError: if there is an index already.
        SchemaError: if the schema cannot be one.
        StorageError: if the folder cannot be written.
    """
    return Index(Corpus(place, schema if isinstance(schema, Schema) else Schema(schema)))


def open(place: Place) -> Index:  # the name that users of `kashaf.open` expect
    """Open an index.

    Raises:
        NotAnIndexError: if there is none.
        DamagedError: if it cannot be read.
        VersionError: if another Kashaf wrote it.
    """
    return Index(Corpus(place))


def _require_page(limit: int, offset: int, match: str) -> None:
    if not 0 <= limit <= PAGE_LIMIT or offset < 0:
        raise UsageError(f"limit must be 0 to {PAGE_LIMIT} and offset at least 0")
    if match not in RUNGS:
        raise UsageError(f"match must be one of {', '.join(RUNGS)}, not {match!r}")
