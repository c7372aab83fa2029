"""The faulty twin: what it loses, tears, refuses and reports."""

import errno
from collections.abc import Callable

import pytest
from kashaf.errors import StorageError
from kashaf.storage import Crash, FaultyDirectory, LeakError
from kashaf.storage.faulty import Mode

MODES: tuple[Mode, ...] = ("kept", "lost", "torn")
DATA = bytes(range(1, 101))


def put(directory: FaultyDirectory, name: str, data: bytes = DATA) -> None:
    output = directory.create(name)
    output.write(data)
    output.finish()


def torn(directory: FaultyDirectory, seeds: int = 60) -> list[dict[str, bytes]]:
    return [directory.after_crash("torn", seed).contents() for seed in range(seeds)]


def test_finished_and_synced_survives_everything() -> None:
    directory = FaultyDirectory()
    put(directory, "a")
    directory.sync()
    for mode in MODES:
        assert directory.after_crash(mode).contents() == {"a": DATA}


def test_a_file_whose_directory_was_not_synced_may_vanish() -> None:
    directory = FaultyDirectory()
    put(directory, "a")
    assert directory.after_crash("kept").contents() == {"a": DATA}
    assert directory.after_crash("lost").contents() == {}
    assert {tuple(found) for found in torn(directory)} == {(), ("a",)}


def test_data_that_was_not_fsynced_may_be_lost_cut_or_zeros() -> None:
    directory = FaultyDirectory()
    directory.create("a").write(DATA)
    directory.sync()
    assert directory.after_crash("kept").contents() == {"a": DATA}
    assert directory.after_crash("lost").contents() == {"a": b""}
    found = [files["a"] for files in torn(directory)]
    assert DATA in found
    assert any(len(data) < len(DATA) for data in found)
    assert any(len(data) == len(DATA) and data.endswith(b"\0\0") for data in found)
    kept = [data.rstrip(b"\0") for data in found]
    assert all(DATA.startswith(data) for data in kept)


def test_removals_that_were_not_synced_may_come_undone() -> None:
    directory = FaultyDirectory({"a": b"1", "b": b"2"})
    directory.remove("a")
    directory.remove("b")
    assert directory.after_crash("kept").contents() == {}
    assert directory.after_crash("lost").contents() == {"a": b"1", "b": b"2"}
    assert {tuple(found) for found in torn(directory)} == {(), ("a",), ("b",), ("a", "b")}


def test_torn_is_the_same_for_the_same_seed() -> None:
    directory = FaultyDirectory()
    for name in "abc":
        directory.create(name).write(DATA)
    assert torn(directory) == torn(directory)


@pytest.mark.parametrize("mode", MODES)
def test_publish_is_atomic_at_every_cut(mode: Mode) -> None:
    def workload(directory: FaultyDirectory) -> None:
        directory.publish("commit", b"new" * 100)

    for files, call in cuts(workload, {"commit": b"old"}):
        for seed in range(20):
            found = files.after_crash(mode, seed).contents()
            assert found["commit"] in (b"old", b"new" * 100), f"cut {call}, seed {seed}"
            assert set(found) <= {"commit", "commit.tmp"}


@pytest.mark.parametrize("mode", MODES)
def test_publish_is_durable_when_it_returns(mode: Mode) -> None:
    directory = FaultyDirectory({"commit": b"old"})
    directory.publish("commit", b"new")
    assert directory.after_crash(mode).contents() == {"commit": b"new"}


def test_a_rename_before_the_fsync_is_caught() -> None:
    directory = FaultyDirectory({"commit": b"old"})
    directory.create("t").write(b"new")
    directory._replace("t", "commit")
    assert b"" in [files["commit"] for files in torn(directory)]


def test_removing_the_old_before_the_new_is_durable_is_caught() -> None:
    directory = FaultyDirectory({"old": b"1"})
    put(directory, "new")
    directory.remove("old")
    assert {} in torn(directory)


def cuts(
    workload: Callable[[FaultyDirectory], None], files: dict[str, bytes]
) -> list[tuple[FaultyDirectory, int]]:
    """Return the directory as cut at each call of `workload` in turn."""
    found = []
    for call in range(1, 1000):
        directory = FaultyDirectory(files)
        directory.crash_at(call)
        try:
            workload(directory)
        except Crash:
            found.append((directory, call))
        else:
            assert directory.calls == call - 1
            break
    return found


def test_every_call_is_counted_and_after_the_crash_all_raise() -> None:
    def workload(directory: FaultyDirectory) -> None:
        with directory.lock():
            put(directory, "a")
            directory.sync()
            directory.publish("b", b"1")
            directory.names()
            for use in (directory.map, directory.read, directory.size, directory.remove):
                use("a")
        directory.close()

    made = cuts(workload, {})
    assert len(made) == 17
    for directory, call in made:
        assert directory.calls == call == len(directory.log)
        for use in (directory.names, directory.sync, directory.lock, directory.close):
            with pytest.raises(Crash):
                use()
        assert directory.calls == call
        again = directory.after_crash("kept")
        again.lock().release()  # the lock went with the process
        again.close()


def test_a_crash_during_a_write_may_leave_the_write() -> None:
    directory = FaultyDirectory()
    output = directory.create("a")
    directory.crash_at(2)
    with pytest.raises(Crash):
        output.write(b"12")
    with pytest.raises(Crash):
        output.abandon()
    assert directory.after_crash("kept").contents() == {"a": b"12"}


@pytest.mark.parametrize("step", ["create", "write", "finish", "sync"])
def test_a_full_disk_refuses_what_needs_space(step: str) -> None:
    directory = FaultyDirectory()
    directory.fail_at(1 + ["create", "write", "finish", "sync"].index(step))
    with pytest.raises(StorageError, match=f"cannot {step} .*faulty: the disk is full"):
        put(directory, "a")
        directory.sync()
    assert directory.calls == len(directory.log)


def test_a_full_disk_stays_full_and_still_reads_and_removes() -> None:
    directory = FaultyDirectory({"a": b"1"})
    directory.fail_at(1, errno.ENOSPC, times=100)
    assert directory.read("a") == b"1"
    for _ in range(3):
        with pytest.raises(StorageError, match="full"):
            directory.publish("b", b"2")
    directory.remove("a")
    assert directory.names() == []


def test_a_failing_disk_refuses_one_call_and_then_works() -> None:
    directory = FaultyDirectory({"a": b"1"})
    directory.fail_at(2, errno.EIO)
    assert directory.read("a") == b"1"
    with pytest.raises(StorageError, match="cannot read a in faulty: input/output error"):
        directory.read("a")
    assert directory.read("a") == b"1"


def test_data_after_a_failed_fsync_is_not_durable() -> None:
    directory = FaultyDirectory()
    output = directory.create("a")
    output.write(DATA)
    directory.fail_at(3, errno.EIO)
    with pytest.raises(StorageError):
        output.finish()
    directory.sync()
    assert directory.after_crash("lost").contents() == {"a": b""}
    output.abandon()
    directory.close()


def test_a_refused_write_may_have_taken_some() -> None:
    directory = FaultyDirectory()
    output = directory.create("a")
    directory.fail_at(2)
    with pytest.raises(StorageError):
        output.write(b"1234")
    assert directory.contents() == {"a": b"12"}
    output.abandon()
    assert directory.contents() == {}


def test_a_failed_publish_keeps_the_old_or_shows_the_new() -> None:
    for call in range(1, 7):
        directory = FaultyDirectory({"commit": b"old"})
        directory.fail_at(call, errno.EIO)
        with pytest.raises(StorageError):
            directory.publish("commit", b"new")
        last = directory.log[-1] == "sync"
        assert directory.contents() == {"commit": b"new" if last else b"old"}
        directory.close()


def test_damage_on_request() -> None:
    directory = FaultyDirectory({"a": b"abc"})
    directory.flip("a", 1, 0x20)
    directory.truncate("a", 2)
    assert directory.read("a") == b"aB"
    for mode in MODES:
        assert directory.after_crash(mode).contents() == {"a": b"aB"}


def test_leaks_are_reported_at_close() -> None:
    directory = FaultyDirectory()
    directory.create("a")
    lock = directory.lock()
    directory.create("b").finish()
    with pytest.raises(LeakError, match=r"still open at close: a, write\.lock"):
        directory.close()
    lock.release()
    assert directory.leaks() == ["a"]


def test_close_runs_the_checker_also_after_a_crash_and_reopening() -> None:
    seen: list[list[str]] = []
    directory = FaultyDirectory({"a": b""}, on_close=lambda d: seen.append(d.names()))
    directory.close()
    directory.after_crash("lost").close()
    assert seen == [["a"], ["a"]]
