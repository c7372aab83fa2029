"""Repair: what is sound stays, what can be read is rebuilt, what is lost is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.errors import DamagedError
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.index.check import check
from kashaf.index.repair import repair
from kashaf.storage import FaultyDirectory, MemoryDirectory

from .forging import forged
from .model import SCHEMA, content, documents, fresh, require_sound, snapshot_of

FOUND = documents(60, 8)
DEAD = ("3", "40")
LIVE = [each for each in FOUND if each["id"] not in DEAD]


@pytest.fixture(scope="module")
def files():
    directory = MemoryDirectory()
    Corpus(directory, create=SCHEMA)
    for first in (0, 20, 40):
        with Corpus(directory).writer() as writer:
            for each in FOUND[first : first + 20]:
                writer.add(each)
    with Corpus(directory).writer() as writer:
        for id in DEAD:
            writer.delete(id)
    return {name: bytes(file.data) for name, file in directory.files.items()}


@pytest.fixture
def directory(files):
    made = FaultyDirectory(files, on_close=require_sound)
    yield made
    made.close()


def segments(directory):
    return [entry.file.name for entry in commits.newest(directory).segments]


def test_a_sound_index_is_left_alone(directory):
    before = directory.contents()
    report = repair(directory)
    assert (report.findings, report.kept, report.rebuilt, report.lost) == ([], 58, 0, [])
    assert directory.contents() == before


@pytest.mark.parametrize(
    "column", ["vocabulary.roots.blob", "text.body.docs.data", "keyword.id.docs.data"]
)
def test_postings_are_rebuilt_from_the_documents(directory, column):
    """The columns are forged: a flipped bit in so small a file would touch its neighbours."""
    blank(directory, segments(directory)[1], column)
    assert check(directory)
    report = repair(directory)
    assert report.findings
    assert (report.lost, report.lost_unknown) == ([], 0)
    assert (report.kept, report.rebuilt) == (38, 20)
    assert content(directory) == content(fresh(LIVE))


def blank(directory, name, column):
    forged(directory, name, lambda columns, meta: columns[column].fill(255))


def test_documents_that_cannot_be_read_are_named(directory):
    blank(directory, segments(directory)[1], "stored.data")
    report = repair(directory)
    lost = [str(n) for n in range(20, 40)]
    assert report.lost == lost
    assert report.lost_unknown == 0
    left = [each for each in LIVE if each["id"] not in lost]
    assert content(directory) == content(fresh(left))


def test_a_segment_that_does_not_open_is_dropped(directory):
    name = segments(directory)[0]
    directory.truncate(name, 1000)
    report = repair(directory)
    assert (report.kept, report.lost_unknown) == (39, 19)
    assert content(directory) == content(fresh([e for e in LIVE if int(e["id"]) >= 20]))


def test_lost_deletions_are_told(directory):
    entry = commits.newest(directory).segments[0]
    directory.flip(entry.live.name, 70)
    report = repair(directory)
    assert any("may be back" in note for note in report.notes)
    assert len(list(snapshot_of(directory).all_documents())) == 59


def test_a_lost_commit_is_made_from_the_segments(directory):
    newest = commits.newest(directory).generation
    directory.truncate(commits.commit_name(newest), 10)
    report = repair(directory)
    assert report.notes
    assert content(directory)["documents"] == LIVE
    assert commits.newest(directory).generation == newest + 1


def test_nothing_to_salvage_is_said(directory, files):
    alone = MemoryDirectory({"commit-00000001.json": b"what"})
    with pytest.raises(DamagedError):
        repair(alone)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_flip_is_repaired_and_loses_no_more_than_a_segment(files, data):
    name = data.draw(st.sampled_from(sorted(files)))
    offset = data.draw(st.integers(0, len(files[name]) - 1))
    directory = FaultyDirectory(files, on_close=require_sound)
    directory.flip(name, offset, 1 << data.draw(st.integers(0, 7)))
    report = repair(directory)
    found = {each["id"]: each for each in snapshot_of(directory).all_documents()}
    known = {each["id"]: each for each in FOUND}
    assert all(known[id] == each for id, each in found.items())
    missing = {each["id"] for each in LIVE} - set(found)
    assert len(missing) == len(set(report.lost)) + report.lost_unknown
    assert set(report.lost) <= missing
    assert len(missing) <= 20
    directory.close()
