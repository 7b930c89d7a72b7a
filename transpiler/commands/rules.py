"""`dag2zen rules`."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transpiler.commands.arguments import Rules
from transpiler.commands.failures import failures

if TYPE_CHECKING:
    from rules.registry import Rule


class Format(str, Enum):
    """How the list is printed."""

    text = "text"
    json = "json"


def rules(
    rules: Rules = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """List the rules: which operators are translated, and to what."""
    with failures():
        from rules.registry import RuleRegistry

        found = sorted(RuleRegistry.load(rules or ()).all(), key=lambda rule: rule.name)
    if format_ is Format.json:
        import json

        typer.echo(json.dumps([_entry(rule) for rule in found], indent=2))
        return
    for rule in found:
        typer.echo(f"{rule.name}  {rule.summary}\n  {rule.docs}")
        typer.echo("".join(f"    {operator}\n" for operator in rule.operators))


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "module": rule.module,
        "summary": rule.summary,
        "docs": rule.docs,
        "operators": list(rule.operators),
    }
