"""Records: classes of named values that do not change, as frozen dataclasses are.

    @record
    class Word(Node):
        text: str
        field: str | None = None
        also: tuple[str, ...] = value(default=(), kw_only=True)

And tuples whose values have names, as those of `typing` are:

    class Notice(NamedTuple):
        message: str
        start: int | None = None

The module `dataclasses` takes longer to import than a search to answer, and then writes five
methods for each class, used or not; a tuple of `typing` takes a quarter of a millisecond to make.
Here the methods are shared, but for the one that takes the values: it is written for a class that
is called often.
"""

from __future__ import annotations

from operator import itemgetter

from .hints import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NamedTuple as NamedTuple
    from typing import dataclass_transform
else:

    def dataclass_transform(**told: object) -> Callable[[T], T]:
        """For type checkers only."""
        return lambda decorator: decorator


T = TypeVar("T")

FEW = 50
"""Calls of a class that are answered without a method of its own; to write one takes as long."""

_calls: dict[type, int] = {}

_REQUIRED: Any = object()


class Value:
    """What `value` was told of a field."""

    __slots__ = ("compare", "default", "kw_only")

    def __init__(self, default: object, kw_only: bool, compare: bool) -> None:
        self.default = default
        self.kw_only = kw_only
        self.compare = compare


def value(*, default: Any = _REQUIRED, kw_only: bool = False, compare: bool = True) -> Any:
    """Tell more of a field than its default.

    Args:
        default: its value where none is given. All records share it.
        kw_only: it can be given by its name only.
        compare: records that differ in it are not equal.
    """
    return Value(default, kw_only, compare)


@dataclass_transform(frozen_default=True, field_specifiers=(value,))
def record(cls: type[T]) -> type[T]:
    """Make a class a record of the fields that it annotates, after those of its bases."""
    values: dict[str, Value] = {}
    for base in reversed(cls.__mro__[1:]):
        values |= base.__dict__.get("__values__", {})
    for name in cls.__annotations__:  # those of this class alone
        told = cls.__dict__.get(name, _REQUIRED)
        values[name] = told if isinstance(told, Value) else Value(told, False, True)
        if told is not _REQUIRED:
            delattr(cls, name)

    namespace = {
        "__values__": values,
        "__match_args__": tuple(name for name, told in values.items() if not told.kw_only),
        "__compared__": tuple(name for name, told in values.items() if told.compare),
        "__init__": _first_initializer(cls),
    }
    if not hasattr(cls, "__values__"):  # else its base has the methods that all share
        namespace |= _SHARED
    for name, attribute in namespace.items():
        setattr(cls, name, attribute)
    return cls


def _first_initializer(cls: type) -> Callable[..., None]:
    """The `__init__` that a class begins with; called often, or wrongly, it writes its own."""

    def initialize(self: Any, *arguments: Any, **named: Any) -> None:
        if not _is_new(cls) or not _filled(self, arguments, named):
            made: Any = _initializer(cls, cls.__values__)  # type: ignore[attr-defined]
            cls.__init__ = made  # type: ignore[misc]
            made(self, *arguments, **named)

    return initialize


def _is_new(cls: type) -> bool:
    """Whether a class was called a few times only, this one included."""
    _calls[cls] = calls = _calls.get(cls, 0) + 1
    return calls <= FEW


def _filled(told: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Give a record its values, if they are told as they must be."""
    fields: dict[str, Value] = told.__values__
    defaults = {n: each.default for n, each in fields.items() if each.default is not _REQUIRED}
    values = _by_name(told.__match_args__, defaults, arguments, named)
    if values.keys() != fields.keys():
        return False
    told.__dict__.update(values)
    if hasattr(told, "__post_init__"):
        told.__post_init__()
    return True


def _by_name(
    places: tuple[str, ...],
    defaults: dict[str, Any],
    arguments: tuple[Any, ...],
    named: dict[str, Any],
) -> dict[str, Any]:
    """What a call tells, by name; nothing if it tells too much."""
    told = dict(zip(places, arguments, strict=False))
    if len(told) < len(arguments) or not told.keys().isdisjoint(named):
        return {}
    return defaults | told | named


def replace(old: T, **changes: Any) -> T:
    """The same record but for some fields."""
    values: dict[str, Value] = type(old).__values__  # type: ignore[attr-defined]
    if not changes.keys() <= values.keys():
        raise TypeError(f"{type(old).__name__} has no field {min(changes.keys() - values.keys())}")
    new = object.__new__(type(old))
    new.__dict__.update(as_dict(old), **changes)
    if hasattr(new, "__post_init__"):
        new.__post_init__()
    return new


def as_dict(told: object) -> dict[str, Any]:
    """The fields of a record by name."""
    values: dict[str, Value] = type(told).__values__  # type: ignore[attr-defined]
    return {name: told.__dict__[name] for name in values}


def _initializer(cls: type, values: dict[str, Value]) -> object:
    """The `__init__` of a class: parameters in the order of its fields, keyword-only last."""
    namespace: dict[str, Any] = {f"_{name}": told.default for name, told in values.items()}
    plain = [_parameter(name, told) for name, told in values.items() if not told.kw_only]
    named = [_parameter(name, told) for name, told in values.items() if told.kw_only]
    parameters = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    lines = [f"def __init__({parameters}):", " own = self.__dict__"]
    lines += [f" own[{name!r}] = {name}" for name in values]
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec("\n".join(lines), namespace)  # of names that are in the source of the class
    return namespace["__init__"]


def _parameter(name: str, told: Value) -> str:
    return name if told.default is _REQUIRED else f"{name}=_{name}"


def _key(told: Any) -> tuple[Any, ...]:
    own = told.__dict__
    return tuple([own[name] for name in told.__compared__])


def _equal(self: object, other: object) -> bool:
    if type(self) is not type(other):
        return NotImplemented  # type: ignore[no-any-return]
    return _key(self) == _key(other)


def _hash(self: Any) -> int:
    return hash(_key(self))


def _repr(self: object) -> str:
    told = ", ".join(f"{name}={held!r}" for name, held in as_dict(self).items())
    return f"{type(self).__qualname__}({told})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name}: a record does not change")


_SHARED = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}


def _constructor(cls: Any) -> Any:
    """The `__new__` of a named tuple: parameters in the order of its fields."""
    defaults = cls._field_defaults
    namespace: dict[str, Any] = {f"_{name}": told for name, told in defaults.items()}
    namespace["new"] = tuple.__new__
    parameters = ", ".join(f"{n}=_{n}" if n in defaults else n for n in cls._fields)
    values = "".join(f"{name}, " for name in cls._fields)
    exec(f"def __new__(_cls, {parameters}): return new(_cls, ({values}))", namespace)
    return namespace["__new__"]


class _NamesFields(type):
    """Makes classes of tuples whose values have the names that they annotate."""

    def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
        cls = super().__new__(meta, name, bases, {"__slots__": (), **namespace})
        fields = tuple(cls.__annotations__)
        attributes = {
            "_fields": fields,
            "__match_args__": fields,
            "_field_defaults": {name: namespace[name] for name in fields if name in namespace},
            **{field: property(itemgetter(place)) for place, field in enumerate(fields)},
        }
        for attribute, value in attributes.items():
            setattr(cls, attribute, value)
        return cls


if not TYPE_CHECKING:

    class NamedTuple(tuple, metaclass=_NamesFields):
        """A tuple whose values have names; see `typing.NamedTuple`, which does the same."""

        def __new__(cls, *arguments: Any, **named: Any) -> Any:
            """As the `__init__` that a record begins with."""
            if _is_new(cls):
                if not named and len(arguments) == len(cls._fields):
                    return tuple.__new__(cls, arguments)
                values = _by_name(cls._fields, cls._field_defaults, arguments, named)
                if values.keys() == set(cls._fields):
                    return tuple.__new__(cls, [values[name] for name in cls._fields])
            cls.__new__ = staticmethod(_constructor(cls))
            return cls.__new__(cls, *arguments, **named)

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Any:
            return cls(*values)

        def _replace(self, **changes: Any) -> Any:
            return type(self)(**(self._asdict() | changes))

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            told = ", ".join(f"{name}={held!r}" for name, held in self._asdict().items())
            return f"{type(self).__name__}({told})"
