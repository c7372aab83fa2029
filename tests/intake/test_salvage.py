"""Repair keeps what is known of the files: the next run reads what was lost, and no more."""

import random
from contextlib import closing

import pytest
from kashaf.index import commit as commits
from kashaf.index.check import check
from kashaf.index.intake import PURPOSE, read_sources
from kashaf.index.repair import repair
from kashaf.storage import ColumnFile, DiskDirectory

MANY = 40


@pytest.fixture
def damaged(shelf):
    """Three segments: ten files, many larger ones, ten files."""
    for number in range(10):
        shelf.put(f"أ{number}.txt", f"خبر\nنص {number}")
    shelf.take()
    chance = random.Random(4)
    for number in range(MANY):
        body = " ".join(str(chance.randrange(10**6)) for _ in range(2000))
        shelf.put(f"سجلات/{number}.txt", body)
    shelf.take()
    for number in range(10):
        shelf.put(f"ي{number}.txt", f"خبر\nنص {number}")
    shelf.take()
    shelf.directory = DiskDirectory(shelf.place)
    return shelf


def spoil(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 255
    path.write_bytes(data)


def segments(shelf):
    return [shelf.place / e.file.name for e in commits.newest(shelf.directory).segments]


def spoil_column(path, column):
    """Spoil the middle of a column, and with it a page of 16 KiB."""
    with closing(DiskDirectory(path.parent)) as directory:
        kind = PURPOSE if path.suffix == ".kext" else "segment"
        found = ColumnFile(directory, path.name, kind).columns[column]
        spoil(path, found.offset + found.length // 2)


def mended(shelf):
    report = repair(shelf.directory)
    assert check(shelf.directory) == []
    shelf.index.refresh()
    return report


def test_the_manifest_stays_where_only_postings_are_damaged(damaged):
    before = dict(commits.newest(damaged.directory).extras)
    spoil_column(segments(damaged)[1], "text.body.positions.data")
    report = mended(damaged)
    assert (report.lost, report.lost_unknown, report.rebuilt) == ([], 0, MANY)
    assert dict(commits.newest(damaged.directory).extras) == before
    assert damaged.take().read == 0


def test_only_files_of_lost_documents_are_read_again(damaged):
    whole = damaged.documents()
    segments(damaged)[-1].write_bytes(b"")
    report = mended(damaged)
    assert report.lost_unknown == 10
    assert len(damaged.ids()) == 10 + MANY
    assert any(note.endswith("reads again: 10") for note in report.notes)
    again = damaged.take()
    assert (again.read, again.added) == (10, 10)
    assert damaged.documents() == whole


def test_what_was_deleted_stays_deleted_where_the_lost_are_known(damaged):
    with damaged.index.writer() as writer:
        writer.delete("نصوص/أ3.txt")
    spoil_column(segments(damaged)[1], "stored.data")
    report = mended(damaged)
    assert 0 < len(report.lost) < MANY
    assert not report.lost_unknown
    again = damaged.take()
    assert again.read == again.added == len(report.lost)
    assert "أ3.txt" not in damaged.ids()


def test_a_damaged_manifest_is_kept_as_far_as_it_can_be_read(damaged):
    for number in range(1500):
        damaged.put(f"كثير/{number}.txt", f"خبر {number}")
    damaged.take()
    [manifest] = damaged.place.glob("*.kext")
    spoil_column(manifest, "stored.data")
    assert [finding.file for finding in check(damaged.directory)] == [manifest.name]
    before = damaged.documents()
    report = mended(damaged)
    assert report.kept == len(before)
    left = commits.newest(damaged.directory).extras[0][1]
    known = {e.name for e in read_sources(ColumnFile(damaged.directory, left, PURPOSE))}
    assert 500 < len(known) < 1560
    (damaged.folder / "ي3.txt").unlink()
    again = damaged.take()
    assert again.read == 1560 - len(known)
    assert (again.added, again.changed, again.removed) == (0, 0, 1)


def test_a_manifest_that_does_not_open_is_left_out(damaged):
    [manifest] = damaged.place.glob("*.kext")
    manifest.write_bytes(b"?" * 100)
    assert mended(damaged).lost == []
    assert commits.newest(damaged.directory).extras == ()
    again = damaged.take()
    assert (again.read, again.added, again.unchanged) == (60, 0, 60)


def test_the_manifest_is_found_without_a_commit(damaged):
    name = commits.commit_name(commits.newest(damaged.directory).generation)
    (damaged.place / name).write_bytes(b"?")
    before = damaged.documents()
    mended(damaged)
    assert damaged.documents() == before
    assert damaged.take().read == 0
