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
    from transpiler.batch.inputs import project_root_of
    from transpiler.commands.analysis import progress_bar
    from transpiler.evaluate import read_dag_file
    from transpiler.inventory.gathering import Inventory
    from transpiler.source.discover import discover

    root = project_root_of([path])
    files = sorted(discover([path]))
    inventory = Inventory()
    with progress_bar("Reading DAG files") as progress:
        for number, file in enumerate(files, start=1):
            inventory.add(read_dag_file(file, root))
            progress(number, len(files))
    inventory.ignored.update(_ignored(files, path, root))
    return inventory


def _ignored(files: list[Path], top: Path, root: Path) -> dict[str, list[str]]:
    """The patterns of each `.airflowignore` over the files."""
    from transpiler.batch.inputs import shown_path

    folders = {folder for file in files for folder in file.parents if folder.is_relative_to(top)}
    found: dict[str, list[str]] = {}
    for ignore in sorted(folder / ".airflowignore" for folder in folders):
        if ignore.is_file():
            text = ignore.read_text("utf-8", "replace")
            lines = (line.partition("#")[0].strip() for line in text.splitlines())
            found[shown_path(ignore, root)] = [line for line in lines if line]
    return {name: patterns for name, patterns in found.items() if patterns}


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
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
