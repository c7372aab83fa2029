"""Ten phrases from each of fifty texts, searched for in an index of the files that hold them."""

import importlib.util
from pathlib import Path

import kashaf
import pytest
from kashaf.index.intake import take_in

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("pages", HERE / "test_reading_pages.py")
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)


@pytest.fixture(scope="module")
def index():
    for needed in filter(None, pages.FILES.values()):
        pytest.importorskip(needed)
    made = kashaf.create()
    with made.writer() as writer:
        take_in(writer, [HERE / "data" / name for name in pages.FILES], HERE / "data")
    made.refresh()
    assert len(made) == len(pages.FILES)
    return made


def test_every_phrase_is_found_in_every_file(index, texts):
    wanted = [phrase for text in texts for phrase in pages.phrases(text)]
    missed = {name: set() for name in pages.FILES}
    for phrase in wanted:
        page = index.search('"' + phrase.replace('"', " ") + '"', limit=len(missed))
        found = {hit.id for hit in page.hits}
        for name in missed.keys() - found:
            missed[name].add(phrase)
    assert {name: found for name, found in missed.items() if found} == pages.MISSES
    assert all(len(found) <= 0.02 * len(wanted) for found in missed.values())
