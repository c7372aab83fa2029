"""The plan of a query with what each part reads and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from . import topk
from .algebra import AndStep, BestStep, ConstantStep, DocsStep, MaybeStep, NotStep, OrStep
from .phrases import PhraseStep
from .plan import Plan
from .steps import Context, Step, WordStep


@dataclass(frozen=True, slots=True)
class Profile:
    """A part of a plan.

    Attributes:
        label: what it does.
        documents: how many documents it finds, deleted ones included.
        postings: how many postings it reads.
        seconds: how long it takes by itself, with its parts, without pruning.
        parts: its parts.
    """

    label: str
    documents: int
    postings: int
    seconds: float
    parts: tuple[Profile, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """For people to read: a line a part, indented."""
        facts = f"{self.documents:,} documents, {self.postings:,} postings"
        yield f"{'  ' * depth}{self.label}: {facts}, {self.seconds * 1000:.2f} ms"
        for part in self.parts:
            yield from part.lines(depth + 1)


def measure(context: Context, plan: Plan, only: Step | None) -> Profile:
    """Run a plan for its ten best documents, and each of its parts in full."""
    start = time.perf_counter()
    topk.best(context, plan.step, 10, only)
    seconds = time.perf_counter() - start
    parts = [_measure(context, plan.step)]
    if only is not None:
        parts.append(_measure(context, only))
    pruned = topk.bag_of(plan.step) is not None
    label = "best ten, " + ("pruned by MaxScore" if pruned else "exhaustive")
    total = topk.count(context, plan.step, only)
    return Profile(label, total, sum(part.postings for part in parts), seconds, tuple(parts))


def _measure(context: Context, step: Step) -> Profile:
    parts = tuple(_measure(context, part) for part in _parts(step))
    start = time.perf_counter()
    found = sum(len(step.run(at).docs) for at in range(len(context.snapshot.segments)))
    seconds = time.perf_counter() - start
    postings = _postings(step) + sum(part.postings for part in parts)
    return Profile(_label(step), found, postings, seconds, parts)


def _parts(step: Step) -> list[Step]:
    match step:
        case OrStep(steps=steps) | AndStep(steps=steps) | BestStep(steps=steps):
            return list(steps)
        case MaybeStep(needed=needed, wished=wished):
            return [needed, wished]
        case NotStep(step=inner) | ConstantStep(step=inner):
            return [inner]
        case PhraseStep(words=words):
            return list(words)
    return []


def _postings(step: Step) -> int:
    if isinstance(step, WordStep):
        return sum(c.stop - c.start for cursors in step.cursors for c in cursors)
    return sum(map(len, step.docs)) if isinstance(step, DocsStep) else 0


def _label(step: Step) -> str:
    match step:
        case WordStep(lookup=lookup):
            return f"word {lookup.text}, up to {lookup.rung}"
        case PhraseStep(slop=slop):
            return "phrase" + (f" with {slop} words between" if slop else "")
        case DocsStep(label=label):
            return f"column {label}"
    return type(step).__name__.removesuffix("Step").lower()
