"""Walks folders: every file that is wanted, in the order of `naming.key_of`, with its stat."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from stat import S_ISDIR

from ...errors import UsageError
from .ignore import FILE, Ignore, rules_above
from .naming import key_of, shown

_COMMIT = re.compile(r"commit-[0-9a-f]{8}\.json")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is wanted of a folder.

    Attributes:
        hidden: files and folders whose names begin with a dot, too.
        follow: go into folders that are symbolic links; loops are noticed.
        ignore: patterns as in `.kashafignore`, from the base on.
        leave_out: absolute paths that are never taken. (Folders that are an index never are.)
    """

    hidden: bool = False
    follow: bool = False
    ignore: tuple[str, ...] = ()
    leave_out: frozenset[str] = frozenset()


@dataclass(slots=True)
class Found:
    """A file on the way, or a folder that cannot be entered.

    Attributes:
        path: absolute.
        size, mtime: its size in bytes and its time in nanoseconds; 0 where they are not known.
        trouble: why it cannot be read, as (reason, kind); else None.
        folder: it is a folder: what is in it is not known.
    """

    path: str
    size: int = 0
    mtime: int = 0
    trouble: tuple[str, str] | None = None
    folder: bool = False


def roots_of(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Paths made absolute, in order, none inside another.

    Raises:
        UsageError: naming the first that is not there.
    """
    roots: list[str] = []
    given = list(paths)
    for path in given:
        if not os.path.lexists(path):
            raise UsageError(f"no such file or folder: {shown(os.fspath(path))}")
    for path in sorted(map(os.path.abspath, given), key=key_of):
        if not roots or not is_inside(path, roots[-1]):
            roots.append(path)
    return roots


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def walk(roots: Iterable[str], rules: Rules, base: str) -> Iterator[Found]:
    """The files of some roots, which are as `roots_of` gives them. What is named is taken."""
    for root in roots:
        if os.path.isdir(root):
            yield from _walk_folder(root, rules, rules_above(base, root, rules.ignore))
        else:
            yield _file(root)


def measure(roots: Iterable[str], rules: Rules, base: str) -> tuple[int, int]:
    """How many files there are, and their bytes."""
    files = nbytes = 0
    for found in walk(roots, rules, base):
        files += 1
        nbytes += found.size
    return files, nbytes


def _walk_folder(root: str, rules: Rules, above: Ignore) -> Iterator[Found]:
    """Depth first, in order; the folders that are open are a stack, as deep as paths go."""
    stack: list[tuple[Iterator[os.DirEntry[str]], Ignore, tuple[int, int]]] = []
    folder: str | None = root
    while stack or folder:
        if folder:
            entered = _enter(folder, above, {identity for *_, identity in stack})
            if isinstance(entered, Found):
                yield entered
            else:
                stack.append(entered)
            folder = None
            continue
        entries, above, _ = stack[-1]
        entry = next(entries, None)
        if entry is None:
            stack.pop()
        elif _is_folder(entry, rules.follow):
            folder = entry.path if _is_wanted(entry, rules, above, True) else None
        elif _is_wanted(entry, rules, above, False):
            yield _file(entry.path)


def _enter(
    folder: str, above: Ignore, open_folders: set[tuple[int, int]]
) -> tuple[Iterator[os.DirEntry[str]], Ignore, tuple[int, int]] | Found:
    try:
        stat = os.stat(folder)
        identity = stat.st_dev, stat.st_ino
        if identity in open_folders:
            return Found(folder, trouble=("a link to a folder that it is in", "unsafe"))
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        return Found(folder, trouble=(error.strerror or str(error), "unreadable"), folder=True)
    if any(_COMMIT.fullmatch(entry.name) for entry in entries):
        entries = []  # an index is no text
    if any(entry.name == FILE for entry in entries):
        above = above.with_file(folder)
    return iter(entries), above, identity


def _is_folder(entry: os.DirEntry[str], follow: bool) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:
        return False


def _is_wanted(entry: os.DirEntry[str], rules: Rules, ignore: Ignore, folder: bool) -> bool:
    if entry.name.startswith(".") and not rules.hidden:
        return False
    return entry.path not in rules.leave_out and not ignore.hides(entry.path, folder)


def _file(path: str) -> Found:
    try:
        stat = os.stat(path)
    except OSError as error:
        return Found(path, trouble=(error.strerror or str(error), "unreadable"))
    if S_ISDIR(stat.st_mode):
        return Found(path, trouble=("a link to a folder; --follow goes into it", "unsafe"))
    return Found(path, stat.st_size, stat.st_mtime_ns)
