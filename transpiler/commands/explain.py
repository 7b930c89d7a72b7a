"""`dag2zen explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from transpiler.commands.failures import fail


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="For example D2Z301.")],
) -> None:
    """Say what a finding's code means and what to do about it."""
    from transpiler.model.codes import CODES
    from transpiler.report.catalogue import explain as entry_text
    from transpiler.report.catalogue import nearest_codes

    entry = CODES.get(code.upper())
    if entry is None:
        near = ", ".join(nearest_codes(code))
        hint = f"Did you mean {near}?" if near else f"Codes go from {min(CODES)} to {max(CODES)}."
        raise fail(f"there is no finding {code!r}. {hint}")
    typer.echo(entry_text(entry), nl=False)
