"""`dag2zen transpile`."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import Paths, Verbose
from transpiler.commands.failures import failures
from transpiler.commands.reading import Reading, with_reading_options

if TYPE_CHECKING:
    from transpiler.workspace.decide import Kind
    from transpiler.workspace.plan import Plan


class Format(str, Enum):
    """How the report is printed."""

    text = "text"
    json = "json"
    github = "github"


@with_reading_options
def transpile(
    paths: Paths,
    reading: Reading,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write the project to. Default: `output` of migration.yaml."),
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Make files again that were deleted by hand.")
    ] = False,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    verbose: Verbose = False,
) -> None:
    """Write a ZenML project for the DAGs: pipelines, SQL, configuration, tests and a report.

    Reads the DAG files and never runs them. A file that was edited by hand is never overwritten: a
    later run merges its changes into it, and marks what conflicts as git does.

    Exit code 0: clean; 1: findings that need a person; 2: usage, input or output.
    """
    with failures():
        from transpiler.commands.analysis import exit_code, progress_bar
        from transpiler.commands.migration import migration_of, output_folder
        from transpiler.commands.printing import print_document
        from transpiler.project import write

        analysis = reading.analyse(paths, emit=True)
        folder = output_folder(out, analysis.config)
        migration = migration_of(analysis, paths, reading.rules, restore=restore)
        with progress_bar("Making pages") as progress:
            document, plan = write(folder, replace(migration, progress=progress))
        print_document(document, format_.value, verbose=verbose)
    typer.echo(f"{folder}: {_summary(plan)}", err=True)
    if plan.write:
        typer.echo(f"The report: {folder / 'migration.html'}", err=True)
    raise typer.Exit(exit_code(document, paths))


def _summary(plan: Plan) -> str:
    """What was done, in words; kinds of hand edits only where there are some."""
    parts = [
        f"{len(plan.write)} files written",
        f"{len(plan.of_kind('unchanged'))} unchanged",
        f"{len(plan.remove)} removed",
    ]
    edits: dict[Kind, str] = {
        "merged": "merged with hand edits",
        "conflict": "with conflicts",
        "kept": "kept as edited",
        "deleted": "deleted by hand",
    }
    counts = {text: len(plan.of_kind(kind)) for kind, text in edits.items()}
    return ", ".join([*parts, *(f"{number} {text}" for text, number in counts.items() if number)])
