"""The plainest queries, words with spaces between them: planned without being read in full.

Most queries are these. `language`, `questions`, `synonyms` and `plan` give the same plan for them,
and a test holds that they do; how such a query was read is found out when somebody asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .. import arabic
from .algebra import OrStep
from .plan import Plan, Scope, make_plan
from .questions import LIGHT, is_question
from .reading import WORD_LIMIT, together
from .steps import Context
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
    if kinds is None:
        return _plan_of_words(context, words, [1.0] * len(words), scope)
    others = arabic.expansions(words, kinds)
    if not others:
        return _plan_of_words(context, words, _boosts(words), scope)
    nodes = tuple(map(_node, words, _boosts(words)))
    node = joined(together(nodes, False), nodes, others, context.ranking.synonym)
    return make_plan(context, node, scope)


def _words(query: str) -> list[str] | None:
    found = [word for word, _, _ in arabic.lexer().words(query)]
    if not 0 < len(found) <= WORD_LIMIT or " ".join(found) != query:
        return None
    return found if OPERATORS.isdisjoint(found) else None


def _boosts(words: Sequence[str]) -> list[float]:
    """What words count beside each other: those that ask little, if there are others."""
    asking = list(map(is_question, words))
    if any(asking) and not all(asking):
        return [LIGHT if asks else 1.0 for asks in asking]
    return [1.0] * len(words)


def _node(word: str, boost: float) -> Word:
    return Word(word, boost=boost)


def _plan_of_words(
    context: Context, words: Sequence[str], boosts: Sequence[float], scope: Scope
) -> Plan:
    fields, rung = scope
    steps = [
        context.word(word, rung, fields, (), boost)
        for word, boost in zip(words, boosts, strict=True)
    ]
    return Plan(OrStep(steps) if len(steps) > 1 else steps[0], steps)
