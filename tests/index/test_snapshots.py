"""Snapshots: what was opened stays as it was, whatever writers do."""

import os
import signal
import subprocess
import sys
import threading
import time

import kashaf
import pytest
from kashaf.errors import KashafError, LockedError, NotAnIndexError
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.storage import FaultyDirectory

from .model import SCHEMA, answer, content, documents, faulty, fresh


def grown(corpus, turns=5):
    for turn in range(turns):
        with corpus.writer() as writer:
            for each in documents(10, turn, first=turn * 5):
                writer.update(each)
            writer.delete(str(turn))
    with corpus.writer() as writer:
        writer.optimize()


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_an_open_snapshot_never_changes(place, tmp_path):
    """Its files are removed under it, the list of live documents among them, before it reads."""
    corpus = Corpus(tmp_path if place == "disk" else None, create=SCHEMA)
    with corpus.writer() as writer:
        for each in documents(30, 1):
            writer.add(each)
    with corpus.writer() as writer:
        writer.delete("7")
    untouched, used = corpus.snapshot(), corpus.snapshot()
    index = kashaf.Index(corpus)
    before = list(used.all_documents())
    answers = answer(index, "كتاب")
    grown(corpus)
    assert list(used.all_documents()) == before
    assert list(untouched.all_documents()) == before
    assert untouched.find("7") is None
    assert answer(index, "كتاب") == answers
    assert index.refresh()
    assert answer(index, "كتاب") != answers


def test_a_refresh_keeps_open_what_is_the_same():
    corpus = Corpus(None, create=SCHEMA)
    with corpus.writer() as writer:
        writer.add(id="1", body="كتاب")
    first = corpus.snapshot()
    assert corpus.snapshot(first) is first
    with corpus.writer() as writer:
        writer.add(id="2", body="كتاب")
    second = corpus.snapshot(first)
    assert second.segments[0] is first.segments[0]
    with corpus.writer() as writer:
        writer.delete("1")
    third = corpus.snapshot(second)
    assert [segment.live_count for segment in third.segments] == [1]
    assert third.segments[0] is second.segments[1]


class Moving(FaultyDirectory):
    """Has someone change the index between two calls of a reader."""

    between = None
    after = 0

    def _step(self, operation, name=""):
        super()._step(operation, name)
        self.after -= 1
        if self.between and self.after == 0:
            between, self.between = self.between, None
            between()


@pytest.mark.parametrize("after", range(1, 9))
def test_a_reader_that_opens_while_a_writer_cleans_up(after):
    """Between two of its calls a writer replaces every file that it was about to open."""
    directory = Moving()
    corpus = Corpus(directory, create=SCHEMA)
    grown(corpus, 2)
    directory.after = after
    directory.between = lambda: grown(Corpus(directory), 3)
    found = corpus.snapshot()
    assert found.generation in (4, 8)
    assert len(list(found.all_documents())) == found.documents


def test_a_listing_that_shows_no_commit_is_not_believed_at_once():
    directory = faulty()
    corpus = Corpus(directory, create=SCHEMA)
    names, empty = directory.names, [True, True]
    directory.names = lambda: [] if empty and empty.pop() else names()
    assert corpus.snapshot().generation == 1


def test_an_index_that_was_removed_is_missed(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(NotAnIndexError):
        corpus.snapshot()
    with pytest.raises(NotAnIndexError):
        Corpus(tmp_path)


def test_threads_read_while_a_thread_writes(tmp_path):
    """Every answer is that of some commit."""
    corpus = Corpus(tmp_path, create=SCHEMA)
    rounds, allowed, errors = 12, {}, []
    live = {}
    for turn in range(rounds + 1):
        allowed[turn + 1] = len(live)
        live |= {str(turn * 3 + n): 1 for n in range(3)}
    done = threading.Event()

    def read():
        try:
            index = kashaf.open(tmp_path)
            while not done.is_set():
                index.refresh()
                snapshot = index.snapshot
                assert len(list(snapshot.all_documents())) == allowed[snapshot.generation]
                assert len(index.search("كتاب", limit=100)) <= allowed[rounds + 1]
        except (AssertionError, KashafError) as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(rounds):
        with corpus.writer() as writer:
            for n in range(3):
                writer.add(id=str(turn * 3 + n), body="كتاب")
    done.set()
    for thread in threads:
        thread.join()
    assert not errors


HOLDER = """
import sys, time
from kashaf.index import Corpus
writer = Corpus(sys.argv[1]).writer()
writer.add(id="lost")
writer.flush()
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_and_the_leavings_of_a_killed_process(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=str(process.pid)):
            corpus.writer()
        begin = time.monotonic()
        with pytest.raises(LockedError):
            corpus.writer(timeout=0.3)
        assert time.monotonic() - begin >= 0.3
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    with corpus.writer(timeout=10) as writer:
        writer.add(id="1")
    found = commits.newest(corpus.directory)
    assert set(corpus.directory.names()) == found.files()
    assert content(corpus.directory) == content(fresh([{"id": "1"}]))
