"""What is kept of the impacts of words and phrases."""

import kashaf
import pytest
from kashaf.errors import UsageError
from kashaf.search.memory import KNOWN, OVERHEAD, Memory, most_bytes
from kashaf.search.plan import text_fields
from kashaf.search.steps import Context

LIMIT = 10 * OVERHEAD


def ask(memory, number, nbytes=OVERHEAD):
    """Ask for something that takes so many bytes with what holds it; whether it was held."""
    key = (0, number)
    if memory.get(key) is not None:
        return True
    if memory.wants(key, nbytes - OVERHEAD):
        memory.put(key, [nbytes], nbytes - OVERHEAD)
    return False


def test_what_is_asked_for_once_is_not_kept():
    memory = Memory(LIMIT)
    assert [ask(memory, 1) for _ in range(4)] == [False, False, True, True]


def test_what_is_asked_for_most_stays():
    memory = Memory(LIMIT)
    for _ in range(5):
        ask(memory, 1)
    for number in range(2, 100):
        for _ in range(3):
            ask(memory, number)
    assert ask(memory, 1)


def test_what_is_asked_for_more_takes_the_place_of_what_is_asked_for_less():
    memory = Memory(LIMIT)
    for number in range(10):
        for _ in range(3):
            ask(memory, number)
    assert all(ask(memory, number) for number in range(10))
    for _ in range(12):
        ask(memory, 99)
    assert ask(memory, 99)
    assert sum(ask(memory, number) for number in range(10)) == 9


def test_equals_do_not_push_each_other_out():
    memory = Memory(LIMIT)
    held = [[ask(memory, number) for number in range(50)] for _ in range(8)]
    held += [[ask(memory, number) for number in reversed(range(50))] for _ in range(8)]
    assert [sum(row) for row in held[2:]] == [10] * 14


def test_what_was_asked_for_long_ago_goes():
    memory = Memory(LIMIT)
    for _ in range(8):
        for number in range(10):
            ask(memory, number)
    for number in range(100, 100 + 5 * KNOWN):
        ask(memory, number)
    for _ in range(4):
        ask(memory, 99)
    assert ask(memory, 99)


def test_it_never_holds_more_than_its_limit():
    memory = Memory(LIMIT)
    for number in range(200):
        size = OVERHEAD + number % 37 * 50
        for _ in range(number % 5 + 1):
            ask(memory, number, size)
        kept = [memory.get((0, n)) for n in range(number + 1)]
        assert sum(each[0] for each in kept if each) <= LIMIT


def test_what_is_larger_than_the_limit_is_not_kept():
    memory = Memory(LIMIT)
    assert not any(ask(memory, 1, LIMIT + 1) for _ in range(5))
    assert ask(memory, 2) is False
    assert [ask(memory, 2), ask(memory, 2)] == [False, True]


def test_impacts_take_no_more_than_is_said_before_they_are_made(library):
    context = Context(library.snapshot, library.ranking)
    fields = text_fields(context, None)
    for word in ("في", "من", "كتاب", "مدينة", "السراج", "قلم", "لا"):
        step = context.word(word, "root", fields, (), 1.0)
        made = [step.impacts(at) for at in range(len(step.cursors))]
        assert sum(each.nbytes for each in made) <= step.most


@pytest.mark.parametrize("documents", [1, 130, 5000, 100_000])
@pytest.mark.parametrize("share", [0.001, 0.02, 0.1, 0.13, 0.3, 1.0])
def test_what_a_word_takes_at_most_grows_with_its_documents(documents, share):
    count = max(int(documents * share), 1)
    dense = 16 * count >= documents
    held = documents * 1.12 + 4 * count if dense else 8 * count
    assert held <= most_bytes(documents, count) <= most_bytes(documents, documents)


def test_an_index_keeps_what_it_is_told_to(tmp_path):
    """Less memory, the same answers."""
    with kashaf.create(tmp_path / "index").writer() as writer:
        for number in range(300):
            writer.add(id=str(number), body="كتاب " * (number % 7) + "مدينة " * (number % 5))
    found = []
    for memory in (0, 1, 512):
        index = kashaf.open(tmp_path / "index", memory=memory)
        asked = [[(hit.id, hit.score) for hit in index.search("كتاب المدينة")] for _ in range(4)]
        assert asked == [asked[0]] * 4
        assert bool(index._context.memory._held) == bool(memory)
        found.append(asked[0])
    assert found == [found[0]] * 3
    with pytest.raises(UsageError, match="at least 0"):
        kashaf.open(tmp_path / "index", memory=-1)
