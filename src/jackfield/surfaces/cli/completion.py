"""Completion in shells: the script that switches it on, and what `jackfield call` can be given."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from jackfield.registry.catalogue import DEFAULT_NAMESPACE
from jackfield.registry.errors import UnknownConnector
from jackfield.surfaces.cli.tools import looking
from jackfield.surfaces.runtime import Runtime

SHELLS = ("bash", "zsh", "fish")
WITHIN_S = 5.0
"""How long somebody who has pressed a key waits, at most."""

NOBODY = "-"
"""No connector can be called that: to ask for it is to be told what there is."""

_PROGRAM, _VARIABLE = "jackfield", "_JACKFIELD_COMPLETE"
_MAX_HELP = 80


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands in a shell, for example `jackfield completion bash`.

    bash: `eval "$(jackfield completion bash)"` in ~/.bashrc. zsh: the same with `zsh` in ~/.zshrc. fish: `jackfield
    completion fish > ~/.config/fish/completions/jackfield.fish`.
    """
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click has these three
    click.echo(found(ctx.find_root().command, {}, _PROGRAM, _VARIABLE).source())


def complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Connectors, and behind a dot their commands. Never fails, and writes nothing."""
    try:
        with _silence():
            return asyncio.run(_within_time(ctx.find_root().obj, ctx.params.get("paths") or (), incomplete))
    except (Exception, SystemExit):  # a connector's file may do anything
        return []


async def _within_time(tools: Any, paths: Sequence[Any], incomplete: str) -> list[CompletionItem]:
    async with asyncio.timeout(WITHIN_S):
        runtime: Runtime = looking(tools)(paths)
        try:
            return await targets(runtime, incomplete)
        finally:
            await runtime.close()


async def targets(runtime: Runtime, incomplete: str) -> list[CompletionItem]:
    """What TARGET can be that begins with `incomplete`.

    Of one connector, its commands at once, so that the shell goes on to the dot.
    """
    connector, dot, command = incomplete.partition(".")
    if dot:
        return await _commands(runtime, connector, command)
    names = [name for name in await _names(runtime, in_full="/" in incomplete) if name.startswith(incomplete)]
    if len(names) == 1 and (found := await _commands(runtime, names[0], "")):
        return found
    return [CompletionItem(name) for name in names]


async def _names(runtime: Runtime, *, in_full: bool) -> list[str]:
    """Connectors, and types that can be called as they are; those of the default namespace without it."""
    try:
        await runtime.describe(NOBODY)
    except UnknownConnector as error:
        known = [str(name) for name in error.details.get("known") or ()]
        short = known if in_full else [name.removeprefix(f"{DEFAULT_NAMESPACE}/") for name in known]
        return list(dict.fromkeys(short))  # a connector and its type may have one name
    return []


async def _commands(runtime: Runtime, connector: str, beginning: str) -> list[CompletionItem]:
    definition = await runtime.describe(connector)
    return [
        CompletionItem(f"{connector}.{name}", help=_help(command.description))
        for name, command in definition.commands.items()
        if name.startswith(beginning)
    ]


def _help(text: str) -> str:
    """The first line, for shells that show it."""
    line = text.strip().partition("\n")[0][:_MAX_HELP]
    return "".join(one if one.isprintable() else " " for one in line)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep everything off the terminal where somebody is typing, and off the answer to the shell."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(before)
