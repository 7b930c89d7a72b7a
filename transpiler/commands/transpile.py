"""`dag2zen transpile`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.arguments import Config, Jobs, Mode, Paths, ProjectRoot, Rules
from transpiler.commands.failures import fail, failures

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig


class Format(str, Enum):
    """How the report is printed."""

    text = "text"
    json = "json"


def transpile(
    paths: Paths,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write the project to. Default: `output` of migration.yaml."),
    ] = None,
    project_root: ProjectRoot = None,
    config: Config = None,
    rules: Rules = None,
    mode: Mode = None,
    jobs: Jobs = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Write a ZenML project for the DAGs: pipelines, SQL, configuration, tests and a report.

    Reads the DAG files and never runs them. A file that was edited by hand is not overwritten.

    Exit code 0: clean; 1: findings that need a person; 2: usage, input or output.
    """
    with failures():
        from transpiler.commands.analysis import analyse_paths, exit_code
        from transpiler.commands.printing import print_document
        from transpiler.project import write_migration

        analysis = analyse_paths(
            paths,
            project_root=project_root,
            config=config,
            rules=rules,
            mode=mode.value if mode else None,
            jobs=jobs,
            emit=True,
        )
        folder = out or _configured_output(analysis.config)
        document, plan = write_migration(folder, analysis.results, analysis.findings)
        print_document(document, format_.value)
    made = f"{len(plan.write)} files written, {len(plan.unchanged)} unchanged"
    typer.echo(f"{folder}: {made}, {len(plan.remove)} removed", err=True)
    raise typer.Exit(exit_code(document, paths))


def _configured_output(config: MigrationConfig) -> Path:
    if config.output is None:
        raise fail("no output folder. Name one with --out DIR, or as `output` in migration.yaml.")
    return (config.folder or Path()) / config.output
