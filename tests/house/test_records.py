"""Records do what frozen dataclasses do, and named tuples what those of `typing` do."""

import copy
import pickle
import typing

import pytest
from kashaf.records import FEW, NamedTuple, as_dict, record, replace, value


@record
class Part:
    boost: float = value(default=1.0, kw_only=True)
    span: object = value(default=None, kw_only=True, compare=False)


@record
class Word(Part):
    text: str
    field: str | None = None
    also: tuple[str, ...] = value(default=(), kw_only=True)


@record
class Other(Part):
    text: str
    field: str | None = None

    def __post_init__(self):
        object.__setattr__(self, "text", self.text.strip())


def test_fields_by_place_and_by_name():
    word = Word("a", "f", boost=2.0)
    assert (word.text, word.field, word.boost, word.span, word.also) == ("a", "f", 2.0, None, ())
    assert as_dict(word) == {"boost": 2.0, "span": None, "text": "a", "field": "f", "also": ()}
    assert repr(word) == "Word(boost=2.0, span=None, text='a', field='f', also=())"
    for arguments, named in (
        ((), {}),
        (("a", "f", ()), {}),
        (("a",), {"text": "b"}),
        (("a",), {"x": 1}),
    ):
        with pytest.raises(TypeError):
            Word(*arguments, **named)


def test_equal_are_those_of_one_class_and_the_same_fields():
    assert Word("a") == Word("a", span=(0, 1))
    assert hash(Word("a")) == hash(Word("a", span=(0, 1)))
    assert Word("a") != Word("a", boost=2.0)
    assert Word("a") != Other("a")
    assert len({Word("a"), Word("a"), Word("b"), Other("a")}) == 3


def test_they_do_not_change():
    word = Word("a")
    for change in (lambda: setattr(word, "text", "b"), lambda: delattr(word, "text")):
        with pytest.raises(AttributeError, match=r"Word\.text: a record does not change"):
            change()
    with pytest.raises(AttributeError):
        word.other = 1
    assert replace(word, text="b", span=3) == Word("b")
    assert word.text == "a"


def test_patterns_take_them_apart():
    match Word("a", "f", boost=3.0):
        case Word(text, field, boost=boost):
            assert (text, field, boost) == ("a", "f", 3.0)


def test_what_comes_after_making_is_done():
    assert Other(" a ").text == "a"


def test_copies():
    word = Word("a", also=("b",))
    for twin in (copy.copy(word), copy.deepcopy(word), pickle.loads(pickle.dumps(word))):
        assert twin == word


def test_what_is_called_often_takes_the_same():
    for _ in range(2 * FEW):
        test_fields_by_place_and_by_name()
        assert Other(" a ").text == "a"


class Place(NamedTuple):
    """Where something is."""

    line: int
    column: int = 1
    file: str | None = None

    @property
    def next(self) -> int:
        return self.line + 1


class Typed(typing.NamedTuple):
    line: int
    column: int = 1
    file: str | None = None


CALLS = [((3,), {}), ((3, 4), {}), ((3, 4, "f"), {}), ((), {"line": 3}), ((3,), {"file": "f"})]
WRONG = [((), {}), ((1, 2, "f", 4), {}), ((1,), {"line": 1}), ((1,), {"x": 1})]


@pytest.mark.parametrize("often", [1, 2 * FEW])
def test_named_tuples_are_made_as_those_of_typing(often):
    for _ in range(often):
        for places, named in CALLS:
            assert Place(*places, **named) == Typed(*places, **named)
        for places, named in WRONG:
            for made in (Place, Typed):
                with pytest.raises(TypeError):
                    made(*places, **named)


def test_named_tuples_have_what_those_of_typing_have():
    place, typed = Place(3, file="f"), Typed(3, file="f")
    assert isinstance(place, tuple)
    assert (place.line, place.column, place.file, place.next) == (3, 1, "f", 4)
    assert repr(place) == repr(typed).replace("Typed", "Place")
    assert place._asdict() == typed._asdict()
    assert place._replace(line=7) == typed._replace(line=7)
    assert Place._make([1, 2, None]) == Typed._make([1, 2, None])
    for name in ("_fields", "_field_defaults", "__match_args__"):
        assert getattr(Place, name) == getattr(Typed, name)
    with pytest.raises(AttributeError):
        place.line = 4
    with pytest.raises(AttributeError):
        place.other = 4
    match place:
        case Place(line, column):
            assert (line, column) == (3, 1)
    for twin in (copy.copy(place), copy.deepcopy(place), pickle.loads(pickle.dumps(place))):
        assert twin == place
        assert type(twin) is Place
