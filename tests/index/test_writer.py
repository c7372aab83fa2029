"""The writer: what it takes, what it refuses, and what it leaves behind."""

import datetime as dt
import threading

import kashaf
import pytest
from kashaf.errors import DocumentError, LockedError, SchemaError, StorageError, UsageError
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.storage import MemoryDirectory

from .model import SCHEMA, content, documents, faulty, fresh, snapshot_of


@pytest.fixture
def directory():
    made = faulty()
    Corpus(made, create=SCHEMA)
    yield made
    made.close()


def stored(directory):
    return list(snapshot_of(directory).all_documents())


def test_without_an_id_one_is_given(directory):
    with Corpus(directory).writer() as writer:
        assert writer.add(id="2") == "2"
        assert [writer.add(body="كتاب") for _ in range(3)] == ["1", "3", "4"]
    with Corpus(directory).writer() as writer:
        assert writer.add({}) == "5"
    assert len(stored(directory)) == 5


def test_an_id_that_is_taken_is_refused(directory):
    with Corpus(directory).writer() as writer:
        writer.add(id="1")
        with pytest.raises(DocumentError, match="'1'"):
            writer.add(id=1)
        writer.commit()
        with pytest.raises(DocumentError):
            writer.add(id="1")
        assert writer.delete("1")
        assert not writer.delete("1")
        writer.add(id="1", title="كتاب")
    assert stored(directory) == [{"id": "1", "title": "كتاب"}]


@pytest.mark.parametrize(
    "fields",
    [
        {"nowhere": 1},
        {"size": "ten"},
        {"size": float("inf")},
        {"day": "soon"},
        {"body": {"a": 1}},
        {"tag": [{}]},
        {"note": object()},
        {"id": 1.5},
        {"id": True},
    ],
)
def test_a_refused_update_leaves_the_old_document(directory, fields):
    """Also where the refusal comes only when the document is put into JSON."""
    with Corpus(directory).writer() as writer:
        writer.add(id="1", body="committed")
        writer.add(id="2", body="committed")
        writer.commit()
        writer.update(id="1", body="in memory")
        for id in ("1", "2"):
            with pytest.raises(SchemaError):
                writer.update({"id": id, **fields})
    assert sorted(each["body"] for each in stored(directory)) == ["committed", "in memory"]


def test_values_come_back_as_they_went_in(directory):
    given = {"id": "1", "body": ["كُتُبٌ\n", "ب"], "size": 1.5, "note": {"a": [None, True]}}
    with Corpus(directory).writer() as writer:
        writer.add(given, day=dt.date(2017, 3, 5))
        writer.add(id="2", body="\ud800 كتاب", tag="\ud800")
    assert stored(directory) == [
        {**given, "day": "2017-03-05"},
        {"id": "2", "body": "\ufffd كتاب", "tag": "\ufffd"},
    ]


def test_it_commits_at_the_end_and_rolls_back_on_an_error(directory):
    with pytest.raises(ZeroDivisionError), Corpus(directory).writer() as writer:
        writer.add(id="1")
        writer.flush()
        raise ZeroDivisionError
    assert stored(directory) == []
    assert set(directory.names()) == {"commit-00000001.json"}


def test_rollback_forgets_all_and_goes_on(directory):
    with Corpus(directory).writer() as writer:
        writer.add(id="1")
        writer.commit()
        writer.extend({"late": "text"})
        writer.add(id="2", late="كتاب")
        writer.flush()
        writer.delete("1")
        writer.rollback()
        assert "late" not in writer.schema
        assert writer.documents == 1
        writer.add(id="2")
    assert [each["id"] for each in stored(directory)] == ["1", "2"]


def test_nothing_to_commit_makes_no_commit(directory):
    with Corpus(directory).writer() as writer:
        writer.add(id="1")
        assert writer.commit() == 2
        assert writer.commit() == 2
    assert snapshot_of(directory).generation == 2


def test_a_closed_writer_is_closed(directory):
    writer = Corpus(directory).writer()
    writer.close()
    writer.close()
    for action in (writer.commit, writer.flush, writer.rollback, writer.optimize, writer.add):
        with pytest.raises(UsageError, match="closed"):
            action()


def test_a_refused_writer_stops_until_rolled_back(directory):
    writer = Corpus(directory).writer()
    writer.add(id="1")
    directory.fail_at(directory.calls + 5)
    with pytest.raises(StorageError):
        writer.commit()
    with pytest.raises(UsageError, match="roll back"):
        writer.add(id="2")
    writer.rollback()
    writer.add(id="2")
    writer.close()
    assert stored(directory) == []


def test_after_a_refused_last_step_it_takes_up_what_is_there(directory):
    """The new commit is visible, and only the last sync of the directory failed."""
    with Corpus(directory).writer() as writer:
        writer.add(id="1")
        writer.flush()
        probe = directory.after_crash("kept")
        last = last_sync(probe) + directory.calls
        directory.fail_at(last)
        with pytest.raises(StorageError):
            writer.commit()
        assert commits.newest(directory).generation == 2
        writer.rollback()
        assert writer.documents == 1
        writer.add(id="2")
    assert [each["id"] for each in stored(directory)] == ["1", "2"]


def last_sync(probe):
    """How many calls after a flush the last sync of a commit is."""
    log = ["sync", "create", "write", "finish", "rename", "sync"]
    return 1 + len(log)  # `publish` removes an old temporary file first


def test_deletions_by_number_are_of_what_was_searched(directory):
    """The hook for deleting by query: search `view()`, delete what was found in it."""
    corpus = Corpus(directory)
    with corpus.writer() as writer:
        for each in documents(20, 1):
            writer.add(each)
        writer.commit()
        writer.update(id="3", tag="blue")
        writer.add(id="new", tag="blue")
        view = writer.view()
        docs = [s.live_only(s.keyword["tag"].find("blue")) for s in view.segments]
        gone = {
            view.document(f + int(d))["id"]
            for f, ds in zip(view.firsts, docs, strict=True)
            for d in ds
        }
        assert {"3", "new"} <= gone
        assert writer.delete_documents(view, docs) == len(gone)
        assert writer.delete_documents(view, docs) == 0
        with pytest.raises(UsageError, match="no such"):
            writer.delete_documents(view, [[10**6]] * len(docs))
        writer.add(id="later")
        writer.flush()
        with pytest.raises(UsageError, match="search again"):
            writer.delete_documents(view, docs)
    assert not gone & {each["id"] for each in stored(directory)}
    assert not kashaf.open(directory).search("tag:blue").hits


def test_a_small_budget_makes_segments_and_changes_nothing():
    directory = MemoryDirectory()
    found = documents(3000, 4)
    with Corpus(directory, create=SCHEMA).writer(memory=1) as writer:
        for each in found:
            writer.add(each)
        assert len(writer._parts) > 1
    assert content(directory) == content(fresh(found))


def test_a_second_writer_is_told_or_waits(directory):
    first = Corpus(directory).writer()
    with pytest.raises(LockedError):
        Corpus(directory).writer()
    threading.Timer(0.2, first.close).start()
    Corpus(directory).writer(timeout=20).close()


def test_a_directory_that_is_no_index_is_refused(tmp_path):
    for memory, jobs in ((0, 1), (1, 0)):
        with pytest.raises(UsageError):
            Corpus(None, create=SCHEMA).writer(memory=memory, jobs=jobs)
    with pytest.raises(UsageError, match="already"):
        Corpus(Corpus(tmp_path, create=SCHEMA).directory, create=SCHEMA)


def test_ids_are_found_in_all_segments_however_many_are_asked_for(tmp_path):
    corpus = Corpus(tmp_path, create=SCHEMA)
    with corpus.writer() as writer:
        for n in range(300):
            writer.add(id=f"رقم {n}", body="كتاب")
            if n % 40 == 39:
                writer.flush()
        for n in range(300):
            with pytest.raises(DocumentError):
                writer.add(id=f"رقم {n}", body="كتاب")
        for n in range(0, 300, 3):
            assert writer.delete(f"رقم {n}")
            writer.add(id=f"رقم {n}", body="باب")
            if n % 60 == 0:
                writer.flush()
        writer.optimize()
        for n in range(300):
            writer.update(id=f"رقم {n}", body="باب")
    assert len(stored(corpus.directory)) == 300
