"""Stems of words in other scripts: Snowball's English stemmer for Latin letters."""

import sys
import threading
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

LONGEST = 64

_PACKAGE = f"{__name__}._snowball"


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
        _local.stemmer = _english()
    return _local.stemmer


def _english() -> Any:
    """Snowball's English stemmer, imported without those of the thirty other languages.

    The package imports them all, which takes longer than to index a thousand documents. So
    the one module is imported as part of a package of another name, in the same folder.
    """
    found = find_spec("snowballstemmer")
    if found is None:
        raise ModuleNotFoundError("No module named 'snowballstemmer'", name="snowballstemmer")
    package = ModuleType(_PACKAGE)
    package.__path__ = list(found.submodule_search_locations or ())
    sys.modules.setdefault(_PACKAGE, package)
    return import_module(f"{_PACKAGE}.english_stemmer").EnglishStemmer()
