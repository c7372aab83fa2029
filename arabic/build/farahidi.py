"""What AlKhalil knows: surface words with their lemmas, and the root of each lemma.

From `farahidi`, a port of AlKhalil Morpho Sys 2 (Boudchiche, Mazroui, Ould Abdallahi Ould
Bebah, Lakhouaja and Boudlal, 2017). Its disambiguation model was counted over 141,809 sentences
of news: each surface word with the lemmas that it stood for.
"""

import gzip
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from farahidi import Analyzer, lm, translit
from farahidi.analyzer import decode_noun
from farahidi.lexicon import Lexicon
from farahidi.normalize import word_from_root_and_pattern

CASE = "\u064b\u064c\u064d\u064e\u064f\u0650"
NOMINATIVE_PLURAL = ("جمع", "مضاف", "مرفوع")
SOUND = ("ات", "ُو", "َو", "َوْ")

Lemmas = dict[str, Counter[str]]


def tidy(lemma: str) -> str:
    """A vocalised lemma in one order of marks; the ending of قَاضٍ written out."""
    lemma = unicodedata.normalize("NFC", lemma)
    return lemma.removesuffix("ٍ") + "ِي" if lemma.endswith("ٍ") else lemma


@cache
def surface_words() -> Lemmas:
    """How often each surface word stood for each vocalised lemma."""
    found: Lemmas = defaultdict(Counter)
    path = lm.files("farahidi") / "data" / (lm.LM_FILE + ".gz")
    with gzip.open(path.open("rb"), "rt", encoding=lm.LM_ENCODING) as lines:
        for line in lines:
            if line[0] == "B":
                fields = line.split()
                word = translit.bw_to_arabic(fields[2])
                for _, lemma, count in zip(*[iter(fields[4:])] * 3, strict=True):
                    found[word][tidy(translit.bw_to_arabic(lemma))] += int(count)
    return found


@cache
def lemma_shares() -> dict[str, float]:
    """The share of each vocalised lemma among the words of the corpus."""
    return {tidy(lemma): share for lemma, share in lm.LanguageModel().map_lemma.items()}


@cache
def _analyzer() -> Analyzer:
    return Analyzer()


def commonness(root: str) -> int:
    """How often words of a root stand in the corpus."""
    return int(lm.LanguageModel().map_root.get(root, 0))


def root_of(lemma: str) -> str | None:
    """The root of a vocalised lemma, or None for names, loans and unknown words.

    Of several roots the one that is commoner in the corpus (قول, not قيل, for قال).
    """
    roots = {
        each.root
        for each in _analyzer().analyze(lemma)
        if each.root and tidy(each.lemma) in (lemma, lemma.removesuffix("ة"))
    }
    return max(sorted(roots), key=commonness, default=None)


@cache
def _plural_patterns() -> dict[tuple[int, str], tuple[str, str]]:
    """(pattern of a broken plural, pattern of its singular) by length and number of a formula.

    Formulas that differ in case ending alone are many; those of the nominative will do.
    """
    tables, found = Lexicon(), {}
    for length in range(2, 12):
        for number, formula in enumerate(tables.formulas("Nouns", length), 1):
            features = decode_noun(tables, int(formula["idPartOfSpeech"]))
            case = tables.casemood("Nouns", int(formula["idCaseOrMood"]))
            if (features["Number"], features["Definit"], case["valAR"]) != NOMINATIVE_PLURAL:
                continue
            index = int(formula["idDiacPatternStem"])
            plural = tables.voweled_diac_stem("Nouns", length, index)["val"].rstrip(CASE)
            lemma_length, lemma = map(int, formula["idDiacPatternLemma"].split("."))
            singular = tables.voweled_diac_lemma("Nouns", lemma_length, lemma)["val"]
            if not plural.endswith(SOUND):
                found[length, str(number)] = plural, singular
    return found


def _roots() -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Each root, with the length and number of each formula that it takes."""
    for table in ("roots_tri", "roots_quad"):
        for bucket in Lexicon().derived_map("Nouns", table).values():
            for row in bucket:
                lengths = [(length, row[f"len{length}"] or "") for length in range(2, 12)]
                yield row["val"], [(n, each) for n, ids in lengths for each in ids.split()]


@cache
def broken_plurals() -> tuple[tuple[str, str], ...]:
    """(plural, singular), both vocalised, for every broken plural that AlKhalil can derive."""
    patterns, found = _plural_patterns(), set()
    for root, formulas in _roots():
        for plural, singular in {patterns[each] for each in formulas if each in patterns}:
            found.add(
                (
                    tidy(word_from_root_and_pattern(root, plural)),
                    tidy(word_from_root_and_pattern(root, singular)),
                )
            )
    return tuple(sorted(found))


def stem_counts() -> dict[str, int]:
    """How often each vocalised word without affixes stands in seventy million classical words."""
    return {tidy(stem): int(count) for stem, count in lm.LanguageModel().map_stem.items()}
