"""Steps that combine others: sets of documents and their scores, as arrays."""

from __future__ import annotations

from collections.abc import Sequence

from ..index.dtypes import Array, Bytes, UInts, np
from .steps import Context, Found, Step, nothing


class OrStep:
    """Documents that any step finds; scores add up."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)

    def run(self, at: int) -> Found:
        """See `Step`."""
        return union([step.run(at) for step in self.steps])


class AndStep:
    """Documents that every step finds; scores add up."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)

    def run(self, at: int) -> Found:
        """See `Step`."""
        found = self.steps[0].run(at)
        for step in self.steps[1:]:
            if not len(found.docs):
                break
            found = intersection(found, step.run(at))
        return found


class NotStep:
    """Documents that a step does not find, all with the score 0."""

    def __init__(self, context: Context, step: Step) -> None:
        self.context = context
        self.step = step

    def run(self, at: int) -> Found:
        """See `Step`."""
        here = np.ones(self.context.snapshot.segments[at].documents, bool)
        here[self.step.run(at).docs] = False
        docs = np.flatnonzero(here).astype(np.uint32)
        return Found(docs, np.zeros(len(docs)))


class MaybeStep:
    """Documents that `needed` finds; where `wished` finds them too its scores are added."""

    def __init__(self, needed: Step, wished: Step) -> None:
        self.needed = needed
        self.wished = wished

    def run(self, at: int) -> Found:
        """See `Step`."""
        needed, wished = self.needed.run(at), self.wished.run(at)
        scores = needed.scores.copy()
        both = among(wished.docs, needed.docs)
        scores[np.searchsorted(needed.docs, wished.docs[both])] += wished.scores[both]
        return Found(needed.docs, scores)


class BestStep:
    """Documents that any step finds, each with its best score."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)

    def run(self, at: int) -> Found:
        """See `Step`."""
        found = [step.run(at) for step in self.steps]
        docs, inverse = np.unique(np.concatenate([f.docs for f in found]), return_inverse=True)
        scores = np.zeros(len(docs))
        np.maximum.at(scores, inverse, np.concatenate([f.scores for f in found]))
        return Found(docs, scores)


class ConstantStep:
    """Documents that a step finds, all with one score."""

    def __init__(self, step: Step, score: float) -> None:
        self.step = step
        self.score = score

    def run(self, at: int) -> Found:
        """See `Step`."""
        docs = self.step.run(at).docs
        return Found(docs, np.full(len(docs), self.score))


class DocsStep:
    """Documents that are known from the columns, all with one score.

    Args:
        docs: of each segment, ascending.
        score: of each document.
        label: what the step is about.
    """

    def __init__(self, docs: list[UInts], score: float, label: str) -> None:
        self.docs = docs
        self.score = score
        self.label = label

    def run(self, at: int) -> Found:
        """See `Step`."""
        return Found(self.docs[at], np.full(len(self.docs[at]), self.score))


def union(found: Sequence[Found]) -> Found:
    """The documents of any; scores of the same document add up."""
    found = [part for part in found if len(part.docs)]
    if len(found) < 2:
        return found[0] if found else nothing()
    docs, inverse = np.unique(np.concatenate([part.docs for part in found]), return_inverse=True)
    scores = np.concatenate([part.scores for part in found])
    return Found(docs, np.bincount(inverse, scores, len(docs)).astype(np.float64))


def intersection(one: Found, other: Found) -> Found:
    """The documents of both; scores add up."""
    mine = among(one.docs, other.docs)
    docs = one.docs[mine]
    return Found(docs, one.scores[mine] + other.scores[np.searchsorted(other.docs, docs)])


def among(docs: UInts, others: UInts) -> Array:
    """Which of `docs` are in `others`; both ascending."""
    at = np.searchsorted(others, docs)
    at[at == len(others)] = 0
    return others[at] == docs if len(others) else np.zeros(len(docs), bool)


def mask(documents: int, docs: UInts) -> Bytes:
    """uint8, one a document, 1 for those given."""
    out = np.zeros(documents, np.uint8)
    out[docs] = 1
    return out
