"""`dag2zen config`."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.failures import fail

if TYPE_CHECKING:
    from runtime.config.show import Setting

app = typer.Typer(help="The configuration of emitted pipelines.", no_args_is_help=True)


class Format(str, Enum):
    """How the configuration is printed."""

    text = "text"
    json = "json"


@app.callback()
def options() -> None:
    """The configuration of emitted pipelines."""


@app.command("show")
def show(
    pipeline: Annotated[
        str | None,
        typer.Argument(metavar="[DAG_ID]", help="Whose configuration. Default: what all share."),
    ] = None,
    root: Annotated[
        Path | None, typer.Option(help="The folder over configs/. Default: the current one.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(help="A file of configs/environments/. Default: RUNTIME_ENVIRONMENT."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show what is not set anywhere too.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Print the merged configuration with the origin of each value; secrets stay hidden."""
    os.environ["RUNTIME_PROJECT_ROOT"] = str(_root(root))
    from runtime.config.show import DEFAULT, settings
    from runtime.exceptions import ConfigError

    try:
        found = settings(pipeline, environment)
    except ConfigError as error:
        raise fail(str(error)) from error
    shown = [setting for setting in found if all_ or setting.origin != DEFAULT]
    typer.echo(_json(shown) if format_ is Format.json else _text(shown))


def _root(root: Path | None) -> Path:
    chosen = root or Path(os.environ.get("RUNTIME_PROJECT_ROOT", "."))
    if not (chosen / "configs").is_dir():
        raise fail(f"{chosen} has no folder configs/. Name the folder over it by --root.")
    return chosen.resolve()


def _json(found: list[Setting]) -> str:
    import json

    return json.dumps(
        [{"key": ".".join(s.key), "value": s.value, "origin": s.origin} for s in found], indent=2
    )


def _text(found: list[Setting]) -> str:
    """Lay the settings out as YAML, with the origins as comments in a column of their own."""
    import json

    lines: list[tuple[str, str]] = []
    open_keys: tuple[str, ...] = ()
    for setting in found:
        for depth, key in enumerate(setting.key[:-1]):
            if open_keys[: depth + 1] != setting.key[: depth + 1]:
                lines.append((f"{'  ' * depth}{_key(key)}:", ""))
        open_keys = setting.key[:-1]
        indent = "  " * len(open_keys)
        value = json.dumps(setting.value, ensure_ascii=False)
        lines.append((f"{indent}{_key(setting.key[-1])}: {value}", f"# {setting.origin}"))
    width = min(max((len(text) for text, origin in lines if origin), default=0), 60)
    return "\n".join(f"{text:<{width}}  {origin}".rstrip() for text, origin in lines)


def _key(key: str) -> str:
    import json
    import re

    return key if re.fullmatch(r"[A-Za-z_][\w-]*", key) else json.dumps(key, ensure_ascii=False)
