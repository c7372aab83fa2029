"""Commits: which files are the index. One JSON file each, replaced atomically.

A commit file holds one line of JSON and a line with its CRC-32 in hexadecimal. The one
with the highest generation is the index.
"""

from __future__ import annotations

from collections.abc import Callable

from .. import arabic
from ..errors import DamagedError, VersionError
from ..hints import Any
from ..records import NamedTuple
from ..storage import Directory, FileInfo, crc32, parse_json
from .schema import Schema

FORMAT = 1
"""The format of a new index. `docs/format.md` tells what each format was."""

OLDEST = 1
"""The oldest format that can still be read."""

_LISTINGS = 5
_BEGIN, _DIGITS, _END = "commit-", "0123456789abcdef", ".json"


class SegmentEntry(NamedTuple):
    """A segment in a commit.

    Attributes:
        file: its file.
        live: the file of its live documents; None where none is deleted.
        documents: how many documents it has, deleted ones included.
        deleted: how many are deleted.
    """

    file: FileInfo
    live: FileInfo | None
    documents: int
    deleted: int


class Commit(NamedTuple):
    """A state of the index.

    Attributes:
        generation: counts commits from 1; 0 is the empty index before the first.
        schema: the fields.
        analysis: fingerprint of the rules that words were analysed by.
        segments: in document order.
        next_name: number for the next new file; names are never used twice.
        next_id: number for the next document that comes without an id.
        extras: further files by what they are for.
    """

    generation: int
    schema: Schema
    analysis: str
    segments: tuple[SegmentEntry, ...] = ()
    next_name: int = 1
    next_id: int = 1
    extras: tuple[tuple[str, FileInfo], ...] = ()

    @property
    def documents(self) -> int:
        """Live documents."""
        return sum(entry.documents - entry.deleted for entry in self.segments)

    def files(self) -> set[str]:
        """The names of all files of this commit, its own included."""
        names = {commit_name(self.generation)} | {info.name for _, info in self.extras}
        for entry in self.segments:
            names.add(entry.file.name)
            if entry.live:
                names.add(entry.live.name)
        return names


def commit_name(generation: int) -> str:
    """The name of a commit's file."""
    return f"{_BEGIN}{generation:08x}{_END}"


def generation_of(name: str) -> int | None:
    """The generation of the commit whose file has a name; None for any other name."""
    digits = name.removeprefix(_BEGIN).removesuffix(_END)
    sound = len(digits) == 8 and not digits.strip(_DIGITS)
    return int(digits, 16) if sound and name == f"{_BEGIN}{digits}{_END}" else None


def publish(directory: Directory, commit: Commit) -> Commit:
    """Make the successor of a commit the index, durably; every file it names is synced already.

    Returns:
        It, with its generation.
    """
    commit = commit._replace(generation=commit.generation + 1)
    directory.sync()
    directory.publish(commit_name(commit.generation), dump(commit))
    return commit


def dump(commit: Commit) -> bytes:
    """The bytes of a commit's file."""
    import json  # late: a search needs none of what writing takes

    line = json.dumps(_to_json(commit), separators=(",", ":"), ensure_ascii=False).encode()
    return line + b"\n" + f"{crc32(line):08x}\n".encode()


def require_rules(commit: Commit, label: str) -> None:
    """Raise VersionError unless a commit's words were analysed by the rules of this Kashaf."""
    if commit.analysis != arabic.FINGERPRINT:
        raise VersionError(
            f"the index in {label} was analysed by rules {commit.analysis}, and these are "
            f"{arabic.FINGERPRINT}: run 'kashaf upgrade' first"
        )


def generations(directory: Directory) -> list[int]:
    """The generations that have a file, ascending.

    A listing that is taken while a writer replaces the commit may show neither the old
    file nor the new one; so an empty one is only believed when it is seen repeatedly.
    """
    for _ in range(_LISTINGS):
        found = map(generation_of, directory.names())
        if numbers := sorted(number for number in found if number is not None):
            return numbers
    return []


def newest(directory: Directory) -> Commit | None:
    """The commit that is the index, or None in an empty directory.

    Raises:
        DamagedError: if its file is not as it was written.
        VersionError: if it has a format that this version does not read.
    """
    found = generations(directory)
    return read(directory, found[-1]) if found else None


def read(directory: Directory, generation: int) -> Commit:
    """Read one commit; errors as for `newest`."""
    name = commit_name(generation)
    line, _, rest = directory.read(name).partition(b"\n")
    expected, found = f"{crc32(line):08x}\n".encode(), rest
    if expected != found:
        raise DamagedError(name, None, f"checksum {expected[:8].decode()}", repr(found[:12]))
    try:
        value = parse_json(line.decode())
    except ValueError as error:
        raise DamagedError(name, None, "JSON", str(error)) from error
    return _from_json(value, name, generation)


def _to_json(commit: Commit) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "generation": commit.generation,
        "schema": commit.schema.to_json(),
        "analysis": commit.analysis,
        "segments": [
            [list(e.file), list(e.live) if e.live else None, e.documents, e.deleted]
            for e in commit.segments
        ],
        "next": [commit.next_name, commit.next_id],
        "extras": [[name, list(info)] for name, info in commit.extras],
    }


def _from_json(value: Any, name: str, generation: int) -> Commit:
    match value:
        case {"format": int(found)} if not OLDEST <= found <= FORMAT:
            raise VersionError(
                f"{name} has format {found}, and this Kashaf reads {OLDEST} to {FORMAT}: "
                "install the Kashaf that wrote it, or index again"
            )
        case {
            "generation": int(found),
            "schema": dict(schema),
            "analysis": str(analysis),
            "segments": list(segments),
            "next": [int(next_name), int(next_id)],
            "extras": list(extras),
        } if found == generation:
            return Commit(
                generation,
                Schema.from_json(schema, name),
                analysis,
                tuple(_each(segments, name, _entry)),
                next_name,
                next_id,
                tuple(_each(extras, name, _extra)),
            )
    raise DamagedError(name, None, "the fields of a commit", "others")


def _each(rows: list[Any], name: str, read: Callable[[Any, str], Any]) -> list[Any]:
    return [read(row, name) for row in rows]


def _entry(row: Any, name: str) -> SegmentEntry:
    match row:
        case [file, live, int(documents), int(deleted)] if 0 <= deleted <= documents < 1 << 32:
            return SegmentEntry(
                FileInfo.from_json(file, name),
                FileInfo.from_json(live, name) if live is not None else None,
                documents,
                deleted,
            )
    raise DamagedError(name, None, "a segment entry", repr(row)[:60])


def _extra(row: Any, name: str) -> tuple[str, FileInfo]:
    match row:
        case [str(purpose), file]:
            return purpose, FileInfo.from_json(file, name)
    raise DamagedError(name, None, "an extra file", repr(row)[:60])
