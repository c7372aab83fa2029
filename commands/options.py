"""Options that commands share."""

from __future__ import annotations

import re
from typing import Any

import click

_OPTION = re.compile(r"(--[a-z][a-z-]*)(=.*)?")


def _words(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """The words of a query; one may begin with `-`, but what looks like an option is a slip."""
    for word in value:
        if found := _OPTION.fullmatch(word):
            raise click.NoSuchOption(found[1], ctx=context)
    return value


query_argument = click.argument(
    "query", nargs=-1, required=True, type=click.UNPROCESSED, callback=_words
)
index_option = click.option(
    "--index",
    "place",
    metavar="DIR",
    help="Where the index is. Else $KASHAF_INDEX, else the nearest .kashaf upwards from here.",
)
match_option = click.option(
    "--match",
    type=click.Choice(["written", "spelling", "stem", "root"]),
    default="root",
    show_default=True,
    help="The widest rung on which words may match.",
)
field_option = click.option(
    "-f", "--in", "fields", multiple=True, metavar="FIELD", help="Search this text field only."
)
number_option = click.option(
    "-n", "--number", default=10, show_default=True, help="How many to print."
)
color_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Use colour."
)
bidi_option = click.option(
    "--bidi",
    type=click.Choice(["auto", "off", "visual"]),
    default="auto",
    help="Right-to-left text: isolated on a terminal; left alone; put in visual order.",
)
