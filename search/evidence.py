"""What in a document matched: for snippets and for reasons."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .. import kernels
from ..index.segment import Segment
from . import snippets
from .page import Page, Reason
from .plan import Plan
from .snippets import ROW, Occurrence, Snippet
from .steps import Context, Cursor, WordStep, locate
from .tree import RUNGS, Rung

TELLING = 0.6
"""An occurrence that weighs no more than this part of its word's best in the text is not shown:
where a document has a query word itself, words that only share its root say nothing."""

NO_PASSAGE = (Snippet("", "", 0, (), False, False),)


def make_passages(
    context: Context, plan: Plan, documents: Mapping[int, Mapping[str, object]]
) -> dict[int, tuple[Snippet, ...]]:
    """The passages of each of some documents, which are given with their fields.

    They are from its longest text, or, where nothing of the query stands in that, from the field
    that shows most of it.
    """
    names = context.snapshot.schema.of_kind("text")
    made: dict[int, tuple[Snippet, ...]] = dict.fromkeys(documents, NO_PASSAGE)
    texts: dict[str, dict[int, str]] = {name: {} for name in names}
    for doc, fields in documents.items():
        field, text = _longest(fields, names)
        if field:
            texts[field][doc] = text
    bare = []
    for field, mine in texts.items():
        for docs, found in occurrences(context, plan, field, mine):
            quoted = snippets.quote(field, [mine[doc] for doc in docs], found.rows())
            for doc, passages, worth in zip(docs, quoted, found.worths(), strict=True):
                made[doc] = passages
                if not worth:
                    bare.append(doc)
    if bare:
        rest = {doc: _texts(documents[doc], names) for doc in bare}
        made |= _most_telling(context, plan, rest)
    return made


def _longest(fields: Mapping[str, object], names: Iterable[str]) -> tuple[str, str]:
    """The field and the text of the longest text of a document, the first of equals; two empty
    ones where it has none."""
    longest = text = ""
    for name in names:
        value = fields.get(name)
        if value:
            this = value if type(value) is str else as_text(value)
            if not longest or len(this) > len(text):
                longest, text = name, this
    return longest, text


def _texts(fields: Mapping[str, object], names: Iterable[str]) -> dict[str, str]:
    """The texts of a document, by field, as they were indexed, but for empty ones."""
    return {name: as_text(fields[name]) for name in names if fields.get(name)}


def as_text(value: object) -> str:
    """A text field's value as it was indexed."""
    if isinstance(value, str):
        return value
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _most_telling(
    context: Context, plan: Plan, texts: Mapping[int, Mapping[str, str]]
) -> dict[int, tuple[Snippet, ...]]:
    """The passages of that text of each document that shows most of the query, the first of
    equals."""
    best: dict[int, float] = {}
    made = {}
    for field in context.snapshot.schema.of_kind("text"):
        having = [doc for doc, mine in texts.items() if field in mine]
        for docs, found in occurrences(context, plan, field, having):
            quoted = snippets.quote(field, [texts[doc][field] for doc in docs], found.rows())
            for doc, passages, worth in zip(docs, quoted, found.worths(), strict=True):
                if doc not in best or worth > best[doc] * (1 + 1e-9):
                    best[doc], made[doc] = worth, passages
    return made


def occurrences(
    context: Context, plan: Plan, field: str, docs: Iterable[int]
) -> Iterator[tuple[list[int], kernels.Occurrences]]:
    """What of a query stands in a field of some documents.

    Returns:
        Of each segment that has some of them: their numbers, and what was found in them.
    """
    for at, mine, local in context.snapshot.by_segment(docs):
        found = kernels.Occurrences(len(local), TELLING)
        postings = context.snapshot.segments[at].text.get(field)
        if postings is not None:
            words = [
                (step.groups(at, field), number, step.idf) for number, step in enumerate(plan.words)
            ]
            found.add_words(postings.places, words, array("I", local))
            _add_phrases(found, plan, at, field, local)
        yield mine, found


def _add_phrases(
    found: kernels.Occurrences, plan: Plan, at: int, field: str, docs: list[int]
) -> None:
    for number, phrase in enumerate(plan.phrases, len(plan.words)):
        if field in phrase.words[0].fields:
            rows = phrase.occurrences(at, field, docs)
            if rows:
                which, firsts, lasts = zip(*rows, strict=True)
                found.add(which, firsts, lasts, number, phrase.idf)


def occurrences_of(page: Page) -> dict[tuple[int, str], list[Occurrence]]:
    """All that matched in the hits of a page, by (document, field), by position."""
    context, plan = page.result.context, page.result.plan
    docs = [hit.doc for hit in page.hits]
    out: dict[tuple[int, str], list[Occurrence]] = {}
    for field in context.snapshot.schema.of_kind("text"):
        for mine, found in occurrences(context, plan, field, docs):
            for *row, which in ROW.iter_unpack(found.rows()):
                out.setdefault((mine[which], field), []).append(Occurrence(*row))
    return out


def reasons(context: Context, plan: Plan, wanted: Sequence[int]) -> dict[int, tuple[Reason, ...]]:
    """Why each of some documents was found: words in query order, narrow rungs first."""
    steps = [*plan.words, *(word for phrase in plan.phrases for word in phrase.words)]
    out: dict[int, list[Reason]] = {doc: [] for doc in wanted}
    for at, docs, local in context.snapshot.by_segment(wanted):
        segment = context.snapshot.segments[at]
        for step in steps:
            for cursor in step.cursors[at]:
                for i, found in _reasons_of(segment, step, cursor, local).items():
                    out[docs[i]].extend(found)
    return {doc: tuple(dict.fromkeys(found)) for doc, found in out.items()}


def _reasons_of(
    segment: Segment, step: WordStep, cursor: Cursor, docs: list[int]
) -> dict[int, list[Reason]]:
    """The reasons of some documents of a segment, by their place in the list."""
    import numpy as np

    which, _, forms = locate(segment, cursor, np.array(docs, np.uint32))
    counted = Counter(zip(which.tolist(), forms.tolist(), strict=True))
    terms = segment.vocabulary.group_rungs(cursor.match.group)
    held: dict[tuple[int, Rung], Counter[str]] = defaultdict(Counter)
    for (i, form), count in counted.items():
        held[i, step.lookup.meets(terms[form])][terms[form].written] += count
    out: dict[int, list[Reason]] = defaultdict(list)
    for (i, rung), words in sorted(held.items(), key=lambda item: RUNGS.index(item[0][1])):
        shown = tuple(word for word, _ in words.most_common())
        out[i].append(Reason(step.lookup.text, rung, cursor.field, shown, words.total()))
    return out
