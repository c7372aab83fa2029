"""Why a word has the rungs that it has."""

from dataclasses import dataclass

from . import letters, uthmani
from .analyzer import Analyzer, Rungs, default, is_arabic
from .root import of_unknown
from .spelling import fold
from .stem import Candidate

_FOLDINGS = (
    ("hamza and alef", "أإآٱٲٳٵؤئٴٶٷٸ", "one alef; hamza without its seat"),
    ("alef maqsura", "ى", "ى is ي"),
    ("teh marbuta", "ة", "ة is ه"),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a word got its rungs.

    Attributes:
        rungs: the word on its four rungs.
        foldings: what the spelling rung did, in words.
        readings: every way that was found to read the word, likeliest first; the first one
            was taken. Empty for a word that is not Arabic.
        stem_rule: `lexicon` (the word stands there), `split` (clitics or endings were cut
            off, and the core stands there), `plural` (a broken plural by its pattern), `light`
            (unknown: only the article was cut), `snowball` or `none` (other scripts, numbers).
        root_rule: `lexicon`, or `loan` where the word without its ending stands for a root.
    """

    rungs: Rungs
    foldings: tuple[str, ...]
    readings: tuple[Candidate, ...]
    stem_rule: str
    root_rule: str


def _foldings(word: str) -> tuple[str, ...]:
    """What the spelling rung does to a word."""
    found = [f"{name}: {what}" for name, chars, what in _FOLDINGS if any(c in word for c in chars)]
    if uthmani.is_uthmani(word):
        found.insert(0, "Uthmani orthography: brought to modern spelling")
    kinds = letters.classes()
    if any(kinds[ord(char)] == letters.MARK for char in word):
        found.append("marks: dropped")
    if not found and fold(word) != word:
        found.append("letters, digits, case or width: folded")
    return tuple(found)


def explain_word(word: str, analyzer: Analyzer | None = None) -> Explanation:
    """How a word got its rungs.

    Args:
        word: any string.
        analyzer: whose rules; the default ones if not given.
    """
    analyzer = analyzer or default()
    rungs = analyzer.rungs(word)
    readings = tuple(analyzer.candidates(word))
    if readings:
        stem_rule = readings[0].rule
    else:
        stem_rule = "none" if rungs.stem == rungs.spelling else "snowball"
    known = is_arabic(rungs.spelling) and rungs.root != of_unknown(rungs.stem)
    return Explanation(rungs, _foldings(word), readings, stem_rule, "lexicon" if known else "loan")
