"""Other rules of analysis: refused by name, and mended without reading the documents."""

import pytest
from kashaf import arabic
from kashaf.arabic import Rungs
from kashaf.errors import NotAnIndexError, VersionError
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.index.stored import Stored
from kashaf.index.upgrade import upgrade
from kashaf.storage import MemoryDirectory

from .model import (
    SCHEMA,
    content,
    documents,
    faulty,
    fresh,
    keys_by,
    require_sound,
    snapshot_of,
)


def by_new_rules(words):
    """Rungs of a kind that moves every word to another place."""
    return [Rungs(w, w[::-1], w[:3], w[-1:]) for w in words]


@pytest.fixture
def new_rules(monkeypatch):
    def begin():
        monkeypatch.setattr(arabic, "FINGERPRINT", "new", raising=False)
        monkeypatch.setattr(arabic, "keys_of", keys_by(by_new_rules))
        monkeypatch.setattr("kashaf.index.builder.keys_of", keys_by(by_new_rules))

    return begin


def built(found, directory=None):
    directory = directory or faulty()
    Corpus(directory, create=SCHEMA)
    for half in (found[: len(found) // 2], found[len(found) // 2 :]):
        with Corpus(directory).writer() as writer:
            for each in half:
                writer.add(each)
    with Corpus(directory).writer() as writer:
        writer.delete("2")
    return directory


def test_an_index_by_other_rules_is_refused(new_rules):
    directory = built(documents(6))
    new_rules()
    for action in (Corpus(directory).snapshot, Corpus(directory).writer):
        with pytest.raises(VersionError, match="kashaf upgrade"):
            action()
    assert directory.leaks() == []


def test_upgraded_is_as_if_indexed_by_the_new_rules(new_rules, monkeypatch):
    found = documents(80, 6)
    directory = built(found)
    new_rules()
    steps = []
    with monkeypatch.context() as patched:
        patched.setattr(Stored, "get", None)  # documents are copied, not read one by one
        patched.setattr(Stored, "load", None)
        assert upgrade(directory, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]
    expected = fresh([each for each in found if each["id"] != "2"])
    assert content(directory) == content(expected)
    require_sound(directory)
    assert not upgrade(directory)
    directory.close()


def test_upgraded_by_the_same_rules_is_the_same(monkeypatch):
    found = documents(50, 7)
    directory = built(found)
    before = content(directory)
    monkeypatch.setattr(arabic, "FINGERPRINT", "next", raising=False)
    assert upgrade(directory)
    assert content(directory) == before
    directory.close()


def test_an_upgrade_that_is_cut_leaves_the_old_index(new_rules):
    from kashaf.storage import Crash

    base = built(documents(10))
    files = base.contents()
    new_rules()
    seen = set()
    for call in range(1, 400, 7):
        directory = type(base)(files)
        directory.crash_at(call)
        try:
            upgrade(directory)
        except Crash:
            for mode in ("kept", "lost", "torn"):
                view = directory.after_crash(mode, call)
                require_sound(view)
                seen.add(commits.newest(view).analysis)
        else:
            break
    assert seen == {arabic.FINGERPRINT, commits.newest(base).analysis}


def test_other_formats_are_refused_by_name():
    directory = fresh([{"id": "1"}])
    commit = commits.newest(directory)
    line = commits.dump(commit).replace(b'"format":1', b'"format":9').split(b"\n")[0]
    from kashaf.storage import crc32

    directory.publish(commits.commit_name(3), line + b"\n" + f"{crc32(line):08x}\n".encode())
    with pytest.raises(VersionError, match="format 9"):
        snapshot_of(directory)
    with pytest.raises(NotAnIndexError):
        upgrade(MemoryDirectory())
