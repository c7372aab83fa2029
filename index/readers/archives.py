"""What all archives share: the checks on members, and reading them as sources.

Nothing is ever written under a member's name; a name that leaves the archive is refused all
the same, since it would become the path of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from .dispatch import read as read_any
from .model import Budget, Document, Options, Skipped, Source, Unreadable


def budget_of(source: Source, options: Options) -> Budget:
    """Return the budget that a source's members spend; refuse archives nested too deep."""
    if source.depth >= options.limits.depth:
        raise Unreadable("limit", f"more than {options.limits.depth} archives within each other")
    return source.budget or Budget(source.size or 0, options.limits)


def is_hidden(name: str) -> bool:
    """Return whether a member is one that systems put in for themselves."""
    return any(step.startswith(".") and step != ".." for step in name.split("/")) or (
        name.startswith("__MACOSX/")
    )


def safe_name(name: str) -> str:
    """Return the path of a member with forward slashes, or refuse one that leads outside."""
    path = name.replace("\\", "/")
    steps = path.split("/")
    if path.startswith("/") or ".." in steps or (len(steps[0]) == 2 and steps[0][1] == ":"):
        raise Unreadable("unsafe", "a path that leads out of the archive")
    return str(PurePosixPath(path.replace("\0", "\ufffd")))


def read_member(source: Source, name: str, options: Options) -> Iterator[Document | Skipped]:
    """Yield what a member holds, its path put before the parts.

    A member of an archive that spent its whole budget ends the archive: that is raised.
    """
    for item in read_any(source, options):
        if isinstance(item, Skipped) and source.budget and source.budget.left < 0:
            raise Unreadable("limit", item.reason)
        item.part = f"{name}#{item.part}" if item.part else name
        yield item
