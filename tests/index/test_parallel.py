"""Several processes make the same index as one."""

import os
import signal
import time

import pytest
from kashaf.errors import DocumentError, SchemaError, StorageError
from kashaf.index import Corpus, parallel
from kashaf.index.check import check

from .model import SCHEMA, content, documents, fresh


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(parallel, "FIRST_BATCH", 20_000)


def test_two_processes_make_what_one_makes(tmp_path):
    """Updates and deletions reach documents that a worker has, or has had."""
    found = documents(600, 11)
    corpus = Corpus(tmp_path, create=SCHEMA)
    live = {}
    with corpus.writer(jobs=2) as writer:
        for n, each in enumerate(found):
            live[writer.add(each)] = each
            if n % 7 == 3:
                old = str(n * 5 % (n + 1))
                changed = {"id": old, "body": f"كتاب {n}"}
                live.pop(old, None)
                live[writer.update(changed)] = changed
            if n % 11 == 5:
                old = str(n * 3 % (n + 1))
                assert writer.delete(old) == (live.pop(old, None) is not None)
            assert writer.documents == len(live)
        with pytest.raises(DocumentError):
            writer.add(id="599")
        with pytest.raises(SchemaError):
            writer.update(id="599", note=object())
    assert check(corpus.directory) == []
    assert content(corpus.directory) == content(fresh(live.values()))


def test_a_rollback_ends_the_workers(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    with corpus.writer(jobs=2) as writer:
        for each in documents(200, 1):
            writer.add(each)
        writer.rollback()
        assert writer.documents == 0
        writer.add(id="1")
    assert corpus.snapshot().documents == 1


def test_a_dead_worker_is_one_clear_error(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    with corpus.writer(jobs=2) as writer:
        writer.add(id="0")
        writer.commit()
        for each in documents(100, 1, first=1):
            writer.add(each)
        writer.flush()
        for worker in list(writer._pool._executor._processes):
            os.kill(worker, signal.SIGKILL)
        with pytest.raises(StorageError, match="worker process ended"):
            for each in documents(300, 2, first=200):
                writer.add(each)
            writer.commit()
        writer.rollback()
        writer.add(id="1")
    assert [each["id"] for each in corpus.snapshot().all_documents()] == ["0", "1"]


def test_workers_end_with_the_writer(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    writer = corpus.writer(jobs=2)
    for each in documents(300, 1):
        writer.add(each)
    writer.flush()
    workers = list(writer._pool._executor._processes)
    assert workers
    writer.close()
    deadline = time.monotonic() + 10
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(worker) for worker in workers)


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_in_memory_there_is_one_process():
    corpus = Corpus(None, create=SCHEMA)
    with corpus.writer(jobs=4) as writer:
        writer.add(id="1")
        assert writer._pool is None
    assert corpus.snapshot().documents == 1
