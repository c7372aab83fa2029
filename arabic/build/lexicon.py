"""The lexicon, from what three sources say of Arabic words.

1. Surface words of news with their lemmas and counts (`farahidi`): the bulk, and the truth where
   sources differ.
2. Broken plurals that the dictionary (`arramooz`) gives and that hold their singular's root, where
   the corpus knows the singular; and its nouns by themselves.
3. The shapes of verbs (`mazini`) whose lemma the corpus knows.
"""

from collections import Counter, defaultdict
from functools import cache
from math import log2

from .. import lexicon, root
from ..spelling import fold
from . import arramooz, farahidi, mazini

CORPUS_WORDS = 4_900_000
SMALLEST_SHARE = 0.04
MOST_ENTRIES = 4

Counts = dict[str, Counter[str]]


@cache
def verb_lemmas() -> dict[str, list[mazini.Verb]]:
    """The attested verbs by their lemma without optional marks, those of commoner roots first."""
    found: dict[str, list[mazini.Verb]] = defaultdict(list)
    for verb in sorted(mazini.verbs(), key=lambda verb: -farahidi.commonness(verb.root)):
        found[mazini.plain(verb.lemma)].append(verb)
    return dict(found)


def is_verb(lemma: str) -> bool:
    """Whether a vocalised lemma is that of a verb."""
    return mazini.plain(lemma) in verb_lemmas()


def stem_of(lemma: str) -> str:
    """How the stem rung shows a vocalised lemma."""
    return fold(lemma) + (lexicon.VERB if is_verb(lemma) else "")


@cache
def lemma_counts() -> Counter[str]:
    """How often each stem is expected in the corpus."""
    counts: Counter[str] = Counter()
    for lemma, share in farahidi.lemma_shares().items():
        counts[stem_of(lemma)] += round(share * CORPUS_WORDS)
    return counts


def add_surface_words(rows: Counts) -> None:
    """Words as they stood in the news."""
    for word, lemmas in farahidi.surface_words().items():
        for lemma, count in lemmas.items():
            rows[fold(word)][stem_of(lemma)] += count


def add_lemmas(rows: Counts) -> None:
    """Lemmas that stood in the news only in other forms."""
    for stem, count in lemma_counts().items():
        word = stem.removesuffix(lexicon.VERB)
        if word not in rows:
            rows[word][stem] = max(1, count // 8)


def add_nouns(rows: Counts) -> None:
    """Nouns and broken plurals of the dictionary."""
    known = lemma_counts()
    for noun in arramooz.nouns():
        form, stem = fold(noun.word), fold(noun.singular or noun.word)
        if form in rows or (noun.singular and not arramooz.holds_root(noun.word, noun.root)):
            continue
        if stem in known:
            rows[form][stem] += max(1, known[stem] // 8)
        elif not noun.singular:
            rows[form][stem] += 1


def add_verbs(rows: Counts) -> None:
    """Shapes of the verbs that the corpus knows."""
    known = lemma_counts()
    for plain, verbs in verb_lemmas().items():
        stem = fold(plain) + lexicon.VERB
        if stem in known:
            for shape in {shape for verb in verbs for shape in verb.shapes}:
                rows[shape][stem] = max(1, known[stem] // 2)


def counts() -> Counts:
    """Every key with its stems and their counts."""
    rows: Counts = defaultdict(Counter)
    add_surface_words(rows)
    add_lemmas(rows)
    add_nouns(rows)
    add_verbs(rows)
    return rows


def _hamza(root: str) -> str:
    """A root with every hamza bare."""
    return root.translate(str.maketrans("أإآؤئ", "ءءءءء"))


@cache
def roots() -> dict[str, str]:
    """The root of each stem that has one: the commonest among its vocalised lemmas."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for noun in arramooz.nouns():
        if noun.root and not noun.singular:
            votes[fold(noun.word)][_hamza(noun.root)] += 1
    for lemma, share in farahidi.lemma_shares().items():
        verbs = verb_lemmas().get(mazini.plain(lemma))
        found = verbs[0].root if verbs else farahidi.root_of(lemma)
        if found:
            votes[stem_of(lemma)][_hamza(found)] += 2 + round(share * CORPUS_WORDS)
    return {stem: max(sorted(cast), key=cast.__getitem__) for stem, cast in votes.items()}


def entries(found: Counter[str]) -> list[tuple[str, int]]:
    """The likelier stems of a key with their weights, heaviest first."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_ENTRIES]
    enough = SMALLEST_SHARE * sum(found.values())
    return [
        (stem, min(255, round(8 * log2(1 + count)))) for stem, count in ranked if count >= enough
    ]


def can_be_stored(text: str) -> bool:
    """Whether a text is short and of Arabic letters alone."""
    return 0 < len(text) < 64 and all("\u0621" <= c <= "\u064e" or c in "-+" for c in text)


def build() -> bytes:
    """The contents of `data/lexicon.bin`."""
    chosen = {
        key: entries(Counter({s: n for s, n in found.items() if can_be_stored(s)}))
        for key, found in counts().items()
        if can_be_stored(key)
    }
    names = sorted({stem for found in chosen.values() for stem, _ in found})
    numbers = {stem: number for number, stem in enumerate(names)}
    known = roots()
    stems = [lexicon.Stem(name, known.get(name) or root.of_unknown(name)) for name in names]
    rows = {
        key: [lexicon.Entry(numbers[stem], weight) for stem, weight in found]
        for key, found in chosen.items()
        if found
    }
    return lexicon.serialise(rows, stems)
