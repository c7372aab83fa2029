"""Number and date fields in a segment: one value a document.

value.F          raw float64 (number) or int64 (date, microseconds since 1970 UTC)
value.F.there    raw uint8: 1 where the document has a value
"""

from __future__ import annotations

from functools import cached_property

from ..hints import TYPE_CHECKING
from ..storage import ColumnFile
from .dtypes import Array, Bytes

if TYPE_CHECKING:
    from ..storage import ColumnWriter

DTYPES = {"number": "<f8", "date": "<i8"}


def write_values(out: ColumnWriter, field: str, values: Array, there: Bytes) -> None:
    """Write a field: a value a document (0 where there is none), and where there is one."""
    out.add(f"value.{field}", values)
    out.add(f"value.{field}.there", there)


class Values:
    """A number or date field of an open segment."""

    def __init__(self, file: ColumnFile, field: str, kind: str, documents: int) -> None:
        self._file = file
        self._name = f"value.{field}"
        file.expect(self._name, DTYPES[kind], documents)
        file.expect(f"{self._name}.there", "|u1", documents)

    @cached_property
    def values(self) -> Array:
        """One a document; meaningless where `there` is 0."""
        return self._file.read(self._name)

    @cached_property
    def there(self) -> Bytes:
        """1 where the document has a value: uint8."""
        return self._file.read(f"{self._name}.there")
