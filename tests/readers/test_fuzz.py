"""Twenty seconds of mutated files; `fuzz.py` beside this runs as long as one likes."""

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("fuzz", Path(__file__).with_name("fuzz.py"))
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)


@pytest.mark.parametrize("name", sorted(fuzz.seeds()))
def test_the_seeds_are_sound(name):
    assert fuzz.check(name, fuzz.seeds()[name]) == ""


def test_mutated_files_are_read_or_refused():
    seed = 20240501
    count, found = fuzz.run(20, seed)
    assert not found, f"seed {seed}: " + "\n".join(found)
    assert count > 200
