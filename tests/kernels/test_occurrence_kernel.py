"""Where words stand: both makes find the same, and that is what `locate` finds."""

import struct
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=40)
ROW = struct.Struct("IIdII")


class DamageError(Exception):
    """Raised by `Packed.blame` here."""


def packed_of(make, parts):
    """A column in memory whose pages are all verified."""
    size = 1 << 20
    flags = np.ones(size >> 14, np.uint8)
    pages = SimpleNamespace(buffer=bytes(size), verified=flags, verify=lambda start, stop: None)

    class Column(make.Packed):
        def blame(self, expected, found):
            raise DamageError(f"{expected}, not {found}")

    return Column(*parts, pages, 0, 0)


def places(make, arguments):
    docs, forms, tfs, positions, token_starts, _ = arguments
    return make.Places(*(packed_of(make, p) for p in (docs, forms, tfs, positions)), token_starts)


def collected(make, case, docs, telling):
    """What every cursor of a case finds in some documents."""
    found = make.Occurrences(len(docs), telling)
    for number, (word, at, _) in enumerate(case.picks):
        arguments = (case.arguments or [each.arguments for each in case.fields])[at]
        _, _, start, stop, _ = case.runs[number]
        idf = float(case.idfs[word])
        weights = case.runs[number][4]
        found.add_words(places(make, arguments), [([(start, stop, weights)], word, idf)], docs)
    return found


def rows_of(found, documents):
    rows = [[] for _ in range(documents)]
    for *row, which in ROW.iter_unpack(found.rows()):
        rows[which].append(tuple(row))
    return list(zip(found.worths(), rows, strict=True))


def some_docs(data, case):
    share = data.draw(st.sampled_from([0, 0.02, 0.5, 1]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    return np.flatnonzero(rng.random(case.documents) < share).astype(np.uint32)


@SOME
@given(data=st.data())
def test_both_makes_find_the_same(compiled, twins, cases, data):
    case = data.draw(cases)
    docs, telling = some_docs(data, case), data.draw(st.sampled_from([0, 0.6, 0.99]))
    made = [rows_of(collected(m, case, docs, telling), len(docs)) for m in (compiled, twins)]
    for one, other in zip(*made, strict=True):
        assert one[0] == pytest.approx(other[0])
        assert one[1] == other[1]


@SOME
@given(data=st.data())
def test_all_that_locate_finds_is_found(make, small_cases, data):
    case = data.draw(small_cases)
    docs = some_docs(data, case)
    expected = [[] for _ in docs]
    for number, (word, _, _) in enumerate(case.picks):
        weights = case.runs[number][4]
        columns = case.located(make, number, docs)
        for which, position, form in zip(*(each.tolist() for each in columns), strict=True):
            weight = float(case.idfs[word]) * float(weights[form])
            expected[which].append((position, word, weight, position))
    found = rows_of(collected(make, case, docs, 0.0), len(docs))
    assert [rows for _, rows in found] == [sorted(rows) for rows in expected]
    for worth, rows in found:
        best = {word: max(w for _, v, w, _ in rows if v == word) for _, word, _, _ in rows}
        assert worth == pytest.approx(sum(best.values()))


@SOME
@given(
    rows=st.lists(
        st.tuples(*map(st.integers, [0] * 4, [3, 9, 9, 4]), st.floats(0, 9)), max_size=99
    ),
    telling=st.sampled_from([0, 0.6]),
)
def test_phrases_are_added_as_they_are(make, rows, telling):
    found = make.Occurrences(4, telling)
    for which, position, last, word, weight in rows:
        found.add([which], [position], [last], word, weight)
    for which in range(4):
        mine = [(p, word, weight, max(p, last)) for d, p, last, word, weight in rows if d == which]
        best = {word: max(w for _, v, w, _ in mine if v == word) for _, word, _, _ in mine}
        told = sorted(row for row in mine if row[2] > telling * best[row[1]])
        assert rows_of(found, 4)[which][1] == told


@settings(deadline=None, max_examples=150)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_damage_is_blamed_or_bounded(make, cases, data, seed):
    case = data.draw(cases).damaged_by(seed)
    docs = some_docs(data, case)
    limit = sum(len(each.tokens) for each in case.fields) * max(len(case.picks), 1)
    try:
        found = collected(make, case, docs, 0.0)
    except (DamageError, ValueError):
        return
    assert len(found.rows()) <= ROW.size * limit


def test_what_cannot_be_is_refused(make, big_case):
    case = big_case(1)
    _, at, start, stop, _ = case.runs[0]
    each = places(make, case.fields[at].arguments)
    found, docs = make.Occurrences(1, 0.6), np.zeros(1, np.uint32)
    for begin, end in ((-1, stop), (start, 1 << 40), (stop + 1, stop)):
        with pytest.raises(ValueError, match="outside its posting lists"):
            found.add_words(each, [([(begin, end, np.ones(1, np.float32))], 0, 1.0)], docs)
    with pytest.raises(ValueError, match="as many documents"):
        found.add_words(each, [], np.zeros(2, np.uint32))
    with pytest.raises(ValueError, match="in no document"):
        found.add([1], [0], [0], 0, 1.0)
    with pytest.raises(ValueError, match="counted from 0"):
        make.Occurrences(-1, 0.6)
