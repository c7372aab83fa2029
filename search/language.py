"""The query language: text in, query tree out. Any text has a meaning.

Text without syntax is a bag of words and is read here; the rest is read by Whoosh's
parser, in `grammar`, which is imported only then. `docs/query-language.md` has the
language.
"""

from __future__ import annotations

import re

from .. import arabic
from ..index import Schema
from .tree import Node, Nothing, Or, Word

_SYNTAX = re.compile(
    r"""["()\[\]{}^*~?+:]|(?:^|\s)-\S|(?:^|\s)(?:AND|OR|NOT|ANDNOT|ANDMAYBE|REQUIRE|TO|أو)(?:\s|$)"""
)

WORD_LIMIT = 1000
"""Words of a query that are looked up; the rest is left out."""


def parse(text: str, schema: Schema) -> Node:
    """Read a query.

    Args:
        text: any string.
        schema: tells which names before a colon are fields.
    """
    if _SYNTAX.search(text):
        from . import grammar

        return grammar.parse(text, schema)
    return bag(text)


def bag(text: str, offset: int = 0) -> Node:
    """A text as a bag of words.

    Args:
        text: read as words only.
        offset: of the text in the query.
    """
    found = arabic.words(text)[:WORD_LIMIT]
    words = tuple(Word(w.text, span=(offset + w.start, offset + w.end)) for w in found)
    if not words:
        return Nothing()
    return words[0] if len(words) == 1 else Or(words)
