"""Words taken apart: both makes, over tables of a few letters, where everything meets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=300)
LETTERS = b"\xc1\xc7\xc8\xca"
BASE = 0x600


def texts(least=0, most=3):
    return st.lists(st.sampled_from(LETTERS), min_size=least, max_size=most).map(bytes)


kinds = st.integers(0, 3)
costs = st.integers(0, 40)
signs = st.sampled_from([b"", b"-", b"+"])
letters = texts(0, 1)


@st.composite
def dictionaries(draw, shift=0):
    """The arguments of a dictionary: keys with a sign or none, of one to three entries."""
    keys = draw(st.lists(st.tuples(signs, texts(1, 4)).map(b"".join), unique=True, max_size=30))
    weight = st.integers(1, 255)
    entries = st.lists(st.tuples(st.integers(0, 9), weight), min_size=0, max_size=3)
    rows = [sorted(draw(entries), key=lambda entry: -entry[1]) for _ in keys]
    return (
        b"".join(key + b"\n" for key in keys),
        bytes(map(len, rows)),
        b"".join(stem.to_bytes(2, "little") for row in rows for stem, _ in row),
        bytes(weight for row in rows for _, weight in row),
        draw(st.integers(0, 10)),
        draw(st.integers(0, 500)),
        shift,
    )


@st.composite
def rules(draw):
    """What a parser takes after its dictionaries."""
    before = st.tuples(texts(1, 3), kinds, costs, st.booleans(), letters)
    befores = draw(st.lists(before, max_size=6))
    ending = st.tuples(
        st.integers(1, 2), signs, st.booleans(), texts(), letters, st.integers(1, 3), costs
    )
    endings = [each for each in draw(st.lists(ending, max_size=9)) if not each[2] or each[5] > 1]
    return (
        sorted([*befores, (b"", 3, 0, False, b"")], key=lambda each: len(each[0])),
        sorted(
            draw(st.lists(st.tuples(texts(1, 3), kinds, costs), max_size=6)),
            key=lambda each: len(each[0]),
        ),
        draw(
            st.lists(
                st.tuples(texts(1, 1), st.booleans(), texts(1, 1)),
                unique_by=lambda each: each[0],
                max_size=3,
            )
        ),
        draw(texts(0, 2)),
        sorted(endings, key=lambda each: len(each[3])),
        draw(texts(0, 2)),
        draw(st.lists(patterns(), max_size=4)),
    )


@st.composite
def patterns(draw):
    pattern = bytes(draw(st.lists(st.sampled_from(b"\0" + LETTERS), min_size=1, max_size=4)))
    piece = st.sampled_from([*range(len(pattern)), *LETTERS])
    return pattern, draw(st.lists(st.lists(piece, max_size=4).map(bytes), max_size=3))


def parser(make, known, rest):
    return make.Parser([make.Dictionary(*each) for each in known], *rest)


@SOME
@given(st.tuples(dictionaries(), dictionaries(10)), rules(), st.lists(texts(0, 7), max_size=30))
def test_both_makes_find_the_same_stems(compiled, twins, known, rest, words):
    ours, theirs = parser(compiled, known, rest), parser(twins, known, rest)
    for word in words:
        assert ours.best(word) == theirs.best(word)


@SOME
@given(dictionaries(), st.lists(texts(0, 4), max_size=30))
def test_both_makes_have_the_same_entries(compiled, twins, known, words):
    ours, theirs = (make.Dictionary(*known) for make in (compiled, twins))
    for word in (*words, *bytes(known[0]).split(b"\n")):
        assert ours.entries(word) == theirs.entries(word)


alphabets = st.lists(
    st.sampled_from([0, 0xC1, 0xC7, 0xC8, 0x1C1, 0x2C7, 0x4C8, 0x8CA, 0x100]),
    min_size=256,
    max_size=256,
)
cuts = st.tuples(
    st.lists(texts(1, 3), max_size=3), st.lists(texts(1, 2), max_size=3), st.integers(1, 3)
)
characters = st.sampled_from("ءابتثجxé\u0700\U0001f600\u05ff") | st.characters()


@SOME
@given(dictionaries(), rules(), alphabets, cuts, st.lists(st.text(characters, max_size=40)))
def test_both_makes_climb_alike(compiled, twins, known, rest, alphabet, cut, words):
    names = "".join(f"ب{chr(0x621 + i)}\nاب\n" for i in range(5)).encode("iso8859_6")
    more = [(f"stem {i}", "root") for i in range(5)]
    ladders = [
        make.Ladder(
            parser(make, [known], rest),
            BASE,
            alphabet,
            names,
            more,
            cut,
            lambda word: ("other", word, "", ""),
            tuple,
        )
        for make in (compiled, twins)
    ]
    first, second = (each.climb_all(words) for each in ladders)
    assert first == second == [ladders[0].climb(word) for word in words]
    for word in words:
        assert ladders[0].stem(word) == ladders[1].stem(word)
    first = [row for row in first if not any(map(is_surrogate, "".join(row)))]
    words = [word for word in words if not any(map(is_surrogate, word))]
    keys = "".join("\0".join(reversed(climbed)) for climbed in first).encode()
    edges = np.cumsum([0, *(len("\0".join(climbed).encode()) for climbed in first)])
    for each in ladders:
        blob, found = each.keys(*packed_words(words))
        assert (blob, list(found)) == (keys, edges.tolist())


def is_surrogate(char):
    return "\ud800" <= char <= "\udfff"


def packed_words(words):
    """Code points, and where each word begins."""
    codes = np.array([ord(char) for word in words for char in word], np.uint32)
    return codes, np.cumsum([0, *map(len, words)]).astype(np.uint32)


@pytest.mark.parametrize("edges", [[], [1, 2], [0, 1], [0, 3, 2], [0, 3]])
def test_words_that_do_not_fit_their_edges_are_refused(make, edges):
    ladder = make.Ladder(
        parser(make, [ONE], NO_RULES), BASE, [0] * 256, b"", [], ([], [], 1), None, tuple
    )
    with pytest.raises(ValueError, match="do not fit"):
        ladder.keys(np.zeros(2, np.uint32), np.array(edges, np.uint32))


NO_RULES = [(b"", 3, 0, False, b"")], [], [], b"", [], b"", []
ONE = b"\xc7\n", b"\1", b"\0\0", b"\1", 1


@pytest.mark.parametrize(
    "parts",
    [
        (b"\xc7", b"\1", b"\0\0", b"\1", 1),
        (b"\xc7\n\xc8\n", b"\1", b"\0\0", b"\1", 1),
        (b"\xc7\n", b"\2", b"\0\0", b"\1", 1),
        (b"\xc7\n", b"\1", b"\0\0\0", b"\1", 1),
        (b"\xc7\n", b"\1", b"\0\0\0\0", b"\1\1", 1),
        (b"", b"\1", b"\0\0", b"\1", 1),
    ],
)
def test_parts_that_do_not_agree_are_refused(make, parts):
    with pytest.raises(ValueError, match="not of one dictionary"):
        make.Dictionary(*parts)


def test_an_empty_dictionary_knows_nothing(make):
    assert len(make.Dictionary(b"", b"", b"", b"", 0)) == 0
    assert parser(make, [(b"", b"", b"", b"", 0)], NO_RULES).best(b"\xc7") == -1


def test_what_is_too_long_is_refused(make):
    befores, *rest = NO_RULES
    with pytest.raises(ValueError):
        parser(make, [ONE], ([*befores, (b"\xc7" * 9, 3, 0, False, b"")], *rest))
    with pytest.raises(ValueError):
        parser(make, [ONE], (*NO_RULES[:-1], [(b"\0", [b"\1"])]))


def test_names_are_stems_with_roots(make):
    found = parser(make, [ONE], NO_RULES)
    for names in (b"\xc7\n", b"\xc7\n\xc7"):
        with pytest.raises(ValueError):
            make.Ladder(found, BASE, [0] * 256, names, [], ([], [], 1), None, tuple)
    nameless = make.Ladder(found, BASE, [0] * 256, b"", [], ([], [], 1), None, tuple)
    with pytest.raises(IndexError):
        nameless.stem("ا")


def test_very_long_words_are_not_taken_apart(make):
    found = parser(make, [(b"\xc7" * 33 + b"\n", b"\1", b"\0\0", b"\1", 1)], NO_RULES)
    assert found.best(b"\xc7" * 33) == -1
