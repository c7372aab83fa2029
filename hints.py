"""The names of `typing` that modules need while they run, without its import.

`typing` takes a tenth of the time of a whole search from a cold process. Who checks types sees
its own names here, who runs sees stand-ins; what only annotations name is imported from
`typing` under TYPE_CHECKING. Named tuples are in `records`.
"""

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any as Any
    from typing import Generic as Generic
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import TypeVar as TypeVar
else:
    Any = NoReturn = object

    class Generic:
        """A class that says of which types it is."""

        def __class_getitem__(cls, types):
            return cls

    class Protocol(Generic):
        """What a class can do that is known by its methods, not by its name."""

    def TypeVar(name, *types, **told):
        """A type that is any of some."""
        return object
