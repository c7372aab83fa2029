"""The words of the corpus under a root, by lemma: a reading of the vocabulary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .. import arabic
from ..index import Snapshot


@dataclass(frozen=True, slots=True)
class Lemma:
    """The written forms of a stem in the corpus.

    Attributes:
        stem, root: what they have in common.
        forms: (form, documents that have it), most frequent first.
    """

    stem: str
    root: str
    forms: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """The stem as it is written most often: مدرسة for مدرسه."""
        written = (form for form, _ in self.forms if arabic.fold(form) == self.stem)
        return next(written, self.stem)

    @property
    def count(self) -> int:
        """Documents, summed over the forms."""
        return sum(count for _, count in self.forms)


def family(snapshot: Snapshot, word: str) -> list[Lemma]:
    """The lemmas under a root, most frequent first.

    Args:
        snapshot: the commit.
        word: a root, or a word; of a word that may have several roots, all.
    """
    roots = {reading.root for reading in arabic.readings(word)} | {arabic.rungs(word).spelling}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for segment in snapshot.segments:
        vocabulary = segment.vocabulary
        for root in sorted(roots):
            group = vocabulary.roots.find(root.encode())
            if group < 0:
                continue
            first, end = vocabulary.group_terms(group)
            documents = [0] * (end - first)
            for postings in segment.text.values():
                for at, count in enumerate(postings.dfs.slice(first, end).tolist()):
                    documents[at] += count
            for term, count in zip(vocabulary.group_rungs(group), documents, strict=True):
                counts.setdefault((term.stem, term.root), Counter())[term.written] += count
    lemmas = [
        Lemma(stem, root, tuple(sorted(forms.items(), key=lambda item: (-item[1], item[0]))))
        for (stem, root), forms in counts.items()
    ]
    return sorted(lemmas, key=lambda lemma: (-lemma.count, lemma.stem))
