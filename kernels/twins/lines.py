"""A document as a line of JSON."""

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def line_of(document: dict[str, Any]) -> bytes | None:
    """A document of plain values as a line of JSON, in UTF-8 and without blanks.

    Returns:
        What `json.dumps(document, ensure_ascii=False, separators=(",", ":"))` gives; None where it
        holds more than str keys and str, whole numbers, true, false and null, or a surrogate.
    """
    plain = {str, int, bool, type(None)}
    if not all(type(n) is str and type(value) in plain for n, value in document.items()):
        return None
    try:
        return _encode(document).encode()
    except UnicodeEncodeError:
        return None
