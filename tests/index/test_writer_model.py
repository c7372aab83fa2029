"""The writer against a dict: any order of changes, commits, refusals, crashes and reopenings.

`KASHAF_STEPS=10000 pytest tests/index/test_writer_model.py` is the nightly run.
"""

import errno
import os
import random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from kashaf.errors import DocumentError, StorageError
from kashaf.index import Corpus, policy
from kashaf.index import commit as commits

from .model import SCHEMA, content, document, faulty, fresh, snapshot_of

STEPS = 30
EXAMPLES = max(1, int(os.environ.get("KASHAF_STEPS", "450")) // STEPS)
ids = st.integers(0, 12).map(str)
seeds = st.integers(0, 10_000)


class WriterModel(RuleBasedStateMachine):
    """`live` is what the next commit should hold, `committed` what the last one does."""

    @initialize()
    def begin(self):
        self.fanout, policy.FANOUT = policy.FANOUT, 3
        self.directory = faulty()
        Corpus(self.directory, create=SCHEMA)
        self.writer = Corpus(self.directory).writer()
        self.committed = {}
        self.live = {}
        self.sound = True

    @precondition(lambda self: self.sound)
    @rule(id=ids, seed=seeds, flush=st.booleans())
    def update(self, id, seed, flush):
        each = document(random.Random(seed), id)
        if self.tried(lambda: self.writer.update(each)):
            self.live.pop(id, None)
            self.live[id] = each
        if flush and self.sound:
            self.tried(self.writer.flush)

    @precondition(lambda self: self.sound)
    @rule(id=ids, seed=seeds)
    def add(self, id, seed):
        each = document(random.Random(seed), id)
        try:
            self.writer.add(each)
            assert id not in self.live
            self.live[id] = each
        except DocumentError:
            assert id in self.live

    @precondition(lambda self: self.sound)
    @rule(id=ids)
    def delete(self, id):
        assert self.writer.delete(id) == (self.live.pop(id, None) is not None)

    @precondition(lambda self: self.sound)
    @rule()
    def optimize(self):
        self.tried(self.writer.optimize)

    @precondition(lambda self: self.sound)
    @rule()
    def commit(self):
        before = self.generation()
        if self.tried(self.writer.commit) or self.generation() > before:
            self.committed = dict(self.live)

    @rule()
    def rollback(self):
        self.sound = True
        if self.tried(self.writer.rollback):
            self.live = dict(self.committed)

    @rule(calls=st.integers(1, 60), code=st.sampled_from([errno.ENOSPC, errno.EIO]))
    def refuse_soon(self, calls, code):
        self.directory.fail_at(self.directory.calls + calls, code)

    @rule()
    def reopen(self):
        self.writer.close()
        self.directory.fail_at(0, times=0)
        self.directory.close()
        self.begin_again()

    @rule(mode=st.sampled_from(["kept", "torn"]), seed=seeds)
    def crash(self, mode, seed):
        self.directory.fail_at(0, times=0)
        self.directory.sync()  # a commit whose last step was refused may go either way
        self.directory = self.directory.after_crash(mode, seed)
        self.begin_again()

    def begin_again(self):
        self.writer = Corpus(self.directory).writer()
        self.live = dict(self.committed)
        self.sound = True
        assert content(self.directory) == content(fresh(self.committed.values()))

    def tried(self, action):
        try:
            action()
        except StorageError:
            self.sound = False
            return False
        return True

    def generation(self):
        view = self.directory.after_crash("kept")
        return commits.newest(view).generation

    def teardown(self):
        policy.FANOUT = getattr(self, "fanout", policy.FANOUT)
        if not hasattr(self, "directory"):
            return
        self.directory.fail_at(0, times=0)
        assert self.writer.documents == len(self.live) or not self.sound
        found = snapshot_of(self.directory)
        assert list(found.all_documents()) == list(self.committed.values())
        self.writer.close()
        self.directory.close()


TestWriterModel = WriterModel.TestCase
TestWriterModel.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
