"""Stems of words in other scripts: Snowball's English stemmer for Latin letters."""

import threading
from typing import Any

LONGEST = 64


def stem(spelling: str) -> str:
    """The stem of a folded word that is not Arabic; numbers and other scripts stay as they are.

    English because its rules touch little of French, the other language of Arabic texts in Latin
    letters, but the plural.
    """
    if len(spelling) > LONGEST or not (spelling.isascii() and spelling.isalpha()):
        return spelling
    return str(_stemmer().stemWord(spelling)) or spelling


def stem_and_root(spelling: str) -> tuple[str, str]:
    """The stem, which is the root as well."""
    found = stem(spelling)
    return found, found


class _Local(threading.local):
    """A stemmer for each thread, since a stemmer keeps state."""

    stemmer: Any = None


_local = _Local()


def _stemmer() -> Any:
    if _local.stemmer is None:
        from Stemmer import Stemmer  # late: most queries have no word for it

        _local.stemmer = Stemmer("english", 0)  # and remembers nothing: the index does
    return _local.stemmer
