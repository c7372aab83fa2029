"""The commands by name, each imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from .. import __version__
from .showing import FAILED, FOUND, MISUSE

HOMES = {
    "analyze": "looking",
    "backup": "upkeep",
    "check": "upkeep",
    "complete": "aids",
    "completion": "preparing",
    "concord": "aids",
    "delete": "upkeep",
    "export": "upkeep",
    "index": "indexing",
    "init": "preparing",
    "optimize": "upkeep",
    "repair": "upkeep",
    "run": "looking",
    "search": "finding",
    "shell": "shell",
    "show": "looking",
    "similar": "aids",
    "skipped": "indexing",
    "stats": "looking",
    "suggest": "aids",
    "upgrade": "upkeep",
    "words": "aids",
}
"""Of each command the module that has it, under the same name."""


class _Commands(click.Group):
    """A group whose commands are named here and imported late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return sorted(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        home = HOMES.get(cmd_name)
        if home is None:
            return None
        command: click.Command = getattr(import_module(f".{home}", __package__), cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kashaf")
def cli() -> None:
    """Full-text search that reads Arabic the way its readers do (كشّاف).

    \b
    kashaf index FOLDER        make or update an index of the documents in a folder
    kashaf search مدارس        find them: ranked, with the passages that matched
    """


def run(arguments: list[str]) -> int:
    """Run a command line; return the exit code.

    Raises:
        SystemExit: for a pipe that was closed.
    """
    try:
        code = cli.main(arguments, prog_name="kashaf", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return MISUSE
    except click.ClickException as error:
        click.echo(f"kashaf: {_sentence(error.format_message())}{_help_of(error)}", err=True)
        return MISUSE
    except click.Abort:
        click.echo("stopped", err=True)
        return FAILED
    return code if isinstance(code, int) else FOUND


def _sentence(message: str) -> str:
    """One of click's messages as ours are: on one line, in lower case, without a full stop."""
    line = " ".join(message.split()).removesuffix(".")
    return line[:1].lower() + line[1:]


def _help_of(error: click.ClickException) -> str:
    """Where to read on."""
    context = getattr(error, "ctx", None)
    return f"; see '{context.command_path} --help'" if context else ""
