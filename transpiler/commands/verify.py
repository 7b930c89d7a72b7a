"""`dag2zen verify`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from transpiler.commands.failures import failures


class Format(str, Enum):
    """How the differences are printed."""

    text = "text"
    json = "json"


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder transpile wrote.")],
    airflow_python: Annotated[
        str | None,
        typer.Option(metavar="EXE", help="A Python that has Airflow: holds its DagBag too."),
    ] = None,
    project_root: Annotated[
        Path | None, typer.Option(help="Where the source files are; for --airflow-python.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Compile each emitted pipeline with ZenML and hold its graph against migration.json.

    Loads the emitted code; with --airflow-python Airflow runs the DAG files too.

    Exit code 0: no difference; 1: differences; 2: usage, or a tool that is missing.
    """
    with failures():
        from transpiler.verify.airflow import verify_airflow
        from transpiler.verify.project import read_document, verify_project

        typer.echo(f"Loading the emitted code in {folder}", err=True)
        differences = verify_project(folder)
        if airflow_python is not None:
            typer.echo(f"Loading the DAG files with {airflow_python}", err=True)
            differences += verify_airflow(folder, airflow_python, project_root)
        document = read_document(folder)
    if format_ is Format.json:
        import json

        typer.echo(json.dumps([difference.as_json() for difference in differences], indent=2))
    else:
        for difference in differences:
            typer.echo(str(difference))
        typer.echo(f"DAGs: {document.totals.dags}, differences: {len(differences)}")
    raise typer.Exit(1 if differences else 0)
