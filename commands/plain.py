"""Reads the plainest `kashaf search` without click, whose import takes as long as the search.

Words, `--index DIR` and `-n NUMBER`; all else is left to click, which also tells of mistakes.
`tests/cli/test_plain.py` holds the two against each other.
"""

from __future__ import annotations

import os

from ..hints import Any

DEFAULTS: dict[str, Any] = {
    "number": 10,
    "number_of_page": 1,
    "match": "root",
    "fields": (),
    "every_word": False,
    "where": (),
    "since": None,
    "until": None,
    "sort": (),
    "facet": (),
    "group": None,
    "best": 3,
    "explain": False,
    "profile": False,
    "form": "text",
    "color": "auto",
    "bidi": "auto",
}
"""What the options of the command are when they are not given."""


def read(arguments: list[str]) -> dict[str, Any] | None:
    """The parameters of the command `search`, as click would read them; None: ask click.

    Args:
        arguments: those of `kashaf`.
    """
    if arguments[:1] != ["search"] or os.name == "nt" or "_KASHAF_COMPLETE" in os.environ:
        return None  # on Windows click expands wildcards, and completion is all its own
    words: list[str] = []
    told: dict[str, Any] = {"place": None}
    rest = iter(arguments[1:])
    for argument in rest:
        if not argument.startswith("-"):
            words.append(argument)
            continue
        value = next(rest, "-")
        if argument == "--index" and not value.startswith("-"):
            told["place"] = value
        elif argument in ("-n", "--number") and len(value) < 10 and value.isdecimal():
            told["number"] = int(value)
        else:
            return None
    return {"query": tuple(words), **DEFAULTS, **told} if words else None
