"""What every directory promises, checked on all of them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from kashaf.errors import DamagedError, LockedError, StorageError, UsageError
from kashaf.storage import (
    TEMPORARY,
    Directory,
    DiskDirectory,
    FaultyDirectory,
    MemoryDirectory,
    MissingFileError,
    check_name,
    is_plain,
)

HOSTILE = ["", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "a\0b", "a\n", "كتاب", "x" * 201]


@pytest.fixture(params=["disk", "memory", "faulty"])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Directory]:
    made: Directory
    if request.param == "disk":
        made = DiskDirectory(tmp_path / "index", create=True)
    else:
        made = MemoryDirectory() if request.param == "memory" else FaultyDirectory()
    yield made
    made.close()


def put(directory: Directory, name: str, data: bytes) -> None:
    output = directory.create(name)
    output.write(data)
    output.finish()


def test_a_file_comes_back_as_written(directory: Directory) -> None:
    output = directory.create("a")
    assert output.write(b"one ") == 4
    assert output.write(memoryview(b"two")) == 3
    assert output.write(bytearray()) == 0
    assert output.tell() == 7
    output.finish()
    directory.sync()
    assert directory.read("a") == bytes(directory.map("a")) == b"one two"
    assert directory.size("a") == 7


def test_names_are_sorted_and_leave_out_locks(directory: Directory) -> None:
    for name in ("c", "a.kseg", "B"):
        put(directory, name, b"x")
    with directory.lock():
        assert directory.names() == ["B", "a.kseg", "c"]


def test_an_empty_file_can_be_mapped(directory: Directory) -> None:
    put(directory, "a", b"")
    assert len(directory.map("a")) == 0
    assert directory.read("a") == b""


def test_a_mapping_is_read_only_and_numpy_can_view_it(directory: Directory) -> None:
    put(directory, "a", b"12345678")
    view = directory.map("a")
    assert view.readonly
    array = np.frombuffer(view, "<u4")
    assert array.tobytes() == b"12345678"
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_a_mapping_survives_the_removal_of_its_file(directory: Directory) -> None:
    put(directory, "a", b"12345678")
    view = directory.map("a")
    directory.remove("a")
    directory.sync()
    assert directory.names() == []
    assert bytes(view) == b"12345678"


def test_a_name_is_never_created_twice(directory: Directory) -> None:
    put(directory, "a", b"first")
    with pytest.raises(StorageError, match=r"cannot create a in .*exists"):
        directory.create("a")
    assert directory.read("a") == b"first"


def test_abandoned_outputs_leave_nothing(directory: Directory) -> None:
    output = directory.create("a")
    output.write(b"x")
    output.abandon()
    output.abandon()
    assert directory.names() == []


def test_a_finished_output_cannot_be_abandoned_or_written(directory: Directory) -> None:
    output = directory.create("a")
    output.finish()
    output.abandon()
    assert directory.names() == ["a"]
    for use in (lambda: output.write(b"x"), output.finish):
        with pytest.raises(UsageError, match="finished"):
            use()


@pytest.mark.parametrize("use", ["map", "read", "size"])
def test_a_missing_file_has_its_own_error(directory: Directory, use: str) -> None:
    with pytest.raises(MissingFileError, match="nothing-here: expected the file"):
        getattr(directory, use)("nothing-here")


def test_removing_what_is_missing_is_fine(directory: Directory) -> None:
    directory.remove("a")
    put(directory, "a", b"")
    directory.remove("a")
    directory.remove("a")
    assert directory.names() == []


def test_read_refuses_more_than_its_limit(directory: Directory) -> None:
    put(directory, "a", b"12345")
    assert directory.read("a", limit=5) == b"12345"
    with pytest.raises(DamagedError, match="expected at most 4 bytes, found 5"):
        directory.read("a", limit=4)


def test_publish_makes_and_replaces_and_leaves_no_other_file(directory: Directory) -> None:
    directory.publish("commit", b"one")
    directory.publish("commit", b"two")
    assert directory.read("commit") == b"two"
    assert directory.names() == ["commit"]


def test_publish_takes_over_a_temporary_file_left_by_a_crash(directory: Directory) -> None:
    put(directory, "commit" + TEMPORARY, b"half")
    directory.publish("commit", b"whole")
    assert directory.names() == ["commit"]
    assert directory.read("commit") == b"whole"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("use", ["create", "map", "read", "size", "remove", "lock", "publish"])
def test_a_name_with_a_path_in_it_is_refused(directory: Directory, name: str, use: str) -> None:
    with pytest.raises(UsageError, match="cannot name an index file"):
        getattr(directory, use)(name, *([b""] if use == "publish" else []))
    assert directory.names() == []


def test_plain_names() -> None:
    assert check_name("seg-0000002a.kseg") == "seg-0000002a.kseg"
    assert is_plain("x" * 200)
    assert not any(map(is_plain, [*HOSTILE, None, 3, ["a"]]))


def test_a_second_lock_is_refused_at_once_and_after_its_timeout(directory: Directory) -> None:
    with directory.lock():
        for timeout in (0.0, -1.0, 0.1):
            with pytest.raises(LockedError, match=r"another writer .* holds .*: .*timeout="):
                directory.lock(timeout=timeout)
        directory.lock("other.lock").release()
    directory.lock().release()


def test_a_lock_is_released_once(directory: Directory) -> None:
    first = directory.lock()
    first.release()
    with directory.lock():
        first.release()
        with pytest.raises(LockedError):
            directory.lock()


def test_a_waiting_lock_gets_it_when_it_is_free(directory: Directory) -> None:
    held = directory.lock()
    timer = threading.Timer(0.1, held.release)  # released by another thread than took it
    timer.start()
    directory.lock(timeout=10).release()
    timer.join()
