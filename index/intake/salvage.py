"""Keeps the manifest of sources when an index is repaired: what is lost is read again, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...errors import DamagedError
from ...storage import ColumnFile, ColumnWriter, Directory, FileInfo
from ..stored import Stored
from . import sources
from .sources import PURPOSE, Draft, Entry


@dataclass(frozen=True, slots=True)
class Salvage:
    """What became of a manifest.

    Attributes:
        file: the one to go on with: the old one, or a new one; None where nothing was left.
        again: how many of its sources are to be read again.
    """

    file: FileInfo | None
    again: int = 0


def salvage(
    directory: Directory, info: FileInfo, sound: bool, name: str, is_lost: Callable[[str], bool]
) -> Salvage:
    """Take over what can be read of a manifest; have sources that lost a document read again.

    Args:
        directory: the index.
        info: the manifest.
        sound: whether it is as it was written.
        name: for the new one, if one is needed.
        is_lost: tells of an id whether its document is lost.
    """
    draft, again = Draft(), 0
    try:
        file = ColumnFile(directory, info, PURPOSE)
        for entry in sources.read(file) if sound else _readable(file):
            whole = entry.digest == "" or not any(map(is_lost, entry.ids()))
            draft.carry(entry if whole else entry.forgotten())
            again += not whole
        if sound and not again:
            return Salvage(info)
        with ColumnWriter(directory, name, PURPOSE) as out:
            return Salvage(out.finish(draft.write(out, sources.base_of(file))), again)
    except DamagedError:
        return Salvage(None)
    finally:
        draft.close()


def _readable(file: ColumnFile) -> Iterator[Entry]:
    """The sources of a damaged manifest; those of which a part is lost are to be read again."""
    stored = Stored(file, sources.lines_of(file))
    lines: list[bytes] = []
    for block in range(stored.blocks):
        try:
            held = stored.block(block)
        except DamagedError:
            lines = []  # their end is lost
            continue
        for line in held:
            lines.append(line)
            entry = sources.entry_of(tuple(lines), file.name)
            if entry is not None:
                lines = []
                yield entry if entry.is_whole() else entry.forgotten()
