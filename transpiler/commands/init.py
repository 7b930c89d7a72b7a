"""`dag2zen init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transpiler.commands.failures import fail, failures

if TYPE_CHECKING:
    from transpiler.inventory.gathering import Inventory

NAME = "migration.yaml"


def init(
    path: Annotated[
        Path, typer.Argument(metavar="[PATH]", help="The repository, or a folder of it.")
    ] = Path(),
    force: Annotated[
        bool, typer.Option("--force", help="Replace a migration.yaml that is there.")
    ] = False,
    print_: Annotated[
        bool, typer.Option("--print", help="Print the file instead of writing it.")
    ] = False,
) -> None:
    """Look at the DAG files of a repository and write a commented migration.yaml: connections,
    images, callbacks, variables and pools that they ask Airflow for, with counts and places.

    Reads the DAG files and never runs them. Exit code 0: written; 2: usage, input or output.
    """
    if not path.is_dir():
        raise fail(f"{path} is not a folder. Name the folder that holds the DAG files.")
    target = path / NAME
    if not print_ and not force and os.path.lexists(target):
        raise fail(f"{target} is there already. Keep it, or replace it with --force.")
    with failures():
        from transpiler.inventory.proposal import migration_yaml

        inventory = _inventory(path)
        if not inventory.dags:
            raise fail(
                f"{path} has no DAG that could be read. Name the folder that holds the DAGs."
            )
        text = migration_yaml(inventory)
        if print_:
            typer.echo(text, nl=False)
            return
        _write(target, text)
    typer.echo(f"{target}: {_summary(inventory)}", err=True)
    typer.echo(f"Next: fill in what you know, then run: dag2zen assess {path}", err=True)


def _inventory(path: Path) -> Inventory:
    from transpiler.batch.inputs import gather, project_root_of
    from transpiler.commands.analysis import progress_bar
    from transpiler.config import MigrationConfig
    from transpiler.evaluate import read_dag_file
    from transpiler.inventory.gathering import Inventory

    root = project_root_of([path])
    inputs = gather([path], root, MigrationConfig())
    if inputs.files and inputs.failed:
        raise fail(f"{path}: {inputs.failed[0].error}.")
    files = inputs.files
    inventory = Inventory()
    with progress_bar("Reading DAG files") as progress:
        for number, file in enumerate(files, start=1):
            inventory.add(read_dag_file(file, root))
            progress(number, len(files))
    for item in inputs.findings:
        inventory.ignored.setdefault(item.span.file, []).append(item.message)
    return inventory


def _write(target: Path, text: str) -> None:
    """The file as a whole or not at all: half of one would be taken for the user's own."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise fail(f"{target} cannot be written: {error.strerror}.") from error


def _summary(inventory: Inventory) -> str:
    from transpiler.inventory.gathering import KINDS

    numbers = {kind: len(inventory.of(kind)) for kind in KINDS}
    counts = ", ".join(f"{n} {kind[:-1] if n == 1 else kind}" for kind, n in numbers.items())
    helpers, broken = len(inventory.without_dag), len(inventory.broken)
    made = inventory.files - helpers - broken
    rest = [
        f"{number} {what}" for number, what in ((helpers, "without a DAG"), (broken, "not read"))
    ]
    others = ", ".join(text for text in rest if text[0] != "0")
    told = f" (and {others})" if others else ""
    return f"{inventory.dags} DAGs in {made} files{told} ask for {counts}"
