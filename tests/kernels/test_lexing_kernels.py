"""Words of a text, for any table of classes and joins, in strings of all three widths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=150)
CODES = 0x110000
LETTERS = "aé1'ـبَ٣۔𐤀😀\ud800\udfff\x00\U0010ffff "  # one, two and four bytes wide; lone surrogates


@pytest.fixture(scope="session")
def tables():
    return lexing_tables()


@pytest.fixture(scope="session")
def simple():
    """Letters of class 2 and marks of class 1 among other characters."""
    classes = np.zeros(CODES, np.uint8)
    classes[[ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz0123456789بتث𐤀😀\ud800"]] = 2
    classes[0x64B:0x653] = 1
    joins = np.zeros((8, 8), np.uint8)
    joins[2, 2] = 1
    return classes, joins.ravel()


@st.composite
def lexing_tables(draw):
    """Classes, and which join: any relation, also of class 0."""
    classes = np.full(CODES, draw(st.integers(0, 7)), np.uint8)
    for letter in LETTERS:
        classes[ord(letter)] = draw(st.integers(0, 7))
    joins = draw(st.lists(st.integers(0, 1), min_size=64, max_size=64))
    return classes, np.array(joins, np.uint8)


def texts(letters=LETTERS):
    """Of one width or another: of ASCII, of a few letters of `letters`, or any at all."""
    few = st.lists(st.sampled_from(letters), max_size=5).flatmap(
        lambda some: st.text(st.sampled_from(["a", *some]), max_size=40)
    )
    return few | st.text(max_size=40) | st.text(st.characters(categories=["Cs", "Lo"]), max_size=9)


def plain(text, classes, joins):
    """The words, letter by letter."""
    spans, at = [], 0
    while at < len(text):
        start, last = at, classes[ord(text[at])]
        at += 1
        if last < 2:
            continue
        while at < len(text):
            here = classes[ord(text[at])]
            if here != 1 and not joins[8 * last + here]:
                break
            last = last if here == 1 else here
            at += 1
        spans.append((start, at))
    return spans


@SOME
@given(data=st.data(), text=texts())
def test_spans_are_those_of_plain_python(make, tables, data, text):
    classes, joins = data.draw(tables)
    starts, ends = make.Lexer(classes, joins).spans(text)
    assert starts.format == ends.format == "I"
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == plain(text, classes, joins)


@SOME
@given(data=st.data(), several=st.lists(texts(), max_size=5))
def test_words_are_numbered_as_first_met(make, tables, data, several):
    classes, joins = data.draw(tables)
    interner, known = make.Interner(make.Lexer(classes, joins)), {}
    for text in several:
        words = [text[start:end] for start, end in plain(text, classes, joins)]
        found = interner.intern(text)
        assert found.dtype == np.uint32
        assert found.tolist() == [known.setdefault(word, len(known)) for word in words]
    assert interner.words() == list(known)
    assert interner.words(2) == list(known)[2:]
    assert interner.words(10**6) == []
    assert interner.words(1, 3) == list(known)[1:3]
    codes, edges = interner.codes(1, 3)
    assert codes.tolist() == [ord(char) for word in list(known)[1:3] for char in word]
    assert np.diff(edges).tolist() == [len(word) for word in list(known)[1:3]]
    assert len(interner) == len(known)


@SOME
@given(data=st.data(), several=st.lists(texts() | st.none(), max_size=5))
def test_tokens_are_the_words_of_one_text_after_another(make, tables, data, several):
    lexer = make.Lexer(*data.draw(tables))
    tokens, one = make.Tokens(make.Interner(lexer)), make.Interner(lexer)
    expected = []
    for text in several:
        expected.append(one.intern(text or "").tolist())
        if text is None:
            tokens.skip(1)
        else:
            assert tokens.add(text) == len(expected[-1])
    assert (tokens.texts, tokens.count) == (len(expected), sum(map(len, expected)))
    numbers, lengths = tokens.numbers(), tokens.lengths()
    assert numbers.dtype == lengths.dtype == np.uint32
    assert numbers.tolist() == [number for each in expected for number in each]
    assert lengths.tolist() == [len(each) for each in expected]


@SOME
@given(data=st.data(), several=st.lists(texts(), max_size=5))
def test_texts_taken_in_together_are_those_taken_in_one_by_one(make, tables, data, several):
    lexer = make.Lexer(*data.draw(tables))
    one, together = (make.Tokens(make.Interner(lexer)) for _ in range(2))
    one.add("ب")
    together.add("ب")
    assert together.extend(several) == sum(map(one.add, several))
    assert (together.count, together.texts) == (one.count, one.texts)
    assert together.numbers().tolist() == one.numbers().tolist()
    assert together.lengths().tolist() == one.lengths().tolist()


def test_the_words_that_texts_have_are_marked(make, simple):
    interner = make.Interner(make.Lexer(*simple))
    interner.intern("a b c d")
    tokens, marks = make.Tokens(interner), np.zeros(5, np.uint8)
    tokens.extend(["b", "d b e"])
    tokens.used(marks)
    assert marks.tolist() == [0, 1, 0, 1, 1]
    with pytest.raises(ValueError, match="a mark a word"):
        tokens.used(np.zeros(4, np.uint8))


def test_no_text_is_taken_in_while_numbers_are_in_use(compiled, simple):
    tokens = compiled.Tokens(compiled.Interner(compiled.Lexer(*simple)))
    assert tokens.numbers().tolist() == []
    tokens.add("a b a")
    numbers = tokens.numbers()
    with pytest.raises(BufferError):
        tokens.add("c")
    assert numbers.tolist() == [0, 1, 0]
    del numbers
    tokens.add("c")
    assert tokens.numbers().tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize("wrong", [None, b"ab", 7])
def test_what_is_no_text_leaves_all_as_it_was(make, simple, wrong):
    tokens = make.Tokens(make.Interner(make.Lexer(*simple)))
    tokens.add("ab cd")
    with pytest.raises((TypeError, AttributeError)):
        tokens.extend(["ef", wrong])
    assert (tokens.texts, tokens.count, tokens.numbers().tolist()) == (1, 2, [0, 1])


def test_the_same_word_in_strings_of_any_width_is_one(make, simple):
    interner = make.Interner(make.Lexer(*simple))
    assert interner.intern("abc").tolist() == [0]
    assert interner.intern("ب abc").tolist() == [1, 0]
    assert interner.intern("😀 abc ب").tolist() == [2, 0, 1]
    assert interner.words() == ["abc", "ب", "😀"]


def test_marks_join_a_word_and_begin_none(make, simple):
    starts, ends = make.Lexer(*simple).spans("َ بَتُ َ ثٌ")
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == [(2, 6), (9, 11)]


def test_a_lone_surrogate_comes_back_as_it_went_in(make, simple):
    interner = make.Interner(make.Lexer(*simple))
    assert interner.intern("a\ud800 \ud800").tolist() == [0, 1]
    assert interner.words() == ["a\ud800", "\ud800"]


@pytest.mark.parametrize("count", [4095, 4096, 4097, 20_000])
def test_the_table_grows(make, simple, count):
    """Past 4096 words and 32768 letters."""
    interner = make.Interner(make.Lexer(*simple))
    words = [f"wordnumber{number}" for number in range(count)]
    before = interner.nbytes
    for start in range(0, count, 1000):
        numbers = interner.intern(" ".join(words[start : start + 1000]))
        assert numbers.tolist() == [*range(start, min(start + 1000, count))]
    assert interner.words() == words
    assert interner.intern(" ".join(words)).tolist() == [*range(count)]
    assert interner.nbytes > before or count < 4096


@pytest.mark.parametrize("length", [32_767, 32_768, 32_769, 200_000])
def test_one_word_may_be_long(make, simple, length):
    interner = make.Interner(make.Lexer(*simple))
    text = "ab " + "a" * length + " ab"
    assert interner.intern(text).tolist() == [0, 1, 0]
    assert interner.words() == ["ab", "a" * length]
    assert interner.intern(text).tolist() == [0, 1, 0]


def test_tables_of_another_size_are_refused(make, simple):
    classes, joins = simple
    for wrong in ((classes[:-1], joins), (classes, joins[:-1])):
        with pytest.raises(ValueError, match="0x110000 classes"):
            make.Lexer(*wrong)
    with pytest.raises(ValueError, match="at most 7"):
        make.Lexer(np.where(classes == 2, np.uint8(8), classes), joins)
    with pytest.raises(ValueError, match="numbered from 0"):
        make.Interner(make.Lexer(classes, joins)).words(-1)
    with pytest.raises(ValueError):
        make.Interner(make.Lexer(classes, joins)).codes(-1)


def test_tables_may_be_read_only(make, simple):
    classes, joins = (each.copy() for each in simple)
    classes.flags.writeable = joins.flags.writeable = False
    assert make.Interner(make.Lexer(classes, joins)).intern("a b").tolist() == [0, 1]
