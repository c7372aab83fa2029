"""Copies an index as of one commit, while a writer may go on, and writes its documents out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ..errors import UsageError
from ..storage import ColumnFile, Directory, DiskDirectory, FileInfo, MissingFileError
from . import commit as commits
from .check import Progress
from .snapshot import Snapshot, open_newest

_PIECE = 1 << 20


def backup(
    directory: Directory, destination: str | os.PathLike[str], progress: Progress | None = None
) -> Snapshot:
    """Copy the newest commit into an empty folder; durable when it returns.

    Every byte is checked on the way. On the same file system the copy shares its files with
    the index (hard links), which is safe as no file of an index is ever changed; a copy that
    is to outlive the disk belongs on another one.

    Args:
        directory: the index; it may be written to meanwhile.
        destination: the folder; it need not exist.
        progress: called with the bytes done and all there are.

    Returns:
        What was copied.

    Raises:
        UsageError: if the folder is not empty.
        DamagedError: if the index is damaged.
        StorageError: if the disk refuses.
    """
    target = _empty(Path(destination))
    snapshot, files = _open(directory)
    total, done = sum(file.info.size for file in files), 0
    for file in files:
        for error in file.check():
            raise error
        _copy(directory, file, target)
        done += file.info.size
        if progress:
            progress(done, total)
    target.sync()
    target.publish(commits.commit_name(snapshot.generation), commits.dump(snapshot.commit))
    return snapshot


def export(snapshot: Snapshot, out: BinaryIO) -> int:
    """Write every live document as a line of JSON, as it was stored; return how many."""
    count = 0
    for line in snapshot.lines():
        out.write(line)
        out.write(b"\n")
        count += 1
    return count


def _empty(path: Path) -> DiskDirectory:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{path} is not an empty folder; choose another")
    return DiskDirectory(path, create=True)


def _open(directory: Directory) -> tuple[Snapshot, list[ColumnFile]]:
    """The newest commit and its files; again where a writer has just replaced it."""
    while True:
        snapshot = open_newest(directory)
        if snapshot is None:
            raise UsageError(f"there is no index in {directory.label}")
        try:
            return snapshot, _files(snapshot)
        except MissingFileError:
            if commits.generations(directory)[-1:] == [snapshot.generation]:
                raise


def _files(snapshot: Snapshot) -> list[ColumnFile]:
    """The files of a snapshot, open: a writer that removes them takes nothing away."""
    files: list[ColumnFile] = []
    for segment in snapshot.segments:
        files.append(segment.file)
        if segment.live_file is not None:
            files.append(segment.live_file)
    extras = snapshot.commit.extras
    return files + [ColumnFile(snapshot.directory, info, kind) for kind, info in extras]


def _copy(directory: Directory, file: ColumnFile, target: DiskDirectory) -> None:
    if isinstance(directory, DiskDirectory) and _linked(directory, file.info, target):
        return
    output = target.create(file.name)
    try:
        for piece in _pieces(file.data):
            output.write(piece)
        output.finish()
    except BaseException:
        output.abandon()
        raise


def _linked(directory: DiskDirectory, info: FileInfo, target: DiskDirectory) -> bool:
    """Link a file, where the file system can and it is still there."""
    with suppress(OSError):
        os.link(directory.path / info.name, target.path / info.name)
        return True
    return False


def _pieces(data: memoryview) -> Iterable[memoryview]:
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
