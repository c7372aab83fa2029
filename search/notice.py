"""What a page says about how its query was read and run."""

from __future__ import annotations

from ..records import NamedTuple


class Notice(NamedTuple):
    """Something about a query that was not as it seemed.

    Attributes:
        message: for people to read.
        start: where in the query, in characters, or None.
    """

    message: str
    start: int | None = None

    def __str__(self) -> str:
        return self.message
