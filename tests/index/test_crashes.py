"""A workload cut and refused at every storage call: no commit is lost, none is half there.

A cut leaves what the directory holds at that moment, so one run of the workload, looked at
before each of its calls, shows every cut there is. `KASHAF_FULL=1` refuses every call, too,
where the ordinary run refuses some.
"""

import errno
import json
import os
import random

import pytest
from kashaf.errors import KashafError, StorageError
from kashaf.index import Corpus, policy
from kashaf.index import commit as commits
from kashaf.storage import Crash, FaultyDirectory

from .model import SCHEMA, content, document, faulty, fresh, require_sound

FULL = os.environ.get("KASHAF_FULL") == "1"
ROUNDS = 7


@pytest.fixture(autouse=True)
def merges_early(monkeypatch):
    monkeypatch.setattr(policy, "FANOUT", 3)


class Work:
    """Adds, updates, deletions, commits and merges, and what each commit should hold."""

    def __init__(self, directory, seed=0):
        self.directory = directory
        self.rng = random.Random(seed)
        self.live = {}
        self.models = {1: []}  # by generation
        self.acknowledged = 1
        Corpus(directory, create=SCHEMA)

    def run(self, rounds=ROUNDS):
        with Corpus(self.directory).writer() as writer:
            for number in range(rounds):
                self.round(writer, number)

    def round(self, writer, number):
        changed = dict(self.live)
        for step in range(4):
            each = document(self.rng, str(self.rng.randint(0, 9)))
            changed.pop(each["id"], None)
            changed[each["id"]] = each
            writer.update(each)
            if step == 1 and number % 2:
                writer.flush()
        gone = str(self.rng.randint(0, 9))
        changed.pop(gone, None)
        writer.delete(gone)
        if number == ROUNDS - 2:
            writer.optimize()
        self.models[self.acknowledged + 1] = list(changed.values())
        assert writer.commit() == self.acknowledged + 1
        self.live = changed
        self.acknowledged += 1


class Judge:
    """Compares what a cut left with what it should; looks at each state of the files once."""

    def __init__(self):
        self._known = {}
        self._expected = {}
        self.states = 0

    def expected(self, model):
        if model not in self._expected:
            self._expected[model] = content(fresh(json.loads(model)))
        return self._expected[model]

    def require(self, found, work, log=""):
        files = found.contents()
        commit = commits.newest(found)
        assert commit is not None, log
        assert commit.generation in (work.acknowledged, work.acknowledged + 1), log
        model = json.dumps(work.models[commit.generation])
        key = hash(tuple((name, files[name]) for name in sorted(commit.files())))
        if key not in self._known:
            self.states += 1
            require_sound(found)
            assert content(found) == self.expected(model)
            self._known[key] = model
        assert self._known[key] == model


class Watched(FaultyDirectory):
    """A faulty directory that has someone look at it before every call."""

    look = None

    def _step(self, operation, name=""):
        if self.look is not None:
            look, self.look = self.look, None
            look(operation, name)
            self.look = look
        super()._step(operation, name)


def cut_everywhere(directory, judge):
    """Look at what every cut leaves, kept, lost, and torn in several ways; count the cuts."""
    work = Work(directory)
    cuts = 0

    def look(operation, name):
        nonlocal cuts
        cuts += 1
        for mode, seed in [("kept", 0), ("lost", 0), *(("torn", cuts * 10 + n) for n in range(4))]:
            judge.require(directory.after_crash(mode, seed), work, f"{operation} {name} {mode}")

    directory.look = look
    work.run()
    assert work.acknowledged == ROUNDS + 1
    return cuts


def test_no_cut_loses_a_commit():
    judge = Judge()
    cuts = cut_everywhere(Watched(), judge)
    assert cuts > 1000
    assert judge.states == ROUNDS + 1
    print(f"{cuts} cuts, {6 * cuts} views")


class Hasty(Watched):
    """Leaves out the first of the two syncs of every commit."""

    def publish(self, name, data):
        super().publish(name, data)
        self.due = True

    due = False

    def sync(self):
        if self.due:
            super().sync()
        self.due = not self.due


def test_a_sync_that_is_left_out_is_noticed():
    with pytest.raises((AssertionError, KashafError, LookupError)):
        cut_everywhere(Hasty(), Judge())


def cut_after_kills(kind):
    """Kill a process, let a next one begin to clean up, and cut the power; count the cuts."""
    directory, judge = Watched(), Judge()
    work = Work(directory)
    kills = cuts = 0

    def look(operation, name):
        nonlocal kills
        kills += 1
        if operation in ("rename", "remove", "sync", "finish") or kills % 50 == 0:
            take_over(directory.after_kill())

    def take_over(killed):
        nonlocal cuts
        second = kind(on_close=require_sound)
        second.__dict__.update({k: v for k, v in vars(killed).items() if k != "_on_close"})

        def cut(operation, name):
            nonlocal cuts
            cuts += 1
            for mode, seed in [("lost", 0), ("torn", cuts), ("torn", -cuts)]:
                judge.require(second.after_crash(mode, seed), work, f"{operation} {name}")

        second.look = cut
        Corpus(second).writer().close()
        second.look = None
        commit = commits.newest(second)
        assert set(second.names()) == commit.files()
        judge.require(second, work)
        second.close()

    directory.look = look
    work.run(4)
    return cuts


def test_no_cut_after_a_kill_loses_a_commit():
    assert cut_after_kills(Watched) > 200


class Deaf(Watched):
    """Does not sync at all."""

    def sync(self):
        pass


def test_cleaning_up_before_a_sync_is_noticed():
    """The commit that is seen may be on no medium yet; the one before it must stay until then."""
    with pytest.raises((AssertionError, KashafError, LookupError)):
        cut_after_kills(Deaf)


@pytest.mark.parametrize("call", range(20, 1200, 97))
def test_a_real_cut_and_a_next_writer(call):
    """The exception itself goes through every layer and leaves nothing that is in the way."""
    directory, judge = faulty(), Judge()
    work = Work(directory)
    directory.crash_at(call)
    with pytest.raises(Crash):
        work.run()
    for mode in ("kept", "lost", "torn"):
        found = directory.after_crash(mode, call)
        judge.require(found, work)
        with Corpus(found).writer() as writer:
            writer.update(document(random.Random(call), "new"))
        assert set(found.names()) == commits.newest(found).files()
        found.close()


def calls_of_a_workload():
    directory = faulty()
    Work(directory).run(3)
    return directory.calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_no_refusal_loses_a_commit(code):
    """The writer stops, is rolled back, goes on; readers see one commit or the next."""
    judge = Judge()
    rng = random.Random(code)
    total = calls_of_a_workload()
    chosen = range(8, total) if FULL else sorted(rng.sample(range(8, total), 60))
    for call in chosen:
        directory = faulty()
        work = Work(directory)
        directory.fail_at(call, code, times=rng.choice([1, 1, 3]))
        refused(directory, work, judge)
        directory.close()


def refused(directory, work, judge):
    """Run a workload that is refused somewhere, roll back where it stops, and finish it."""
    with writer_of(directory) as writer:
        number = 0
        while number < 3:
            try:
                work.round(writer, number)
            except StorageError:
                judge_refused(directory, work, writer, judge)
            else:
                number += 1
    directory.fail_at(0, times=0)  # from here on the disk is well
    judge.require(directory, work)
    Corpus(directory).writer().close()  # the last removals may have been refused
    assert set(directory.names()) == commits.newest(directory).files()


def writer_of(directory):
    for _ in range(5):
        try:
            return Corpus(directory).writer()
        except StorageError:
            continue
    raise AssertionError


def judge_refused(directory, work, writer, judge):
    for view in (directory.after_crash("kept"), directory.after_crash("lost")):
        judge.require(view, work)
    for _ in range(5):
        try:
            writer.rollback()
            break
        except StorageError:
            continue
    found = commits.newest(directory).generation
    if found != work.acknowledged:  # published, but the last step was refused
        work.acknowledged = found
        work.live = {each["id"]: each for each in work.models[found]}


class Stuck(FaultyDirectory):
    """Has a file that cannot be removed."""

    def remove(self, name):
        if name == "seg-0000aaaa.kseg":
            raise StorageError(f"cannot remove {name}")
        super().remove(name)


def test_what_cannot_be_removed_keeps_no_other_garbage():
    garbage = dict.fromkeys(["seg-0000aaaa.kseg", "seg-0000bbbb.kseg", "x.tmp"], b"")
    directory = Stuck(garbage, on_close=require_sound)
    Corpus(directory, create=SCHEMA)
    with Corpus(directory).writer() as writer:
        writer.add(id="1", body="كتاب")
    assert set(directory.names()) == commits.newest(directory).files() | {"seg-0000aaaa.kseg"}
    directory.close()
