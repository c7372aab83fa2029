"""The query language: text in, query tree out. Any text has a meaning.

Text without syntax is a bag of words and is read here; the rest is read by Whoosh's
parser, in `grammar`, which is imported only then. `docs/query-language.md` has the
language.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .. import arabic
from ..index import Schema
from .notice import Notice
from .tree import And, Node, Nothing, Or, Word

_SYNTAX = re.compile(
    r"""["“”()\[\]{}^*~?+:<>]|(?:^|\s)-\S|(?:^|\s)(?:AND|OR|NOT|ANDNOT|ANDMAYBE|REQUIRE|أو)(?:\s|$)"""
)

WORD_LIMIT = 1000
"""Words of a query that are looked up; the rest is left out."""


class Reading(NamedTuple):
    """How a query was read.

    Attributes:
        node: its tree.
        notices: what was repaired or left out.
        meant: the tree to show, where what is searched says more than the query did.
    """

    node: Node
    notices: tuple[Notice, ...] = ()
    meant: Node | None = None


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
    if _SYNTAX.search(query):
        from . import grammar

        return grammar.read(query, schema, every_word)
    return Reading(bag(query, every_word))


def _foreign(query: object, schema: Schema) -> Node:
    from .whoosh_tree import Translator

    return Translator(schema).translate(query)


def bag(text: str, every_word: bool = False) -> Node:
    """A text as a bag of words.

    Args:
        text: read as words only.
        every_word: all words must match, not any.
    """
    words = tuple(Word(w.text, span=(w.start, w.end)) for w in arabic.words(text)[:WORD_LIMIT])
    if not words:
        return Nothing()
    if len(words) == 1:
        return words[0]
    return And(words) if every_word else Or(words)
