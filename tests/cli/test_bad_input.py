"""Bad files, bad queries, bad indexes: an answer or one clear line, and the right exit code."""

import json
import os
import shutil
import stat

import pytest
from kashaf import cli
from kashaf.storage import crc32

GOOD = {"good.txt": "خبر\nفي المكتبة زرافة\n"}


@pytest.fixture
def index(run, files):
    """Index bad files beside a good one, which must be found; return what was told."""

    def index(bad, *options):
        files({f"d/{name}": text for name, text in (bad | GOOD).items()})
        told = run("index", "d", "-v", *options)
        assert told.code == 0
        assert run("search", "زرافة").code == cli.FOUND
        return told

    return index


def one_line(told):
    assert told.out == ""
    [line] = told.err.splitlines()
    assert line.startswith("kashaf: ")
    return line


def test_an_empty_folder(run, elsewhere):
    (elsewhere / "empty").mkdir()
    told = run("index", "empty")
    assert told.code == 0
    assert told.out.startswith("0 added, 0 changed, 0 unchanged, 0 skipped; ")
    assert run("search", "كتاب").code == cli.NOTHING


def test_a_path_that_is_not_there(run):
    told = run("index", "missing")
    assert told.code == cli.MISUSE
    assert one_line(told) == "kashaf: no such file or folder: missing"


def test_an_empty_file(index):
    assert "1 skipped (1 empty)" in index({"empty.txt": b""}).out


def test_an_unreadable_file(index, elsewhere, monkeypatch):
    (elsewhere / "d").mkdir()
    (elsewhere / "d" / "link.txt").symlink_to("nowhere")
    told = index({})
    assert told.err == "d/link.txt: skipped: No such file or directory\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_permission(index, files, elsewhere):
    files({"d/secret.txt": "سر"})
    (elsewhere / "d" / "secret.txt").chmod(0)
    assert "d/secret.txt: skipped: Permission denied" in index({}).err


def test_a_pipe_does_not_wait(index, elsewhere):
    (elsewhere / "d").mkdir()
    os.mkfifo(elsewhere / "d" / "pipe")
    assert stat.S_ISFIFO((elsewhere / "d" / "pipe").stat().st_mode)
    assert "d/pipe: skipped: not a regular file" in index({}).err


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x02\x01\x01\0\0", b"\x89PNG\r\n\x1a\n\0\0\0", bytes(range(256)) * 40],
    ids=["program", "image", "noise"],
)
def test_a_binary_file(data, index):
    assert "1 skipped (1 binary)" in index({"file.txt": data}).out


def test_nul_bytes(index):
    assert "1 skipped (1 binary)" in index({"nul.txt": "نص\0فيه\0صفر\0".encode()}).out


def test_invalid_utf8(index, run):
    told = index({"broken.txt": "عنوان\nهذا نص عربي سليم في أكثره ".encode() * 20 + b"\xd8 \xff\n"})
    assert told.out.startswith("2 added, ")
    assert "d/broken.txt: " in told.err
    assert run("search", "سليم").code == cli.FOUND


def test_windows_1256(index, run):
    index({"old.txt": "عنوان قديم\nكتب الرجل رسالة طويلة إلى صاحبه في المدينة".encode("cp1256")})
    assert run("search", "رسالة").code == cli.FOUND


def test_lone_surrogates_in_json(index, run):
    told = index({"r.jsonl": '{"id": "s", "title": "سطر \\ud800", "body": "نعامة \\udfff هنا"}\n'})
    assert "d/r.jsonl: lone surrogates replaced" in told.err
    assert "**نعامة** \ufffd هنا" in run("search", "نعامة").out
    assert run("show", "s").code == 0


def test_duplicate_ids(index, run):
    told = index({"r.jsonl": '{"id": "1", "body": "نعامة"}\n{"id": "1", "body": "غزال"}\n'})
    assert told.out.startswith("2 added, 0 changed, ")
    assert "1 skipped (1 repeated-id)" in told.out
    assert run("search", "نعامة").code == cli.NOTHING
    assert run("search", "غزال").code == cli.FOUND


def test_bad_lines_are_told_by_number(index):
    told = index({"r.jsonl": '{"body": "أ"}\n{"body":\n[1]\n\n{"body": "ب"}\n'})
    assert told.out.startswith("3 added, 0 changed, 0 unchanged, 2 skipped (2 bad-line); ")
    assert [line.split(" ")[0] for line in told.err.splitlines()] == [
        "d/r.jsonl:2:",
        "d/r.jsonl:3:",
    ]


def test_strict_stops_at_the_first(run, files):
    files({"r.jsonl": '{"body": "أ"}\nnot json\n'})
    told = run("index", "--strict", "r.jsonl")
    assert told.code == cli.FAILED
    assert one_line(told).startswith("kashaf: r.jsonl:2: not JSON: ")


def test_one_very_long_line(index):
    """Of eight megabytes here; `tests/stress/big_line.py` does it with two hundred."""
    words = "كتاب ورق قلم ".encode() * 350_000
    told = index({"line.txt": words, "line.jsonl": b'{"body": "' + words + b'"}\n'})
    assert told.out.startswith("3 added, 0 changed, 0 unchanged, 0 skipped")


QUERIES = [
    "", " ", "؟", "؟؟؟؟", "(((", ")))", '"', '""', '"زرافة', "-", "-زرافة", "NOT", "AND AND",
    "OR", "title:", ":", "::::", "نص: زرافة؟", "ما هي الزرافة؟", "*", "?", "زر*", "~", "زرافة~2",
    "[", "[a TO", "date:[2000 TO", "date:x", "^", "زرافة^", "زرافة^x", "\\", "\0", "\ud800",
    "🦒", "a" * 20_000, "( " * 3_000, "-" * 500, '"' * 501, "زرافة " * 2_000, "id:good", "path:*",
    "exact:زرافة", "جذر:كتب", "<xml>", "&&", "||", "!", "'", "زرافة'", "{}", "%s", "../../x",
    "x:y:z", "\u202eزرافة", "ـــ", "\u064b\u064c",
]  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    import kashaf

    index = kashaf.create()
    with index.writer() as writer:
        writer.add(id="good", title="خبر", body="في المكتبة زرافة", date="2000-01-01")
    index.refresh()
    return index


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: ascii(query[:12]))
def test_any_query_is_answered(query, opened, run, monkeypatch):
    monkeypatch.setattr("kashaf.commands.searching.open_index", lambda place: opened)
    for form in ("text", "json"):
        told = run("search", "--format", form, "--", query)
        assert told.code in (cli.FOUND, cli.NOTHING, cli.MISUSE)
        assert (told.err == "") == (told.code != cli.MISUSE)
        assert len(told.err.splitlines()) <= 1


def test_a_query_that_is_no_utf8(apart, library):
    told = apart("search", os.fsdecode(b"\xd8\xff"))
    assert (told.code, told.err) == (cli.NOTHING, "")


@pytest.mark.parametrize("command", [["search", "كتاب"], ["stats"], ["index", "."]], ids=str)
def test_an_index_that_is_a_file(command, run, files):
    files({"file": "نص"})
    told = run(*command, "--index", "file")
    assert told.code == cli.FAILED
    assert one_line(told) == (
        "kashaf: there is no index at file: it is a file; name an index directory"
    )


def test_a_folder_that_is_no_index(run, files):
    files(GOOD)
    told = run("search", "--index", ".", "كتاب")
    assert told.code == cli.FAILED
    assert "there is no index in" in one_line(told)


def rewrite_commit(place, **changes):
    """Change the newest commit, with its checksum."""
    path = max(place.glob("commit-*.json"))
    commit = json.loads(path.read_text("utf-8").splitlines()[0]) | changes
    line = json.dumps(commit).encode()
    path.write_bytes(line + f"\n{crc32(line):08x}\n".encode())


def test_an_index_of_a_newer_version(run, library):
    rewrite_commit(library, format=99)
    told = run("search", "كتاب")
    assert told.code == cli.FAILED
    assert "has format 99" in one_line(told)


def test_an_index_of_other_rules(run, library):
    rewrite_commit(library, analysis="other")
    told = run("search", "كتاب")
    assert told.code == cli.FAILED
    assert "analysed by rules other" in one_line(told)


@pytest.mark.parametrize("what", ["commit-*.json", "*.kseg"])
@pytest.mark.parametrize("how", ["cut", "flipped", "emptied"])
def test_a_damaged_index(what, how, run, library):
    path = max(library.glob(what))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes({"cut": data[: len(data) // 2], "flipped": data, "emptied": b""}[how])
    told = [run("search", "كتاب"), run("show", "r1"), run("search", "رسالة")]
    failed = [each for each in told if each.code == cli.FAILED]
    assert failed or (how == "flipped" and what == "*.kseg")  # a flip may be in a part not read
    for each in failed:
        assert path.name in one_line(each)


def test_a_missing_segment(run, library):
    path = max(library.glob("*.kseg"))
    path.unlink()
    told = run("search", "كتاب")
    assert told.code == cli.FAILED
    assert path.name in one_line(told)


def test_a_second_writer_is_told_at_once(run, library, files):
    import kashaf

    files(GOOD)
    with kashaf.open(library).writer():
        told = run("index", "good.txt")
    assert told.code == cli.FAILED
    assert "writ" in one_line(told)


def test_a_copied_index_searches(run, library, elsewhere):
    shutil.copytree(library, elsewhere / "copy")
    assert run("search", "--index", "copy", "كتاب").code == cli.FOUND
