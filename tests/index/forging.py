"""Changes the columns of a segment and makes all its checksums right again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kashaf.index import commit as commits
from kashaf.storage import ColumnFile, ColumnWriter, Directory

Change = Callable[[dict[str, Any], dict[str, Any]], object]


def forged(directory: Directory, name: str, change: Change) -> None:
    """Write a segment again, with what `change` made of its columns and its meta."""
    old = ColumnFile(directory, name, "segment")
    columns = {column: old.read(column).copy() for column in old.columns}
    meta = dict(old.meta)
    change(columns, meta)
    directory.remove(name)
    with ColumnWriter(directory, name, "segment") as out:
        for column, array in columns.items():
            out.add(column, array)
        info = out.finish(meta)
    commit = commits.newest(directory)
    assert commit is not None
    entries = [e._replace(file=info) if e.file.name == name else e for e in commit.segments]
    before = commits.commit_name(commit.generation)
    commits.publish(directory, commit._replace(segments=tuple(entries)))
    directory.remove(before)
