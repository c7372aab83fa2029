"""The dispatch: either make has the same names, and one switch chooses."""

import os
import subprocess
import sys
from inspect import signature

import pytest
from kashaf import kernels

CLASSES = {
    "Dictionary": ["entries"],
    "Filter": ["add", "capacity", "count", "may_have"],
    "Interner": ["codes", "intern", "lexer", "nbytes", "words"],
    "Inverter": ["edges", "invert"],
    "Keys": ["extend", "sort", "take"],
    "Ladder": ["climb", "climb_all", "keys", "stem"],
    "Lexer": ["spans", "words"],
    "Impacts": ["arrays", "count", "damaged", "highest", "nbytes", "outline"],
    "Lists": ["filled"],
    "Packed": [
        "blame",
        "count",
        "data",
        "directory",
        "item",
        "items",
        "pair",
        "parts",
        "slice",
        "touch",
        "values",
    ],
    "Parser": ["best"],
    "Sorting": ["parts", "sort", "tree"],
    "Strings": [
        *("bisect", "blame", "count", "find", "find_among", "get", "joined", "slice", "texts"),
    ],
    "Texts": [
        *("bisect", "blob", "count", "filled", "get", "matching", "near", "ranked", "slice"),
        *("starts", "take"),
    ],
    "Tokens": ["add", "count", "extend", "lengths", "numbers", "skip", "texts", "used"],
    "TopK": ["count", "k", "ranked"],
}


def test_the_twin_can_be_forced():
    program = "from kashaf import kernels; print(kernels.native, kernels.TopK.__module__)"
    environment = {**os.environ, "KASHAF_KERNELS": "numpy"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True
    )
    assert run.stdout.split() == ["False", "kashaf.kernels.twins.scanning"]


def test_one_make_is_in_use():
    modules = {getattr(kernels, name).__module__ for name in kernels.__all__ if name != "native"}
    assert {".twins." in module for module in modules} == {not kernels.native}


@pytest.mark.parametrize("name", CLASSES)
def test_the_compiled_classes_have_nothing_more(compiled, name):
    assert [n for n in dir(getattr(compiled, name)) if not n.startswith("_")] == CLASSES[name]


@pytest.mark.parametrize(
    "name",
    [
        "dump",
        "dump_blocks",
        "encode",
        "gather",
        "locate",
        "merge_texts",
        "pack",
        "sort_postings",
        "sort_texts",
        "tally",
        "text_size",
        "unpack",
    ],
)
def test_functions_take_the_same_arguments(compiled, twins, name):
    first = [*signature(getattr(twins, name)).parameters]
    documented = getattr(compiled, name)
    try:
        second = [*signature(documented).parameters]
    except ValueError:
        pytest.skip("this build embeds no signatures")
    assert first == second
