"""When nothing is found: which relaxation of the query would find something, and how much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import arabic
from ..index import Schema
from ..records import replace
from . import language, tree
from .tree import RUNGS, Node, Rung

if TYPE_CHECKING:
    from .index import Index


@dataclass(frozen=True, slots=True)
class Remedy:
    """A relaxation that finds something.

    Attributes:
        label: what was relaxed, for people to read.
        total: how many documents it finds.
        query: what to search instead.
        options: for `Index.search`, where they change.
    """

    label: str
    total: int
    query: Node | str
    options: dict[str, Any]


Attempt = tuple[str, Node | str, dict[str, Any]]


def diagnose(index: Index, query: str | Node, options: dict[str, Any]) -> list[Remedy]:
    """Try each relaxation of a query by itself.

    Args:
        index: where.
        query: what found nothing.
        options: of the search; see `Index.search`.
    """
    out = []
    for label, changed, other in _attempts(index, query, options):
        total = index.find(changed, **{**options, **other}).total
        if total:
            out.append(Remedy(label, total, changed, other))
    return out


def _attempts(index: Index, query: str | Node, options: dict[str, Any]) -> Iterator[Attempt]:
    node = _node(query, index.schema, options)
    dated = options.get("since") or options.get("until")
    if options.get("where") and dated:
        yield "with other values, in these dates", query, {"where": None}
        yield "with these values, at other dates", query, {"since": None, "until": None}
    if options.get("where") or dated:
        yield "without the filters", query, {"where": None, "since": None, "until": None}
    for label, change in _CHANGES:
        changed = _rewritten(node, change)
        if changed != node:
            yield label, changed, {}
    loose = tree.Or(tuple(tree.Word(word) for word in tree.words_of(node)))
    if len(loose.parts) > 1 and loose != node:
        yield "any of the words", loose, {}
    if options.get("fields"):
        yield "in all fields", query, {"fields": None}
    widest = RUNGS.index(options.get("match", "root"))
    for rung in RUNGS[widest + 1 :]:
        yield f"by {rung}", query, {"match": rung}
    if isinstance(query, str) and (other := index.correct(query)):
        yield f"as {other}", other, {}
        if options.get("every_word"):
            yield f"any of the words, as {other}", other, {"every_word": False}


def _node(query: str | Node, schema: Schema, options: dict[str, Any]) -> Node:
    reading = language.read(query, schema, bool(options.get("every_word")))
    return reading.meant or reading.node


def _unmarked(node: Node) -> Node:
    match node:
        case tree.Word(text=text) if arabic.has_marks(text):
            return replace(node, text=arabic.rungs(text).spelling)
        case tree.Phrase(words=words) if any(map(arabic.has_marks, words)):
            return replace(node, words=tuple(arabic.rungs(word).spelling for word in words))
    return node


def _unbound(node: Node) -> Node:
    """Words that ask for a rung of their own, without it."""
    if isinstance(node, tree.Word | tree.Phrase) and node.rung is not None:
        wider: Rung | None = None if isinstance(node, tree.Word) else "root"
        return replace(node, rung=wider)
    return node


def _unordered(node: Node) -> Node:
    if isinstance(node, tree.Phrase):
        return tree.And(tuple(tree.Word(word, node.field, node.rung) for word in node.words))
    return node


def _anywhere(node: Node) -> Node:
    if isinstance(node, tree.Word | tree.Phrase) and node.field is not None:
        return replace(node, field=None)
    return node


def _free(node: Node) -> Node:
    return node.scored if isinstance(node, tree.Require) else node


def _included(node: Node) -> Node:
    return tree.Every() if isinstance(node, tree.Not) else node


_CHANGES: tuple[tuple[str, Callable[[Node], Node]], ...] = (
    ("without marks", _unmarked),
    ("the words of phrases in any order", _unordered),
    ("in any field", _anywhere),
    ("on any rung", _unbound),
    ("without what is required", _free),
    ("without exclusions", _included),
)


def _rewritten(node: Node, change: Callable[[Node], Node]) -> Node:
    """A tree with every node changed, from the bottom up."""
    match node:
        case tree.And(parts=parts) | tree.Or(parts=parts) | tree.Best(parts=parts):
            node = replace(node, parts=tuple(_rewritten(part, change) for part in parts))
        case tree.AndMaybe(needed=a, wished=b):
            node = replace(node, needed=_rewritten(a, change), wished=_rewritten(b, change))
        case tree.Require(scored=a, filter=b):
            node = replace(node, scored=_rewritten(a, change), filter=_rewritten(b, change))
        case tree.Constant(part=part):
            node = replace(node, part=_rewritten(part, change))
    return change(node)
