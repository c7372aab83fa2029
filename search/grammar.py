"""Queries with syntax, read by Whoosh's parser with our plugins."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from whoosh import qparser
from whoosh.qparser import plugins, syntax

from ..index import Schema
from .names import FIELD_NAMES, RUNG_NAMES
from .reading import Notice, Reading, bag, loosened
from .repair import TO, repair
from .tree import Node, Nothing
from .whoosh_tree import Beside, Must, Translator

LENGTH_LIMIT = 4000
"""Characters of a query with syntax; a longer one is read as words."""


def read(text: str, schema: Schema, every_word: bool = False) -> Reading:
    """Read a query that may have syntax; what cannot be syntax is text.

    Args:
        text: any string.
        schema: tells which names before a colon are fields.
        every_word: all words must match, not any.
    """
    if len(text) > LENGTH_LIMIT:
        notice = Notice(f"longer than {LENGTH_LIMIT} characters: read as words")
        return Reading(bag(text, every_word), (notice,))
    names = frozenset({*schema, *RUNG_NAMES, *(n for n, f in FIELD_NAMES.items() if f in schema)})
    calm, notices = repair(text, names)
    more: list[str] = []
    try:
        found = _parser(every_word).parse(calm, normalize=False)
    except (AssertionError, AttributeError, IndexError):  # Whoosh's own, where a part is missing
        return Reading(bag(text, every_word), (Notice("read as words"),))
    node: Node = Translator(schema, more).translate(found)
    if isinstance(node, Nothing):
        return Reading(bag(text, every_word), (Notice("read as words"),))
    return Reading(loosened(node), (*notices, *map(Notice, more)), node)


@lru_cache(2)
def _parser(every_word: bool) -> Any:
    group = qparser.AndGroup if every_word else _BesideGroup
    return qparser.QueryParser(None, schema=None, plugins=_plugins(), group=group)


def _plugins() -> list[Any]:
    border, end = r"(?<![^\s()])", r"(?![^\s()])"
    infix = {
        "And": "AND",
        "Or": "(?:OR|أو)",
        "AndNot": "ANDNOT",
        "AndMaybe": "ANDMAYBE",
        "Require": "REQUIRE",
    }
    not_sign = rf"{border}(?:NOT(?=[\s(])|-(?=\S))"
    operator = plugins.OperatorsPlugin.OpTagger
    must = operator(rf"{border}\+(?=\S)", _MustGroup, syntax.PrefixOperator)
    return [
        plugins.WhitespacePlugin(),
        plugins.GroupPlugin(),
        plugins.RegexPlugin(r'(?<![^\W_])r"(?P<text>[^"]*)"'),
        plugins.PhrasePlugin(),
        plugins.RangePlugin(_RANGE),
        _ScopePlugin(r"(?P<text>[^\W\d][\w.-]*):"),
        plugins.GtLtPlugin(),
        plugins.WildcardPlugin(r"(?P<text>[*?]+)"),
        plugins.FuzzyTermPlugin(),
        plugins.BoostPlugin(),
        plugins.OperatorsPlugin(
            [(must, 0)],
            Not=not_sign,
            **{name: f"{border}{word}{end}" for name, word in infix.items()},
        ),
    ]


_RANGE = re.compile(
    rf"(?P<open>[\[{{])(?P<start>[^\[\]{{}}]*?)\b{TO}\b(?P<end>[^\[\]{{}}]*)(?P<close>[\]}}])"
)


class _BesideGroup(syntax.GroupNode):  # type: ignore[misc]  # Whoosh has no types
    """Parts with no operator between them. No OrGroup, for OR would merge what it joins into it."""

    qclass = Beside


class _MustGroup(syntax.Wrapper):  # type: ignore[misc]  # Whoosh has no types
    """What `+` makes of the part that follows."""

    qclass = Must


class _ScopePlugin(plugins.FieldsPlugin):  # type: ignore[misc]
    """Names before a colon, which add up: in `title:(root:كتب حبر)` the first is in both scopes."""

    def do_fieldnames(self, parser: Any, group: Any) -> Any:
        """See `whoosh.qparser.plugins.FieldsPlugin`."""
        scoped = group.empty_copy()
        names: list[str] = []
        for node in group:
            if isinstance(node, syntax.FieldnameNode):
                names.append(node.fieldname)
                continue
            if isinstance(node, syntax.GroupNode):
                node = self.do_fieldnames(parser, node)
            if names and not node.is_ws():
                _put_in(node, ":".join(names))
                names = []
            scoped.append(node)
        return scoped


def _put_in(node: Any, scope: str) -> None:
    """Put a node, and all that is in it, into a scope."""
    if isinstance(node, syntax.GroupNode):
        for child in node:
            _put_in(child, scope)
    elif node.has_fieldname:
        node.fieldname = f"{scope}:{node.fieldname}" if node.fieldname else scope
