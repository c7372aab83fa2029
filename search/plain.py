"""The plainest queries, words with spaces between them: planned without being read in full.

Most queries are these. `language`, `questions`, `synonyms` and `plan` give the same plan for them,
and a test holds that they do; how such a query was read is found out when somebody asks.
"""

from __future__ import annotations

from collections.abc import Collection

from .. import arabic
from .algebra import OrStep
from .plan import Plan, Scope, make_plan
from .reading import WORD_LIMIT, together
from .steps import Context, WordStep
from .synonyms import joined
from .tree import Word
from .wording import OPERATORS


def plan(
    context: Context, query: object, scope: Scope, kinds: Collection[str] | None
) -> Plan | None:
    """The plan of a query; None for one that says more than its words.

    Args:
        context: the search.
        query: any query.
        scope: where and how its words are looked for.
        kinds: of other names that are searched too, and then words that ask weigh little; None:
            it is searched as it stands.
    """
    words = _words(query) if isinstance(query, str) else None
    if words is None:
        return None
    fields, rung = scope
    steps = list(map(context.finder(rung, fields), words))
    if kinds is None:
        return _any(steps)
    weights = [step.manner for step in steps]
    least = min(weights)
    if least == 1.0:
        return _any(steps)
    others = arabic.expansions(words, kinds) if least < 0 else []
    weights = _beside_each_other(weights)
    if not others:
        weighed = zip(steps, words, weights, strict=True)
        return _any(
            [
                step if weight == 1.0 else context.word(word, rung, fields, (), weight)
                for step, word, weight in weighed
            ]
        )
    nodes = tuple(Word(word, boost=weight) for word, weight in zip(words, weights, strict=True))
    node = joined(together(nodes, False), nodes, others, context.ranking.synonym)
    return make_plan(context, node, scope)


def _words(query: str) -> list[str] | None:
    found = [word for word, _, _ in arabic.lexer().words(query)]
    if not 0 < len(found) <= WORD_LIMIT or " ".join(found) != query:
        return None
    return found if OPERATORS.isdisjoint(found) else None


def _beside_each_other(weights: list[float]) -> list[float]:
    """What words weigh in a query: where all ask, all weigh the same."""
    weights = list(map(abs, weights))
    return weights if max(weights) == 1.0 else [1.0] * len(weights)


def _any(steps: list[WordStep]) -> Plan:
    """The plan of words of which any may match."""
    return Plan(OrStep(steps) if len(steps) > 1 else steps[0], steps)
