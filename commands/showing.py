"""How text is shown on standard output, and the exit codes. Does without click."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ..hints import TYPE_CHECKING

if TYPE_CHECKING:
    from ..search.display import Style

FOUND, NOTHING, MISUSE, FAILED = 0, 1, 2, 3


def style_of(color: str = "auto", bidi: str = "auto") -> Style:
    """How text is shown on standard output."""
    from ..search.display import Style

    terminal = sys.stdout.isatty()
    wanted = color == "always" or (color == "auto" and terminal and not os.environ.get("NO_COLOR"))
    visual = bidi == "visual"
    return Style(colour=wanted and not visual, isolate=terminal and bidi == "auto", visual=visual)


def columns_of_terminal() -> int | None:
    """How wide a line may be; None where standard output is no terminal."""
    if not sys.stdout.isatty():
        return None
    import shutil  # A millisecond, which a cold search into a pipe does not pay.

    return shutil.get_terminal_size().columns


def echo(lines: Iterable[str], style: Style) -> None:
    """Print lines in a style."""
    if sys.platform == "win32":  # there click translates colours for old consoles
        import click

        for line in lines:
            click.echo(style.line(line), color=style.colour)
        return
    for line in lines:
        shown = style.line(line)
        print(shown if style.colour else shown.replace("\x1b", "\N{REPLACEMENT CHARACTER}"))
