"""The query language: text in, query tree out. Any text has a meaning.

Text without syntax is a bag of words, with phrases where it is in quotes; that is read in
`reading`. The rest is read by Whoosh's parser, in `grammar`, which is imported only then.
`docs/query-language.md` has the language.
"""

from __future__ import annotations

from ..index import Schema
from .reading import Notice, Reading, bag, quoted
from .tree import Node, Nothing
from .wording import OPERATORS

_SIGNS = frozenset('"“”()[]{}^*~?+:<>')

NO_WORD = Notice("there is no word in the query")


def read(query: object, schema: Schema, every_word: bool = False) -> Reading:
    """Read a query.

    Args:
        query: any string; or a query tree, ours or of Whoosh's classes.
        schema: tells which names before a colon are fields.
        every_word: all words must match, not any.

    Raises:
        QueryError: for a tree that cannot be run.
        SchemaError: for a tree with a field that the schema lacks.
    """
    if not isinstance(query, str):
        return Reading(query if isinstance(query, Node) else _foreign(query, schema))
    reading = _read(query, schema, every_word)
    return Reading(reading.node, (NO_WORD,)) if isinstance(reading.node, Nothing) else reading


def _read(query: str, schema: Schema, every_word: bool) -> Reading:
    if not has_syntax(query):
        return Reading(bag(query, every_word))
    plain = quoted(query, every_word)
    if plain is not None:
        return plain
    from . import grammar

    return grammar.read(query, schema, every_word)


def has_syntax(query: str) -> bool:
    """Whether a query says more than its words do: signs, operators, words with a minus."""
    if not _SIGNS.isdisjoint(query):
        return True
    words = query.split()
    if not OPERATORS.isdisjoint(words):
        return True
    return "-" in query and any(word != "-" and word.startswith("-") for word in words)


def _foreign(query: object, schema: Schema) -> Node:
    from .whoosh_tree import Translator

    return Translator(schema).translate(query)
