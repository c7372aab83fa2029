"""Locks against other processes, and against processes that died."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from kashaf.errors import LockedError, StorageError
from kashaf.storage import DiskDirectory, locks

HOLD = """
import sys, time
from kashaf.storage import DiskDirectory
with DiskDirectory(sys.argv[1]).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(directory: DiskDirectory) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(directory.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def disk(tmp_path: Path) -> DiskDirectory:
    return DiskDirectory(tmp_path / "index", create=True)


def test_another_process_is_named(disk: DiskDirectory) -> None:
    with holder(disk) as process:
        with pytest.raises(LockedError, match=rf"\(process {process.pid} on .*\) holds .*index"):
            disk.lock()
        assert disk.names() == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_process_blocks_nobody(disk: DiskDirectory) -> None:
    with holder(disk) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (disk.path / "write.lock.holder").exists()  # what it left behind
    with disk.lock():
        pass
    assert not (disk.path / "write.lock.holder").exists()


def test_waiting_ends_when_the_other_lets_go(disk: DiskDirectory) -> None:
    with holder(disk) as process:
        assert process.stdin
        process.stdin.close()
        start = time.monotonic()
        disk.lock(timeout=20).release()
        assert time.monotonic() - start < 15


@pytest.mark.parametrize("note", [None, b"", b"\x1b[2Jhacked", b"\xff" * 1000, b"x\ny"])
def test_a_note_that_tells_nothing_is_not_shown(disk: DiskDirectory, note: bytes | None) -> None:
    path = disk.path / "write.lock.holder"
    with disk.lock():
        path.unlink()
        if note is not None:
            path.write_bytes(note)
        with pytest.raises(LockedError) as caught:
            disk.lock()
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 700


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_cannot_release_its_parents_lock(disk: DiskDirectory) -> None:
    lock = disk.lock()
    child = os.fork()
    if not child:
        lock.release()
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(LockedError):
        disk.lock()
    lock.release()
    disk.lock().release()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_does_not_keep_the_lock_of_a_parent_that_ended(disk: DiskDirectory) -> None:
    lock = disk.lock()
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    try:
        lock.release()
        disk.lock().release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_without_flock_another_kind_locks(
    disk: DiskDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_flock", None)
    with disk.lock(), pytest.raises(LockedError):
        disk.lock(timeout=0.1)
    disk.lock().release()


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_a_link_in_the_place_of_the_lock_file_is_refused(
    disk: DiskDirectory, tmp_path: Path
) -> None:
    (tmp_path / "other").write_text("kept")
    (disk.path / "write.lock").symlink_to(tmp_path / "other")
    with pytest.raises(StorageError):
        disk.lock()
    assert (tmp_path / "other").read_text() == "kept"


def test_filelock_and_flock_see_one_another(disk: DiskDirectory) -> None:
    """Earlier writers took the lock by filelock."""
    with FileLock(disk.path / "write.lock"), pytest.raises(LockedError):
        disk.lock()
    with disk.lock(), pytest.raises(Timeout):
        FileLock(disk.path / "write.lock").acquire(timeout=0)
