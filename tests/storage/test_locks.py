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
from kashaf.errors import LockedError
from kashaf.storage import DiskDirectory

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
