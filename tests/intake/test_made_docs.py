"""The pages that are made from docstrings and help say what those say now."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MEASURED = re.compile(r"\d+\.\d+")


@pytest.mark.parametrize(("script", "page"), [("make_api", "api.md"), ("make_man", "kashaf.1")])
def test_a_made_page_is_in_step(script, page):
    made = runpy.run_path(str(DOCS / f"{script}.py"))["page"]()
    assert (DOCS / page).read_text("utf-8") == made, f"run 'make docs' ({script}.py)"


@pytest.mark.parametrize("name", ["tutorial.md", "arabic-guide.md"])
def test_a_tutorial_does_what_it_says(name):
    """All but what is measured: scores, seconds, megabytes."""
    page = (DOCS / name).read_text("utf-8")
    played = runpy.run_path(str(DOCS / "make_tutorial.py"))["played"](page)
    assert MEASURED.sub("0", played) == MEASURED.sub("0", page)
