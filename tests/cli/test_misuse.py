"""What the command line says to those who misuse it: one line, and what to do."""

import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "--bogus", "كتاب"], "--bogus"),
        (["search", "كتاب", "--al"], "--al"),
        (["concord", "--sorted=after", "كتاب"], "--sorted"),
        (["search", "--match", "x", "كتاب"], "invalid value for '--match'"),
        (["search", "--facet", "foo", "كتاب"], "no field 'foo'"),
        (["search", "--facet", "tag", "--format", "html", "كتاب"], "--facet needs --format"),
        (["search", "--since", "2017-13", "كتاب"], "2017-13 is not a date: month must be"),
        (["search"], "missing argument"),
        (["bogus"], "no such command 'bogus'"),
    ],
)
def test_a_slip_is_told_in_one_line(run, library, arguments, said):
    told = run(*arguments)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("kashaf: ")
    assert said in told.err
    assert told.err.count("\n") == 1


def test_what_is_excluded_is_no_option(run, library):
    assert run("search", "-كتاب").code == 0
    assert run("search", "كتاب -x").code == 0


@pytest.mark.parametrize("query", ["", "؟", "()", '"'])
def test_a_query_without_words_is_told_so(run, library, query):
    told = run("search", query)
    assert told.code == 1
    assert told.out.startswith("note: there is no word in the query\nnothing found")


def test_groups_in_json_are_as_many_as_asked(run, library):
    told = run("search", "*", "--group", "tag", "--best", "1", "-n", "1", "--format", "json")
    (group,) = json.loads(told.out)["groups"]
    assert len(group["hits"]) == 1


def test_programs_are_told_the_remedies_too(run, library):
    told = run("search", '"رسالة كتب"', "--format", "json")
    assert {"label": "any of the words", "total": 3} in json.loads(told.out)["remedies"]
