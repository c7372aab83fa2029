"""JSON in, values out, without the module `json`.

That module compiles regular expressions when it is imported, which takes longer than to read what
a search reads. All that it does here is done by its scanner in C, so this asks that one.
"""

from __future__ import annotations

from ..hints import Any


class _Rules:
    """What `json.JSONDecoder` tells its scanner by default."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_int = int
    parse_float = parse_constant = float


try:
    from _json import make_scanner
except ImportError:  # not CPython
    from json import JSONDecoder

    _scan: Any = JSONDecoder().scan_once  # type: ignore[attr-defined]
else:
    _rules: Any = _Rules
    _scan = make_scanner(_rules)


def parse_json(text: str) -> Any:
    """The value of a JSON text with no white space before and after it.

    Raises:
        ValueError: for what is no JSON.
        RecursionError: for what is too deep.
    """
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        end = 0
    if not text or end != len(text):
        raise ValueError(f"no JSON value from character {end} on")
    return value
