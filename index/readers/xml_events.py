"""XML as a stream of events, safe to read from strangers.

The parser of the standard library (expat), told to refuse what hostile files are made of:
entities of their own, which grow when they are put in, and references to other files.
Nothing is built in memory, so a document may be as large as its text allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple
from xml.parsers import expat

from .model import Unreadable

_PIECE: Final = 1 << 16
_DEEPEST: Final = 2000


class Event(NamedTuple):
    """What the parser met: `kind` is "start", "end" or "text".

    `name` is that of the element without its namespace, or the text; `attributes` too are
    without theirs.
    """

    kind: str
    name: str
    attributes: dict[str, str]


def read_events(file: BinaryIO) -> Iterator[Event]:
    """Yield the events of a file; raise `Unreadable` where it is no XML, or a trap."""
    events: list[Event] = []
    parser = _parser(events)
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
            yield from events
            events.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as trouble:
        raise Unreadable("damaged", f"damaged XML: {trouble}") from trouble
    yield from events


def _parser(events: list[Event]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("damaged", f"elements nested more than {_DEEPEST} deep")
        plain = {_local(key): value for key, value in attributes.items()}
        events.append(Event("start", _local(name), plain))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(Event("end", _local(name), {}))

    def refuse(*_: object) -> int:
        raise Unreadable("unsafe", "XML that declares entities of its own")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: events.append(Event("text", text, {}))
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
