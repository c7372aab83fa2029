"""Inversion: tokens in reading order in, postings in dictionary order out."""

import numpy as np

from .arrays import I64, U32


def invert(
    tokens: U32, lengths: U32, group_of: U32, form_of: U32, firsts: U32
) -> tuple[U32, U32, U32, U32, U32, U32]:
    """Sort the tokens of a field into postings by (group, document, form).

    Args:
        tokens: uint32, word numbers in reading order, all documents one after another.
        lengths: uint32, tokens of each document; they sum to len(tokens).
        group_of, form_of: uint32, of each word number, its group and its place inside it.
        firsts: uint32, the first term of each group, and the number of terms.

    Returns:
        uint32 arrays `starts` (groups + 1), `docs`, `forms`, `tfs` (a posting each), `positions`
        (a token each, in the order of the postings) and `dfs` (postings of each term).

    Raises:
        ValueError: where the arguments do not fit together.
    """
    check(tokens, lengths, group_of, form_of, firsts)
    doc = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    begins = np.cumsum(lengths, dtype=np.int64) - lengths
    position = np.arange(len(tokens)) - np.repeat(begins, lengths)
    group, form = group_of[tokens], form_of[tokens]
    order = np.lexsort((form, doc, group))  # stable: positions stay ascending
    group, doc, form = group[order], doc[order], form[order]
    fresh = np.ones(len(tokens), bool)
    fresh[1:] = (np.diff(group) != 0) | (np.diff(doc) != 0) | (np.diff(form) != 0)
    first = np.flatnonzero(fresh)
    return (
        np.searchsorted(group[first], np.arange(len(firsts))).astype(np.uint32),
        doc[first],
        form[first],
        np.diff(first, append=len(tokens)).astype(np.uint32),
        position[order].astype(np.uint32),
        np.bincount(firsts[group[first]] + form[first], minlength=int(firsts[-1])).astype(
            np.uint32
        ),
    )


class Inverter:
    """Tokens of a field on their way into postings by (group, document, form).

    A range of groups is inverted at a time: by several threads, or to take less memory.

    Args:
        tokens, lengths, group_of, form_of, firsts: as of `invert`; the tokens may be overwritten.

    Attributes:
        edges: int64, tokens before each group, and all of them.

    Raises:
        ValueError: where the arguments do not fit together.
    """

    def __init__(self, tokens: U32, lengths: U32, group_of: U32, form_of: U32, firsts: U32) -> None:
        self._firsts = firsts
        self._whole = invert(tokens, lengths, group_of, form_of, firsts)
        counts = np.bincount(group_of[tokens], minlength=len(firsts) - 1)
        self.edges: I64 = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def invert(self, first: int, end: int) -> tuple[U32, U32, U32, U32, U32, U32]:
        """Sort the tokens of the groups `first:end` into postings.

        Returns:
            uint32 arrays `starts` (where each group's postings begin among these), `docs`, `forms`,
            `tfs` (a posting each), `positions` (a token each, in the order of the postings) and
            `dfs` (postings of each term of these groups).

        Raises:
            ValueError: where there are no such groups.
        """
        if not 0 <= first <= end < len(self._firsts):
            raise ValueError(f"there are no groups {first} to {end}")
        starts, docs, forms, tfs, positions, dfs = self._whole
        mine, tokens = slice(starts[first], starts[end]), slice(*self.edges[[first, end]])
        return (
            starts[first:end] - starts[first],
            docs[mine],
            forms[mine],
            tfs[mine],
            positions[tokens],
            dfs[self._firsts[first] : self._firsts[end]],
        )


def sort_postings(groups: U32, docs: U32, forms: U32) -> I64:
    """The order, int64, of postings by group, document and form; those alike stay as they came.

    Fast where those of a group come mostly in order.

    Raises:
        ValueError: where there is not one of each for every posting.
    """
    if not len(groups) == len(docs) == len(forms):
        raise ValueError("a posting has a group, a document and a form")
    return np.lexsort((forms, docs, groups)).astype(np.int64)


def gather(values: U32, begins: I64, counts: I64) -> U32:
    """Copy runs of numbers, one after another: `values[begins[i] : begins[i] + counts[i]]`.

    Raises:
        ValueError: where a run is not inside the values, or begins and counts differ in number.
    """
    if len(begins) != len(counts):
        raise ValueError("each run needs a begin and a count")
    if ((counts < 0) | (begins < 0) | (begins > len(values) - counts)).any():
        raise ValueError("a run lies outside the values")
    before = np.cumsum(counts) - counts
    found: U32 = values[np.arange(int(counts.sum())) + np.repeat(begins - before, counts)]
    return found


def check(tokens: U32, lengths: U32, group_of: U32, form_of: U32, firsts: U32) -> None:
    """Refuse arguments that point outside one another."""
    if int(lengths.sum(dtype=np.uint64)) != len(tokens):
        raise ValueError("the lengths of the documents do not sum to the tokens")
    if len(group_of) != len(form_of):
        raise ValueError("a word number needs a group and a form")
    if len(tokens) and int(tokens.max()) >= len(group_of):
        raise ValueError("a token has no group")
    if not len(firsts) or firsts[0] or (firsts[1:] < firsts[:-1]).any():
        raise ValueError("the groups do not ascend from 0")
    met = np.unique(tokens)
    group = group_of[met].astype(np.int64)
    known = group < len(firsts) - 1
    known[known] = form_of[met[known]] < (firsts[1:] - firsts[:-1])[group[known]]
    if not known.all():
        raise ValueError("a word lies in none of the groups, or none of the forms of its group")
