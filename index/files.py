"""The files of an index: names for new ones, and which of those there are garbage."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress

from ..errors import StorageError
from ..storage import TEMPORARY, Directory
from .commit import Commit

_ENDINGS = {"seg": ".kseg", "live": ".bits", "extra": ".kext"}
_NUMBERED = re.compile(r"(?:seg|live|extra)-([0-9a-f]{8})\.[a-z]+")
_OURS = ("seg-", "live-", "extra-", "commit-")


class Names:
    """Hands out names for new files, none of them twice.

    A crash leaves files whose names the newest commit does not know of, so the numbers go
    on after the files that are there.

    Attributes:
        next: the number of the next file.
    """

    def __init__(self, directory: Directory, commit: Commit) -> None:
        found = (_NUMBERED.fullmatch(name) for name in directory.names())
        used = [int(match[1], 16) + 1 for match in found if match]
        self.next = max([commit.next_name, *used])

    def new(self, kind: str) -> str:
        """A name for a file of segments ("seg"), live documents ("live") or extras ("extra")."""
        number = self.next
        self.next += 1
        return f"{kind}-{number:08x}{_ENDINGS[kind]}"


def clean(directory: Directory, keep: Collection[str]) -> None:
    """Remove the files of an index that are not to be kept.

    Call it only when the commit that does without them is on the medium. What the disk
    refuses to remove stays until the next time: garbage is no reason to fail.
    """
    with suppress(StorageError):
        for name in directory.names():
            if name not in keep and (name.startswith(_OURS) or name.endswith(TEMPORARY)):
                with suppress(StorageError):
                    directory.remove(name)
