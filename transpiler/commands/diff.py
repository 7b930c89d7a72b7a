"""`dag2zen diff`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import Paths, PlainFormat, TextOrJson
from transpiler.commands.failures import failures
from transpiler.commands.reading import Reading, with_reading_options

if TYPE_CHECKING:
    from transpiler.model.finding import Finding
    from transpiler.workspace.changes import Change
    from transpiler.workspace.plan import Plan


class Color(str, Enum):
    """When the diff has colours."""

    auto = "auto"
    always = "always"
    never = "never"


@with_reading_options
def diff(
    paths: Paths,
    reading: Reading,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to compare with. Default: `output` of migration.yaml."),
    ] = None,
    stat: Annotated[
        bool, typer.Option("--stat", help="Only name the files, with numbers of lines.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Print no diff, one line on stderr: for CI and hooks.")
    ] = False,
    format_: TextOrJson = PlainFormat.text,
    color: Annotated[
        Color, typer.Option(help="Colours; auto: on a terminal, unless NO_COLOR is set.")
    ] = Color.auto,
) -> None:
    """Show what `transpile` would change in the output folder. Writes nothing.

    The diff is one that `git apply` takes. Hand edits are merged in it as `transpile` would do.

    Exit code 0: nothing would change; 1: something would, or a conflict is still open; 2: usage,
    input or output.
    """
    with failures():
        from transpiler.commands.migration import migration_of, output_folder
        from transpiler.project import preview
        from transpiler.workspace.changes import changes_of

        analysis = reading.analyse(paths, emit=True)
        folder = output_folder(out, analysis.config)
        _, plan = preview(folder, migration_of(analysis, paths, reading.rules))
        changes = changes_of(folder, plan)
    missing = [path for path in paths if not os.path.lexists(path)]
    for path in missing:
        typer.echo(f"dag2zen: {path} does not exist.", err=True)
    if check:
        _print_check(folder, paths, changes, plan)
    elif format_ is PlainFormat.json:
        _print_json(changes, plan)
    else:
        _print_text(changes, plan, stat, _coloured(color))
    differs = changes or any(finding.severity == "manual" for finding in plan.standing)
    raise typer.Exit(2 if missing else 1 if differs else 0)


def _coloured(color: Color) -> bool:
    if color is Color.auto:
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return color is Color.always


def _causes(plan: Plan) -> list[str]:
    return plan.manifest.origin.changes_since(plan.before.origin)


def _print_check(folder: Path, paths: Sequence[Path], changes: list[Change], plan: Plan) -> None:
    for finding in plan.standing:
        if finding.severity == "manual":
            typer.echo(_line(folder, finding), err=True)
    if changes:
        what = "1 file" if len(changes) == 1 else f"{len(changes)} files"
        why = f" ({', '.join(causes)} changed)" if (causes := _causes(plan)) else ""
        names = " ".join(map(str, paths))
        typer.echo(
            f"{folder}: {what} would change{why}. Run: dag2zen transpile {names} --out {folder}",
            err=True,
        )


def _print_json(changes: list[Change], plan: Plan) -> None:
    import json

    findings = [
        {
            "code": finding.code,
            "severity": finding.severity,
            "message": finding.message,
            "remedy": finding.remedy,
            "file": finding.span.file,
            "line": finding.span.line,
        }
        for finding in plan.findings
    ]
    document = {
        "because": _causes(plan),
        "changes": [change.as_json() for change in changes],
        "findings": findings,
    }
    typer.echo(json.dumps(document, indent=2))


def _print_text(changes: list[Change], plan: Plan, stat: bool, coloured: bool) -> None:
    from transpiler.emit.text import visible

    if changes and (causes := _causes(plan)):
        typer.echo(f"Changed since the last run: {', '.join(causes)}", err=True)
    for change in changes:
        if stat or change.diff is None:
            typer.echo(_stat_line(change))
            continue
        for line in change.diff.lines:
            # A terminal would act on control characters of the text; a patch needs them.
            shown = visible(line, keep="\t") if sys.stdout.isatty() else line
            typer.echo(_painted(shown, coloured), color=coloured)
    for finding in plan.findings:
        where = f"{finding.span.file}:{finding.span.line}:{finding.span.column}"
        text = visible(finding.message)
        typer.echo(f"{where}: {finding.code} {finding.severity} {text}", err=True)


def _line(folder: Path, finding: Finding) -> str:
    return f"{folder / finding.span.file}:{finding.span.line}: {finding.code} {finding.message}"


def _stat_line(change: Change) -> str:
    numbers = f"+{change.diff.added} -{change.diff.removed}" if change.diff else "report"
    return f"{change.kind:<8} {change.path}  {numbers}"


def _painted(line: str, coloured: bool) -> str:
    if not coloured:
        return line
    if line.startswith(("diff --git", "--- ", "+++ ", "new file", "deleted file")):
        return typer.style(line, bold=True)
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return typer.style(line, fg=colours.get(line[:1]))
