"""Keys sorted into a tree, and sorted runs merged, against plain Python."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.kernels.twins.sorting import packed, unpacked

SOME = settings(deadline=None, max_examples=100)

word = st.text("abكت\U0001f600", max_size=4) | st.text("abcdefgh", min_size=7, max_size=10)
some = word.filter(bool)
keys = st.lists(st.tuples(some, some, some, some), max_size=60, unique=True)


def flat(value):
    """All arrays inside tuples and lists, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    return [array for part in value for array in flat(part)]


def made(make, rows):
    out = make.Keys()
    out.extend(rows[:3])
    out.extend(rows[3:])
    assert len(out) == len(rows)
    return out


@SOME
@given(rows=keys, data=st.data())
def test_both_makes_sort_the_same(compiled, twins, same, rows, data):
    used = data.draw(
        st.none() | st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows))
    )
    used = None if used is None else np.array(used, np.uint8)
    same(*(flat(made(make, rows).sort(used)) for make in (compiled, twins)))


def many_keys(seed, letters, longest):
    """Thousands of keys, so many of which share their beginnings that bytes far in decide."""
    rng = Random(seed)
    rows = {
        tuple("".join(rng.choices(letters, k=rng.randint(0, longest))) for _ in range(4))
        for _ in range(6_000)
    }
    return sorted(rows, key=lambda row: rng.random())


@pytest.mark.parametrize(
    ("letters", "longest"), [("اب", 5), ("ا", 30), ("كتبدرس\x01z😀", 9), ("ab", 60)]
)
def test_many_keys_are_sorted_in_parts(make, same, twins, letters, longest):
    rows = many_keys(5, letters, longest)
    used = np.array([n % 5 != 0 for n in range(len(rows))], np.uint8)
    for mask in (None, used):
        sorting = make.Sorting(made(make, rows), mask)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(sorting.sort, range(sorting.parts)))
        same(flat(sorting.tree()), flat(made(twins, rows).sort(mask)))
    with pytest.raises(ValueError, match="no part"):
        sorting.sort(sorting.parts)


def test_each_part_is_sorted_once_and_before_the_tree(make):
    sorting = make.Sorting(made(make, many_keys(1, "ab", 3)))
    with pytest.raises(ValueError, match="part 0 is not sorted yet"):
        sorting.tree()
    sorting.sort(0)
    with pytest.raises(ValueError, match="part 0 is sorted"):
        sorting.sort(0)


def test_many_texts_are_sorted(make):
    texts = ["".join(row) for row in many_keys(3, "ab", 40)]
    texts = [*dict.fromkeys([*texts, *(str(n) for n in range(3_000))])]
    ranked, (blob, edges) = make.sort_texts(texts)
    assert [texts[i] for i in ranked] == sorted(texts)
    assert bytes(blob).decode() == "".join(sorted(texts))
    assert np.diff(edges).tolist() == [len(text) for text in sorted(texts)]


@SOME
@given(rows=keys, data=st.data())
def test_packed_keys_are_keys(make, same, rows, data):
    at = data.draw(st.integers(0, len(rows)))
    texts = ["\0".join(row[::-1]).encode() for row in rows]
    keys = make.Keys()
    keys.take(*packed(texts[:at]))
    keys.extend(rows[at:])
    same(flat(keys.sort()), flat(made(make, rows).sort()))


@pytest.mark.parametrize("key", [b"", b"a\0b\0c", b"a\0b\0c\0d\0e"])
def test_packed_keys_are_of_four_strings(make, key):
    with pytest.raises(ValueError, match="four strings"):
        make.Keys().take(*packed([key]))


@SOME
@given(rows=keys)
def test_a_tree_gives_back_its_keys(make, rows):
    ranked, groups, forms, levels, children = made(make, rows).sort()
    ordered = sorted(rows, key=lambda row: [part.encode() for part in row[::-1]])
    assert [rows[i] for i in ranked] == ordered
    above = [b""]
    at = [range(len(rows) + 1)]
    texts = []
    for level, strings in enumerate(unpacked(*each) for each in levels):
        counts = np.diff(children[level - 1]) if level else [len(strings)]
        parents = np.repeat(np.arange(len(counts)), counts).tolist()
        above = [text or above[p] for text, p in zip(strings, parents, strict=True)]
        texts.append(above)
        at.append(parents)
    found = []
    for n in range(len(ordered)):
        path = [n]
        for level in (4, 3, 2):
            path.append(at[level][path[-1]])
        found.append(tuple(texts[3 - i][p].decode() for i, p in enumerate(path)))
        roots = sorted({row[3].encode() for row in rows})
        assert roots[groups[ranked[n]]] == found[n][3].encode()
        assert forms[ranked[n]] == sum(row[3] == found[n][3] for row in ordered[:n])
    assert found == ordered


@pytest.mark.parametrize("place", range(4))
def test_a_key_has_no_nul(make, place):
    with pytest.raises(ValueError, match="NUL"):
        make.Keys().extend([tuple("a\0b" if i == place else "a" for i in range(4))])


def test_a_mask_of_another_length_is_refused(make):
    with pytest.raises(ValueError, match="differ in number"):
        made(make, [("a", "b", "c", "d")]).sort(np.ones(2, np.uint8))


@SOME
@given(strings=st.lists(word, max_size=50))
def test_texts_are_sorted_by_their_bytes(make, strings):
    ranked, texts = make.sort_texts(strings)
    assert unpacked(*texts) == sorted(text.encode() for text in strings)
    assert [strings[i].encode() for i in ranked] == unpacked(*texts)


@st.composite
def merging(draw):
    """Runs of strings under parents, as `merge_texts` takes them."""
    parents = sorted(draw(st.sets(word.map(str.encode), min_size=1, max_size=5)))
    rows = st.tuples(st.integers(0, len(parents) - 1), word.map(str.encode))
    runs = []
    for _ in range(draw(st.integers(0, 12))):
        mine = sorted({(at, text or parents[at]) for at, text in draw(st.lists(rows, max_size=20))})
        hollow = [b"" if text == parents[at] and draw(st.booleans()) else text for at, text in mine]
        used = draw(st.lists(st.integers(0, 1), min_size=len(mine), max_size=len(mine)))
        above = np.array([at for at, _ in mine], np.uint32)
        runs.append((*packed(hollow), above, np.array(used, np.uint8)))
    return runs, packed(parents)


@SOME
@given(arguments=merging())
def test_both_makes_merge_the_same(compiled, twins, same, arguments):
    same(flat(compiled.merge_texts(*arguments)), flat(twins.merge_texts(*arguments)))


@SOME
@given(arguments=merging())
def test_merging_gives_every_string_one_place(make, arguments):
    runs, parents = arguments
    names = unpacked(*parents)
    ranks, above, texts, hollow = make.merge_texts(runs, parents)
    merged = list(zip(above.tolist(), unpacked(*texts), strict=True))
    assert merged == sorted(set(merged))
    short = [b"" if text == names[at] else text for at, text in merged]
    assert unpacked(*hollow) == short
    for (blob, edges, over, used), rank in zip(runs, ranks, strict=True):
        rows = zip(unpacked(blob, edges), over.tolist(), used, rank.tolist(), strict=True)
        for text, at, kept, place in rows:
            assert merged[place] == (at, text or names[at]) if kept else place == 0xFFFFFFFF


@pytest.mark.parametrize(
    ("strings", "above", "used", "message"),
    [
        ([b"b", b"a"], [0, 0], [1, 1], "ascend"),
        ([b"a", b"a"], [1, 0], [1, 1], "ascend"),
        ([b"a"], [2], [1], "parent"),
        ([b"a"], [0, 0], [1], "differ"),
        ([b"a"], [0], [], "differ"),
    ],
)
def test_runs_that_cannot_be_merged_are_refused(make, strings, above, used, message):
    run = (*packed(strings), np.array(above, np.uint32), np.array(used, np.uint8))
    with pytest.raises(ValueError, match=message):
        make.merge_texts([run], packed([b"x", b"y"]))


@pytest.mark.parametrize("edges", [[], [1, 1], [0, 2], [0, 2, 1]])
def test_edges_outside_the_strings_are_refused(make, edges):
    strings = np.frombuffer(b"a", np.uint8), np.array(edges, np.uint32)
    none = np.empty(0, np.uint32), np.empty(0, np.uint8)
    with pytest.raises(ValueError, match="do not fit"):
        make.merge_texts([(*strings, *none)], packed([b""]))
    with pytest.raises(ValueError, match="do not fit"):
        make.merge_texts([], strings)
    with pytest.raises(ValueError, match="do not fit"):
        make.encode(*strings)
