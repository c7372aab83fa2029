"""The public names, pinned: adding one is a decision, losing one breaks somebody's program."""

from importlib import import_module

import kashaf
import pytest

FACE = """
    Field Hit Index KashafError Page Ranking Schema Snippet __version__ create open
"""


def test_the_face():
    assert kashaf.__all__ == FACE.split()


@pytest.mark.parametrize("name", FACE.split())
def test_each_name_of_the_face_is_there(name):
    assert getattr(kashaf, name).__doc__


def test_no_other_name_is():
    with pytest.raises(AttributeError, match="no attribute 'segment'"):
        kashaf.segment  # noqa: B018  # asked for to see it refused


ROOMS = {
    "kashaf.search": "Hit Index Page Ranking Reason Snippet create open",
    "kashaf.index": "Corpus Field Schema Snapshot Writer",
    "kashaf.index.readers": """
        KINDS Document Limits Options Skipped Source bytes_source file_source read
    """,
}


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms(room):
    assert import_module(room).__all__ == ROOMS[room].split()


@pytest.mark.parametrize("room", [*ROOMS, "kashaf.arabic", "kashaf.kernels", "kashaf.storage"])
def test_what_a_room_promises_it_has(room):
    module = import_module(room)
    assert module.__doc__
    assert sorted(module.__all__, key=str) == sorted(set(module.__all__))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_the_tree_of_errors_is_the_one_that_is_drawn():
    errors = import_module("kashaf.errors")
    classes = {n: c for n, c in vars(errors).items() if isinstance(c, type)}
    assert all(issubclass(c, kashaf.KashafError) for c in classes.values())
    drawn = [
        line.split()[0]
        for line in errors.__doc__.replace("│", "")
        .replace("├──", "")
        .replace("└──", "")
        .splitlines()
        if "Error" in line and line.startswith(" ")
    ]
    assert sorted(drawn) == sorted(classes)
