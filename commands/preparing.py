"""`kashaf init` and `kashaf completion`: what is set up once."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import UsageError
from . import config
from .options import index_option
from .places import INDEX_NAME, near, place_of
from .showing import FOUND


@click.command()
@index_option
def init(place: str | None) -> int:
    """Write a kashaf.toml beside the index, with all that can be set in it."""
    target = Path(place_of(place) or INDEX_NAME)
    path = target.absolute().parent / config.NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(config.TEMPLATE)
    except FileExistsError:
        raise UsageError(f"{path} is there already; edit it, or remove it first") from None
    click.echo(f"written: {near(path)}")
    return FOUND


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print what makes a shell complete commands and options.

    \b
    bash: add to ~/.bashrc                    eval "$(kashaf completion bash)"
    zsh:  add to ~/.zshrc                     eval "$(kashaf completion zsh)"
    fish: kashaf completion fish > ~/.config/fish/completions/kashaf.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"this version of click knows no completion for {shell}")
    root = context.find_root().command
    click.echo(kind(root, {}, "kashaf", "_KASHAF_COMPLETE").source())
    return FOUND
