"""The hot loops. Each has a NumPy twin, which is its oracle and its fallback.

`native` says which are in use: the compiled ones, or, where there was no compiler
at build time or `KASHAF_KERNELS=numpy` is set, the twins.

Not for: anything that knows Arabic, files, or what a query is.
"""

import os

__all__ = [
    "Dictionary",
    "Interner",
    "Keys",
    "Ladder",
    "Lexer",
    "Lists",
    "Occurrences",
    "Packed",
    "Parser",
    "Places",
    "Quoter",
    "Scan",
    "Strings",
    "Texts",
    "Tokens",
    "TopK",
    "encode",
    "invert",
    "line_of",
    "locate",
    "merge_texts",
    "native",
    "pack",
    "sort_texts",
    "unpack",
]

native = False
if os.environ.get("KASHAF_KERNELS") != "numpy":
    try:
        from ._analyzing import Dictionary, Ladder, Parser
        from ._inverting import invert
        from ._lexing import Interner, Lexer, Tokens
        from ._lines import line_of
        from ._occurrences import Occurrences, Places
        from ._packing import Packed, pack, unpack
        from ._scanning import Lists, Scan, TopK, locate
        from ._snippets import Quoter
        from ._sorting import Keys, merge_texts, sort_texts
        from ._strings import Strings, encode
        from ._texts import Texts

        native = True
    except ImportError:
        native = False
if not native:
    from .twins.analyzing import Dictionary, Ladder, Parser
    from .twins.inverting import invert
    from .twins.lexing import Interner, Lexer, Tokens
    from .twins.lines import line_of
    from .twins.occurrences import Occurrences, Places
    from .twins.packing import Packed, pack, unpack
    from .twins.scanning import Lists, Scan, TopK, locate
    from .twins.snippets import Quoter
    from .twins.sorting import Keys, merge_texts, sort_texts
    from .twins.strings import Strings, encode
    from .twins.texts import Texts
