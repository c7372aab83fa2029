"""Arabic words: where they are in a text, and the four rungs on which two of them can meet.

>>> from kashaf import arabic
>>> arabic.rungs("وَالمَدارِس")
Rungs(written='وَالمَدارِس', spelling='والمدارس', stem='مدرسه', root='درس')
"""

from ..hints import TYPE_CHECKING
from .analyzer import Analyzer, Reading, Rungs, default, keys_of, readings, rungs, rungs_of
from .expand import KINDS, Expansion, beginnings, expansions
from .marks import compatible, has_marks
from .spelling import fold
from .words import Word, lexer, words

if TYPE_CHECKING:
    from .explanation import Explanation

FINGERPRINT: str


def explain(word: str, analyzer: Analyzer | None = None) -> "Explanation":
    """How a word got its rungs; see `kashaf.arabic.explanation.Explanation`."""
    from .explanation import explain_word

    return explain_word(word, analyzer)


def __getattr__(name: str) -> str:
    """`FINGERPRINT`, that of the default rules, worked out when it is first asked for."""
    if name == "FINGERPRINT":
        return default().fingerprint
    raise AttributeError(name)


__all__ = [
    "FINGERPRINT",
    "KINDS",
    "Analyzer",
    "Expansion",
    "Reading",
    "Rungs",
    "Word",
    "beginnings",
    "compatible",
    "expansions",
    "explain",
    "fold",
    "has_marks",
    "keys_of",
    "lexer",
    "readings",
    "rungs",
    "rungs_of",
    "words",
]
