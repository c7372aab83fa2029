"""What the score of a document is made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .algebra import AndStep, BestStep, ConstantStep, DocsStep, MaybeStep, OrStep
from .phrases import PhraseStep
from .steps import Context, Step, WordStep, locate


@dataclass(frozen=True, slots=True)
class Explanation:
    """A part of a score.

    Attributes:
        score: what it is worth.
        label: what it is, for people to read.
        parts: what it is the sum of; none where it is not taken apart further.
    """

    score: float
    label: str
    parts: tuple[Explanation, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """For people to read: a line a part, indented."""
        yield f"{'  ' * depth}{self.score:8.4f}  {self.label}"
        for part in self.parts:
            yield from part.lines(depth + 1)

    def leaves(self) -> Iterator[Explanation]:
        """The parts that are not taken apart further; their scores add up to the whole."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def explain(context: Context, step: Step, doc: int) -> Explanation:
    """Take apart the score of a document.

    Args:
        context: the search.
        step: its plan.
        doc: the document's number in the snapshot.
    """
    at = int(np.searchsorted(context.snapshot.firsts, doc, "right")) - 1
    found = _explain(step, at, doc - context.snapshot.firsts[at])
    return found or Explanation(0.0, "not found")


def _explain(step: Step, at: int, doc: int) -> Explanation | None:
    """The explanation for a document of segment number `at`; None if it is not found."""
    match step:
        case WordStep():
            return _word(step, at, doc)
        case OrStep(steps=steps):
            return _sum("any of", [_explain(each, at, doc) for each in steps])
        case AndStep(steps=steps):
            every = [_explain(each, at, doc) for each in steps]
            return None if None in every else _sum("all of", every)
        case BestStep(steps=steps):
            parts = [part for each in steps if (part := _explain(each, at, doc))]
            return max(parts, key=lambda part: part.score, default=None)
        case MaybeStep(needed=needed, wished=wished):
            first = _explain(needed, at, doc)
            both = [first, _explain(wished, at, doc)]
            return first and _sum("the first, and the second if it is there", both)
    return _whole(step, at, doc)


def _sum(label: str, found: list[Explanation | None]) -> Explanation | None:
    parts = tuple(part for part in found if part)
    parts = tuple(part for part in parts if part.score) or parts[:1]
    if len(parts) < 2:
        return parts[0] if parts else None
    return Explanation(sum(part.score for part in parts), label, parts)


def _whole(step: Step, at: int, doc: int) -> Explanation | None:
    """A step whose score is not taken apart."""
    docs, scores = step.run(at)
    place = int(np.searchsorted(docs, doc))
    if place == len(docs) or docs[place] != doc:
        return None
    return Explanation(float(scores[place]), _label(step))


def _label(step: Step) -> str:
    match step:
        case PhraseStep():
            words = " ".join(word.lookup.text for word in step.words)
            return f'phrase "{words}", weight {step.idf:.3f}'
        case DocsStep(label=label):
            return label
        case ConstantStep():
            return "a constant"
    return "what was not excluded"


def _word(step: WordStep, at: int, doc: int) -> Explanation | None:
    """A word's score, shared out among the fields and forms by their part in its frequency."""
    shares = {place: tf for place, tf in _frequencies(step, at, doc).items() if tf > 0}
    if not shares:
        return None
    tf = sum(shares.values())
    score = step.idf * tf / (step.context.ranking.k1 + tf)
    label = f"{step.lookup.text}: weight {step.idf:.3f}, frequency {tf:.3f}"
    parts = tuple(
        Explanation(score * share / tf, f"{field}: {how}")
        for (field, how), share in sorted(shares.items(), key=lambda item: -item[1])
    )
    return Explanation(score, label, parts)


def _frequencies(step: WordStep, at: int, doc: int) -> dict[tuple[str, str], float]:
    """(field, what was met there) → its part of the word's frequency."""
    segment = step.context.snapshot.segments[at]
    out: dict[tuple[str, str], float] = defaultdict(float)
    for cursor in step.cursors[at]:
        _, _, forms = locate(segment, cursor, np.array([doc], np.uint32))
        fixed, sloped = step.context.scales[cursor.field]
        norm = fixed + sloped * float(segment.text[cursor.field].lengths[doc])
        terms = segment.vocabulary.group_rungs(cursor.match.group) if len(forms) else []
        for form, count in Counter(forms.tolist()).items():
            how = f"{terms[form].written} ×{count}, {step.lookup.meets(terms[form])}"
            out[cursor.field, how] += float(cursor.match.weights[form]) * count / norm
    return out
