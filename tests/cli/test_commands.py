"""What each command prints, whole, and how it ends."""

import json
import re

import kashaf
import pytest
from kashaf import cli

PAGE = """\
1–3 of 3 for كتاب

  1. المكتبة الوطنية
     library/akhbar/كتب جديدة.txt  N
     قرأ الطالبُ **الكُتُبَ** في مكتبة المدينة.

  2. السوق
     library/akhbar/suq.md  N  2017-03-05
     باع الورّاق **كتابَين** بدينار.

  3. رسالة
     library/records.jsonl  r2  N  1999-01-02
     **كتب** رسالة إلى أمه.
"""


def numbers(text):
    """Text with what is measured (scores, seconds) made N."""
    return re.sub(r"\d+\.\d+", "N", text)


def test_index_ends_with_one_line(run, files):
    files({"a.txt": "خبر\nنص", "b.txt": "آخر\nنص", "c.bin": b"\x7fELF\0\0"})
    told = run("index", "a.txt", "b.txt", "c.bin")
    assert (told.code, told.err) == (0, "")
    assert numbers(told.out) == (
        "2 added, 0 changed, 0 unchanged, 1 skipped (1 binary); N s, N MB/s; index: .kashaf\n"
    )


def test_index_again_sees_what_changed(run, files):
    files({"d/a.txt": "خبر\nنص", "d/b.txt": "آخر\nنص"})
    run("index", "d")
    files({"d/b.txt": "آخر\nتغيّر", "d/c.txt": "جديد"})
    assert run("index", "d").out.startswith("1 added, 1 changed, 1 unchanged, 0 skipped; ")
    assert run("search", "تغير").code == cli.FOUND
    assert "documents    3" in run("stats").out


def test_index_tells_which_fields_it_found(run, files):
    files({"r.jsonl": '{"title": "أ", "body": "ب", "price": 3, "tag": "بيت"}\n'})
    told = run("index", "r.jsonl")
    assert told.lines[0] == "fields found: price:number, tag:keyword (--field NAME:TYPE to change)"


def test_index_takes_the_type_that_is_told(run, files):
    files({"r.jsonl": '{"title": "أ", "body": "ب", "tag": "بيت كبير"}\n'})
    assert run("index", "--field", "tag:text", "r.jsonl").code == 0
    assert run("search", "tag:بيوت").code == cli.FOUND


def test_index_quietly(run, files):
    files({"a.txt": "خبر"})
    assert run("index", "-q", "a.txt").out == ""


def test_index_verbosely_names_what_it_skipped(run, files):
    files({"bad.jsonl": '{"title": "أ"}\nnot json\n', "x.bin": b"\x7fELF\0\0"})
    told = run("index", "-v", "bad.jsonl", "x.bin")
    bad, binary = told.err.splitlines()
    assert bad.startswith("bad.jsonl:2: skipped: not JSON: ")
    assert binary == "x.bin: skipped: binary: a program"


def test_search_prints_a_page(run, library):
    told = run("search", "كتاب")
    assert (told.code, numbers(told.out), told.err) == (0, PAGE, "")


def test_search_takes_several_words_unquoted(run, library):
    assert run("search", "رسالة", "أمه").lines[0] == "1–1 of 1 for رسالة أمه"


def test_search_by_pages(run, library):
    first = run("search", "-n", 2, "كتاب").out
    second = run("search", "-n", 2, "--page", 2, "كتاب").out
    assert numbers(first).splitlines() == ["1–2 of 3 for كتاب", *PAGE.splitlines()[1:9]]
    assert numbers(second).splitlines() == ["3–3 of 3 for كتاب", *PAGE.splitlines()[9:]]


def test_search_beyond_the_last_page(run, library):
    told = run("search", "--page", 9, "كتاب")
    assert (told.code, told.out) == (1, "only 3 found for كتاب\n")


def test_search_finds_nothing(run, library):
    told = run("search", "زرافة")
    assert (told.code, told.out, told.err) == (1, "nothing found for زرافة\n", "")


def test_search_as_json(run, library):
    page = json.loads(run("search", "--format", "json", "رسالة").out)
    [hit] = page.pop("hits")
    assert page == {"query": "رسالة", "reading": "رسالة", "notices": [], "total": 1, "offset": 0}
    assert hit.pop("score") > 0
    assert hit.pop("passages") == [hit["snippet"]]
    assert hit == {
        "rank": 1,
        "id": "r2",
        "title": "رسالة",
        "path": "library/records.jsonl",
        "date": "1999-01-02",
        "snippet": {
            "field": "body",
            "text": "كتب رسالة إلى أمه.",
            "start": 0,
            "marks": [[4, 9]],
        },
    }


def test_search_as_json_lines(run, library):
    told = run("search", "--format", "jsonl", "كتاب")
    assert [json.loads(line)["rank"] for line in told.lines] == [1, 2, 3]
    assert run("search", "--format", "jsonl", "زرافة").out == ""
    assert json.loads(run("search", "--format", "json", "زرافة").out)["hits"] == []


@pytest.mark.parametrize(
    ("rung", "found"), [("written", 0), ("spelling", 0), ("stem", 2), ("root", 3)]
)
def test_search_no_wider_than_told(rung, found, run, library):
    assert len(run("search", "--match", rung, "--format", "jsonl", "كتاب").lines) == found


def test_search_in_one_field(run, library):
    assert run("search", "--in", "title", "رسالة").code == cli.FOUND
    assert run("search", "--in", "title", "أمه").code == cli.NOTHING


def test_search_does_not_see_scripts(run, library):
    assert run("search", "مخفي").code == cli.NOTHING


def test_show_prints_the_document(run, library):
    told = run("show", "r1")
    assert told.code == 0
    assert json.loads(told.out) == {
        "id": "r1",
        "title": "دفتر",
        "body": "دفتر الحساب.",
        "price": 3,
        "tag": "بيت",
        "path": "library/records.jsonl",
    }


def test_show_of_an_unknown_id(run, library):
    told = run("show", "لا أحد")
    assert (told.code, told.out, told.err) == (1, "", "no document with id 'لا أحد'\n")


def test_stats(run, library):
    shown = dict(line.split(maxsplit=1) for line in run("stats").lines)
    told = json.loads(run("stats", "--json").out)
    assert list(shown) == list(told)
    assert shown["documents"] == "5"
    assert shown["fields"] == (
        "id id, title text, body text, path keyword, date date, price number, tag keyword"
    )
    assert told["documents"] == 5
    assert told["kernels"] in {"compiled", "numpy"}


def test_analyze(run):
    assert run("analyze", "وبالمَدارس Wi").out == (
        "وبالمَدارس\n"
        "  spelling  وبالمدارس  marks: dropped\n"
        "  stem      مدرسه  cut, and the rest is in the lexicon: «وبال» + مدارس\n"
        "  root      درس  of the lexicon\n"
        "Wi\n"
        "  spelling  wi  letters, digits, case or width: folded\n"
        "  stem      wi  as it is spelled\n"
        "  root      wi  the stem\n"
    )


def test_analyze_shows_other_readings(run):
    assert "  or        كتاب, root كتب" in run("analyze", "كتب").lines


def test_analyze_as_json(run):
    [line] = run("analyze", "--json", "مدارس").lines
    told = json.loads(line)
    assert (told["start"], told["end"], told["written"], told["root"]) == (0, 5, "مدارس", "درس")


def test_run_prints_a_trec_run(run, library, files):
    files({"q.tsv": "﻿q1\tكتاب\nq2\tزرافة\n\nq3\tدفتر\n"})
    assert numbers(run("run", "q.tsv", "-n", 2, "--tag", "t").out) == (
        "q1 Q0 library/akhbar/كتب_جديدة.txt 1 N t\n"
        "q1 Q0 library/akhbar/suq.md 2 N t\n"
        "q3 Q0 r1 1 N t\n"
    )


def test_run_of_a_file_that_is_none(run, library, files):
    files({"q.tsv": "q1\tكتاب\nno tab\n"})
    told = run("run", "q.tsv")
    assert (told.code, told.err) == (2, "kashaf: q.tsv:2: a query is a line 'id <TAB> text'\n")


def test_version(run):
    assert run("--version").out == f"kashaf, version {kashaf.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search"],
        ["search", "-n", "0", "كتاب"],
        ["search", "--page", "0", "كتاب"],
        ["search", "-n", "1000000", "كتاب"],
        ["search", "--match", "wide", "كتاب"],
        ["search", "--in", "nowhere", "كتاب"],
        ["search", "--format", "xml", "كتاب"],
        ["index"],
        ["index", "--field", "x", "library"],
        ["index", "--field", "x:thing", "library"],
        ["index", "--field", "title:number", "library"],
        ["run", "missing.tsv"],
        ["show"],
    ],
)
def test_misuse(arguments, run, library):
    told = run(*arguments)
    assert (told.code, told.out) == (cli.MISUSE, "")
    assert len(told.err.splitlines()[-1]) > 10
    assert "Traceback" not in told.err
