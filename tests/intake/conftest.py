"""Folders to take in, and what is in the index afterwards."""

import os
import time

import kashaf
import pytest
from kashaf.index.intake import skipped_of, take_in


class Shelf:
    """A folder with an index beside it."""

    def __init__(self, home):
        self.home = home
        self.folder = home / "نصوص"
        self.folder.mkdir()
        self.place = home / "فهرس"
        self.index = kashaf.create(self.place)

    def write(self, old=True, **files):
        """Write files by name and text; as if a minute ago, so that their times are trusted."""
        for name, text in files.items():
            self.put(name.replace("__", "/") + ".txt", text, old)

    def put(self, name, text, old=True):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if old:
            then = time.time() - 60
            os.utime(path, (then, then))
        return path

    def take(self, *paths, rules=None, options=None, listener=None, **rest):
        with self.index.writer() as writer:
            given = paths or [self.folder]
            report = take_in(writer, given, self.home, options, None, rules, listener, **rest)
        self.index.refresh()
        return report

    def documents(self):
        return {d["id"]: d for d in self.index.snapshot.all_documents()}

    def ids(self):
        return {id.removeprefix("نصوص/") for id in self.documents()}

    def skips(self):
        return [(name.removeprefix("نصوص/"), s.kind) for name, s in skipped_of(self.place)]


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


def outcome(report):
    return report.added, report.changed, report.unchanged, report.removed


@pytest.fixture(name="outcome")
def outcome_of():
    return outcome
