"""Colour, terminals and pipes."""

import re
import subprocess
import sys

ESCAPE = "\x1b["


def test_colour_on_a_terminal(on_a_terminal, library):
    shown = on_a_terminal("search", "كتاب")
    assert "\x1b[1;33mالكُتُبَ\x1b[0m" in shown
    assert "**" not in shown


def test_no_colour_where_it_is_not_wanted(on_a_terminal, library):
    shown = on_a_terminal("search", "كتاب", NO_COLOR="1")
    assert ESCAPE not in shown
    assert "**الكُتُبَ**" in shown


def test_no_colour_into_a_pipe(apart, library):
    told = apart("search", "كتاب")
    assert ESCAPE not in told.out
    assert "**الكُتُبَ**" in told.out


def test_colour_into_a_pipe_when_told(run, library):
    assert ESCAPE in run("search", "--color", "always", "كتاب").out


def test_right_to_left_text_is_isolated_on_a_terminal(on_a_terminal, library):
    shown = on_a_terminal("search", "كتاب", "--color", "never")
    for line in shown.splitlines():
        assert line.count("\u2068") == line.count("\u2069")
    assert re.search("\u2068library/akhbar/كتب جديدة.txt\u2069  \\d", shown)


def test_no_isolates_into_a_pipe(apart, library):
    assert not re.search("[\u2066-\u2069]", apart("search", "كتاب").out)


def test_progress_leaves_only_the_last_line(on_a_terminal, files):
    files({f"d/{number}.txt": f"نص {number}" for number in range(120)})
    shown = on_a_terminal("index", "d")
    assert "\r\x1b[K1/120 files, 0 documents" in shown
    *_, last = shown.rstrip("\n").split("\n")
    assert last.rpartition("\x1b[K")[2].startswith("120 added, ")


def test_control_characters_of_a_document_do_not_reach_the_terminal(run, files):
    files({"r.jsonl": '{"title": "عنوان \\u001b[31m", "body": "زرافة \\u202e \\u0007 نص"}\n'})
    run("index", "r.jsonl")
    out = run("search", "زرافة").out
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", out)


def test_a_closed_pipe_is_quiet(elsewhere, library, files):
    files({"q.tsv": "".join(f"q{number}\tكتاب\n" for number in range(3000))})
    command = [sys.executable, "-m", "kashaf.cli", "run", "q.tsv"]
    with subprocess.Popen(
        command, cwd=elsewhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline().startswith(b"q0 Q0 ")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
