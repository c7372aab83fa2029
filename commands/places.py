"""Where the index is; opens it with what its `kashaf.toml` says.

Imported by every search, so it does without click and pathlib.
"""

from __future__ import annotations

import os

from ..errors import UsageError
from ..hints import TYPE_CHECKING
from . import config

if TYPE_CHECKING:
    from pathlib import Path

    from ..search import Index

INDEX_NAME = ".kashaf"


def place_of(given: str | None) -> str | None:
    """Where the index is: as told, or the nearest one upwards."""
    named = given or os.environ.get("KASHAF_INDEX")
    if named:
        return named
    here = os.getcwd()
    while not os.path.isdir(place := os.path.join(here, INDEX_NAME)):
        here, below = os.path.dirname(here), here
        if here == below:
            return None
    return place


def place_of_index(given: str | None) -> str:
    """Where the index is that is to be there already."""
    place = place_of(given)
    if place is None:
        raise UsageError(
            "there is no index here or above: make one with 'kashaf index FOLDER', "
            "or name one with --index"
        )
    return place


def open_index(given: str | None) -> Index:
    """Open the index, with the weights that are set for it."""
    from .. import search as searching

    place = place_of_index(given)
    return searching.open(place, config.read(place).ranking())


def near(path: Path) -> Path:
    """A path as one would type it: from here, where it is below."""
    here = os.getcwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
