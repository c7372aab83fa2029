"""The best k documents of a plan, and how many there are in all.

Where the plan is a bag of words the kernel prunes by MaxScore; else every document found
is scored. Both give the same documents, the same scores and the same order: by score as
float32, then by document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .. import kernels
from ..index.dtypes import Bytes, Floats, Longs, UInts
from .algebra import OrStep, mask
from .steps import Context, Found, Step, WordStep, scan


class Top(NamedTuple):
    """The best documents: numbers in the snapshot (uint64) and scores (float32), best first."""

    docs: Longs
    scores: Floats


_ALL = np.empty(0, np.uint8)


def best(context: Context, plan: Step, k: int, only: Step | None = None) -> Top:
    """The best k documents.

    Args:
        context: the search.
        plan: what to find.
        k: how many.
        only: a filter: documents that it does not find are left out.
    """
    bag = bag_of_words(plan)
    if bag is not None:
        return _pruned(context, bag, k, only)
    return _exhaustive(context, plan, k, only)


def bag_of_words(plan: Step) -> list[WordStep] | None:
    """The words of a plan that asks for any of some words and nothing else, or None."""
    if isinstance(plan, WordStep):
        return [plan]
    if isinstance(plan, OrStep) and all(isinstance(step, WordStep) for step in plan.steps):
        return [step for step in plan.steps if isinstance(step, WordStep)]
    return None


def _pruned(context: Context, words: Sequence[WordStep], k: int, only: Step | None) -> Top:
    top = kernels.TopK(k)
    idfs = np.array([word.idf for word in words], np.float64)
    for at, first in enumerate(context.snapshot.firsts):
        run = scan(words, at)
        run.best(top, first, idfs, context.ranking.k1, _allowed(context, at, only))
        if run.damaged:
            for text in context.snapshot.segments[at].text.values():
                text.blame()
    return Top(*top.ranked())


def _allowed(context: Context, at: int, only: Step | None) -> Bytes:
    """uint8, one a document of a segment, 0 where it must not be found; empty: all may."""
    segment = context.snapshot.segments[at]
    if only is None:
        return _ALL if segment.live is None else segment.live
    found = mask(segment.documents, only.run(at).docs)
    return found if segment.live is None else found & segment.live


def _exhaustive(context: Context, plan: Step, k: int, only: Step | None) -> Top:
    docs, scores = [np.empty(0, np.uint64)], [np.empty(0, np.float32)]
    for at, first in enumerate(context.snapshot.firsts):
        found = found_live(context, plan, at, only)
        docs.append(found.docs.astype(np.uint64) + np.uint64(first))
        scores.append(found.scores.astype(np.float32))
    return select(np.concatenate(docs), np.concatenate(scores), k)


def select(docs: Longs, scores: Floats, k: int) -> Top:
    """The best k of some documents, which ascend."""
    if 0 < k < len(scores):
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= threshold
        docs, scores = docs[kept], scores[kept]
    order = np.lexsort((docs, -scores))[:k]
    return Top(docs[order], scores[order])


def found_live(context: Context, plan: Step, at: int, only: Step | None) -> Found:
    """What a plan finds in segment number `at`, without deleted documents."""
    found = plan.run(at)
    allowed = _allowed(context, at, only)
    if not len(allowed):
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
    return sum(len(docs) for docs in all_docs(context, plan, only))
