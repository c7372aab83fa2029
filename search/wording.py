"""A query tree in words of the query language: how a query was read.

What `show` gives can be searched again and means the same.
"""

from __future__ import annotations

from . import tree
from .tree import Node

OPERATORS = {"AND", "OR", "أو", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE"}

_RUNG_NAMES = {"written": "exact:", "spelling": "spelling:", "stem": "stem:", "root": "root:"}


def show(node: Node) -> str:
    """A query in the query language."""
    return _show(node, top=True)


def _show(node: Node, top: bool = False) -> str:
    text = _plain(node)
    if text == "*" and not top:
        text = "spelling:*"  # among others, a star stands after a name only
    if node.boost != 1.0:
        alone = not isinstance(node, tree.And | tree.Or | tree.AndMaybe | tree.Require)
        return f"{text if alone else f'({text})'}^{node.boost:g}"
    compound = isinstance(node, tree.And | tree.Or | tree.Best | tree.AndMaybe | tree.Require)
    return f"({text})" if compound and not top else text


def _plain(node: Node) -> str:
    match node:
        case tree.Or(parts=parts) | tree.Best(parts=parts):
            return " OR ".join(map(_show, parts))
        case tree.And(parts=(tree.Every(field=None), *others)) if others and all(
            isinstance(other, tree.Not) for other in others
        ):
            return " AND ".join(["*", *map(_show, others)])
        case tree.And(parts=parts):
            return " AND ".join(map(_show, parts))
        case tree.Not(part=part):
            return f"NOT {_show(part)}"
        case tree.AndMaybe(needed=needed, wished=wished):
            return f"{_show(needed)} ANDMAYBE {_show(wished)}"
        case tree.Require(scored=scored, filter=other):
            return f"{_show(scored)} REQUIRE {_show(other)}"
        case tree.Constant(part=part):
            return _show(part)
        case tree.Every(field=field):
            return f"{field}:*" if field else "*"
        case tree.Nothing():
            return "(nothing)"
    return _leaf(node)


def _leaf(node: Node) -> str:
    match node:
        case tree.Word(text=text, field=field, rung=rung):
            shown = f'"{text}"' if text in OPERATORS else text
            return _scope(field) + _rung(rung) + shown
        case tree.Phrase(words=words, slop=slop, field=field, rung=rung):
            near = f"~{slop + 1}" if slop else ""
            return f'{_scope(field)}{_rung(rung)}"{" ".join(words)}"{near}'
        case tree.Keyword(field=field, value=value):
            return f'{field}:"{value}"' if not value.isalnum() else f"{field}:{value}"
        case tree.Range():
            return _range(node)
        case tree.Pattern(kind=kind, text=text, field=field):
            form = {"prefix": f"{text}*", "regex": f'r"{text}"'}.get(kind, text)
            return _scope(field) + form
        case tree.Fuzzy(text=text, field=field, distance=distance, prefix=prefix):
            return f"{_scope(field)}{text}~{distance}" + (f"/{prefix}" if prefix else "")
    return str(node)


def _range(node: tree.Range) -> str:
    left = "{" if node.open_low and node.low is not None else "["
    right = "}" if node.open_high and node.high is not None else "]"
    ends = " TO ".join(_end(end, node.dates) for end in (node.low, node.high))
    scope = _scope(node.field) or "spelling:"  # a range stands after a name only
    return f"{scope}{left}{ends.strip()}{right}"


def _end(value: float | int | str | None, date: bool) -> str:
    if value is None:
        return ""
    if date:
        from .periods import written

        return written(int(value))
    return value if isinstance(value, str) else f"{value:g}"


def _scope(field: str | None) -> str:
    return f"{field}:" if field else ""


def _rung(rung: str | None) -> str:
    return _RUNG_NAMES[rung] if rung else ""
