"""What is kept of the impacts of words."""

from types import SimpleNamespace

from kashaf.search.memory import OVERHEAD, Memory


def impacts(nbytes):
    """Impacts that take so many bytes, with what holds them."""
    return SimpleNamespace(nbytes=nbytes - OVERHEAD)


def test_what_is_asked_for_most_stays():
    memory = Memory(100)
    for number in range(4):
        memory.put((number, 0), impacts(20))
    for _ in range(3):
        assert memory.get((2, 0)) is not None
    memory.put((9, 0), impacts(60))
    assert memory.get((2, 0)) is not None
    assert memory.get((9, 0)) is None
    assert memory.get((3, 0)) is None


def test_it_never_holds_more_than_its_limit():
    memory = Memory(100)
    for number in range(200):
        memory.put((number, 0), impacts(number % 37))
        kept = [memory.get((n, 0)) for n in range(number + 1)]
        assert sum(each.nbytes + OVERHEAD for each in kept if each) <= 100


def test_what_is_larger_than_the_limit_is_not_kept():
    memory = Memory(100)
    memory.put((0, 0), impacts(101))
    assert memory.get((0, 0)) is None
