"""Backups of a commit while writers go on, and documents written out."""

import io
import json
import os
import threading

import pytest
from kashaf.errors import DamagedError, UsageError
from kashaf.index import Corpus
from kashaf.index.backup import backup, export
from kashaf.storage import DiskDirectory, FaultyDirectory

from .model import SCHEMA, content, documents, faulty, fresh, require_sound


@pytest.fixture
def corpus(tmp_path):
    made = Corpus(tmp_path / "index", create=SCHEMA)
    with made.writer() as writer:
        for each in documents(30, 2):
            writer.add(each)
    with made.writer() as writer:
        writer.delete("4")
    return made


def test_a_backup_is_the_index(corpus, tmp_path):
    steps = []
    found = backup(corpus.directory, tmp_path / "copy", lambda *step: steps.append(step))
    copy = DiskDirectory(tmp_path / "copy")
    assert found.generation == 3
    assert steps[-1][0] == steps[-1][1] > 0
    require_sound(copy)
    assert content(copy) == content(corpus.directory)


def test_it_shares_files_where_it_can_and_goes_its_own_way(corpus, tmp_path):
    backup(corpus.directory, tmp_path / "copy")
    segment = next(path for path in (tmp_path / "copy").iterdir() if path.suffix == ".kseg")
    assert segment.stat().st_nlink == 2
    before = content(corpus.directory)
    copied = Corpus(tmp_path / "copy")
    with copied.writer() as writer:
        writer.add(id="new")
        writer.optimize()
    assert content(corpus.directory) == before
    with corpus.writer() as writer:
        writer.optimize()
    assert copied.snapshot().find("new") is not None
    require_sound(copied.directory)


def test_it_copies_where_it_cannot_link(corpus, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("another file system")

    monkeypatch.setattr(os, "link", refuse)
    backup(corpus.directory, tmp_path / "copy")
    assert content(DiskDirectory(tmp_path / "copy")) == content(corpus.directory)


def test_it_is_consistent_while_a_writer_is_busy(corpus, tmp_path):
    done = threading.Event()

    def write():
        turn = 0
        while not done.is_set():
            with corpus.writer() as writer:
                for each in documents(5, turn, first=turn % 20):
                    writer.update(each)
                writer.optimize()
            turn += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(10):
            found = backup(corpus.directory, tmp_path / f"copy{number}")
            copy = DiskDirectory(tmp_path / f"copy{number}")
            require_sound(copy)
            assert content(copy)["documents"] == list(found.all_documents())
    finally:
        done.set()
        thread.join()


def test_only_into_an_empty_folder(corpus, tmp_path):
    with pytest.raises(UsageError, match="not an empty folder"):
        backup(corpus.directory, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        backup(corpus.directory, tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert backup(corpus.directory, tmp_path / "empty").documents == 29


def test_damage_is_not_copied(corpus, tmp_path):
    files = {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()}
    directory = FaultyDirectory({n: data for n, data in files.items() if not n.startswith("write")})
    segment = next(name for name in directory.names() if name.startswith("seg-"))
    directory.flip(segment, 700)
    with pytest.raises(DamagedError):
        backup(directory, tmp_path / "copy")
    assert not any(path.name.startswith("commit") for path in (tmp_path / "copy").iterdir())


def test_export_gives_every_live_document_as_it_went_in():
    directory = faulty()
    found = documents(40, 9)
    with Corpus(directory, create=SCHEMA).writer() as writer:
        for each in found:
            writer.add(each)
        writer.commit()
        writer.delete("0")
    out = io.BytesIO()
    assert export(Corpus(directory).snapshot(), out) == 39
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == found[1:]
    assert content(fresh(lines)) == content(directory)
