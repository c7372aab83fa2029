"""From a query tree to the steps that run it, compiled once for a search."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import SchemaError
from ..hints import TYPE_CHECKING
from ..records import NamedTuple
from . import tree
from .algebra import AndStep, BestStep, ConstantStep, DocsStep, MaybeStep, NotStep, OrStep
from .phrases import PhraseStep
from .steps import Context, Step, WordStep, nothing
from .tree import RUNGS, Node, Rung
from .wording import show

if TYPE_CHECKING:
    from . import columns

EFFORT = 10
"""What the patterns, near words and ranges of words of one query may cost: they read the
vocabulary. Prefixes and ranges cost 1, wildcards and near words 2, regular expressions 5."""

_COSTS = {"prefix": 1, "wildcard": 2, "regex": 5}


class Scope(NamedTuple):
    """Where and how words without a word of their own about it are looked for.

    Attributes:
        fields: names of text fields.
        rung: the widest rung.
    """

    fields: tuple[str, ...]
    rung: Rung


class Plan(NamedTuple):
    """A compiled query.

    Attributes:
        step: runs it.
        words, phrases: the steps of its words and phrases that can be set off in a snippet.
        notices: what of the query was not done in full, for people to read.
    """

    step: Step
    words: Sequence[WordStep]
    phrases: Sequence[PhraseStep] = ()
    notices: Sequence[str] = ()


def make_plan(context: Context, query: Node, scope: Scope) -> Plan:
    """Compile a query."""
    compiler = _Compiler(context, scope)
    step = compiler.compile(query, 1.0)
    return Plan(step, compiler.words, compiler.phrases, compiler.notices)


class _Compiler:
    """Makes the steps of a query, and keeps what its plan has beside them."""

    def __init__(self, context: Context, scope: Scope) -> None:
        self._context = context
        self._scope = scope
        self.words: list[WordStep] = []
        self.phrases: list[PhraseStep] = []
        self.notices: list[str] = []
        self._excluding = 0
        self._effort = EFFORT
        self._spellings = 0

    def compile(self, node: Node, boost: float) -> Step:
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
                return MaybeStep(self.compile(needed, boost), self.compile(wished, boost))
            case tree.Require(scored=scored, filter=other):
                filtering = ConstantStep(self.compile(other, boost), 0.0)
                return AndStep([self.compile(scored, boost), filtering])
            case tree.Constant(part=part, score=score):
                return ConstantStep(self.compile(part, boost), boost * score)
            case tree.Best(parts=parts):
                return BestStep([self.compile(part, boost) for part in parts])
            case tree.Pattern() | tree.Fuzzy() | tree.Range():
                return self._spread(node, boost)
            case tree.Keyword() | tree.Every():
                return self._columns(node, boost)
        return DocsStep([nothing().docs] * len(self._context.snapshot.segments), 0.0, "nothing")

    def _word(self, node: tree.Word, boost: float) -> Step:
        scope = self._scope
        rung = scope.rung if node.rung is None else self._rung(node.rung)
        fields = scope.fields if node.field is None else (node.field,)
        step = self._context.word(node.text, rung, fields, node.also, boost)
        if not self._excluding:
            self.words.append(step)
        return step

    def _phrase(self, node: tree.Phrase, boost: float) -> Step:
        rung = self._rung(node.rung or "spelling")
        fields = self._fields(node.field)
        words = [self._context.word(word, rung, fields, (), 1.0) for word in node.words]
        if len(words) == 1:
            return words[0].boosted(boost)
        step = PhraseStep(words, node.slop, boost)
        if not self._excluding:
            self.phrases.append(step)
        return step

    def _or(self, parts: Sequence[Node], boost: float) -> Step:
        steps = [self.compile(part, boost) for part in parts]
        return steps[0] if len(steps) == 1 else OrStep(steps)

    def _and(self, parts: Sequence[Node], boost: float) -> Step:
        steps = [self.compile(part, boost) for part in parts]
        return steps[0] if len(steps) == 1 else AndStep(steps)

    def _excluded(self, part: Node) -> Step:
        self._excluding += 1
        try:
            return self.compile(part, 1.0)
        finally:
            self._excluding -= 1

    def _spread(self, node: tree.Pattern | tree.Fuzzy | tree.Range, boost: float) -> Step:
        """A part that stands for many words, or for many values of a column."""
        schema = self._context.snapshot.schema
        if node.field is not None and schema[node.field].kind != "text":
            return self._columns(node, boost)
        self._effort -= _cost(node)
        if self._effort < 0:
            self.notices.append(f"too many patterns: {show(node)} finds nothing")
            return self.compile(tree.Nothing(), boost)
        return self._expanded(node, boost)

    def _expanded(self, node: tree.Pattern | tree.Fuzzy | tree.Range, boost: float) -> Step:
        from . import expansion

        fields = self._fields(node.field)
        room = max(expansion.LIMIT - self._spellings, 0)
        spread = expansion.expand(self._context.snapshot, node, fields, room)
        self._spellings += len(spread)
        self.notices += spread.notices
        step = WordStep(self._context, spread, fields).boosted(boost)
        if not self._excluding:
            self.words.append(step)
        return step

    def _columns(self, node: columns.Node, boost: float) -> Step:
        from . import columns  # late: few queries ask for columns

        segments = self._context.snapshot.segments
        return DocsStep([columns.docs_of(s, node) for s in segments], boost, show(node))

    def _fields(self, field: str | None) -> tuple[str, ...]:
        return self._scope.fields if field is None else (field,)

    def _rung(self, wished: Rung | None) -> Rung:
        """The rung that a part asks for, but none wider than the search allows."""
        if wished is None:
            return self._scope.rung
        return RUNGS[min(RUNGS.index(wished), RUNGS.index(self._scope.rung))]


def _cost(node: tree.Pattern | tree.Fuzzy | tree.Range) -> int:
    """What it takes to find the words that a part stands for; see `EFFORT`."""
    if isinstance(node, tree.Pattern):
        return _COSTS[node.kind]
    return 2 if isinstance(node, tree.Fuzzy) else 1


def text_fields(context: Context, fields: Sequence[str] | None) -> tuple[str, ...]:
    """The text fields to search: those given, or all.

    Raises:
        SchemaError: if one is not in the schema, or is no text.
    """
    if not fields:
        return context.fields
    schema = context.snapshot.schema
    for field in fields:
        if schema[field].kind != "text":
            raise SchemaError(
                f"field {field} is {schema[field].kind}, not text; "
                f"write {field}:value in the query to filter by it"
            )
    return tuple(fields)
