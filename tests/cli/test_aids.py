"""The aids on the command line, whole output."""

import csv
import io
import json

import pytest
from kashaf import cli


def test_complete(run, library):
    counts = [int(line.split()[0]) for line in run("complete", "كت").lines]
    assert counts == sorted(counts, reverse=True) != []
    assert json.loads(run("complete", "--json", "دفتر").out) == [{"text": "دفتر", "count": 2}]
    assert run("complete", "ظظظ").code == cli.NOTHING


def test_suggest(run, library):
    assert run("suggest", "-n", "1", "رصالة").lines == ["      2  رسالة  (spelling)"]
    assert run("suggest", "-n", "1", "]tjv").lines == ["      2  دفتر  (keyboard)"]
    assert run("suggest", "-n", "1", "daftar").lines == ["      2  دفتر  (arabizi)"]
    assert run("suggest", "رسالة").code == cli.NOTHING
    assert run("suggest", "-n", "1", "رصالة", "daftar").lines == [
        "رصالة:",
        "      2  رسالة  (spelling)",
        "daftar:",
        "      2  دفتر  (arabizi)",
    ]


def test_words(run, library):
    told = run("words", "كتب")
    assert told.code == cli.FOUND
    assert any("كتابَين" in line for line in told.lines)
    assert run("words", "زرافة").code == cli.NOTHING


def test_similar(run, library):
    told = run("similar", "r1", "--format", "jsonl")
    assert all(json.loads(line)["id"] != "r1" for line in told.lines)
    missing = run("similar", "nobody")
    assert (missing.code, missing.out) == (cli.NOTHING, "")


def test_concord(run, library):
    told = run("concord", "--format", "csv", "كتاب", "--sort", "after")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["match"] for row in rows} >= {"الكُتُبَ", "كتابَين"}
    lines = run("concord", "كتاب").lines
    assert len(lines) == len(rows)
    assert run("concord", "زرافة").code == cli.NOTHING


def test_nothing_found_says_what_would_be(run, library):
    told = run("search", "--all", "رسالة", "زرافة")
    assert told.code == cli.NOTHING
    assert told.lines[0] == "nothing found for رسالة زرافة"
    assert "  any of the words: 1" in told.lines


def test_notices_stand_above_the_page(run, library):
    told = run("search", '"رسالة')
    assert told.lines[:2] == [
        "note: a quotation mark is not closed: read as words",
        "read as: رسالة",
    ]


def test_facets_groups_and_filters(run, library):
    told = run("search", "*", "--facet", "tag")
    assert told.lines[-2:] == ["tag", "      1  بيت"]
    assert run("search", "*", "--where", "tag=بيت", "--format", "jsonl").lines[0].count("r1") == 1
    assert run("search", "*", "--since", "2017", "--format", "jsonl").code == cli.FOUND
    assert "tag: بيت" in " ".join(run("search", "*", "--group", "tag").lines)
    assert run("search", "*", "--group", "tag", "--sort", "date").code == cli.MISUSE
    assert run("search", "*", "--where", "tag").code == cli.MISUSE
    assert run("search", "*", "--sort", "body").code == cli.MISUSE


def test_explain_and_profile(run, library):
    out = run("search", "كتاب", "--explain", "--profile").out
    assert "the same stem" in out
    assert "word كتاب, up to root" in out


def test_html(run, library):
    out = run("search", "رسالة", "--format", "html").out
    assert "<mark>رسالة</mark>" in out
    assert out.startswith('<p class="kashaf-total">1')


def test_visual_order(run, library):
    pytest.importorskip("bidi")
    assert "ةلاسر" in run("search", "رسالة", "--bidi", "visual").out


def test_the_shell(run, library, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    lines = iter(["كتاب", "+رسالة", ":1", ":match spelling", ":match all", ":?", ":q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    told = run("shell")
    assert told.code == cli.FOUND
    assert "1–3 of 3 for كتاب" in told.lines
    assert "1–1 of 1 for +(كتاب) +(رسالة)" in told.lines
    assert "id: r2" in told.lines
    assert "nothing found for +(كتاب) +(رسالة)" in told.lines
    assert "match must be one of written, spelling, stem, root, not 'all'" in told.lines
