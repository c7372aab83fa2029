"""A query in, a ranked page out: language, plan, steps, top-k, snippets, reasons.

Not for: changing an index (that is `kashaf.index`), or reading Arabic (`kashaf.arabic`).
"""

from .index import Index, create, open
from .page import Hit, Page, Reason
from .ranking import Ranking
from .snippets import Snippet

__all__ = ["Hit", "Index", "Page", "Ranking", "Reason", "Snippet", "create", "open"]
