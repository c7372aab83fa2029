"""An index that is open: search it, write to it. The public face of Kashaf."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from .. import arabic
from ..errors import UsageError
from ..hints import TYPE_CHECKING, Any
from ..index import Corpus, Schema, Snapshot
from ..index.corpus import Place
from ..index.schema import DEFAULT, Field
from . import language, plain
from .memory import BUDGET
from .page import Page
from .plan import Scope, make_plan, text_fields
from .questions import lighten
from .ranking import DEFAULT as DEFAULT_RANKING
from .ranking import Ranking
from .reading import Notice, Reading, within
from .result import Result
from .steps import Context
from .synonyms import spread
from .tree import RUNGS, Node, Rung

if TYPE_CHECKING:
    from ..index import Writer
    from .doctor import Remedy
    from .families import Lemma
    from .filters import Where
    from .suggestions import Suggestion
    from .word_list import Completion

PAGE_LIMIT = 100_000
"""Hits of one page; ask for further pages by `offset`."""


class Index:
    """An open index. Reads the commit that was newest when it was opened or refreshed.

    Safe to use from several threads.

    Args:
        corpus: where it is.
        ranking: the numbers of the ranking.
        memory: for what the words and phrases asked for most give to each document, in megabytes.
    """

    def __init__(
        self, corpus: Corpus, ranking: Ranking = DEFAULT_RANKING, memory: int = BUDGET
    ) -> None:
        if memory < 0:
            raise UsageError(f"memory must be at least 0 megabytes, not {memory}")
        self._corpus = corpus
        self._memory = memory
        self.ranking = ranking
        self._context = Context(corpus.snapshot(), ranking, memory)

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
        self._context = Context(newest, self.ranking, self._memory)
        return True

    def writer(self, memory: int = 256, timeout: float = 0.0, jobs: int | None = None) -> Writer:
        """A writer. One at a time; `refresh` to see what it committed.

        Args:
            memory: budget for what is not on disk yet, in megabytes.
            timeout: seconds to wait for another writer.
            jobs: threads that take documents apart; None: one a core.

        Raises:
            LockedError: if another writer holds the index.
        """
        return self._corpus.writer(memory, timeout, jobs)

    def search(
        self,
        query: str | Node | Any,
        limit: int = 10,
        offset: int = 0,
        match: Rung = "root",
        fields: Sequence[str] | None = None,
        *,
        every_word: bool = False,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
        sort: str | Sequence[str] = (),
        synonyms: Collection[str] = arabic.KINDS,
    ) -> Page:
        """Find documents, best first.

        Args:
            query: a query: text in the query language, a tree of `kashaf.search.tree`, or one
                of Whoosh's query classes.
            limit: how many hits to return.
            offset: how many better ones to leave out.
            match: the widest rung on which words may match.
            fields: text fields to search; None: all.
            every_word: all words must match, not any.
            where: values that documents must have: field → value or values, or texts
                `field=value`.
            since, until: the first and the last day, month or year of the date field.
            sort: a field, or several, to order by in the place of the score; `-field` for
                descending.
            synonyms: the kinds of other names that may stand for the words of the query; see
                `kashaf.arabic.KINDS`.

        Raises:
            UsageError: for numbers, rungs, fields or query trees that cannot be.
        """
        _require_page(limit, offset, match)
        result = self.find(query, match, fields, every_word, where, since, until, synonyms)
        ranked = _sorted(result, sort) if sort else result.best(offset + limit)
        text = query if isinstance(query, str) else ""
        return Page(text, offset, ranked[offset : offset + limit], result)

    def find(
        self,
        query: str | Node | Any,
        match: Rung = "root",
        fields: Sequence[str] | None = None,
        every_word: bool = False,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
        synonyms: Collection[str] = arabic.KINDS,
    ) -> Result:
        """All documents that match, not ranked; the arguments are those of `search`."""
        context = self._context
        scope = Scope(text_fields(context, fields), match)
        kinds = synonyms if isinstance(query, str) and match in ("stem", "root") else None
        read = partial(self._read, query, every_word, kinds)
        plan = None if every_word else plain.plan(context, query, scope, kinds)
        if plan is None:
            reading = read()
            plan, read = make_plan(context, reading.node, scope), partial(_same, reading)
        only = None
        if where or since is not None or until is not None:
            from . import filters

            wanted = filters.read(self.schema, where, since, until)
            only = None if wanted is None else make_plan(context, wanted, scope).step
        return Result(context, plan, read, only)

    def _read(
        self, query: str | Node | Any, every_word: bool, kinds: Collection[str] | None
    ) -> Reading:
        """A query as it is searched.

        Args:
            kinds: of other names that are added; None: it is searched as it stands.
        """
        reading = language.read(query, self.schema, every_word)
        return reading if kinds is None else _enriched(reading, kinds, self.ranking.synonym)

    def suggest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """For words of a text that the index lacks: what they may have meant, best first."""
        from .suggestions import suggest

        return suggest(self.snapshot, text, limit)

    def correct(self, text: str) -> str | None:
        """A text with the best suggestion in the place of each word that the index lacks."""
        from .suggestions import corrected, suggest

        return corrected(text, suggest(self.snapshot, text, 1))

    def diagnose(self, query: str | Node, **options: Any) -> list[Remedy]:
        """For a query that finds nothing: which relaxations would find something, and how much.

        Args:
            query: as for `search`.
            options: the keyword arguments of `find`.
        """
        from .doctor import diagnose

        return diagnose(self, query, options)

    def complete(self, prefix: str, limit: int = 10) -> list[Completion]:
        """The most frequent words that begin with a prefix, by spelling."""
        from .word_list import complete

        return complete(self.snapshot, prefix, limit)

    def words(self, word: str) -> list[Lemma]:
        """The words of the corpus under a root, or under the root of a word, by lemma."""
        from .families import family

        return family(self.snapshot, word)

    def similar(self, id: str, limit: int = 10, offset: int = 0) -> Page | None:
        """Documents like one, best first; None if there is no document with this id."""
        from .similar import query_like
        from .tree import And, Keyword, Not

        document = self.get(id)
        if document is None:
            return None
        fields = text_fields(self._context, None)
        like = query_like(self._context, document, fields)
        itself = Keyword(self.schema.id, id)
        return self.search(And((like, Not(itself))), limit, offset, "stem")

    def delete_by_query(self, writer: Writer, query: str | Node, **options: Any) -> int:
        """Delete all documents that match; return how many there were.

        Args:
            writer: commits it.
            query: as for `search`, answered from the commit that this index has open.
            options: the keyword arguments of `find`.
        """
        return sum(writer.delete(id) for id in list(self.find(query, **options).ids()))

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


def open(  # users expect the name
    place: Place, ranking: Ranking = DEFAULT_RANKING, memory: int = BUDGET
) -> Index:
    """Open an index.

    Args:
        place: a folder.
        ranking: the numbers of the ranking.
        memory: for what the words and phrases asked for most give to each document, at most, in
            megabytes. It fills as queries are asked again; a large index answers faster with more.

    Raises:
        UsageError: for less than no memory.
        NotAnIndexError: if there is none.
        DamagedError: if it cannot be read.
        VersionError: if another Kashaf wrote it.
    """
    return Index(Corpus(place), ranking, memory)


def _enriched(reading: Reading, kinds: Collection[str], worth: float) -> Reading:
    """A query as it is searched: what asks weighs little, other names count too."""
    notes: list[str] = []

    def enrich(node: Node) -> Node:
        spreading, more = spread(lighten(node), kinds, worth)
        notes.extend(more)
        return spreading

    node = within(reading.node, enrich)
    if node is reading.node:
        return reading
    shown = reading.meant or reading.node
    return Reading(node, (*reading.notices, *map(Notice, notes)), shown)


def _same(reading: Reading) -> Reading:
    return reading


def _sorted(result: Result, sort: str | Sequence[str]) -> list[tuple[int, float]]:
    from .sorting import order

    docs, scores = result.scored()
    fields = [sort] if isinstance(sort, str) else sort
    places = order(result.context.snapshot, docs, scores, fields)
    return list(zip(docs[places].tolist(), scores[places].tolist(), strict=True))


def _require_page(limit: int, offset: int, match: str) -> None:
    if not 0 <= limit <= PAGE_LIMIT or offset < 0:
        raise UsageError(f"limit must be 0 to {PAGE_LIMIT} and offset at least 0")
    if match not in RUNGS:
        raise UsageError(f"match must be one of {', '.join(RUNGS)}, not {match!r}")
