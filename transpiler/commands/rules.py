"""`dag2zen rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from transpiler.commands.arguments import PlainFormat, Rules, TextOrJson
from transpiler.commands.failures import failures

if TYPE_CHECKING:
    from rules.registry import Rule


def rules(
    rules: Rules = None,
    format_: TextOrJson = PlainFormat.text,
) -> None:
    """List the rules: which operators are translated, and to what."""
    with failures():
        from rules.registry import RuleRegistry

        found = sorted(RuleRegistry.load(rules or ()).all(), key=lambda rule: rule.name)
    if format_ is PlainFormat.json:
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
