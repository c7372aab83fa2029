"""What may stand before a colon in a query: rungs, and Arabic names of fields."""

from __future__ import annotations

from .tree import Rung

RUNG_NAMES: dict[str, Rung] = {
    "exact": "written",
    "spelling": "spelling",
    "stem": "stem",
    "root": "root",
    "حرفي": "written",
    "رسم": "spelling",
    "جذع": "stem",
    "جذر": "root",
}
"""How wide a word may match."""

FIELD_NAMES = {"عنوان": "title", "نص": "body", "تاريخ": "date", "مسار": "path"}
"""Arabic names of the default fields."""
