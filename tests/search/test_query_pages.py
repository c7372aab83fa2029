"""The pages on the query language: every example is read as they say."""

import re
from pathlib import Path

import pytest
from kashaf.search import language
from kashaf.search.wording import show

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```queries\n(.*?)^```", re.M | re.S)


def examples():
    for name in ("query-language.md", "query-language.ar.md"):
        for block in BLOCK.findall((DOCS / name).read_text("utf-8")):
            for line in block.splitlines():
                yield tuple(line.split(" ⇒ "))


@pytest.mark.parametrize(("query", "reading"), list(examples()))
def test_an_example_is_read_as_the_page_says(library, query, reading):
    found = language.read(query, library.schema)
    assert show(found.meant or found.node) == reading
