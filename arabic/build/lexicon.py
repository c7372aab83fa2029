"""The lexicon, from what three sources say of Arabic words.

1. Surface words of news with their lemmas and counts (`farahidi`): the bulk, and the truth where
   sources differ.
2. Broken plurals that the dictionary (`arramooz`) gives and that hold their singular's root, where
   the corpus knows the singular; and its nouns by themselves.
3. The shapes of verbs (`mazini`) whose lemma the corpus knows.
"""

from collections import Counter, defaultdict
from functools import cache
from math import log2, sqrt
from typing import Any

from .. import lexicon, root
from ..spelling import fold
from . import arramooz, farahidi, mazini

CORPUS_WORDS = 4_900_000
SMALLEST_SHARE = 0.04
BESIDE_A_VERB = 0.3
LIKELIER = 4  # how many times likelier a word is to be the plural than the news has it
BARE = 8  # a word is a bare lemma about once in eight times
ENOUGH = 8
DOUBT = 5
MOST_ENTRIES = 4
NOUNS = 3
ITSELF = 3  # how many times likelier a singular is to be itself than the plural of another noun
RELATIVES = ("يات", "ات", "يه", "ي", "ه")

# Suppletive plurals; words that the Quran writes with an open ت; an oath by its own particle.
IRREGULAR = {
    "نساء": "امْرَأَة",
    "نسوة": "امْرَأَة",
    "امرأت": "امْرَأَة",
    "رحمت": "رَحْمَة",
    "نعمت": "نِعْمَة",
    "لعنت": "لَعْنَة",
    "شجرت": "شَجَرَة",
    "معصيت": "مَعْصِيَة",
    "تالله": "اللَّه",
}

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


@cache
def plurals() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The singulars of each broken plural, without optional marks, by either dictionary."""
    by_arramooz: dict[str, set[str]] = defaultdict(set)
    by_farahidi: dict[str, set[str]] = defaultdict(set)
    for noun in arramooz.nouns():
        if noun.singular and arramooz.holds_root(noun.word, noun.root):
            by_arramooz[mazini.plain(noun.word)].add(mazini.plain(noun.singular))
    for plural, singular in farahidi.broken_plurals():
        by_farahidi[mazini.plain(plural)].add(mazini.plain(singular))
    return by_arramooz, by_farahidi


@cache
def plural_spellings() -> frozenset[str]:
    """Every broken plural, folded."""
    return frozenset(fold(plural) for found in plurals() for plural in found)


@cache
def surely_singular() -> frozenset[str]:
    """Folded nouns of the corpus that have a broken plural, and are none by both dictionaries."""
    known = {mazini.plain(lemma) for lemma in farahidi.lemma_shares()}
    by_arramooz, by_farahidi = plurals()
    nouns = {
        noun for found in plurals() for several in found.values() for noun in several & known
    }
    agreed = {fold(word) for word in by_arramooz if by_arramooz[word] & by_farahidi.get(word, set())}
    return frozenset(stem_of(noun) for noun in nouns if stem_of(noun) == fold(noun)) - agreed


@cache
def singulars() -> dict[str, str]:
    """The commonest singular of each word that is a plural by both dictionaries, or no singular.

    A word that is much commoner than the singular is another word (عُمَر, the name, not of عُمْرَة).
    """
    shares = {mazini.plain(lemma): share for lemma, share in farahidi.lemma_shares().items()}
    alone = {mazini.plain(noun.word) for noun in arramooz.nouns() if not noun.singular}
    by_arramooz, by_farahidi = plurals()
    found: dict[str, str] = {}
    for word in by_arramooz.keys() | by_farahidi.keys():
        known = sorted(
            (by_arramooz.get(word, set()) | by_farahidi.get(word, set())) & shares.keys() - {word}
        )
        best = max(known, key=shares.__getitem__, default="")
        agreed = word not in alone or by_arramooz.get(word, set()) & by_farahidi.get(word, set())
        if best and agreed and shares.get(word, 0) <= 2 * shares[best]:
            found[word] = best
    return found


def without_feminine(lemma: str) -> str:
    """A lemma without ة and the vowel before it."""
    return lemma.removesuffix("ة").removesuffix("\u064e") if lemma.endswith("ة") else lemma


@cache
def masculines() -> dict[str, str]:
    """The masculine of each feminine that is more often read as its form: عالية as عالي.

    So that a plural of the feminine, too, meets what the word is read as. Words in ه do not count:
    مكتبه is his office more often than a library.
    """
    known = {mazini.plain(lemma) for lemma in farahidi.lemma_shares()}
    readings: Counts = defaultdict(Counter)
    for word, lemmas in farahidi.surface_words().items():
        for lemma, count in lemmas.items() if word.endswith("ة") else ():
            readings[fold(word).removeprefix("ال")][mazini.plain(lemma)] += count
    found: dict[str, str] = {}
    for feminine in known:
        masculine = without_feminine(feminine)
        if feminine.endswith("ة") and masculine in known:
            reading = readings[fold(feminine)]
            if reading[masculine] > reading[feminine]:
                found[feminine] = masculine
    return found


@cache
def stem_of(lemma: str) -> str:
    """How the stem rung shows a vocalised lemma; that of its singular for a broken plural."""
    if is_verb(lemma):
        return fold(lemma) + lexicon.VERB
    lemma = mazini.plain(lemma)
    singular = singulars().get(lemma, lemma)
    return fold(masculines().get(singular, singular))


@cache
def lemma_counts() -> Counter[str]:
    """How often each stem is expected in the corpus."""
    counts: Counter[str] = Counter()
    for lemma, share in farahidi.lemma_shares().items():
        counts[stem_of(lemma)] += round(share * CORPUS_WORDS)
    return counts


@cache
def surface_counts() -> Counts:
    """How often each folded word stood for each stem in the news."""
    rows: Counts = defaultdict(Counter)
    for word, lemmas in farahidi.surface_words().items():
        for lemma, count in lemmas.items():
            rows[fold(word)][stem_of(lemma)] += count
    return rows


def bias() -> dict[str, float]:
    """By how much the counts of the news are to be raised or lowered for each stem.

    They are a model's guesses, and it is partial to some rare lemmas (وَرَى for يرى). The shares of
    the lemmas are of another making, and put that right.
    """
    guessed: Counter[str] = Counter()
    for stems in surface_counts().values():
        guessed.update(stems)
    known = lemma_counts()
    return {stem: (known[stem] + DOUBT) / (count + DOUBT) for stem, count in guessed.items()}


def add_surface_words(rows: Counts) -> None:
    """Words as they stood in the news."""
    factors = bias()
    for word, stems in surface_counts().items():
        for stem, count in stems.items():
            rows[word][stem] = max(1, round(count * factors[stem]))
    add_definite(rows)


def add_definite(rows: Counts) -> None:
    """What a word is with the article, it can be without: بنية is not ب and نية, for البنية is.

    A noun is about as common without the article; where a verb is commoner yet, it mostly stays.
    """
    for word in [word for word in rows if word.startswith("ال") and len(word) > 4]:
        bare = rows[word.removeprefix("ال")]
        verb = max((n for stem, n in bare.items() if stem.endswith(lexicon.VERB)), default=0)
        for stem, count in rows[word].items():
            if not stem.endswith(lexicon.VERB) and stem[0] == word[2]:
                share = BESIDE_A_VERB if verb > bare[stem] else 1
                bare[stem] = max(bare[stem], round(count * share))


@cache
def classical() -> Counter[str]:
    """Counts of words without affixes or optional marks in a classical corpus."""
    counts: Counter[str] = Counter()
    for word, count in farahidi.stem_counts().items():
        counts[mazini.plain(word)] += count
    return counts


def likeness(singular: str) -> float:
    """How common a singular is, in the news and in classical texts alike."""
    return sqrt((lemma_counts()[stem_of(singular)] + 1) * (classical()[singular] + 1))


def plural_counts(plural: str, singular_lemmas: set[str]) -> dict[str, Any]:
    """How often a plural is expected in the news for each of its singulars.

    As often as the singular, by the ratio of the two in classical texts; shared between the
    singulars by how common they are.
    """
    total = sum(map(likeness, sorted(singular_lemmas)))
    found: dict[str, Any] = {}  # not whole numbers, which a Counter's are by their type
    for singular in sorted(singular_lemmas):
        both = classical()[plural] + classical()[singular]
        ratio = classical()[plural] / both if both else 1 / BARE
        expected = lemma_counts()[stem_of(singular)] * ratio * likeness(singular) / total
        stem = stem_of(singular)
        least = LIKELIER / 2 + likeness(singular) / total / 2
        found[stem] = max(least, LIKELIER * expected, found.get(stem, 0))
    return found


def add_dictionaries(rows: Counts) -> None:
    """Lemmas, nouns and broken plurals that the news shows in other forms only, or never."""
    more: Counts = defaultdict(Counter)
    for stem, count in lemma_counts().items():
        more[stem.removesuffix(lexicon.VERB)][stem] = max(1, count // BARE)
    by_arramooz, by_farahidi = plurals()
    for plural in sorted(by_arramooz.keys() | by_farahidi.keys()):
        both = by_arramooz.get(plural, set()) | by_farahidi.get(plural, set())
        for stem, count in plural_counts(plural, both).items():
            more[fold(plural)][stem] = max(count, more[fold(plural)][stem])
    for noun in arramooz.nouns():
        if not noun.singular and fold(noun.word) not in more:
            more[fold(noun.word)][fold(noun.word)] = 1
    for form, stems in more.items():
        seen = rows[form].total()
        most = seen // 2 if seen >= ENOUGH else CORPUS_WORDS
        for stem, count in stems.items():
            rows[form].setdefault(stem, min(count, most))


def add_verbs(rows: Counts) -> None:
    """Shapes of the verbs that the corpus knows."""
    known = lemma_counts()
    for plain, verbs in verb_lemmas().items():
        stem = fold(plain) + lexicon.VERB
        if stem in known:
            for shape in {shape for verb in verbs for shape in verb.shapes}:
                rows[shape][stem] = max(1, known[stem] // 2)


def add_irregular(rows: Counts) -> None:
    """Plurals of another root, and the open ت of the Quran for ة."""
    for word, lemma in IRREGULAR.items():
        rows[fold(word)] = Counter({stem_of(lemma): max(1, lemma_counts()[stem_of(lemma)] // BARE)})


def counts() -> Counts:
    """Every key with its stems and their counts."""
    rows: Counts = defaultdict(Counter)
    add_surface_words(rows)
    add_dictionaries(rows)
    add_verbs(rows)
    add_irregular(rows)
    return rows


def _hamza(root: str) -> str:
    """A root with every hamza bare."""
    return root.translate(str.maketrans("أإآؤئ", "ءءءءء"))


@cache
def roots_of_verbs() -> Counts:
    """The roots of the verbs that each participle or verbal noun can be of, with their counts."""
    found: Counts = defaultdict(Counter)
    for verb in mazini.verbs():
        count = lemma_counts()[stem_of(verb.lemma)]
        for noun in verb.nouns:
            found[noun][verb.root] = max(found[noun][verb.root], count)
    return found


def root_of(lemma: str) -> str | None:
    """The root of a vocalised lemma, or None.

    Of a participle or a verbal noun it is that of its verb, the commonest if there are several:
    منتج is of نتج, not of نجو, and اتحاد of وحد.
    """
    plain = mazini.plain(lemma)
    if plain in verb_lemmas():
        return verb_lemmas()[plain][0].root
    known = roots_of_verbs()
    verbs = known.get(plain) or known.get(without_feminine(plain)) or Counter()
    if verbs.total():
        return max(sorted(verbs), key=lambda root: (verbs[root], farahidi.commonness(root)))
    return farahidi.root_of(lemma)


def inherited(stem: str, known: dict[str, str]) -> str | None:
    """The root of the word that a noun without one is made of: of امكانات, that of امكان."""
    if stem.endswith(lexicon.VERB):
        return None
    for ending in RELATIVES:
        bare = stem.removesuffix(ending)
        if stem.endswith(ending) and len(bare) > 2 and (bare in known or bare + "ه" in known):
            return known.get(bare) or known[bare + "ه"]
    return None


@cache
def roots() -> dict[str, str]:
    """The root of each stem that has one: the commonest among its vocalised lemmas."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for noun in arramooz.nouns():
        if noun.root and not noun.singular:
            votes[fold(noun.word)][_hamza(noun.root)] += 1
    for lemma, share in farahidi.lemma_shares().items():
        found = root_of(lemma)
        if found:
            votes[stem_of(lemma)][_hamza(found)] += 2 + round(share * CORPUS_WORDS)
    return {stem: max(sorted(cast), key=cast.__getitem__) for stem, cast in votes.items()}


def weighed(key: str, found: Counter[str]) -> Counter[str]:
    """The counts of a key's stems as they are compared.

    A noun that has a broken plural is a singular, and so another noun's plural less often than
    the counts say: it takes the place of the likeliest noun that is not much likelier.
    """
    nouns = {s: NOUNS * n for s, n in found.items() if not s.endswith(lexicon.VERB)}
    best = max(nouns.values(), default=0)
    if key in nouns and key in surely_singular() and ITSELF * nouns[key] >= best > nouns[key]:
        nouns[key] = best + 1
    return Counter({**found, **nouns})


def entries(key: str, found: Counter[str]) -> list[tuple[str, int]]:
    """The likelier stems of a key with their weights, heaviest first.

    Of equals, first the one that the key is itself, unless the key is a plural.
    """
    own = key not in plural_spellings()
    found = weighed(key, found)
    ranked = sorted(found.items(), key=lambda item: (-item[1], (item[0] == key) != own, item[0]))[
        :MOST_ENTRIES
    ]
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
        key: entries(key, Counter({s: n for s, n in found.items() if can_be_stored(s)}))
        for key, found in counts().items()
        if can_be_stored(key)
    }
    names = sorted(
        {stem for found in chosen.values() for stem, _ in found},
        key=lambda stem: (stem.endswith(lexicon.VERB), stem),
    )
    numbers = {stem: number for number, stem in enumerate(names)}
    known = roots()
    stems = [
        lexicon.Stem(name, known.get(name) or inherited(name, known) or root.of_unknown(name))
        for name in names
    ]
    rows = {
        key: [lexicon.Entry(numbers[stem], weight) for stem, weight in found]
        for key, found in chosen.items()
        if found
    }
    return lexicon.serialise(rows, stems)
