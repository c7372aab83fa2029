"""The names of sources: paths from the folder beside the index, and the order they are in."""

from __future__ import annotations

import os


class Naming:
    """Names for paths and back.

    A file inside the base is named by its path from there, with slashes; any other by its
    whole path. Bytes of a name that are not in the system's encoding are kept, as lone
    surrogates.

    Args:
        base: the folder that the index lies in.
    """

    def __init__(self, base: str | os.PathLike[str]) -> None:
        self.base = os.path.abspath(base)
        self._inside = self.base.rstrip(os.sep) + os.sep

    def name(self, path: str) -> str:
        """The name of an absolute path."""
        return path.removeprefix(self._inside).replace(os.sep, "/")

    def path(self, name: str) -> str:
        """The absolute path of a name."""
        return os.path.join(self.base, name.replace("/", os.sep))

    def key(self, name: str) -> list[bytes]:
        """Where a name comes in order; `key_of` its path."""
        return key_of(self.path(name))


def key_of(path: str) -> list[bytes]:
    """Where an absolute path comes in order: folder by folder, by the bytes of the names."""
    return os.fsencode(path).split(os.fsencode(os.sep))


def shown(name: str) -> str:
    """A name as text for ids and people: bytes that no encoding explains become `\\xff`."""
    if name.isascii():
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace")
