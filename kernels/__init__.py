"""The hot loops. Each has a NumPy twin, which is its oracle and its fallback.

`native` says which are in use: the compiled ones, or, where there was no compiler
at build time or `KASHAF_KERNELS=numpy` is set, the twins. Each is loaded when it is first
used: a search needs none of those that index.

Not for: anything that knows Arabic, files, or what a query is.
"""

import os
from importlib import import_module

from ..hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .twins.analyzing import Dictionary, Ladder, Parser
    from .twins.dumping import dump, dump_blocks, squeeze, text_size
    from .twins.inverting import Inverter, gather, sort_postings
    from .twins.lexing import Interner, Lexer, Tokens
    from .twins.loading import Blocks, find_line, load, spread
    from .twins.occurrences import Occurrences, Places
    from .twins.packing import Packed, pack, tally, unpack
    from .twins.scanning import (
        Impacts,
        Lists,
        Runs,
        TopK,
        best,
        count_any,
        locate,
        locate_phrase,
        weigh_phrase,
        weigh_word,
    )
    from .twins.snippets import Quoter, mark
    from .twins.sorting import Keys, Sorting, merge_texts, sort_texts
    from .twins.strings import Filter, Strings, encode
    from .twins.texts import Texts

__all__ = [
    "Blocks",
    "Dictionary",
    "Filter",
    "Impacts",
    "Interner",
    "Inverter",
    "Keys",
    "Ladder",
    "Lexer",
    "Lists",
    "Occurrences",
    "Packed",
    "Parser",
    "Places",
    "Quoter",
    "Runs",
    "Sorting",
    "Strings",
    "Texts",
    "Tokens",
    "TopK",
    "best",
    "count_any",
    "dump",
    "dump_blocks",
    "encode",
    "find_line",
    "gather",
    "load",
    "locate",
    "locate_phrase",
    "mark",
    "merge_texts",
    "native",
    "pack",
    "sort_postings",
    "sort_texts",
    "spread",
    "squeeze",
    "tally",
    "text_size",
    "unpack",
    "weigh_phrase",
    "weigh_word",
]

_ROOMS = {
    "analyzing": "Dictionary Ladder Parser",
    "dumping": "dump dump_blocks squeeze text_size",
    "inverting": "Inverter gather sort_postings",
    "lexing": "Interner Lexer Tokens",
    "loading": "Blocks find_line load spread",
    "occurrences": "Occurrences Places",
    "packing": "Packed pack tally unpack",
    "scanning": "Impacts Lists Runs TopK best count_any locate locate_phrase "
    "weigh_phrase weigh_word",
    "snippets": "Quoter mark",
    "sorting": "Keys Sorting merge_texts sort_texts",
    "strings": "Filter Strings encode",
    "texts": "Texts",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

native = False
if os.environ.get("KASHAF_KERNELS") != "numpy":
    try:
        import_module("._scanning", __name__)
        native = True
    except ImportError:
        native = False


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(_load(room), name)
    globals()[name] = found
    return found


def _load(room: str) -> Any:
    if native:
        try:
            return import_module(f"._{room}", __name__)
        except ImportError:  # one of them did not compile
            pass
    return import_module(f".twins.{room}", __name__)
