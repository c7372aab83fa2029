"""Whoosh's query tree in ours: what its parser gives, and what callers build of its classes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from whoosh import query

from .. import arabic
from ..errors import QueryError, SchemaError
from ..index import Schema
from ..index.dates import instant
from ..index.parse import number
from ..records import replace
from . import automaton, tree
from .names import FIELD_NAMES, RUNG_NAMES
from .patterns import fold
from .periods import period
from .tree import And, AndMaybe, Every, Node, Not, Nothing, Or, Require, Rung, Word

BOOSTS = (0.001, 1000.0)
"""The least and the most that a part of a query can be boosted."""


EXCLUDING = "only exclusions: finds all other documents, in no order of relevance"
"""Said where a query, or a group in it, names nothing to look for."""


class Must(query.Not):  # type: ignore[misc]  # Whoosh has no types
    """Marks a part that a document must match, `+part`. Not Whoosh's; read only here."""


class Beside(query.Or):  # type: ignore[misc]  # Whoosh has no types
    """Marks parts with no operator between them: any of the words, and all of the conditions."""


class Translator:
    """Turns Whoosh's tree into ours, for one schema.

    Args:
        schema: the fields.
        notices: takes what could not be read as it was meant, for people to read; None: that
            is an error.
    """

    def __init__(self, schema: Schema, notices: list[str] | None = None) -> None:
        self._schema = schema
        self._notices = notices

    def translate(self, found: Any) -> Node:
        """The tree for one of Whoosh's.

        Raises:
            QueryError: for a class of query that cannot be run here.
            SchemaError: for a field that the schema lacks.
        """
        for kind, method in self._methods():
            if isinstance(found, kind):
                return _boosted(method(found), getattr(found, "boost", 1.0))
        if isinstance(found, type(query.NullQuery)):
            return Nothing()
        raise QueryError(f"a query of class {type(found).__name__} cannot be run here")

    def _methods(self) -> Sequence[tuple[type, Callable[[Any], Node]]]:
        return (
            (query.Term, self._term),
            (Beside, lambda q: self._group(Or, q.subqueries, True)),
            (query.Or, lambda q: self._group(Or, q.subqueries)),
            (query.And, lambda q: self._group(And, q.subqueries)),
            (query.DisjunctionMax, lambda q: self._group(tree.Best, q.subqueries)),
            (Must, lambda q: self.translate(q.query)),
            (query.Not, self._not),
            (query.AndNot, lambda q: self._group(And, (q.a, query.Not(q.b)))),
            (query.AndMaybe, lambda q: self._pair(AndMaybe, q)),
            (query.Require, lambda q: self._pair(Require, q)),
            (query.ConstantScoreQuery, self._constant),
            (query.Phrase, self._phrase),
            (query.Every, self._every),
            (query.Prefix, lambda q: self._pattern("prefix", q)),
            (query.Wildcard, lambda q: self._pattern("wildcard", q)),
            (query.Regex, lambda q: self._pattern("regex", q)),
            (query.FuzzyTerm, self._fuzzy),
            (query.DateRange, self._date_range),
            (query.NumericRange, self._number_range),
            (query.TermRange, self._range),
        )

    def _not(self, found: Any) -> Node:
        part = self.translate(found.query)
        return part if isinstance(part, Nothing) else Not(part)

    def _pair(self, kind: type[AndMaybe | Require], found: Any) -> Node:
        """Two parts; where one of them says nothing, the other."""
        one, other = self.translate(found.a), self.translate(found.b)
        if isinstance(one, Nothing) or isinstance(other, Nothing):
            return one if isinstance(other, Nothing) else other
        return kind(one, other)

    def _group(
        self, kind: type[And | Or | tree.Best], subqueries: Sequence[Any], beside: bool = False
    ) -> Node:
        """Parts that exclude take documents away from the others, under OR as under AND.

        Where some parts must match, the other parts of an OR only add to the score. Parts that
        stand `beside` each other are an OR of words, and hold to the conditions among them.
        """
        musts = {id(part) for part in subqueries if isinstance(part, Must)}
        pairs = [(part, self.translate(part)) for part in subqueries]
        pairs = [(part, node) for part, node in pairs if not isinstance(node, Nothing)]
        unwanted = tuple(node for _, node in pairs if isinstance(node, Not))
        wanted = [(id(part), node) for part, node in pairs if not isinstance(node, Not)]
        needed = tuple(node for part, node in wanted if part in musts and kind is Or)
        rest = [node for part, node in wanted if part not in musts or kind is not Or]
        conditions = [node for node in rest if beside and self._is_condition(node)]
        wished = _spliced([node for node in rest if node not in conditions])
        if not pairs:
            return Nothing()
        if not wanted and self._notices is not None and EXCLUDING not in self._notices:
            self._notices.append(EXCLUDING)
        inner = _one(And, needed) if needed else _one(kind, wished) if wished else Every()
        if needed and wished:
            inner = AndMaybe(inner, _one(Or, wished))
        if conditions:
            said = _agreeing(conditions)
            inner = Require(inner, said) if needed or wished else said
        return And((inner, *unwanted)) if unwanted else inner

    def _is_condition(self, node: Node) -> bool:
        """Whether a part says what a field without words, as a date, must be."""
        match node:
            case Or(parts=parts) | And(parts=parts):
                return all(map(self._is_condition, parts))
            case tree.Keyword() | tree.Range() | tree.Pattern() | tree.Fuzzy() | Every():
                return node.field is not None and self._schema[node.field].kind != "text"
        return False

    def _term(self, found: Any) -> Node:
        field, rung = self._scope(found.fieldname)
        text = found.text.decode() if isinstance(found.text, bytes) else str(found.text)
        kind = self._schema[field].kind if field else "text"
        if field and kind in ("keyword", "id"):
            return tree.Keyword(field, text, span=_span(found))
        if field and kind in ("number", "date"):
            return self._value(field, text, found)
        return self._words(text, field, rung, found)

    def _words(self, text: str, field: str | None, rung: Rung | None, found: Any) -> Node:
        """A chunk without spaces; where punctuation cuts it into several words, a phrase."""
        words, start = arabic.words(text), found.startchar or 0
        if not words:
            return Nothing()
        if len(words) == 1:
            word = words[0]
            return Word(word.text, field, rung, span=(start + word.start, start + word.end))
        spans = tuple((start + word.start, start + word.end) for word in words)
        texts, whole = tuple(word.text for word in words), (spans[0][0], spans[-1][1])
        return tree.Phrase(texts, 0, field, rung, span=whole, spans=spans)

    def _phrase(self, found: Any) -> Node:
        field, rung = self._scope(found.fieldname)
        text = " ".join(str(word) for word in found.words)
        if field and self._schema[field].kind in ("keyword", "id"):
            return tree.Keyword(field, text, span=_span(found))
        if field and self._schema[field].kind in ("number", "date"):
            return self._value(field, text, found)
        words = tuple(word.text for word in arabic.words(text))
        if not words:
            return Nothing()
        return tree.Phrase(words, max(found.slop - 1, 0), field, rung, span=_span(found))

    def _constant(self, found: Any) -> Node:
        return tree.Constant(self.translate(found.child), float(found.score))

    def _every(self, found: Any) -> Node:
        name = found.fieldname
        return Every(None if name in (None, "*") else self._scope(name)[0])

    def _pattern(self, kind: Any, found: Any) -> Node:
        field, _ = self._scope(found.fieldname)
        text = str(found.text)
        of_text = field is None or self._schema[field].kind == "text"
        if of_text:
            text = text if kind == "regex" else text.lstrip("+-")  # no word begins so
            letters = fold(text)
        else:
            letters = text
        if kind == "wildcard" and not letters.strip("*"):
            return Every(field)
        if kind == "prefix" and not letters:
            return Every(field)
        # typed, signs alone are punctuation; in a tree a ? is meant
        meant = self._notices is None and kind == "wildcard" and not letters.strip("*?")
        if of_text and kind != "regex" and not (any(map(str.isalnum, letters)) or meant):
            return Nothing()
        if kind == "regex":
            try:
                automaton.compile(text)
            except QueryError as error:
                return self._as_words(text, str(error), found)
        return tree.Pattern(kind, text, field, span=_span(found))

    def _fuzzy(self, found: Any) -> Node:
        field, _ = self._scope(found.fieldname)
        distance, prefix = int(found.maxdist), int(found.prefixlength)
        return tree.Fuzzy(str(found.text), distance, prefix, field, span=_span(found))

    def _date_range(self, found: Any) -> Node:
        ends = found.startdate, found.enddate
        low, high = (None if end is None else instant(_moment(end)) for end in ends)
        return self._span_of(found, low, high)

    def _number_range(self, found: Any) -> Node:
        return self._span_of(found, found.start, found.end)

    def _span_of(self, found: Any, low: float | None, high: float | None) -> Node:
        field, _ = self._scope(found.fieldname)
        low_out, high_out = bool(found.startexcl), bool(found.endexcl)
        dates = field is not None and self._schema[field].kind == "date"
        return tree.Range(field, low, high, low_out, high_out, dates, span=_span(found))

    def _range(self, found: Any) -> Node:
        field, _ = self._scope(found.fieldname)
        low, high = (_open_end(end) for end in (found.start, found.end))
        kind = self._schema[field].kind if field else "text"
        try:
            if kind == "date":
                return self._dates(found, field, low, high)
            read: Callable[[str], float | str] = number if kind == "number" else str
            first, last = (None if end is None else read(end) for end in (low, high))
        except SchemaError as error:
            return self._as_words(f"{low or ''} {high or ''}", str(error), found)
        low_out, high_out = bool(found.startexcl), bool(found.endexcl)
        self._require_order(found, first, last)
        return tree.Range(field, first, last, low_out, high_out, span=_span(found))

    def _require_order(self, found: Any, low: Any, high: Any) -> None:
        """Say of a range whose ends are the wrong way round that nothing is in it."""
        if self._notices is not None and None not in (low, high) and low > high:
            self._notices.append(f"nothing is from {found.start} to {found.end}")

    def _dates(self, found: Any, field: str | None, low: str | None, high: str | None) -> Node:
        """Dates between two stretches of time, which belong to the range if its ends do."""
        first = None if low is None else period(low)[1 if found.startexcl else 0]
        end = None if high is None else period(high)[0 if found.endexcl else 1]
        self._require_order(found, first, end)
        return tree.Range(field, first, end, False, True, True, span=_span(found))

    def _value(self, field: str, text: str, found: Any) -> Node:
        try:
            if self._schema[field].kind == "date":
                return tree.Range(field, *period(text), False, True, True, span=_span(found))
            value = number(text)
        except SchemaError as error:
            return self._as_words(text, str(error), found)
        return tree.Range(field, value, value, span=_span(found))

    def _as_words(self, text: str, reason: str, found: Any) -> Node:
        if self._notices is None:
            raise QueryError(reason, found.startchar)
        self._notices.append(f"{reason}; read as words")
        return self._words(text, None, None, found)

    def _scope(self, name: str | None) -> tuple[str | None, Rung | None]:
        """The field and the rung that stand before a part: `title:root:`; inner ones count."""
        field: str | None = None
        rung: Rung | None = None
        for part in (name or "").split(":"):
            if part in self._schema:
                field = part
            elif part in RUNG_NAMES:
                rung = RUNG_NAMES[part]
            elif FIELD_NAMES.get(part, "") in self._schema:
                field = FIELD_NAMES[part]
            elif part:
                self._schema[part]  # raises and says which fields there are
        return field, rung


def _spliced(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The parts of a group, with chunks that nothing was said about cut into their words."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, tree.Phrase) and node.spans and _is_plain(node):
            pairs = zip(node.words, node.spans, strict=True)
            out += [Word(word, span=span) for word, span in pairs]
        else:
            out.append(node)
    return tuple(out)


def _agreeing(conditions: Sequence[Node]) -> Node:
    """All conditions at once; but of several values for one field any will do."""
    values: dict[object, list[Node]] = {}
    for node in conditions:
        bound = isinstance(node, tree.Range) and None in (node.low, node.high)
        field = None if bound else getattr(node, "field", None)
        values.setdefault(field or id(node), []).append(node)
    return _one(And, tuple(_one(Or, tuple(nodes)) for nodes in values.values()))


def _is_plain(node: tree.Phrase) -> bool:
    """Whether nothing was said about a chunk."""
    return node.boost == 1.0 and node.field is None and node.rung is None


def _one(kind: Any, parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else kind(parts)


def _boosted(node: Node, boost: float) -> Node:
    if boost == 1.0 or not boost > 0:
        return node
    return replace(node, boost=min(max(node.boost * boost, BOOSTS[0]), BOOSTS[1]))


def _span(found: Any) -> tuple[int, int] | None:
    start, end = getattr(found, "startchar", None), getattr(found, "endchar", None)
    return None if start is None or end is None else (start, end)


def _open_end(end: Any) -> str | None:
    text = end.decode() if isinstance(end, bytes) else end
    return None if text is None or text.strip() in ("", "*") else str(text).strip()


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    raise QueryError(f"{value!r} is not a datetime")
