"""The best k documents of a plan, and how many there are in all.

Where the plan is a bag of words and phrases the kernel prunes by MaxScore; else every
document found is scored. Both give the same documents, the same scores and the same order:
by score as float32, then by document.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import kernels
from ..index.dtypes import Bytes, Floats, Longs, UInts, np
from .algebra import OrStep, mask
from .phrases import PhraseStep
from .steps import Context, Found, Step, WordStep

PRUNED = frozenset({WordStep, PhraseStep})
"""The steps that tell their impacts."""

Ranked = list[tuple[int, float]]
"""The best documents: numbers in the snapshot and scores, best first."""


def best(context: Context, plan: Step, k: int, only: Step | None = None) -> Ranked:
    """The best k documents.

    Args:
        context: the search.
        plan: what to find.
        k: how many.
        only: a filter: documents that it does not find are left out.
    """
    parts = bag_of(plan)
    if parts is not None:
        return _pruned(context, parts, k, only)
    return _exhaustive(context, plan, k, only)


def bag_of(plan: Step) -> Sequence[WordStep | PhraseStep] | None:
    """The parts of a plan that asks for any of some words and phrases only, or None."""
    parts = plan.steps if type(plan) is OrStep else [plan]
    pruned = PRUNED.issuperset(map(type, parts))  # which no type checker takes for a check of types
    return parts if pruned else None  # type: ignore[return-value]


def _pruned(
    context: Context, parts: Sequence[WordStep | PhraseStep], k: int, only: Step | None
) -> Ranked:
    top = kernels.TopK(k)
    idfs = [part.idf for part in parts]
    of_each = [part.parts() for part in parts]
    for at, first in enumerate(context.snapshot.firsts):
        given = [part[at] for part in of_each]
        if not kernels.best(top, first, given, idfs, _allowed(context, at, only)):
            context.blame(at)
    return top.ranked()


def _allowed(context: Context, at: int, only: Step | None) -> Bytes | None:
    """uint8, one a document of a segment, 0 where it must not be found; None: all may."""
    segment = context.snapshot.segments[at]
    if only is None:
        return segment.live
    found = mask(segment.documents, only.run(at).docs)
    return found if segment.live is None else found & segment.live


def _exhaustive(context: Context, plan: Step, k: int, only: Step | None) -> Ranked:
    docs, scores = [np.empty(0, np.uint64)], [np.empty(0, np.float32)]
    for at, first in enumerate(context.snapshot.firsts):
        found = found_live(context, plan, at, only)
        docs.append(found.docs.astype(np.uint64) + np.uint64(first))
        scores.append(found.scores.astype(np.float32))
    return select(np.concatenate(docs), np.concatenate(scores), k)


def select(docs: Longs, scores: Floats, k: int) -> Ranked:
    """The best k of some documents, which ascend."""
    if 0 < k < len(scores):
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= threshold
        docs, scores = docs[kept], scores[kept]
    order = np.lexsort((docs, -scores))[:k]
    return list(zip(docs[order].tolist(), scores[order].tolist(), strict=True))


def found_live(context: Context, plan: Step, at: int, only: Step | None) -> Found:
    """What a plan finds in segment number `at`, without deleted documents."""
    found = plan.run(at)
    allowed = _allowed(context, at, only)
    if allowed is None:
        return found
    kept = allowed[found.docs] == 1
    return Found(found.docs[kept], found.scores[kept])


def all_docs(context: Context, plan: Step, only: Step | None = None) -> list[UInts]:
    """The live documents that a plan finds, segment by segment."""
    return [
        found_live(context, plan, at, only).docs for at in range(len(context.snapshot.segments))
    ]


def count(context: Context, plan: Step, only: Step | None = None) -> int:
    """How many live documents a plan finds."""
    parts = bag_of(plan)
    if parts is None:
        return sum(len(docs) for docs in all_docs(context, plan, only))
    return sum(
        kernels.count_any([part.impacts(at) for part in parts], _allowed(context, at, only))
        for at in range(len(context.snapshot.segments))
    )
