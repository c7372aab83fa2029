"""The compiled half of `zstandard`, by itself: `from .zstd import zstandard`, where it is used.

The other half makes files of it, and to that end imports `typing`, `platform` and `re`: a fifth
of the time of a search from a cold process, which only decompresses. Whoever imports the whole
module, before or after, meets the same classes there.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

from ..hints import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    import zstandard as zstandard
else:

    def __getattr__(name):
        if name != "zstandard":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = module = _compiled() or _whole()
        return module


def _compiled() -> ModuleType | None:
    """None where it is not a file of its own."""
    package = PathFinder.find_spec("zstandard")
    folders = package and package.submodule_search_locations
    spec = PathFinder.find_spec("zstandard.backend_c", folders) if folders else None
    if spec is None or spec.loader is None:
        return None
    module = spec.loader.create_module(spec)
    if module is not None:
        spec.loader.exec_module(module)
        sys.modules.pop(spec.name, None)  # it is not imported: its package is not
    return module


def _whole() -> ModuleType:
    import zstandard

    return zstandard
