"""The widths that `index/dtypes.py` names are those that the kernels make, compiled or not."""

from importlib import import_module

import numpy as np
import pytest
from kashaf.index.dtypes import DOC, SCORE, TERM


@pytest.fixture(params=["kashaf.kernels._{}", "kashaf.kernels.twins.{}"])
def kernel(request):
    def load(name):
        return pytest.importorskip(request.param.format(name), exc_type=ImportError)

    return load


def test_widths_are_what_the_files_say():
    assert [np.dtype(name) for name in ("u4", "u4", "f4")] == [*map(np.dtype, (DOC, TERM, SCORE))]


def test_packed_numbers_come_back_as_terms(kernel):
    room = kernel("packing")
    values = np.arange(128, dtype=TERM)
    directory, data = room.pack(values)
    assert (directory.dtype, data.dtype) == (TERM, TERM)


def test_inverted_documents_and_terms(kernel):
    tokens, lengths = np.array([0, 1, 0], TERM), np.array([2, 1], DOC)
    group_of = form_of = np.array([0, 1], TERM)
    firsts = np.array([0, 2, 4], TERM)
    made = kernel("inverting").Inverter(tokens, lengths, group_of, form_of, firsts).invert(0, 2)
    assert {array.dtype.str for array in made} == {DOC}


def test_documents_and_impacts(kernel):
    docs, impacts = kernel("scanning").weigh_word([], 1.0).arrays()
    assert docs.dtype == DOC
    assert impacts.dtype == SCORE


def test_both_makes_have_the_same_public_kernels():
    kernels = import_module("kashaf.kernels")
    for name in kernels.__all__:
        assert hasattr(kernels, name)
