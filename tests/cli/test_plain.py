"""The plainest search is read without click, and read alike."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kashaf import cli
from kashaf.commands import plain
from kashaf.commands.finding import search

WORDS = st.sampled_from(["كتاب", "a b", "", "-n", "--number", "--index", "--in", "-x", "--", "-"])
VALUES = st.sampled_from(["7", "0", "٧", "+7", " 7", "9" * 9, "9" * 5000, "x", "-1", "ix", "--n=3"])


def by_click(arguments):
    try:
        return search.make_context("search", [*arguments], resilient_parsing=False).params
    except click.UsageError:
        return None


@given(st.lists(WORDS | VALUES, max_size=6))
def test_what_is_read_is_what_click_reads(arguments):
    read = plain.read(["search", *arguments])
    assert read is None or read == by_click(arguments)


@pytest.mark.parametrize(
    "arguments",
    [["كتاب"], ["كتاب", "دفتر"], ["--index", "x", "كتاب", "-n", "3"], ["a", "--number", "0"]],
    ids=str,
)
def test_what_is_plain(arguments):
    read = plain.read(["search", *arguments])
    assert read is not None
    assert read == by_click(arguments)


@pytest.mark.parametrize(
    "arguments",
    [[], ["search"], ["search", "a", "--all"], ["search", "-h"], ["stats", "a"]],
    ids=str,
)
def test_what_is_left_to_click(arguments):
    assert plain.read(arguments) is None


def test_both_print_the_same(run, library):
    plainly = run("search", "كتاب المدينة")
    assert plainly.code == cli.FOUND
    assert plainly == run("search", "--match", "root", "كتاب المدينة")
