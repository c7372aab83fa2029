"""The commit protocol of the design in miniature, cut and refused at every storage call.

The index room runs the real one through the same; this shows that the storage room can
carry it, and that the twin notices when one of its steps is left out.
"""

import errno
import itertools
import json
from collections.abc import Callable

import numpy as np
import pytest
from kashaf.errors import DamagedError, StorageError
from kashaf.storage import ColumnFile, ColumnWriter, Crash, Directory, FaultyDirectory, FileInfo
from kashaf.storage.faulty import Mode

ROUNDS = 4
Workload = Callable[[Directory, list[int]], None]


def commit(directory: Directory, number: int, skip: str = "") -> None:
    name = f"seg-{number}"
    with ColumnWriter(directory, name, "segment") as writer:
        writer.add("ids", np.full(100, number, "<u4"))
        info = writer.finish({})
    if skip != "sync":
        directory.sync()
    if skip == "publish":
        output = directory.create(f"commit-{number}")
        output.write(json.dumps(info).encode())
        output.finish()
    else:
        directory.publish(f"commit-{number}", json.dumps(info).encode())
    for old in directory.names():
        if old not in (name, f"commit-{number}"):
            directory.remove(old)


def newest(directory: Directory) -> int:
    """Return the number of the newest commit that is whole; 0 if there is none."""
    commits = [n for n in directory.names() if n.startswith("commit-") and n[-1].isdigit()]
    if not commits:
        return 0
    info = FileInfo.from_json(json.loads(directory.read(commits[-1])), commits[-1])
    file = ColumnFile(directory, info, "segment")
    assert file.check() == []
    return int(file.read("ids", 99)[0])


def work(directory: Directory, acknowledged: list[int], skip: str = "") -> None:
    with directory.lock():
        for number in range(1, ROUNDS + 1):
            commit(directory, number, skip)
            acknowledged.append(number)


def cut_everywhere(mode: Mode, seeds: int, skip: str = "") -> int:
    """Return at how many calls `work` was cut; fail where a commit was lost."""
    for call in itertools.count(1):
        directory, acknowledged = FaultyDirectory(), [0]
        directory.crash_at(call)
        try:
            work(directory, acknowledged, skip)
        except Crash:
            for seed in range(seeds):
                found = newest(directory.after_crash(mode, seed))
                assert found in (acknowledged[-1], acknowledged[-1] + 1), (call, seed)
        else:
            return call - 1
    raise AssertionError


@pytest.mark.parametrize(("mode", "seeds"), [("kept", 1), ("lost", 1), ("torn", 25)])
def test_no_cut_loses_a_commit(mode: Mode, seeds: int) -> None:
    assert cut_everywhere(mode, seeds) > 60


@pytest.mark.parametrize("skip", ["sync", "publish"])
def test_a_step_left_out_is_noticed(skip: str) -> None:
    with pytest.raises((AssertionError, DamagedError, ValueError)):
        cut_everywhere("torn", 40, skip)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_no_refusal_loses_a_commit(code: int) -> None:
    for call in itertools.count(1):
        directory, acknowledged = FaultyDirectory(), [0]
        directory.fail_at(call, code)
        try:
            work(directory, acknowledged)
        except StorageError:
            cuts = directory.after_crash("kept"), directory.after_crash("lost")
            for view in (directory, *cuts):
                assert newest(view) in (acknowledged[-1], acknowledged[-1] + 1), call
            directory.close()
        else:
            if call > directory.calls:
                break
