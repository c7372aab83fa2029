"""A page of results."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter

from ..hints import TYPE_CHECKING, Any
from ..records import record
from .reading import Notice
from .result import Result
from .snippets import Snippet

WORTH = attrgetter("worth")

if TYPE_CHECKING:
    from .explanation import Explanation
    from .facets import Facet
    from .grouping import Group
    from .profile import Profile
    from .suggestions import Suggestion


@record
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

    @property
    def told(self) -> str:
        """Why, for people to read."""
        from .. import arabic

        rungs = arabic.rungs(self.word)
        met = (self.word, *self.forms)
        stem = next((form for form in met if arabic.fold(form) == rungs.stem), rungs.stem)
        same = {
            "written": "as it is written",
            "spelling": "the same spelling",
            "stem": f"the same stem, {stem}",
            "root": f"the same root, {rungs.root}",
        }[self.rung]
        how = _derived(self.forms[0]) if self.rung in ("stem", "root") else ""
        return f"{same}; {how}" if how else same


def _derived(form: str) -> str:
    """How a written form comes from its lemma: what was cut off it, or that it is a plural."""
    from .. import arabic

    readings = arabic.explain(form).readings
    if not readings:
        return ""
    found = readings[0]
    cut = [part for part in (found.proclitic, found.prefix, found.ending, found.enclitic) if part]
    if found.rule == "plural":
        return f"a broken plural of {found.stem}"
    if cut:
        return " and ".join(f"«{part}»" for part in cut) + f" cut from {form}"
    return "" if found.core in (found.stem, form) else f"{form} is a form of {found.stem}"


class Findings:
    """What the hits of a page share, found out for all of them when it is first asked for.

    Hits hold this and not their page, and it holds none of them: so a page goes when nobody
    holds it any more, and leaves no circle to the garbage collector.
    """

    def __init__(self, result: Result, docs: Sequence[int]) -> None:
        self.result = result
        self.docs = docs
        self._ids: dict[int, str] = {}
        self._fields: dict[int, dict[str, Any]] = {}
        self._explanations: dict[int, Explanation] = {}

    def fields(self, doc: int) -> dict[str, Any]:
        """A document as it was added."""
        fields = self._fields.get(doc)
        if fields is None:
            fields = self._fields[doc] = self.result.context.snapshot.document(doc)
        return fields

    def explanation(self, doc: int) -> Explanation:
        """What the score of a document is made of."""
        if doc not in self._explanations:
            self._explanations[doc] = self.result.explanation(doc)
        return self._explanations[doc]

    @property
    def ids(self) -> dict[int, str]:
        """The id of each hit, by document."""
        if not self._ids:  # not a cached property: that would lock for every page
            self._ids = self.result.context.snapshot.ids_of(self.docs)
        return self._ids

    @cached_property
    def passages(self) -> dict[int, tuple[Snippet, ...]]:
        """The passages of each hit, by document."""
        return self.result.passages({doc: self.fields(doc) for doc in self.docs})

    @cached_property
    def reasons(self) -> dict[int, tuple[Reason, ...]]:
        """The reasons of each hit, by document."""
        return self.result.reasons(self.docs)


class Hit:
    """A document that was found.

    Attributes:
        rank: its place among all hits, from 1.
        doc: its number in the snapshot.
        score: its BM25F score.
    """

    __slots__ = ("_findings", "doc", "rank", "score")

    def __init__(self, findings: Findings, rank: int, doc: int, score: float) -> None:
        self._findings = findings
        self.rank = rank
        self.doc = doc
        self.score = score

    @property
    def id(self) -> str:
        """The document's id."""
        return self._findings.ids[self.doc]

    @property
    def fields(self) -> dict[str, Any]:
        """The document as it was added."""
        return self._findings.fields(self.doc)

    @property
    def snippet(self) -> Snippet:
        """The passage that shows best why it was found."""
        passages = self._findings.passages[self.doc]
        return passages[0] if len(passages) == 1 else max(passages, key=WORTH)

    @property
    def passages(self) -> tuple[Snippet, ...]:
        """One to three passages that show as many words of the query as they can, in order."""
        return self._findings.passages[self.doc]

    @property
    def page(self) -> int | None:
        """On which page of a paged document, from 1, the snippet's first match stands."""
        begins, snippet = self.fields.get("pages"), self.snippet
        if not isinstance(begins, list) or snippet.field != "body":
            return None
        if not all(isinstance(begin, int) for begin in begins):
            return None  # a record's own field of that name
        first = snippet.marks[0][0] if snippet.marks else 0
        return bisect_right(begins, snippet.start + first) or None

    @property
    def why(self) -> tuple[Reason, ...]:
        """Which words of the query it has, and on which rung."""
        return self._findings.reasons[self.doc]

    @property
    def explanation(self) -> Explanation:
        """What its score is made of."""
        return self._findings.explanation(self.doc)

    def __repr__(self) -> str:
        return f"Hit(rank={self.rank}, id={self.id!r}, score={self.score:.4f})"


class Page:
    """Hits in order, from `offset` on.

    Attributes:
        query: the text that was searched.
        offset: how many better hits were left out.
        hits: the hits.
        result: all that was found.
    """

    def __init__(
        self, query: str, offset: int, ranked: Sequence[tuple[int, float]], result: Result
    ) -> None:
        self.query = query
        self.offset = offset
        self.result = result
        self._findings = shared = Findings(result, [doc for doc, _ in ranked])
        self.hits: list[Hit] = [
            Hit(shared, rank, doc, score) for rank, (doc, score) in enumerate(ranked, offset + 1)
        ]

    @cached_property
    def total(self) -> int:
        """How many documents match in all; counted when first asked for."""
        return self.result.total

    @property
    def reading(self) -> str:
        """How the query was read, in the query language."""
        from .wording import show

        reading = self.result.reading
        return show(reading.meant or reading.node)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What of the query was repaired, left out or not done in full."""
        return self.result.notices

    @property
    def profile(self) -> Profile:
        """The plan with what each part of it reads and how long that takes; measured anew."""
        return self.result.profile()

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """For words that the index lacks: what they may have meant.

        Also for what is typed on the other keyboard, where its parts are words: hp]d.
        """
        if not self.query or not (self.result.lacks_words or self.query.isascii()):
            return []
        from .suggestions import suggest

        met = {step.lookup.text for step in self.result.plan.words if any(step.cursors)}
        found = suggest(self.result.context.snapshot, self.query)
        return [each for each in found if self.query[each.start : each.end] not in met]

    def facet(self, field: str) -> list[Facet]:
        """How many of all documents found have each value of a field, most frequent first.

        Raises:
            SchemaError: for a field that cannot be counted.
        """
        return self.result.facet(field)

    def groups(
        self, field: str, limit: int = 10, offset: int = 0, best: int = 3
    ) -> list[tuple[Group, Page]]:
        """All documents found, by the value of a field: each group, and a page of its best.

        Raises:
            SchemaError: for a field that cannot be grouped by.
        """
        groups = self.result.groups(field, limit, offset, best)
        return [(group, Page(self.query, 0, group.ranked, self.result)) for group in groups]

    @property
    def passages(self) -> dict[int, tuple[Snippet, ...]]:
        """The passages of each hit, by document; those of the page are made together."""
        return self._findings.passages

    @property
    def reasons(self) -> dict[int, tuple[Reason, ...]]:
        """The reasons of each hit, by document."""
        return self._findings.reasons

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: int) -> Hit:
        return self.hits[index]

    def __repr__(self) -> str:
        return f"Page({self.query!r}, {len(self.hits)} hits from {self.offset + 1})"
