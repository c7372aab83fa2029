"""The command line: options in, calls to the rooms, text out. No logic of its own.

A plain search imports only what that query needs; everything else goes through click.
Exit codes: 0 done or found, 1 nothing found, 2 misuse, 3 failed.
"""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper

from .commands import plain
from .commands.showing import FAILED, FOUND, MISUSE, NOTHING
from .errors import KashafError, UsageError

__all__ = ["FAILED", "FOUND", "MISUSE", "NOTHING", "main"]

FEW_CYCLES = 100_000
"""New objects after which cycles among them are looked for."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process with the exit code."""
    # Nothing here multiplies matrices: NumPy's import need not start a thread for each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # To look for cycles takes a seventh of a search: there are none while modules are imported,
    # and those that are left when the process ends go with it.
    gc.set_threshold(FEW_CYCLES)
    code = _run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what cannot be encoded is escaped, as JSON does it
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _answer(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _failed("\nstopped")
    except UsageError as error:
        _failed(f"kashaf: {error}")
        return MISUSE
    except KashafError as error:
        return _failed(f"kashaf: {error}")
    except (BrokenPipeError, SystemExit):  # SystemExit is click's own answer to a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except OSError as error:
        return _failed(f"kashaf: {error.strerror or error}: {error.filename or ''}".rstrip(": "))


def _answer(arguments: list[str]) -> int:
    told = plain.read(arguments)
    if told is None:
        from .commands.group import run

        return run(arguments)
    from .commands.searching import answer

    return answer(**told)


def _failed(message: str) -> int:
    print(message, file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    main()
