"""Arabic words: where they are in a text, and the four rungs on which two of them can meet.

>>> from kashaf import arabic
>>> arabic.rungs("وَالمَدارِس").spelling
'والمدارس'
"""

from .analyzer import Reading, Rungs, readings, rungs, rungs_of
from .expand import KINDS, Expansion, expansions
from .marks import compatible, has_marks
from .words import Word, words

FINGERPRINT = "0"

__all__ = [
    "FINGERPRINT",
    "KINDS",
    "Expansion",
    "Reading",
    "Rungs",
    "Word",
    "compatible",
    "expansions",
    "has_marks",
    "readings",
    "rungs",
    "rungs_of",
    "words",
]
