"""The examples of docs/format.md are what the code writes; its table names every column."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from kashaf import kernels
from kashaf.arabic import Rungs
from kashaf.index import Corpus, Schema
from kashaf.index import commit as commits
from kashaf.index.commit import Commit
from kashaf.index.live import write_live
from kashaf.index.packed import write_packed
from kashaf.index.strings import pack_texts, write_strings
from kashaf.storage import ColumnFile, ColumnWriter, MemoryDirectory, crc32

from .model import SCHEMA, documents, fresh, keys_by

PAGE = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")


def examples(kind):
    """Return what follows the kind in the first line of each example, and its lines."""
    found = re.findall(rf"^```{kind} (.*?)\n(.*?)^```", PAGE, re.M | re.S)
    assert found
    return [(head.split(), body) for head, body in found]


def numbers_of(value):
    """The numbers that one is, or a range of them, `first..last`."""
    first, _, last = value.partition("..")
    return np.arange(int(first), int(last or first) + 1, dtype=np.uint32)


def columns_of(write):
    directory = MemoryDirectory()
    with ColumnWriter(directory, "file", "test") as out:
        write(out)
        out.finish({})
    file = ColumnFile(directory, "file", "test")
    return {name: file.read(name) for name in file.columns}


@pytest.fixture
def segment(monkeypatch):
    """The two documents of the page, by the rules it supposes."""
    spellings = {"كِتاب": "كتاب"}

    def rungs_of(words):
        return [Rungs(w, spellings.get(w, w), "كتاب", "كتب") for w in words]

    monkeypatch.setattr("kashaf.index.builder.keys_of", keys_by(rungs_of))
    schema = Schema({"id": "id", "body": "text"})
    found = [{"id": "1", "body": "كتاب كتب"}, {"id": "2", "body": "كِتاب كتاب"}]
    return Corpus(fresh(found, schema)).snapshot().segments[0]


def test_bytes(segment):
    for head, body in examples("hex"):
        expected = bytes.fromhex(body)
        match head:
            case ["packed.directory" | "packed.data" as name, *values]:
                numbers = np.concatenate([numbers_of(value) for value in values])
                found = columns_of(lambda out, n=numbers: write_packed(out, "packed", n))[name]
            case ["strings.blob", *values]:
                texts = [value.encode() for value in values]
                found = columns_of(
                    lambda out, t=texts: write_strings(out, "strings", pack_texts(t))
                )["strings.blob"]
            case ["squeezed", line]:
                found = np.frombuffer(kernels.squeeze(line.encode()), np.uint8)
            case ["live", *values]:
                directory = MemoryDirectory()
                write_live(directory, "live-1", "seg-1", np.array(values, np.uint8))
                found = ColumnFile(directory, "live-1", "live").read("live")
            case [column]:
                found = segment.file.read(column)
        assert found.tobytes().hex(" ") == expected.hex(" "), head


def test_postings(segment):
    [(_, body)] = examples("values")
    text = segment.text["body"]
    for line in body.splitlines():
        name, *values = line.split()
        column = getattr(text, name)
        found = column if name == "lengths" else column.slice()
        assert found.tolist() == [int(value) for value in values], name


def test_commit():
    [(_, body)] = examples("text")
    line, last = body.splitlines()
    assert last == "CRC"
    commit = Commit(1, Schema({"id": "id", "body": "text"}), "R")
    assert commits.dump(commit).decode() == f"{line}\n{crc32(line.encode()):08x}\n"
    assert json.loads(line)["format"] == commits.FORMAT


def test_every_column_is_in_the_table():
    segment = PAGE.split("## Segment")[1]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", segment, re.M)
    known = {}
    for names, kind in rows:
        first, *others = re.findall(r"`(.*?)`", names)
        for name in [first, *(first.rsplit(".", 1)[0] + other for other in others)]:
            known[name] = kind
    endings = {"packed": [".data", ".directory"], "strings": [".heads", ".blob"]}
    patterns = []
    for name, kind in known.items():
        pattern = re.sub(r"\b(F|L|ID)\b", lambda m: r"[^.]+", name.replace(".", r"\."))
        patterns += [pattern + re.escape(end) for end in endings.get(kind, [""])]
    file = Corpus(fresh(documents(5), SCHEMA)).snapshot().segments[0].file
    for column in file.columns:
        assert any(re.fullmatch(pattern, column) for pattern in patterns), column
