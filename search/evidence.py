"""What in a document matched: for snippets and for reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from ..index.segment import Segment
from . import snippets
from .page import Hit, Page, Reason
from .phrases import PhraseStep
from .plan import Plan
from .snippets import Occurrence, Snippet
from .steps import Context, Cursor, WordStep, locate
from .tree import RUNGS, Rung

TELLING = 0.6
"""An occurrence that weighs less than this part of its word's best in the text is not shown."""


def make_passages(
    context: Context, plan: Plan, hits: Sequence[Hit]
) -> dict[int, tuple[Snippet, ...]]:
    """The passages of each hit, by document: from the text field that shows most of the query."""
    found = occurrences(context, plan, hits)
    return {hit.doc: _best_passages(context, hit, found) for hit in hits}


def _best_passages(
    context: Context, hit: Hit, found: dict[tuple[int, str], list[Occurrence]]
) -> tuple[Snippet, ...]:
    schema = context.snapshot.schema
    texts = {f: hit.fields[f] for f in schema.of_kind("text") if hit.fields.get(f)}
    worth = {f: _worth(found.get((hit.doc, f), ())) for f in texts}
    longest = max(texts, key=lambda f: len(_as_text(texts[f])), default=None)
    if longest is None:
        return (Snippet("", "", 0, (), False, False),)
    if worth[longest] == 0:
        longest = max(texts, key=lambda f: worth[f])
    return snippets.make(longest, _as_text(texts[longest]), found.get((hit.doc, longest), ()))


def _worth(found: Iterable[Occurrence]) -> float:
    best: dict[int, float] = {}
    for occurrence in found:
        best[occurrence.word] = max(best.get(occurrence.word, 0.0), occurrence.weight)
    return sum(best.values())


def _as_text(value: object) -> str:
    """A text field's value as it was indexed."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


def occurrences(
    context: Context, plan: Plan, hits: Sequence[Hit]
) -> dict[tuple[int, str], list[Occurrence]]:
    """All that matched, by (document, field), by position."""
    out: dict[tuple[int, str], list[Occurrence]] = defaultdict(list)
    for at, first, docs in _by_segment(context, hits):
        for number, step in enumerate(plan.words):
            _collect_word(out, step, number, at, first, docs)
        for number, phrase in enumerate(plan.phrases, len(plan.words)):
            _collect_phrase(out, phrase, number, at, first, docs)
    return {place: _telling(found) for place, found in out.items()}


def occurrences_of(page: Page) -> dict[tuple[int, str], list[Occurrence]]:
    """All that matched in the hits of a page, by (document, field), by position."""
    return occurrences(page.result.context, page.result.plan, page.hits)


def _telling(found: list[Occurrence]) -> list[Occurrence]:
    """The occurrences worth showing, by position.

    Where a document has a query word itself, words that only share its root say nothing.
    """
    best: dict[int, float] = {}
    for occurrence in found:
        best[occurrence.word] = max(best.get(occurrence.word, 0.0), occurrence.weight)
    return sorted(o for o in found if o.weight > TELLING * best[o.word])


def _by_segment(context: Context, hits: Sequence[Hit]) -> Iterable[tuple[int, int, list[int]]]:
    """Of each segment that has hits: its number, its first document, the hits' local numbers."""
    firsts = context.snapshot.firsts
    places: dict[int, list[int]] = defaultdict(list)
    for hit in hits:
        at = int(np.searchsorted(firsts, hit.doc, "right")) - 1
        places[at].append(hit.doc - firsts[at])
    for at, docs in sorted(places.items()):
        yield at, firsts[at], sorted(docs)


def _collect_word(
    out: dict[tuple[int, str], list[Occurrence]],
    step: WordStep,
    number: int,
    at: int,
    first: int,
    docs: list[int],
) -> None:
    segment = step.context.snapshot.segments[at]
    wanted = np.array(docs, np.uint32)
    for cursor in step.cursors[at]:
        which, positions, forms = locate(segment, cursor, wanted)
        weights = (step.idf * cursor.match.weights[forms]).tolist()
        for i, position, weight in zip(which.tolist(), positions.tolist(), weights, strict=True):
            out[first + docs[i], cursor.field].append(Occurrence(position, number, weight))


def _collect_phrase(
    out: dict[tuple[int, str], list[Occurrence]],
    step: PhraseStep,
    number: int,
    at: int,
    first: int,
    docs: list[int],
) -> None:
    wanted = np.array(docs, np.uint32)
    for field in step.words[0].fields:
        rows = (column.tolist() for column in step.occurrences(at, field, wanted))
        for doc, position, last in zip(*rows, strict=True):
            out[first + doc, field].append(Occurrence(position, number, step.idf, last))


def reasons(context: Context, plan: Plan, hits: Sequence[Hit]) -> dict[int, tuple[Reason, ...]]:
    """Why each hit was found, by document: words in query order, narrow rungs first."""
    steps = plan.words + [word for phrase in plan.phrases for word in phrase.words]
    out: dict[int, list[Reason]] = {hit.doc: [] for hit in hits}
    for at, first, docs in _by_segment(context, hits):
        segment = context.snapshot.segments[at]
        for step in steps:
            for cursor in step.cursors[at]:
                for doc, found in _reasons_of(segment, step, cursor, docs).items():
                    out[first + doc].extend(found)
    return {doc: tuple(dict.fromkeys(found)) for doc, found in out.items()}


def _reasons_of(
    segment: Segment, step: WordStep, cursor: Cursor, docs: list[int]
) -> dict[int, list[Reason]]:
    which, _, forms = locate(segment, cursor, np.array(docs, np.uint32))
    counted = Counter(zip(which.tolist(), forms.tolist(), strict=True))
    terms = segment.vocabulary.group_rungs(cursor.match.group)
    held: dict[tuple[int, Rung], Counter[str]] = defaultdict(Counter)
    for (i, form), count in counted.items():
        held[i, step.lookup.meets(terms[form])][terms[form].written] += count
    out: dict[int, list[Reason]] = defaultdict(list)
    for (i, rung), words in sorted(held.items(), key=lambda item: RUNGS.index(item[0][1])):
        shown = tuple(word for word, _ in words.most_common())
        out[docs[i]].append(Reason(step.lookup.text, rung, cursor.field, shown, words.total()))
    return out
