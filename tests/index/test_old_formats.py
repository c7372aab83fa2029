"""Indexes of every released format open, are brought to the present rules, and answer.

`tests/data/format-N` was written by the Kashaf that introduced format N, out of
`documents(40, 1)` of the model at that time, which is kept beside it.
"""

import json
import shutil
from pathlib import Path

import kashaf
import pytest
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.index.check import check
from kashaf.index.upgrade import upgrade
from kashaf.storage import DiskDirectory

DATA = Path(__file__).parents[1] / "data"
FORMATS = range(commits.OLDEST, commits.FORMAT + 1)


@pytest.fixture(params=FORMATS)
def directory(request, tmp_path):
    shutil.copytree(DATA / f"format-{request.param}", tmp_path / "index")
    return DiskDirectory(tmp_path / "index")


@pytest.fixture(scope="module")
def expected():
    lines = (DATA / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_it_opens_and_answers(directory, expected):
    assert commits.newest(directory) is not None
    assert check(directory) == []
    upgrade(directory)
    assert check(directory) == []
    index = kashaf.open(directory)
    assert list(index.snapshot.all_documents()) == expected
    having = [
        e["id"] for e in expected if "قلوب" in f"{e.get('title', '')} {e.get('body', '')}".split()
    ]
    found = [hit.id for hit in index.search("exact:قلوب", limit=100).hits]
    assert sorted(found) == sorted(having)


def test_it_is_written_on(directory, expected):
    upgrade(directory)
    with Corpus(directory).writer() as writer:
        writer.update(id="5", body="جديد")
        writer.optimize()
    assert check(directory) == []
    assert len(kashaf.open(directory)) == len(expected)
    assert kashaf.open(directory).get("5") == {"id": "5", "body": "جديد"}
