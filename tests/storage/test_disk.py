"""The real directory: what the operating system refuses, and what a stranger leaves there."""

import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kashaf.errors import DamagedError, NotAnIndexError, StorageError, UsageError
from kashaf.storage import ColumnFile, ColumnWriter, DiskDirectory, MissingFileError, disk_output

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def disk(tmp_path: Path) -> DiskDirectory:
    return DiskDirectory(tmp_path / "index", create=True)


def test_a_missing_directory_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(NotAnIndexError, match=r"no index at .*gone: no such directory"):
        DiskDirectory(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("create", [False, True])
def test_a_file_is_no_index(tmp_path: Path, create: bool) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises((NotAnIndexError, StorageError), match=r"file.*: .*(file|directory)"):
            DiskDirectory(path, create=create)


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_what_cannot_be_a_path_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="cannot be a path"):
        DiskDirectory(path)


def test_parents_are_made_and_an_existing_directory_is_kept(tmp_path: Path) -> None:
    DiskDirectory(tmp_path / "a" / "b", create=True).publish("x", b"1")
    assert DiskDirectory(tmp_path / "a" / "b", create=True).read("x") == b"1"


def test_a_relative_path_outlives_a_change_of_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    directory = DiskDirectory("here", create=True)
    directory.publish("x", b"1")
    monkeypatch.chdir("/")
    assert directory.read("x") == b"1"
    assert directory.label == "here"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EIO, "input/output error; the disk"),
        (errno.EACCES, "permission denied; check"),
        (errno.EMFILE, "too many open files"),
        (errno.EXDEV, "see that the disk is well"),
    ],
)
def test_a_refused_fsync_is_told_in_one_line_and_breaks_the_output(
    disk: DiskDirectory, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    output = disk.create("a")
    output.write(b"x")

    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(disk_output, "_fsync", refuse)
    with pytest.raises(StorageError) as caught:
        output.finish()
    assert f"cannot write a in {disk.label}: " in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UsageError, match="broken"):
        output.finish()
    output.abandon()
    assert disk.names() == []


def test_a_failed_publish_keeps_the_old_content_and_leaves_no_other_file(
    disk: DiskDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.publish("commit", b"old")

    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    for target, name in ((disk_output, "_fsync"), (os, "replace")):
        with monkeypatch.context() as patch:
            patch.setattr(target, name, refuse)
            with pytest.raises(StorageError, match="the disk is full"):
                disk.publish("commit", b"new")
        assert disk.names() == ["commit"]
        assert disk.read("commit") == b"old"


def test_publish_syncs_the_file_then_renames_then_syncs_the_directory(
    disk: DiskDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = disk_output._fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        kind = "directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        steps.append(f"fsync {kind}")
        fsync(descriptor)

    def noted_replace(old: str, new: str) -> None:
        steps.append(f"rename {Path(old).name} {Path(new).name}")
        replace(old, new)

    monkeypatch.setattr(disk_output, "_fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    disk.publish("c", b"1")
    assert steps == ["fsync file", "rename c.tmp c", "fsync directory"]


def test_what_is_no_file_of_ours_is_not_named(disk: DiskDirectory) -> None:
    disk.publish("x", b"1")
    (disk.path / "sub").mkdir()
    (disk.path / "ملاحظات.txt").write_text("x")
    assert disk.names() == ["x"]


@posix
def test_a_pipe_or_a_device_in_a_files_place_is_damage(disk: DiskDirectory) -> None:
    os.mkfifo(disk.path / "pipe")
    (disk.path / "zero").symlink_to("/dev/zero")
    (disk.path / "sub").mkdir()
    for name in ("pipe", "zero", "sub"):
        for use in (disk.map, disk.read):
            with pytest.raises(DamagedError, match=f"{name}: expected a plain file"):
                use(name)


@posix
def test_a_link_in_a_temporary_files_place_is_not_followed(
    disk: DiskDirectory, tmp_path: Path
) -> None:
    (tmp_path / "precious").write_text("keep")
    for name in ("commit.tmp", "commit", "write.lock.holder"):
        (disk.path / name).symlink_to(tmp_path / "precious")
    disk.publish("commit", b"new")
    with disk.lock():
        pass
    assert (tmp_path / "precious").read_text() == "keep"
    assert disk.read("commit") == b"new"


@contextmanager
def unprivileged(path: Path) -> Iterator[None]:
    """Take away the right to write to `path`; from root, by being someone else."""
    path.chmod(0o500)
    user = os.geteuid()
    if not user:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        path.chmod(0o700)


@posix
def test_no_permission(disk: DiskDirectory) -> None:
    disk.lock().release()  # what is imported late is imported while that is allowed
    with unprivileged(disk.path):
        for use in (lambda: disk.create("a"), disk.lock, lambda: disk.publish("a", b"")):
            with pytest.raises(StorageError, match="permission denied"):
                use()


def test_a_directory_that_vanished_is_told(disk: DiskDirectory) -> None:
    disk.path.rmdir()
    with pytest.raises(MissingFileError):
        disk.read("a")
    for use in (disk.names, disk.sync, lambda: disk.create("a")):
        with pytest.raises(StorageError, match="was the index moved or removed"):
            use()


TOO_LARGE = """
import resource, sys
from kashaf.errors import StorageError
from kashaf.storage import ColumnWriter, DiskDirectory
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
directory = DiskDirectory(sys.argv[1])
directory.publish("commit", b"old")
writer = ColumnWriter(directory, "a", "test")
for use in (
    lambda: writer.add("x", bytes(4 << 20)),
    lambda: directory.publish("commit", bytes(1 << 20)),
):
    try:
        use()
    except StorageError as error:
        print(error)
writer.abandon()
print(directory.names(), directory.read("commit"))
"""


@posix
def test_a_write_that_the_system_cuts_off_leaves_nothing(disk: DiskDirectory) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, str(disk.path)], capture_output=True, text=True
    )
    assert done.stderr == ""
    column, publish, rest = done.stdout.splitlines()
    assert column.startswith(f"cannot write a in {disk.path}: the file is larger than")
    assert publish.startswith(f"cannot write commit.tmp in {disk.path}: the file is larger than")
    assert rest == "['commit'] b'old'"


PUBLISH_FOREVER = """
import sys
from kashaf.storage import DiskDirectory
directory = DiskDirectory(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    number += 1
    directory.publish("commit", f"{number:08d}".encode() * 5000)
"""


def test_a_process_killed_while_it_publishes_leaves_one_whole_content(
    disk: DiskDirectory,
) -> None:
    rng = random.Random(7)
    disk.publish("commit", b"00000000" * 5000)
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOREVER, str(disk.path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(rng.random() * 0.05)
            process.kill()
        data = disk.read("commit")
        assert data == data[:8] * 5000
        assert set(disk.names()) <= {"commit", "commit.tmp"}


CUT_SHORT = """
import sys
from kashaf.errors import DamagedError
from kashaf.storage import ColumnFile, DiskDirectory
directory = DiskDirectory(sys.argv[1])
file = ColumnFile(directory, "a", "test")
with open(directory.path / "a", "r+b") as other:
    other.truncate(20000)
for use in (lambda: file.read("x"), lambda: file.pages.verify(0, 60000)):
    try:
        use()
    except DamagedError as error:
        print(error.column, error.found)
print([error.column for error in file.check()])
"""


@linux
def test_a_file_cut_short_while_it_is_mapped_is_damage_not_a_bus_error(
    disk: DiskDirectory,
) -> None:
    with ColumnWriter(disk, "a", "test") as writer:
        writer.add("x", bytes(100_000))
        writer.finish({})
    assert ColumnFile(disk, "a", "test").check() == []
    done = subprocess.run(
        [sys.executable, "-c", CUT_SHORT, str(disk.path)], capture_output=True, text=True
    )
    if done.returncode < 0:
        pytest.skip("this kernel cannot be asked whether a mapped page can be read")
    assert done.stderr == ""
    first, second, check = done.stdout.splitlines()
    assert first == second == "x an input/output error"
    assert check == str(["x"] * 6)
