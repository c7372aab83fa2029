"""What a search found, and all that can be asked about it; computed when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from ..hints import TYPE_CHECKING, Any
from ..index.dtypes import Array, UInts, np
from ..records import record
from . import topk
from .plan import Plan
from .reading import Notice, Reading
from .steps import Context, Step

if TYPE_CHECKING:
    from .explanation import Explanation
    from .facets import Facet
    from .grouping import Group
    from .page import Reason
    from .profile import Profile
    from .snippets import Snippet


@record
class Result:
    """A compiled query and its answer.

    Attributes:
        context: what was searched.
        plan: how it is run.
        read: tells how the query was read.
        only: a filter: what it does not find is left out; None: nothing is.
    """

    context: Context
    plan: Plan
    read: Callable[[], Reading]
    only: Step | None = None

    @cached_property
    def reading(self) -> Reading:
        """How the query was read."""
        return self.read()

    @cached_property
    def docs(self) -> list[UInts]:
        """All documents found, live and let through by the filter, segment by segment."""
        return topk.all_docs(self.context, self.plan.step, self.only)

    @cached_property
    def total(self) -> int:
        """How many documents were found."""
        if "docs" in self.__dict__:
            return sum(len(docs) for docs in self.docs)
        return topk.count(self.context, self.plan.step, self.only)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was repaired, left out or not done in full."""
        return (*self.reading.notices, *map(Notice, self.plan.notices))

    @property
    def lacks_words(self) -> bool:
        """Whether there is a word in the query that no document has."""
        return any(not any(step.cursors) for step in self.plan.words) or not self.plan.words

    def best(self, count: int) -> list[tuple[int, float]]:
        """The best documents and their scores."""
        return topk.best(self.context, self.plan.step, count, self.only)

    def scored(self) -> tuple[Array, Array]:
        """All documents found, ascending (int64), and their scores (float32)."""
        found = [
            topk.found_live(self.context, self.plan.step, at, self.only)
            for at in range(len(self.context.snapshot.segments))
        ]
        firsts = self.context.snapshot.firsts
        docs = [f.docs.astype(np.int64) + first for f, first in zip(found, firsts, strict=True)]
        return (
            np.concatenate([np.empty(0, np.int64), *docs]),
            np.concatenate([np.empty(0, np.float32), *(f.scores for f in found)], dtype=np.float32),
        )

    def ids(self) -> Iterator[str]:
        """The ids of all documents found, in document order."""
        for first, docs in zip(self.context.snapshot.firsts, self.docs, strict=True):
            for doc in docs.tolist():
                yield self.context.snapshot.id_of(first + doc)

    def passages(
        self, documents: Mapping[int, Mapping[str, Any]]
    ) -> dict[int, tuple[Snippet, ...]]:
        """Of some documents with their fields, the passages that show best why they were found."""
        from .evidence import make_passages

        return make_passages(self.context, self.plan, documents)

    def reasons(self, docs: Sequence[int]) -> dict[int, tuple[Reason, ...]]:
        """Why each of some documents was found."""
        from .evidence import reasons

        return reasons(self.context, self.plan, docs)

    def explanation(self, doc: int) -> Explanation:
        """What a document's score is made of."""
        from .explanation import explain

        return explain(self.context, self.plan.step, doc)

    def facet(self, field: str) -> list[Facet]:
        """How many of the documents found have each value of a field."""
        from .facets import count

        return count(self.context.snapshot, self.docs, field)

    def groups(self, field: str, limit: int, offset: int, best: int) -> list[Group]:
        """The documents found by the value of a field."""
        from .grouping import group

        return group(self, field, limit, offset, best)

    def profile(self) -> Profile:
        """The plan with what each part of it reads and how long that takes."""
        from .profile import measure

        return measure(self.context, self.plan, self.only)
