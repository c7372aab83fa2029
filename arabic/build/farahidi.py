"""What AlKhalil knows: surface words with their lemmas, and the root of each lemma.

From `farahidi`, a port of AlKhalil Morpho Sys 2 (Boudchiche, Mazroui, Ould Abdallahi Ould
Bebah, Lakhouaja and Boudlal, 2017). Its disambiguation model was counted over 141,809 sentences
of news: each surface word with the lemmas that it stood for.
"""

import gzip
import unicodedata
from collections import Counter, defaultdict
from functools import cache

from farahidi import Analyzer, lm, translit

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


def plural_of(word: str) -> set[str]:
    """The vocalised singulars of which a word can be a plural."""
    return {tidy(each.lemma) for each in _analyzer().analyze(word) if each.number == "جمع"}
