"""Ignore rules: `.kashafignore` files, in the syntax of `.gitignore`, and patterns of the caller.

A rule holds in the folder of its file and below; of several that speak of a path the deepest
folder's counts, and in one file the last.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".kashafignore"


class Ignore:
    """The rules that hold in one folder: its own before those of the folders above it."""

    def __init__(self, rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()) -> None:
        self._rules = rules

    def with_patterns(self, folder: str, lines: Iterable[str], origin: str) -> Ignore:
        """These rules, and before them the patterns of a folder; `origin` is for errors."""
        from pathspec import GitIgnoreSpec

        try:
            spec = GitIgnoreSpec.from_lines(lines)
        except ValueError as error:
            raise UsageError(f"{origin}: {error}") from None
        return Ignore(((folder, spec), *self._rules))

    def with_file(self, folder: str) -> Ignore:
        """These rules, and before them those of the folder's file, which is there.

        Raises:
            UsageError: if it cannot be read: what it hides must not come in by mistake.
        """
        path = os.path.join(folder, FILE)
        try:
            with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
                return self.with_patterns(folder, file.read().splitlines(), path)
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}") from None

    def hides(self, path: str, folder: bool) -> bool:
        """Whether a path is to be left out."""
        for above, spec in self._rules:
            inner = os.path.relpath(path, above).replace(os.sep, "/")
            told = spec.check_file(inner + "/" if folder else inner).include
            if told is not None:
                return told
        return False


def rules_above(base: str, folder: str, patterns: Iterable[str] = ()) -> Ignore:
    """The rules that hold in a folder by itself: the patterns, and the files from the base down.

    Where the folder is not inside the base, only the patterns hold, from the folder on.
    """
    chain = _chain(base, folder)
    ignore = Ignore()
    lines = list(patterns)
    if lines:
        ignore = ignore.with_patterns(chain[0] if chain else folder, lines, "ignore")
    for above in chain:
        if os.path.lexists(os.path.join(above, FILE)):
            ignore = ignore.with_file(above)
    return ignore


def _chain(base: str, folder: str) -> list[str]:
    """The folders from the base down to the one above a folder; none outside the base."""
    if not folder.startswith(base.rstrip(os.sep) + os.sep):
        return []
    chain = [base]
    for part in os.path.relpath(folder, base).split(os.sep)[:-1]:
        chain.append(os.path.join(chain[-1], part))
    return chain
