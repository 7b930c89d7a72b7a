"""Where DAG files come from, and which Airflow judges them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.judge.airflow_env import PROJECT, airflow_python
from transpiler.source.discover import discover


@dataclass(frozen=True)
class Part:
    """Files that share a project root."""

    name: str
    root: Path
    files: tuple[Path, ...]

    @property
    def commit(self) -> str | None:
        """The commit that is checked out, where the root is a repository's."""
        if not (self.root / ".git").exists():
            return None
        command = ["git", "-C", str(self.root), "rev-parse", "HEAD"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip() or None


@dataclass(frozen=True)
class Source:
    """One row of the table.

    `judge` is the major version of the Airflow that judges it, or None: then each file has the one
    that it is written for, or the other where that one cannot load it. `stand_ins` lets something
    stand in for what a file misses.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    judge: int | None = None
    stand_ins: bool = False


def examples(major: int) -> Source:
    """The example DAGs that Airflow and the providers beside it bring."""
    (package,) = airflow_python(major).parents[1].glob("lib/python*/site-packages/airflow")
    folders = [package / "example_dags"]
    if major == 3:
        folders += sorted(package.glob("providers/**/example_dags"))
    parts = tuple(
        Part(folder.relative_to(package).as_posix(), folder, _python_files(folder))
        for folder in folders
    )
    return Source(f"airflow{major}-examples", f"Airflow {major}'s examples", parts, judge=major)


def fixtures() -> Source:
    """This repository's own DAG files."""
    folder = PROJECT / "fixtures_dags"
    part = Part(folder.name, PROJECT, tuple(sorted(folder.glob("*.py"))))
    return Source("fixtures", "Fixtures of this repository", (part,), judge=2)


def repositories(*folders: Path) -> Source:
    """Checked-out repositories: folders `owner__name`, each with the files that look like DAGs."""
    inside = [path for folder in folders for path in folder.resolve().iterdir()]
    roots = sorted(path for path in inside if path.is_dir())
    parts = tuple(
        Part(root.name.replace("__", "/", 1), root, tuple(discover([root]))) for root in roots
    )
    # The small ones first: what they show can be worked on while the large ones run.
    named = tuple(sorted((part for part in parts if part.files), key=lambda part: len(part.files)))
    return Source("repositories", "Public repositories", named, stand_ins=True)


def _python_files(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in sorted(folder.rglob("*.py")) if path.name != "__init__.py")
