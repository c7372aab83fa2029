"""Documents out as lines of JSON."""

import json
from collections.abc import Callable
from typing import Any

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def dump(document: dict[Any, Any], others: Callable[[Any], bytes]) -> bytes | None:
    """A document as one line of JSON.

    Args:
        document: values by name.
        others: gives the JSON, in bytes, of a value that is not text.

    Returns:
        The line in UTF-8, or None: a name is no text, or a text has a lone surrogate.
    """
    parts = []
    for name, value in document.items():
        if type(name) is not str:
            return None
        try:
            text = _quoted(value).encode() if type(value) is str else others(value)
            parts.append(_quoted(name).encode() + b":" + text)
        except UnicodeEncodeError:
            return None
    return b"{" + b",".join(parts) + b"}"
