"""Regular expressions that cannot backtrack: Thompson's construction (1968).

A pattern becomes a nondeterministic automaton, which is made deterministic while it runs,
state by state. Matching takes one step a character; sorted words share the steps of what
they share at their beginning. The language: literals, `.`, `[a-z]`, `[^a-z]`, `\\d \\w \\s`
and their capitals, `( )`, `|`, `* + ? {2} {2,5}`, the anchors `^` and `$`, which say nothing
new since the whole word must match. Whatever remembers or looks around is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..errors import QueryError

LAST = "\U0010ffff"
"""Sorts after every character of a word."""

PATTERN_LIMIT = 500
"""Characters of a pattern."""

STATE_LIMIT = 1000
"""States of the automaton; `{m,n}` copies its part, so a short pattern may have many."""

WORK_LIMIT = 3_000_000
"""Steps of single states in one run over a vocabulary. Further words are left out."""

REPEAT_LIMIT = 100

Test = Callable[[str], bool]
Piece = Callable[["Automaton", int], int]
"""Adds states that lead from a state; returns where they end."""


@dataclass(slots=True)
class Automaton:
    """States by number; 0 is the first.

    Attributes:
        steps: of each state, (test, next state) pairs.
        jumps: of each state, states that it is as good as.
        final: the state that accepts.
        tired: a run came to the limit of its work.
    """

    steps: list[list[tuple[Test, int]]] = field(default_factory=list)
    jumps: list[list[int]] = field(default_factory=list)
    final: int = -1
    tired: bool = False
    _sets: list[frozenset[int]] = field(default_factory=list)
    _tables: list[dict[str, int]] = field(default_factory=list)
    _numbers: dict[frozenset[int], int] = field(default_factory=dict)
    _work: int = 0

    def add(self) -> int:
        """A new state.

        Raises:
            QueryError: if there are too many.
        """
        if len(self.steps) >= STATE_LIMIT:
            raise QueryError("the regular expression is too large")
        self.steps.append([])
        self.jumps.append([])
        return len(self.steps) - 1

    def accepted(self, words: Sequence[str]) -> Iterator[int]:
        """The places of the words that match as a whole; the words ascend."""
        self._work, last, place = 0, "", 0
        tables, path = self._tables, [self._known_as(self._closed({0}))]
        while place < len(words) and not self.tired:
            word = words[place]
            del path[_shared(last, word) + 1 :]
            for char in word[len(path) - 1 :]:
                state = tables[path[-1]].get(char, -1)
                path.append(state if state >= 0 else self._step(path[-1], char))
                if not self._sets[path[-1]]:
                    break
            last, place = word, place + 1
            reached = self._sets[path[-1]]
            if not reached:  # nor will another word that begins like this
                place = bisect_left(words, word[: len(path) - 1] + LAST, place)
            elif self.final in reached:
                yield place - 1
            self.tired = self._work > WORK_LIMIT

    def _known_as(self, states: frozenset[int]) -> int:
        """The number of a state of the deterministic automaton."""
        number = self._numbers.setdefault(states, len(self._sets))
        if number == len(self._sets):
            self._sets.append(states)
            self._tables.append({})
        return number

    def _step(self, number: int, char: str) -> int:
        """Work out where a character leads, and remember it."""
        states = self._sets[number]
        self._work += len(states) + 10
        after = {to for state in states for test, to in self.steps[state] if test(char)}
        found = self._known_as(self._closed(after))
        self._tables[number][char] = found
        return found

    def _closed(self, states: set[int]) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for other in self.jumps[waiting.pop()]:
                if other not in states:
                    states.add(other)
                    waiting.append(other)
        self._work += len(states)
        return frozenset(states)


def _shared(one: str, other: str) -> int:
    """How many characters two words have in common at their beginning."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def compile(pattern: str, fold: Callable[[str], str] = str) -> Automaton:
    """The automaton of a pattern.

    Args:
        pattern: the regular expression.
        fold: applied to every literal character; what it drops is not matched.

    Raises:
        QueryError: with the position, for what is not in the language.
    """
    if len(pattern) > PATTERN_LIMIT:
        raise QueryError("the regular expression is too long")
    machine = Automaton()
    piece = _Parser(pattern, fold).parse()
    machine.final = piece(machine, machine.add())
    return machine


_CLASSES = {"d": re.compile(r"\d"), "w": re.compile(r"\w"), "s": re.compile(r"\s")}
_COUNT = re.compile(r"\{(\d{0,3})(,?)(\d{0,3})\}")


class _Parser:
    """Reads a pattern by recursive descent."""

    def __init__(self, pattern: str, fold: Callable[[str], str]) -> None:
        self._pattern = pattern
        self._fold = fold
        self._at = 0
        self._depth = 0

    def parse(self) -> Piece:
        piece = self._either()
        if self._at < len(self._pattern):
            self._refuse("an unopened )")
        return piece

    def _either(self) -> Piece:
        branches = [self._row()]
        while self._take("|"):
            branches.append(self._row())
        return branches[0] if len(branches) == 1 else _either(branches)

    def _row(self) -> Piece:
        pieces = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            pieces.append(self._repeated())
        return _row(pieces)

    def _repeated(self) -> Piece:
        piece = self._single()
        while (count := self._count()) is not None:
            self._take("?")
            piece = _repeat(piece, *count)
        return piece

    def _count(self) -> tuple[int, int | None] | None:
        for sign, count in {"*": (0, None), "+": (1, None), "?": (0, 1)}.items():
            if self._take(sign):
                return count
        match = _COUNT.match(self._pattern, self._at)
        if not match or not (match[1] or match[3]):
            return None
        self._at = match.end()
        low = int(match[1] or 0)
        high = int(match[3]) if match[3] else None if match[2] else low
        if max(low, high or 0) > REPEAT_LIMIT:
            self._refuse(f"more than {REPEAT_LIMIT} repetitions")
        return low, high

    def _single(self) -> Piece:
        char = self._next()
        if char == "(":
            return self._group()
        if char in "^$":
            return _row([])
        if char == ".":
            return _one(lambda c: True)
        if char == "[":
            return _one(self._set())
        if char == "\\":
            return self._escape()
        if char in "*+?":
            self._refuse(f"nothing before {char}")
        return self._literal(char)

    def _group(self) -> Piece:
        if self._take("?") and not self._take(":"):
            self._refuse("a group that looks around or has a name")
        self._depth += 1
        if self._depth > 50:
            self._refuse("groups too deep")
        piece = self._either()
        if not self._take(")"):
            self._refuse("an unclosed (")
        self._depth -= 1
        return piece

    def _escape(self) -> Piece:
        char = self._next()
        if test := _class(char):
            return _one(test)
        if char.isalnum():
            self._refuse(f"\\{char}")
        return self._literal(char)

    def _literal(self, char: str) -> Piece:
        return _row([_one(_is(folded)) for folded in self._fold(char)])

    def _set(self) -> Test:
        negated = self._take("^")
        tests: list[Test] = []
        while not tests or not self._take("]"):
            tests.append(self._range())
        return lambda c: any(test(c) for test in tests) != negated

    def _range(self) -> Test:
        low = self._next()
        if low == "\\":
            low = self._next()
            if test := _class(low):
                return test
        if (
            self._pattern[self._at : self._at + 1] == "-"
            and self._pattern[self._at + 1 :][:1] != "]"
        ):
            self._at += 1
            high = self._next()
            return lambda c: low <= c <= high
        return _is(self._fold(low) or low)

    def _take(self, sign: str) -> bool:
        if self._pattern.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            self._refuse("an end too soon")
        self._at += 1
        return self._pattern[self._at - 1]

    def _refuse(self, what: str) -> None:
        raise QueryError(f"a regular expression here cannot have {what}", self._at)


def _is(wanted: str) -> Test:
    return lambda c: c == wanted


def _class(char: str) -> Test | None:
    """The test of an escaped class, \\d or \\D and so on."""
    known = _CLASSES.get(char.lower())
    if known is None:
        return None
    return lambda c: (known.match(c) is not None) == char.islower()


def _one(test: Test) -> Piece:
    def build(machine: Automaton, start: int) -> int:
        end = machine.add()
        machine.steps[start].append((test, end))
        return end

    return build


def _row(pieces: Iterable[Piece]) -> Piece:
    pieces = list(pieces)

    def build(machine: Automaton, start: int) -> int:
        for piece in pieces:
            start = piece(machine, start)
        return start

    return build


def _either(branches: Sequence[Piece]) -> Piece:
    def build(machine: Automaton, start: int) -> int:
        end = machine.add()
        for branch in branches:
            first = machine.add()
            machine.jumps[start].append(first)
            machine.jumps[branch(machine, first)].append(end)
        return end

    return build


def _repeat(piece: Piece, low: int, high: int | None) -> Piece:
    def build(machine: Automaton, start: int) -> int:
        for _ in range(low):
            start = piece(machine, start)
        return _star(machine, start) if high is None else _up_to(machine, start, high - low)

    def _star(machine: Automaton, start: int) -> int:
        first, end = machine.add(), machine.add()
        last = piece(machine, first)
        machine.jumps[start] += [first, end]
        machine.jumps[last] += [first, end]
        return end

    def _up_to(machine: Automaton, start: int, more: int) -> int:
        end = machine.add()
        for _ in range(more):
            machine.jumps[start].append(end)
            start = piece(machine, start)
        machine.jumps[start].append(end)
        return end

    return build
