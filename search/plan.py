"""From a query tree to the steps that run it, compiled once for a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .. import arabic
from ..errors import SchemaError
from ..index.dtypes import UInts
from ..index.segment import Segment
from . import tree
from .steps import (
    AndStep,
    ConstantStep,
    Context,
    DocsStep,
    MaybeStep,
    NotStep,
    OrStep,
    PhraseStep,
    Step,
    WordStep,
)
from .tree import RUNGS, Node, Rung


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and how words without a word of their own about it are looked for.

    Attributes:
        fields: names of text fields.
        rung: the widest rung.
    """

    fields: tuple[str, ...]
    rung: Rung


class Plan:
    """A compiled query.

    Attributes:
        step: runs it.
        words: the steps of its words and phrases that can be set off in a snippet.
    """

    def __init__(self, context: Context, query: Node, scope: Scope) -> None:
        self._context = context
        self._scope = scope
        self.words: list[WordStep] = []
        self.phrases: list[PhraseStep] = []
        self._excluding = 0
        self.step = self._compile(query, 1.0)

    def _compile(self, node: Node, boost: float) -> Step:
        boost *= node.boost
        match node:
            case tree.Word():
                return self._word(node, boost)
            case tree.Phrase():
                return self._phrase(node, boost)
            case tree.Or(parts=parts):
                return self._or(parts, boost)
            case tree.And(parts=parts):
                return self._and(parts, boost)
            case tree.Not(part=part):
                return NotStep(self._context, self._excluded(part))
            case tree.AndMaybe(needed=needed, wished=wished):
                return MaybeStep(self._compile(needed, boost), self._compile(wished, boost))
            case tree.Require(scored=scored, filter=other):
                filtering = ConstantStep(self._compile(other, boost), 0.0)
                return AndStep([self._compile(scored, boost), filtering])
            case tree.Constant(part=part, score=score):
                return ConstantStep(self._compile(part, boost), boost * score)
            case tree.Keyword():
                return self._docs(boost, lambda segment: _keyword_docs(segment, node))
            case tree.Every():
                return self._docs(boost, lambda segment: _every_doc(segment, node.field))
            case tree.Range():
                return self._docs(boost, lambda segment: _range_docs(segment, node))
        return self._docs(0.0, lambda segment: _NO_DOCS)

    def _word(self, node: tree.Word, boost: float) -> Step:
        step = self._step(node.text, self._rung(node.rung), node.field).boosted(boost)
        if not self._excluding:
            self.words.append(step)
        return step

    def _phrase(self, node: tree.Phrase, boost: float) -> Step:
        rung = self._rung(node.rung or "spelling")
        words = [self._step(word, rung, node.field) for word in node.words]
        if len(words) == 1:
            return words[0].boosted(boost)
        step = PhraseStep(words, node.slop, boost)
        if not self._excluding:
            self.phrases.append(step)
        return step

    def _step(self, text: str, rung: Rung, field: str | None) -> WordStep:
        return self._context.word(text, rung, self._fields(field))

    def _or(self, parts: Sequence[Node], boost: float) -> Step:
        steps = [self._compile(part, boost) for part in parts]
        return steps[0] if len(steps) == 1 else OrStep(steps)

    def _and(self, parts: Sequence[Node], boost: float) -> Step:
        steps = [self._compile(part, boost) for part in parts]
        return steps[0] if len(steps) == 1 else AndStep(steps)

    def _excluded(self, part: Node) -> Step:
        self._excluding += 1
        try:
            return self._compile(part, 1.0)
        finally:
            self._excluding -= 1

    def _docs(self, score: float, docs_of: Callable[[Segment], UInts]) -> Step:
        return DocsStep([docs_of(segment) for segment in self._context.snapshot.segments], score)

    def _fields(self, field: str | None) -> tuple[str, ...]:
        return self._scope.fields if field is None else (field,)

    def _rung(self, wished: Rung | None) -> Rung:
        """The rung that a part asks for, but none wider than the search allows."""
        if wished is None:
            return self._scope.rung
        return RUNGS[min(RUNGS.index(wished), RUNGS.index(self._scope.rung))]


_NO_DOCS = np.empty(0, np.uint32)


def _keyword_docs(segment: Segment, node: tree.Keyword) -> UInts:
    if node.field not in segment.keyword:
        return _NO_DOCS
    return segment.keyword[node.field].find(node.value)


def _every_doc(segment: Segment, field: str | None) -> UInts:
    if field is None:
        return np.arange(segment.documents, dtype=np.uint32)
    if field in segment.text:
        return np.flatnonzero(segment.text[field].lengths).astype(np.uint32)
    if field in segment.value:
        return np.flatnonzero(segment.value[field].there).astype(np.uint32)
    if field in segment.keyword:
        return np.unique(segment.keyword[field].docs.slice())
    return _NO_DOCS


def _range_docs(segment: Segment, node: tree.Range) -> UInts:
    if node.field in segment.value:
        return _value_range(segment, node)
    if node.field in segment.keyword:
        return _keyword_range(segment, node)
    return _NO_DOCS


def _value_range(segment: Segment, node: tree.Range) -> UInts:
    column = segment.value[node.field]
    inside = column.there == 1
    if node.low is not None:
        inside &= column.values > node.low if node.open_low else column.values >= node.low
    if node.high is not None:
        inside &= column.values < node.high if node.open_high else column.values <= node.high
    return np.flatnonzero(inside).astype(np.uint32)


def _keyword_range(segment: Segment, node: tree.Range) -> UInts:
    keywords = segment.keyword[node.field]
    first, end = 0, keywords.values.count
    if node.low is not None:
        low = str(node.low).encode()
        first = keywords.values.bisect(low + b"\0" if node.open_low else low)
    if node.high is not None:
        high = str(node.high).encode()
        end = keywords.values.bisect(high if node.open_high else high + b"\0")
    return np.unique(keywords.docs_between(first, end)) if first < end else _NO_DOCS


def text_fields(context: Context, fields: Sequence[str] | None) -> tuple[str, ...]:
    """The text fields to search: those given, or all.

    Raises:
        SchemaError: if one is not in the schema, or is no text.
    """
    schema = context.snapshot.schema
    for field in fields or ():
        if schema[field].kind != "text":
            raise SchemaError(
                f"field {field} is {schema[field].kind}, not text; "
                f"write {field}:value in the query to filter by it"
            )
    return tuple(fields) if fields else tuple(schema.of_kind("text"))


def split_words(text: str) -> list[str]:
    """The words of a text."""
    return [word.text for word in arabic.words(text)]
