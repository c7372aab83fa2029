"""The steps of a plan: each finds the documents of a segment that match a part of a query.

A step is made once for a search and run for each segment. What it finds are two arrays
of one length, documents in ascending order and their scores. Every step is exhaustive;
`topk` prunes where the whole plan is a bag of words and phrases, by their impacts. Words
are here; `phrases` and `algebra` have the other steps.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, count
from operator import add

from .. import arabic, kernels
from ..hints import TYPE_CHECKING, NoReturn, Protocol
from ..index import Snapshot
from ..index.dtypes import Doubles, UInts, np
from ..index.segment import Segment
from ..records import NamedTuple, record
from .lookup import Match, Matcher, Synonyms, look_up
from .memory import BUDGET, OUTLINES, PHRASES, Held, Memory, most_bytes
from .questions import LIGHT, is_question
from .ranking import Ranking
from .tree import RUNGS, Rung

if TYPE_CHECKING:
    from ..kernels.twins.occurrences import Group
    from ..kernels.twins.scanning import Run


class Found(NamedTuple):
    """Documents of a segment, ascending (uint32), and their scores (float64)."""

    docs: UInts
    scores: Doubles


class Step(Protocol):
    """A part of a plan."""

    def run(self, at: int) -> Found:
        """What the part finds in segment number `at`, deleted documents included."""


WORDS_HELD = 4096
"""Words whose terms a context remembers, so that the next query need not look them up."""

FINDERS = 8
"""Rungs and fields of which it does."""


def nothing() -> Found:
    """No documents."""
    return Found(np.empty(0, np.uint32), np.empty(0, np.float64))


class Context:
    """What all steps of a search share.

    Args:
        snapshot: what is searched.
        ranking: the numbers of the ranking.
        budget: for what is kept in memory, in megabytes.

    Attributes:
        word: gives the step of a word: `word(text, rung, fields, also, boost)`; the last ones are
            remembered.
        finder: gives the same for words alone: `finder(rung, fields)(text)`.
        fields: all text fields.
        memory, phrases: the impacts of words, and of phrases.
        numbers: numbers its words, as keys of the memory.
    """

    def __init__(self, snapshot: Snapshot, ranking: Ranking, budget: int = BUDGET) -> None:
        self.snapshot = snapshot
        self.ranking = ranking
        self.word = lru_cache(WORDS_HELD)(self._word)
        self.finder = lru_cache(FINDERS)(self._finder)
        self.fields = tuple(snapshot.schema.of_kind("text"))
        room = budget << 20
        outlines, phrases = int(OUTLINES * room), int(PHRASES * room)
        self.memory: Memory[kernels.Impacts] = Memory(room - outlines - phrases)
        self.outlines: Memory[bytes] = Memory(outlines)
        self.phrases: Memory[kernels.Impacts] = Memory(phrases)
        self.numbers = count()

    def _word(
        self, text: str, rung: Rung, fields: tuple[str, ...], also: tuple[str, ...], boost: float
    ) -> WordStep:
        if boost != 1.0:
            return self.word(text, rung, fields, also, 1.0).boosted(boost)
        if not also:
            return self.finder(rung, fields)(text)
        others = tuple(look_up(other, rung) for other in also)
        return WordStep(self, Synonyms(look_up(text, rung), others, self.ranking.synonym), fields)

    def _finder(self, rung: Rung, fields: tuple[str, ...]) -> Callable[[str], WordStep]:
        return lru_cache(WORDS_HELD)(lambda text: WordStep(self, look_up(text, rung), fields))

    @cached_property
    def scales(self) -> dict[str, tuple[float, float]]:
        """Of each text field, `(fixed, sloped)`: a document's norm is fixed + sloped · length."""
        ranking, means = self.ranking, self.snapshot.average_lengths
        out = {}
        for field, mean in means.items():
            boost = ranking.boosts.get(field, self.snapshot.schema[field].boost)
            if boost > 0:
                out[field] = ((1 - ranking.b) / boost, ranking.b / (mean * boost))
        return out

    def blame(self, at: int) -> NoReturn:
        """Raise DamagedError for postings of segment number `at` that cannot be."""
        segment = self.snapshot.segments[at]
        next(iter(segment.text.values())).blame()


@record
class Cursor:
    """A run of postings of one field that a word matches, and the weights of their forms."""

    field: str
    start: int
    stop: int
    match: Match


class WordStep:
    """Documents that have a word, on any of its rungs.

    Args:
        context: the search.
        lookup: the word.
        fields: where to look.

    Attributes:
        key: of the word in the memory of its context.
    """

    def __init__(self, context: Context, lookup: Matcher, fields: Sequence[str]) -> None:
        self.context = context
        self.lookup = lookup
        self.fields = [field for field in fields if field in context.scales]
        self.cursors = [self._cursors(segment) for segment in context.snapshot.segments]
        self.key = (next(context.numbers),)
        self._held: Held[kernels.Impacts] | None = None
        self._runs: dict[tuple[int, bool], list[Run]] = {}
        self._groups: dict[tuple[int, str], list[Group]] = {}

    @cached_property
    def idf(self) -> float:
        """The word's weight, boost included, from the statistics of the whole commit."""
        counts = [self._frequencies(field) for field in self.fields]
        frequencies = max(counts, key=lambda rungs: rungs[-1], default=[0.0])
        return self.context.ranking.idf(self.context.snapshot.documents, frequencies)

    @cached_property
    def manner(self) -> float:
        """What the word weighs beside others, less if it asks; negative where a name can begin
        with it. Kept here, so that a plain query looks each of its words up once."""
        word = self.lookup.text
        weight = LIGHT if is_question(word) else 1.0
        return -weight if arabic.beginnings(word) else weight

    def boosted(self, boost: float) -> WordStep:
        """This step with its scores multiplied."""
        if boost == 1.0:
            return self
        other = object.__new__(WordStep)
        other.__dict__.update(self.__dict__, idf=self.idf * boost)
        return other

    def run(self, at: int) -> Found:
        """See `Step`."""
        if not self.cursors[at]:
            return nothing()
        docs, values = self.impacts(at).arrays()
        return Found(docs, self.idf * values.astype(np.float64))

    def impacts(self, at: int) -> kernels.Impacts:
        """The word's impacts in segment number `at`."""
        held = self.context.memory.get(self.key)
        return self._weighed(at) if held is None else held[at]

    def parts(self) -> Sequence[kernels.Impacts | kernels.Runs]:
        """What the word gives in each segment: its impacts if they are kept, or to be read.

        What is asked for often is kept; all else is read only where it can matter.
        """
        memory, held = self.context.memory, self._held
        if held is None or held.known is None:
            held = self._held = memory.find(self.key)
        known = None if held is None else held.known  # another thread may let it go at any time
        if held is not None and known is not None:
            held.uses += 1
            return known
        segments = range(len(self.cursors))
        if not memory.wants(self.key, self.most):
            return self._read()
        made = [self._weighed(at) for at in segments]
        memory.put(self.key, made, sum(each.nbytes for each in made))
        return made

    def _read(self) -> list[kernels.Runs]:
        """The postings of each segment, to be read, with outlines where these are kept."""
        k1, segments = self.context.ranking.k1, self.context.snapshot.segments
        outlines: Sequence[bytes | None] = self._outlines() or [None] * len(segments)
        return [kernels.Runs(self.runs(at), k1, each) for at, each in enumerate(outlines)]

    def _outlines(self) -> Sequence[bytes] | None:
        """Outlines of the word's impacts, if they are kept; None where postings are few."""
        memory, segments = self.context.outlines, self.context.snapshot.segments
        held = memory.get(self.key)
        if held is not None:
            return held
        size = sum(segment.documents for segment in segments) // 16
        if 8 * self.postings < size or not memory.wants(self.key, size):
            return None
        made = [self._weighed(at).outline() for at in range(len(segments))]
        memory.put(self.key, made, sum(map(len, made)))
        return made

    @cached_property
    def postings(self) -> int:
        """How many it has, in all segments."""
        return sum(each.stop - each.start for cursors in self.cursors for each in cursors)

    @cached_property
    def most(self) -> int:
        """Memory that its impacts take at most, in bytes."""
        sizes = (segment.documents for segment in self.context.snapshot.segments)
        counts = (sum(each.stop - each.start for each in cursors) for cursors in self.cursors)
        return sum(map(most_bytes, sizes, counts))

    def _weighed(self, at: int) -> kernels.Impacts:
        made = kernels.weigh_word(self.runs(at), self.context.ranking.k1)
        if made.damaged:
            self.context.blame(at)
        return made

    def runs(self, at: int, positions: bool = False) -> list[Run]:
        """The cursors in segment number `at` as the kernels take them, verified for reading.

        Args:
            at: number of the segment.
            positions: their positions will be read, too.
        """
        held = self._runs.get((at, positions))
        if held is None:
            held = self._runs[at, positions] = self._verified(at, positions)
        return held

    def groups(self, at: int, field: str) -> list[Group]:
        """The groups of a field of segment number `at`, as `kernels.Occurrences` takes them,
        verified for reading."""
        held = self._groups.get((at, field))
        if held is None:
            mine = [cursor for cursor in self.cursors[at] if cursor.field == field]
            for cursor in mine:
                self.context.snapshot.segments[at].text[field].touch(cursor.start, cursor.stop)
            held = [(cursor.start, cursor.stop, cursor.match.weights) for cursor in mine]
            self._groups[at, field] = held
        return held

    def _verified(self, at: int, positions: bool) -> list[Run]:
        segment, scales = self.context.snapshot.segments[at], self.context.scales
        out: list[Run] = []
        for cursor in self.cursors[at]:
            text = segment.text[cursor.field]
            text.touch(cursor.start, cursor.stop)
            if positions:
                text.touch_positions(cursor.start, cursor.stop)
            place = cursor.start, cursor.stop, cursor.match.weights
            out.append((text.lists, *scales[cursor.field], *place))
        return out

    def _cursors(self, segment: Segment) -> list[Cursor]:
        out = []
        for match in self.lookup.matches(segment, self.context.ranking):
            for field in self.fields:
                if field in segment.text:
                    start, stop = segment.text[field].group(match.group)
                    if start < stop:
                        out.append(Cursor(field, start, stop, match))
        return out

    def _frequencies(self, field: str) -> list[float]:
        """Documents that have the word in a field, on each rung or a narrower one.

        A term that stands for an unlikely reading counts in part.
        """
        weights = self.context.ranking.weights
        counts = [0.0] * (RUNGS.index(self.lookup.rung) + 1)
        for segment, cursors in zip(self.context.snapshot.segments, self.cursors, strict=True):
            for cursor in cursors:
                if cursor.field == field:
                    match = cursor.match
                    rungs = match.rungs or bytes(len(match.weights))
                    whole = (1.0,) if match.rungs is None else weights
                    dfs = _term_dfs(segment, cursor)
                    found = kernels.tally(dfs, match.weights, rungs, whole[: len(counts)])
                    counts = [*map(add, counts, found), *counts[len(found) :]]
        return list(accumulate(counts))


def _term_dfs(segment: Segment, cursor: Cursor) -> array[int] | UInts:
    """Live documents of each form of a cursor's group."""
    postings = segment.text[cursor.field]
    forms = len(cursor.match.weights)
    if segment.live is None:
        first, _ = segment.vocabulary.group_terms(cursor.match.group)
        return postings.dfs.values(first, first + forms)
    docs = postings.docs.slice(cursor.start, cursor.stop)
    alive = segment.live[docs] == 1
    met = postings.forms_of((cursor.start, cursor.stop), forms)[alive]
    return np.bincount(met, minlength=forms)[:forms].astype(np.uint32)


def locate(segment: Segment, cursor: Cursor, docs: UInts) -> tuple[UInts, UInts, UInts]:
    """Occurrences of a cursor's forms in some documents: `(index into docs, position, form)`."""
    postings = segment.text[cursor.field]
    postings.touch(cursor.start, cursor.stop)
    postings.touch_positions(cursor.start, cursor.stop)
    found = kernels.locate(postings.lists, cursor.start, cursor.stop, cursor.match.weights, docs)
    if found is None:
        postings.blame()
    return found
