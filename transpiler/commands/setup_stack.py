"""`dag2zen setup-stack`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from transpiler.commands.failures import fail


def setup_stack(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The stack to make or change.")],
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A YAML file with a section for each component. "
            "Default: configs/stacks/NAME.yaml, or else a local stack.",
        ),
    ] = None,
    activate: Annotated[
        bool, typer.Option("--activate", help="Use the stack from now on.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Register a ZenML stack with its components; what is as it should be stays as it is."""
    default = Path("configs") / "stacks" / f"{Path(name).name}.yaml"
    chosen = file if file is not None else (default if default.is_file() else None)
    if chosen is not None and not chosen.is_file():
        raise fail(f"There is no file {chosen}.")
    try:
        from runtime.exceptions import ConfigError
        from runtime.stacks import register_stack
    except ModuleNotFoundError as error:
        raise fail(
            f"{error}. Install what runs pipelines: pip install 'dag2zen[runtime]'"
        ) from error
    try:
        done = register_stack(name, chosen)
    except ConfigError as error:
        raise fail(str(error)) from error
    if activate:
        from zenml.client import Client

        Client().activate_stack(name)
    if json_:
        typer.echo(json.dumps([vars(each) for each in done], indent=2))
        return
    for each in done:
        flavor = f" ({each.flavor})" if each.flavor else ""
        typer.echo(f"{each.change:<10} {each.kind} {each.name}{flavor}")
    if activate:
        typer.echo(f"active     stack {name}")
