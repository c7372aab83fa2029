"""Queries with syntax, read by Whoosh's parser and translated into our tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from whoosh import qparser, query
from whoosh.qparser import plugins

from .. import arabic
from ..errors import SchemaError
from ..index import Schema
from ..index.dates import instant
from ..index.parse import number
from . import language
from .tree import (
    And,
    AndMaybe,
    Every,
    Fuzzy,
    Keyword,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Range,
    Require,
    Rung,
    Word,
)

RUNG_NAMES: dict[str, Rung] = {
    "exact": "written",
    "spelling": "spelling",
    "stem": "stem",
    "root": "root",
    "حرفي": "written",
    "رسم": "spelling",
    "جذع": "stem",
    "جذر": "root",
}
"""What may stand before a colon to say how wide a word may match."""

FIELD_NAMES = {"عنوان": "title", "نص": "body", "تاريخ": "date", "مسار": "path"}
"""Arabic names of the default fields."""

_LIMIT = 10_000  # characters with syntax; a longer query is read as words


def parse(text: str, schema: Schema) -> Node:
    """Read a query that may have syntax; what cannot be syntax is text."""
    if len(text) > _LIMIT:
        return language.bag(text)
    names = set(schema) | set(RUNG_NAMES) | set(FIELD_NAMES)
    try:
        found = _parser(names).parse(_calm(text, names))
        node = _Translator(schema).translate(found)
    except RecursionError:
        return language.bag(text)
    return language.bag(text) if isinstance(node, Nothing) else node


def _parser(names: set[str]) -> Any:
    parser = qparser.QueryParser(None, schema=None, group=qparser.OrGroup)
    parser.remove_plugin_class(plugins.SingleQuotePlugin)
    parser.replace_plugin(
        plugins.OperatorsPlugin(
            Or=r"(?<=\s)(OR|أو)(?=\s)",
            Not=r"(^|(?<=(\s|[()])))(NOT\s+|-(?=\S))",
        )
    )
    parser.add_plugin(plugins.FuzzyTermPlugin())
    return parser


_COLON = re.compile(r"(\w[\w.-]*)?:")
_QUESTION = re.compile(r"[?]+(?=\s*$)")


def _calm(text: str, names: set[str]) -> str:
    """Blank out what looks like syntax and is punctuation; every offset stays.

    A colon is syntax after a field's name and directly before something; question marks
    that end a query of several words end a question.
    """

    def colon(match: re.Match[str]) -> str:
        follows = text[match.end() : match.end() + 1]
        syntax = match[1] in names and follows and not follows.isspace()
        return match[0] if syntax else match[0][:-1] + " "

    text = text.replace("\0", " ")
    calm = _COLON.sub(colon, text)
    if len(text.split()) > 1:
        calm = _QUESTION.sub(lambda m: " " * len(m[0]), calm)
    return calm


class _Translator:
    """Turns Whoosh's query tree into ours, for one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def translate(self, found: Any) -> Node:
        """The tree for one of Whoosh's."""
        for kind, method in self._methods():
            if isinstance(found, kind):
                return method(found)
        return Nothing()

    def _methods(self) -> Sequence[tuple[type, Callable[[Any], Node]]]:
        return (
            (query.And, lambda q: self._group(And, q)),
            (query.Or, lambda q: self._group(Or, q)),
            (query.Not, lambda q: Not(self.translate(q.query))),
            (query.AndNot, lambda q: And((self.translate(q.a), Not(self.translate(q.b))))),
            (query.AndMaybe, lambda q: AndMaybe(self.translate(q.a), self.translate(q.b))),
            (query.Require, lambda q: Require(self.translate(q.a), self.translate(q.b))),
            (query.Phrase, self._phrase),
            (query.Every, lambda q: Every(self._field(q.fieldname))),
            (query.Prefix, lambda q: self._pattern("prefix", q)),
            (query.Wildcard, lambda q: self._pattern("wildcard", q)),
            (query.FuzzyTerm, self._fuzzy),
            (query.TermRange, self._range),
            (query.Term, self._term),
        )

    def _group(self, kind: type[And] | type[Or], found: Any) -> Node:
        """Parts that exclude take documents away from the others, under OR as under AND."""
        parts = [self.translate(part) for part in found.subqueries]
        parts = [part for part in parts if not isinstance(part, Nothing)]
        wanted = tuple(part for part in parts if not isinstance(part, Not))
        unwanted = tuple(part for part in parts if isinstance(part, Not))
        if not parts:
            return Nothing()
        inner = wanted[0] if len(wanted) == 1 else kind(wanted) if wanted else Every()
        return And((inner, *unwanted), boost=found.boost) if unwanted else inner

    def _term(self, found: Any) -> Node:
        name, text = found.fieldname, str(found.text)
        field, rung = self._field(name), RUNG_NAMES.get(name or "")
        kind = self._schema[field].kind if field else "text"
        if field and kind in ("keyword", "id"):
            return Keyword(field, text, boost=found.boost, span=_span(found))
        if field and kind in ("number", "date"):
            return self._value(field, text, found)
        words = arabic.words(text)
        start = found.startchar or 0
        nodes = tuple(
            Word(w.text, field, rung, boost=found.boost, span=(start + w.start, start + w.end))
            for w in words
        )
        return Nothing() if not nodes else nodes[0] if len(nodes) == 1 else And(nodes)

    def _phrase(self, found: Any) -> Node:
        field, rung = self._field(found.fieldname), RUNG_NAMES.get(found.fieldname or "")
        text = " ".join(str(word) for word in found.words)
        if field and self._schema[field].kind in ("keyword", "id"):
            return Keyword(field, text, boost=found.boost, span=_span(found))
        words = tuple(word.text for word in arabic.words(text))
        if not words:
            return Nothing()
        slop = max(found.slop - 1, 0)
        return Phrase(words, slop, field, rung, boost=found.boost, span=_span(found))

    def _pattern(self, kind: Any, found: Any) -> Node:
        return Pattern(kind, str(found.text), self._field(found.fieldname), boost=found.boost)

    def _fuzzy(self, found: Any) -> Node:
        return Fuzzy(
            str(found.text),
            min(int(found.maxdist), 2),
            int(found.prefixlength),
            self._field(found.fieldname),
            boost=found.boost,
        )

    def _range(self, found: Any) -> Node:
        field = self._field(found.fieldname)
        if field is None:
            return self._words_of_range(found)
        low, high = self._end(field, found.start), self._end(field, found.end)
        return Range(
            field, low, high, bool(found.startexcl), bool(found.endexcl), span=_span(found)
        )

    def _words_of_range(self, found: Any) -> Node:
        return language.bag(f"{found.start or ''} {found.end or ''}")

    def _value(self, field: str, text: str, found: Any) -> Node:
        try:
            value = self._end(field, text)
        except SchemaError:
            return language.bag(text, found.startchar or 0)
        return Range(field, value, value, span=_span(found))

    def _end(self, field: str, text: str | None) -> float | int | str | None:
        if not text or text == "*":
            return None
        kind = self._schema[field].kind
        return instant(text) if kind == "date" else number(text) if kind == "number" else text

    def _field(self, name: str | None) -> str | None:
        if name is None or (name in RUNG_NAMES and name not in self._schema):
            return None
        field = FIELD_NAMES.get(name, name)
        return field if field in self._schema else None


def _span(found: Any) -> tuple[int, int] | None:
    start, end = found.startchar, found.endchar
    return None if start is None or end is None else (start, end)
