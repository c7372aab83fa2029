"""What commands share: exit codes, options, where the index is, how text is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from . import config

if TYPE_CHECKING:
    from ..search import Index
    from ..search.display import Style

FOUND, NOTHING, MISUSE, FAILED = 0, 1, 2, 3
INDEX_NAME = ".kashaf"

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


def place_of(given: str | None) -> Path | None:
    """Where the index is: as told, or the nearest one upwards."""
    named = given or os.environ.get("KASHAF_INDEX")
    if named:
        return Path(named)
    here = Path.cwd()
    return next((p / INDEX_NAME for p in (here, *here.parents) if (p / INDEX_NAME).is_dir()), None)


def open_index(given: str | None) -> Index:
    """Open the index, with the weights that are set for it."""
    from .. import search as searching

    place = place_of_index(given)
    return searching.open(place, config.read(place.absolute()).ranking())


def place_of_index(given: str | None) -> Path:
    """Where the index is that is to be there already."""
    place = place_of(given)
    if place is None:
        raise UsageError(
            "there is no index here or above: make one with 'kashaf index FOLDER', "
            "or name one with --index"
        )
    return place


def near(path: Path) -> Path:
    """A path as one would type it: from here, where it is below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def style_of(color: str = "auto", bidi: str = "auto") -> Style:
    """How text is shown on standard output."""
    from ..search.display import Style

    terminal = sys.stdout.isatty()
    wanted = color == "always" or (color == "auto" and terminal and not os.environ.get("NO_COLOR"))
    visual = bidi == "visual"
    return Style(colour=wanted and not visual, isolate=terminal and bidi == "auto", visual=visual)


def echo(lines: Iterable[str], style: Style) -> None:
    """Print lines in a style."""
    for line in lines:
        click.echo(style.line(line), color=style.colour)
