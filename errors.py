"""Every error that Kashaf raises on purpose, one tree:

    KashafError
    ├── UsageError          a call or an option that cannot mean anything
    │   ├── SchemaError     a field that the schema lacks, or a value that does not fit it
    │   └── QueryError      a query that cannot be read (with the position)
    ├── DocumentError       one document or file that cannot be taken in
    ├── StorageError        the disk said no (full, permission, input/output)
    ├── LockedError         another writer holds the index
    ├── NotAnIndexError     there is no index at the place named
    ├── VersionError        an index of another format or of other analysis rules
    └── DamagedError        bytes that are not those that were written

Messages are one line: what went wrong, where, and what to do about it.
"""


class KashafError(Exception):
    """Base of all errors that Kashaf raises on purpose."""


class UsageError(KashafError):
    """A call or an option that cannot mean anything."""


class SchemaError(UsageError):
    """A field that the schema lacks, or a value that does not fit its field."""


class QueryError(UsageError):
    """A query that cannot be read.

    Attributes:
        start: offset of the trouble in the query text, in characters, or None.
    """

    def __init__(self, message: str, start: int | None = None) -> None:
        super().__init__(message)
        self.start = start


class DocumentError(KashafError):
    """One document or file that cannot be taken in; the others can."""


class StorageError(KashafError):
    """The disk said no: full, no permission, input/output error."""


class LockedError(KashafError):
    """Another writer holds the index."""


class NotAnIndexError(KashafError):
    """There is no index at the place named."""


class VersionError(KashafError):
    """An index of another format, or one analysed by other rules."""


class DamagedError(KashafError):
    """Bytes that are not those that were written.

    Attributes:
        file: name of the file inside the index.
        column: the part of the file, or None where the file as a whole is meant.
        expected, found: what should have been there and what was, as short texts.
    """

    def __init__(self, file: str, column: str | None, expected: str, found: str) -> None:
        part = f", column {column}" if column else ""
        super().__init__(
            f"damaged index file {file}{part}: expected {expected}, found {found}; "
            "run 'kashaf check' for the extent and 'kashaf repair' to salvage the rest"
        )
        self.file = file
        self.column = column
        self.expected = expected
        self.found = found
