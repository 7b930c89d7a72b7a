"""Which branches are made: one for each DAG file, or one for a wave of DAGs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from transpiler.report.models import MigrationDocument
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.pull_request.making import Target
from transpiler.workspace.pull_request.names import DAG, out_folder, slugs
from transpiler.workspace.pull_request.repository import Repository


def check_present(tree: Repository, files: Sequence[str], base: str) -> None:
    """Raise WorkspaceError for a path that the base does not have."""
    for file in files:
        if (tree.root / file).exists() and not _is_empty_folder(tree.root / file):
            continue
        parents = [parent.as_posix() for parent in Path(file).parents if parent.parts]
        for folder in (*parents, file):
            if (tree.ask("ls-tree", "HEAD", "--", folder) or "").startswith("160000"):
                cause = f"lies in the submodule {folder}, which is a repository of its own"
                raise WorkspaceError(file, cause, "Name the submodule with --repo.")
        cause = f"is not in {base}, on which the pull request is based"
        raise WorkspaceError(file, cause, "Commit it there, or name another branch with --base.")


def _is_empty_folder(path: Path) -> bool:
    """As git leaves the folder of a submodule that is not checked out."""
    return path.is_dir() and not any(path.iterdir())


def targets_by_file(files: Sequence[str], branch: str | None, out: str) -> list[Target]:
    """A branch for each DAG file. Raises WorkspaceError for one name and several files."""
    names = slugs(files)
    if branch is not None and len(files) > 1:
        cause = f"one name for {len(files)} branches, one for each DAG file"
        raise WorkspaceError(branch, cause, "Name one DAG file, or one wave with --wave.")
    if len(files) > 1 and DAG not in out:
        out_folder(out, "")
    return [
        Target(branch or f"dag2zen/{names[file]}", (file,), out_folder(out, names[file]))
        for file in files
    ]


def files_of_wave(document: MigrationDocument, number: int) -> list[str]:
    """The DAG files of a wave, relative to the project. A file is in the wave of its last DAG.

    Raises WorkspaceError for a wave that there is not.
    """
    from transpiler.report.page.waves import needs_of, waves_of

    dags = [dag for file in document.files for dag in file.dags]
    waves = waves_of([dag.dag_id for dag in dags], needs_of(dags))
    number_of = {dag: wave.number for wave in waves for dag in wave.reasons}
    last = {
        file.path: max(number_of[dag.dag_id] for dag in file.dags)
        for file in document.files
        if file.dags
    }
    found = [path for path, wave in last.items() if wave == number]
    if not found:
        cause = f"there is no wave {number}; the DAGs have {len(waves)}"
        raise WorkspaceError("--wave", cause, "`dag2zen assess` lists them in its index page.")
    return found
