"""Intake: folders and files into an index, again and again.

`take_in` finds the files, has those read that are new or changed, and adds, replaces and
removes documents. What it knows of each file goes into the commit, as a manifest.

What this room is not for: what a file's bytes mean (`readers`), how documents become segments
(`writer`), what is shown on a terminal.
"""

from .report import Report
from .sources import PURPOSE, Entry, skipped_of
from .sources import read as read_sources
from .take import take_in
from .walk import Rules, measure, roots_of, walk

__all__ = [
    "PURPOSE",
    "Entry",
    "Report",
    "Rules",
    "measure",
    "read_sources",
    "roots_of",
    "skipped_of",
    "take_in",
    "walk",
]
