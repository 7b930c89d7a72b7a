"""`dag2zen explain`."""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.failures import fail

if TYPE_CHECKING:
    from transpiler.model.codes import Code


class Format(str, Enum):
    """How the entry is printed."""

    text = "text"
    json = "json"


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="For example D2Z301.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Say what a finding's code means and what to do about it; without a code, list all codes."""
    from transpiler.model.codes import CODES
    from transpiler.report.catalogue import code_list, nearest_codes

    if code is None:
        chosen = list(CODES.values())
    elif code.upper() in CODES:
        chosen = [CODES[code.upper()]]
    else:
        near = ", ".join(nearest_codes(code))
        hint = f"Did you mean {near}?" if near else f"Codes go from {min(CODES)} to {max(CODES)}."
        raise fail(f"there is no finding {code!r}. {hint}")
    if format_ is Format.json:
        import json
        from dataclasses import asdict

        typer.echo(json.dumps([asdict(entry) for entry in chosen], indent=2))
    elif code is None:
        typer.echo(code_list(), nl=False)
    else:
        _print(chosen[0])


def _print(entry: Code) -> None:
    from transpiler.report.catalogue import explanation
    from transpiler.report.terminal import print_lines

    print_lines(explanation(entry), sys.stdout)
